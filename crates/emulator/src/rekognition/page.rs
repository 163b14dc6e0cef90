//! Lists in pages, with opaque tokens.

use super::error;
use crate::error::ApiError;
use crate::sigv4::keyed_hash;
use subtle::ConstantTimeEq;

/// Where an entry stands in its list: the list is sorted by it.
pub(crate) type Position = (i64, String);

/// What a token is good for: one list of one caller with the same filters.
pub(crate) struct Paging<'a> {
    /// Unknown to callers, so that they cannot make tokens.
    pub(crate) key: &'a [u8],
    /// Operation, account, Region and filters.
    pub(crate) list: String,
    pub(crate) most: usize,
    pub(crate) token: Option<String>,
}

/// Sorts `entries` by their position and cuts out the page after the token.
///
/// An entry that appears before the token's position while paging is left out; one that
/// disappears does no harm.
pub(crate) fn page<T>(
    mut entries: Vec<T>,
    position: impl Fn(&T) -> Position,
    paging: &Paging<'_>,
) -> Result<(Vec<T>, Option<String>), ApiError> {
    entries.sort_by_key(&position);
    if let Some(after) = paging.after()? {
        entries.retain(|entry| position(entry) > after);
    }
    let more = entries.len() > paging.most;
    entries.truncate(paging.most);
    let token = entries
        .last()
        .filter(|_| more)
        .map(|last| paging.write(&position(last)));
    Ok((entries, token))
}

impl Paging<'_> {
    /// Where the page begins: after this entry; `None` at the list's beginning. For a list that is
    /// too long to be made whole.
    pub(crate) fn after(&self) -> Result<Option<Position>, ApiError> {
        self.token
            .as_ref()
            .map(|token| self.read(token).ok_or_else(error::invalid_pagination_token))
            .transpose()
    }

    fn write(&self, (number, name): &Position) -> String {
        let place = format!("{number} {name}");
        format!("{}{}", hex::encode(self.seal(&place)), hex::encode(place))
    }

    fn read(&self, token: &str) -> Option<Position> {
        let bytes = hex::decode(token).ok()?;
        let (seal, place) = bytes.split_at_checked(16)?;
        let place = std::str::from_utf8(place).ok()?;
        if !bool::from(self.seal(place).ct_eq(seal)) {
            return None;
        }
        let (number, name) = place.split_once(' ')?;
        Some((number.parse().ok()?, name.to_owned()))
    }

    fn seal(&self, place: &str) -> Vec<u8> {
        let mut seal = keyed_hash(self.key, format!("{}\n{place}", self.list).as_bytes());
        seal.truncate(16);
        seal
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(entries: &[i64], most: usize) -> Vec<i64> {
        let mut seen = Vec::new();
        let mut token = None;
        loop {
            let paging = Paging {
                key: b"key",
                list: "list".to_owned(),
                most,
                token,
            };
            let position = |entry: &i64| (*entry, String::new());
            let (page, next) = page(entries.to_vec(), position, &paging).unwrap();
            assert!(page.len() <= most);
            seen.extend(page);
            match next {
                None => return seen,
                some => token = some,
            }
        }
    }

    proptest! {
        #[test]
        fn pages_give_every_entry_once_in_order(
            entries in proptest::collection::btree_set(any::<i64>(), 0..40),
            most in 1_usize..10,
        ) {
            let entries: Vec<i64> = entries.into_iter().collect();
            prop_assert_eq!(all(&entries, most), entries);
        }
    }

    #[test]
    fn a_token_is_good_for_its_own_list_alone() {
        let paging = |list: &str, token| Paging {
            key: b"key",
            list: list.to_owned(),
            most: 1,
            token,
        };
        let position = |entry: &i64| (*entry, String::new());
        let (_, token) = page(vec![1, 2], position, &paging("a", None)).unwrap();
        assert!(page(vec![1, 2], position, &paging("a", token.clone())).is_ok());
        let refused = |list, token| {
            page(vec![1, 2], position, &paging(list, token))
                .unwrap_err()
                .code
        };
        assert_eq!(
            refused("b", token.clone()),
            "InvalidPaginationTokenException"
        );
        for bad in ["", "zz", "00", &format!("{}00", token.unwrap())] {
            assert_eq!(
                refused("a", Some(bad.to_owned())),
                "InvalidPaginationTokenException",
                "{bad}"
            );
        }
    }
}
