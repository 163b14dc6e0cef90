//! The chain of hashes over all audit entries.
//!
//! `h(n) = SHA-256(version | n | h(n-1) | canonical JSON)`, with the version as one byte, `n` as
//! eight bytes, big-endian, and `h(0)` = 32 zero bytes. A chain alone does not show that its end
//! was cut off, or that all of it was written anew: for that, keep a former number and hash
//! elsewhere and compare, as [`verify_against`] does.

use super::columns::Columns;
use super::{AuditEntry, IN_ORDER, Line};
use crate::dialect::fetch_all;
use crate::error::StoreError;
use crate::ledger;
use crate::tx::Reader;
use sha2::{Digest, Sha256};
use std::collections::VecDeque;

const VERSION: u8 = 1;
/// The hash before the first entry.
const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// How many entries are read at once.
const PAGE: i64 = 500;

/// A place in the chain that is known from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The number of an entry; 0 stands before the first.
    pub n: i64,
    /// The hash that it had.
    pub hash: String,
}

/// What reading the whole chain has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChainVerdict {
    /// Every entry is as it was written, and none is missing up to the head.
    Whole {
        /// How many entries there are.
        entries: i64,
        /// The hash of the last one.
        hash: String,
    },
    /// Something is not as it was written.
    Broken {
        /// The first entry where that shows.
        n: i64,
        /// How it shows.
        fault: ChainFault,
    },
}

/// How a broken chain shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainFault {
    /// The entry is not there.
    Missing,
    /// One of its columns holds something that is no value of that column.
    Unreadable,
    /// Its hash does not follow from the one before it and its text.
    Hash,
    /// A column beside its text says something else than the text.
    Column,
    /// The head names another number or another hash.
    Head,
    /// It has another hash than a mark of former times names: it was written anew, or one of those
    /// before it was.
    Rewritten {
        /// The last entry up to which a mark fits; 0 if none does.
        after: i64,
    },
}

/// The hash of entry `n` with this canonical JSON, after `previous`.
pub(super) fn link(n: i64, previous: &str, canonical: &str) -> String {
    // A previous hash that is no hexadecimal text cannot come from here; hashing its bytes as
    // they are keeps the difference visible.
    let previous = hex::decode(previous).unwrap_or_else(|_| previous.as_bytes().to_vec());
    let mut hash = Sha256::new();
    hash.update([VERSION]);
    hash.update(n.to_be_bytes());
    hash.update(previous);
    hash.update(canonical.as_bytes());
    hex::encode(hash.finalize())
}

/// Reads every entry and says whether the chain holds, or where it breaks first.
pub async fn verify_chain(reader: &mut Reader) -> Result<ChainVerdict, StoreError> {
    verify_against(reader, &[]).await
}

/// The same, and whether the chain went on from each of `marks`, which may stand in any order.
///
/// With a mark of entry `n`, nothing can be done to the entries up to `n` that is not found, even
/// by somebody who computes the whole chain anew and forges the head.
pub async fn verify_against(
    reader: &mut Reader,
    marks: &[Mark],
) -> Result<ChainVerdict, StoreError> {
    let head = ledger::read(reader).await?;
    let mut marks = marks.to_vec();
    marks.sort_unstable();
    let mut walk = Walk {
        last: 0,
        hash: BEGINNING.to_owned(),
        marked: 0,
        marks: marks.into(),
    };
    if let Some(broken) = walk.compare() {
        return Ok(broken);
    }
    let mut size = PAGE;
    loop {
        let page = match fetch_all!(reader, Line, IN_ORDER, walk.last, size) {
            Ok(page) => page,
            Err(error) if !is_unreadable(&error) => return Err(error.into()),
            // Which of them it is shows when they are read one by one.
            Err(_) if size > 1 => {
                size = 1;
                continue;
            }
            Err(_) => return Ok(broken(walk.last + 1, ChainFault::Unreadable)),
        };
        if page.is_empty() {
            break;
        }
        for line in page {
            if let Some(broken) = walk.step(line) {
                return Ok(broken);
            }
        }
    }
    let Walk {
        last, hash, marks, ..
    } = walk;
    Ok(if last < head.audit_seq || !marks.is_empty() {
        broken(last + 1, ChainFault::Missing)
    } else if last > head.audit_seq || hash != head.audit_hash {
        broken(last, ChainFault::Head)
    } else {
        ChainVerdict::Whole {
            entries: last,
            hash,
        }
    })
}

fn broken(n: i64, fault: ChainFault) -> ChainVerdict {
    ChainVerdict::Broken { n, fault }
}

/// How far the chain is known to hold.
struct Walk {
    last: i64,
    hash: String,
    /// The last mark that fitted.
    marked: i64,
    /// Those that are still to come.
    marks: VecDeque<Mark>,
}

impl Walk {
    /// Goes on to the entry after `last`, or says how it is not that.
    fn step(&mut self, line: Line) -> Option<ChainVerdict> {
        let n = self.last + 1;
        if let Some(fault) = fault(&line, n, &self.hash) {
            return Some(broken(n, fault));
        }
        self.last = n;
        self.hash = line.hash;
        self.compare()
    }

    /// Compares the present place with the marks of it.
    fn compare(&mut self) -> Option<ChainVerdict> {
        while let Some(mark) = self.marks.pop_front_if(|mark| mark.n <= self.last) {
            if mark.n < self.last || mark.hash != self.hash {
                let after = self.marked;
                return Some(broken(mark.n, ChainFault::Rewritten { after }));
            }
            self.marked = mark.n;
        }
        None
    }
}

/// Whether a row cannot be read as it is, while the database works: a number became text, or a text
/// is none.
fn is_unreadable(error: &sqlx::Error) -> bool {
    matches!(
        error,
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)
    )
}

fn fault(line: &Line, n: i64, previous: &str) -> Option<ChainFault> {
    if line.n != n {
        return Some(ChainFault::Missing);
    }
    if line.hash != link(n, previous, &line.entry) {
        return Some(ChainFault::Hash);
    }
    let same = serde_json::from_str::<AuditEntry>(&line.entry)
        .is_ok_and(|entry| Columns::of(&entry).are_those_of(line));
    (!same).then_some(ChainFault::Column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_the_hash_that_any_tool_computes() {
        // printf '\001\0\0\0\0\0\0\0\001' ; 32 zero bytes ; '{}' | sha256sum
        let mut bytes = vec![1, 0, 0, 0, 0, 0, 0, 0, 1];
        bytes.extend([0; 32]);
        bytes.extend(b"{}");
        assert_eq!(
            link(1, BEGINNING, "{}"),
            hex::encode(Sha256::digest(&bytes))
        );
    }

    #[test]
    fn number_predecessor_and_text_all_count() {
        let base = link(1, BEGINNING, "{}");
        assert_ne!(link(2, BEGINNING, "{}"), base);
        assert_ne!(link(1, &base, "{}"), base);
        assert_ne!(link(1, BEGINNING, "[]"), base);
    }
}
