//! The chain of hashes over all audit entries.
//!
//! `h(n) = SHA-256(version | n | h(n-1) | canonical JSON)`, with the version as one byte, `n` as
//! eight bytes, big-endian, and `h(0)` = 32 zero bytes. A chain alone does not show that its end
//! was cut off, or that all of it was written anew: for that, keep a former number and hash
//! elsewhere and compare.

use super::{AuditEntry, IN_ORDER, Line};
use crate::dialect::fetch_all;
use crate::error::StoreError;
use crate::ledger;
use crate::tx::Reader;
use sha2::{Digest, Sha256};

const VERSION: u8 = 1;
/// The hash before the first entry.
const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// How many entries are read at once.
const PAGE: i64 = 500;

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
    /// Its hash does not follow from the one before it and its text.
    Hash,
    /// A column beside its text says something else than the text.
    Column,
    /// The head names another number or another hash.
    Head,
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
    let head = ledger::read(reader).await?;
    let mut last = 0;
    let mut hash = BEGINNING.to_owned();
    loop {
        let page = fetch_all!(reader, Line, IN_ORDER, last, PAGE)?;
        if page.is_empty() {
            break;
        }
        for line in page {
            let n = last + 1;
            if let Some(fault) = fault(&line, n, &hash) {
                return Ok(ChainVerdict::Broken { n, fault });
            }
            last = n;
            hash = line.hash;
        }
    }
    Ok(if last < head.audit_seq {
        ChainVerdict::Broken {
            n: last + 1,
            fault: ChainFault::Missing,
        }
    } else if last > head.audit_seq || hash != head.audit_hash {
        ChainVerdict::Broken {
            n: last,
            fault: ChainFault::Head,
        }
    } else {
        ChainVerdict::Whole {
            entries: last,
            hash,
        }
    })
}

fn fault(line: &Line, n: i64, previous: &str) -> Option<ChainFault> {
    if line.n != n {
        return Some(ChainFault::Missing);
    }
    if line.hash != link(n, previous, &line.entry) {
        return Some(ChainFault::Hash);
    }
    let same = serde_json::from_str::<AuditEntry>(&line.entry).is_ok_and(|entry| {
        entry.at.get() == line.at
            && entry.subject.kind.as_str() == line.subject_kind
            && entry.subject.id == line.subject_id
    });
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
