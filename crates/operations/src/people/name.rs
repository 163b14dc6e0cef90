//! What people are called, and the hash of it that the audit holds.

use crate::context::OpContext;
use crate::error::OpResult;
use domain::PersonId;
use sha2::{Digest as _, Sha256};
use store::Tx;
use store::people::{self, NameRow};

/// Names are cut at so many characters: they come from elsewhere and stand in lists.
const LONGEST: usize = 100;

/// Makes `name` the present name of a person. A name that they had before keeps its hash, unless it
/// was replaced.
pub(crate) async fn take(
    cx: &OpContext,
    tx: &mut Tx,
    person: PersonId,
    name: &str,
) -> OpResult<()> {
    let name = readable(name);
    let known = people::names_of(tx, person).await?;
    let before = known
        .iter()
        .find(|row| row.name == name && !row.salt.is_empty());
    if known.first().is_some_and(|present| Some(present) == before) {
        return Ok(());
    }
    let row = match before {
        Some(row) => NameRow {
            since: cx.now(),
            ..row.clone()
        },
        None => fresh(cx, name),
    };
    Ok(people::set_name(tx, person, &row).await?)
}

fn fresh(cx: &OpContext, name: String) -> NameRow {
    let mut salt = [0_u8; 16];
    cx.random.fill(&mut salt);
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update(name.as_bytes());
    NameRow {
        hash: hex::encode(hash.finalize()),
        salt: hex::encode(salt),
        since: cx.now(),
        name,
    }
}

/// Without what cannot be read or turns the direction of text around.
fn readable(name: &str) -> String {
    let good = |c: &char| !c.is_control() && !domain::name::turns_text(*c);
    let kept: String = name.trim().chars().filter(good).take(LONGEST).collect();
    if kept.trim().is_empty() {
        "(no name)".to_owned()
    } else {
        kept
    }
}
