//! Noting how far the database is, outside of it, and seeing later whether it went on from there.
//!
//! A database that is behind a checkpoint was restored, or lost what it had confirmed. Jobs may then
//! have done more in AWS than it knows. A checkpoint that is kept elsewhere also shows an audit log
//! that was cut off or written anew; so that nobody can make one up to fit, it is [`signed`].

pub mod signed;

use crate::audit::Mark;
use crate::dialect::{fetch_optional, statements};
use crate::error::StoreError;
use crate::tx::Reader;
use crate::{installation, ledger};
use domain::InstallationId;
use serde::{Deserialize, Serialize};

statements! {
    HASH_AT = "SELECT hash FROM audit WHERE n = $1";
}

/// How far a database was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Whose database it is; none before the first start.
    pub installation: Option<InstallationId>,
    /// Its epoch.
    pub epoch: i64,
    /// Its newest event.
    pub event_seq: i64,
    /// Its newest audit entry.
    pub audit_seq: i64,
    /// That entry's hash.
    pub audit_hash: String,
}

impl Checkpoint {
    /// Its place in the chain of audit entries.
    pub fn mark(&self) -> Mark {
        Mark {
            n: self.audit_seq,
            hash: self.audit_hash.clone(),
        }
    }
}

/// How a database stands to a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lineage {
    /// It went on from there, or stands there.
    Continues,
    /// It is behind.
    Behind,
    /// It has gone on from an earlier moment, to other entries than before.
    Differs,
    /// It belongs to another installation, whose grants and jobs are not those of the checkpoint.
    OtherInstallation,
}

/// How far the database is now.
pub async fn checkpoint(reader: &mut Reader) -> Result<Checkpoint, StoreError> {
    let head = ledger::read(reader).await?;
    Ok(Checkpoint {
        installation: installation::find(reader).await?,
        epoch: head.epoch,
        event_seq: head.event_seq,
        audit_seq: head.audit_seq,
        audit_hash: head.audit_hash,
    })
}

/// How the database stands to `former`. An epoch that is higher than the former one was begun by a
/// restore that is known already.
pub async fn lineage(reader: &mut Reader, former: &Checkpoint) -> Result<Lineage, StoreError> {
    let now = checkpoint(reader).await?;
    if now.installation != former.installation && former.installation.is_some() {
        return Ok(Lineage::OtherInstallation);
    }
    if now.epoch > former.epoch {
        return Ok(Lineage::Continues);
    }
    if now.epoch < former.epoch
        || now.event_seq < former.event_seq
        || now.audit_seq < former.audit_seq
    {
        return Ok(Lineage::Behind);
    }
    if former.audit_seq == 0 {
        return Ok(Lineage::Continues);
    }
    let hash = fetch_optional!(reader, (String,), HASH_AT, former.audit_seq)?;
    let same = hash.is_some_and(|(hash,)| hash == former.audit_hash);
    Ok(if same {
        Lineage::Continues
    } else {
        Lineage::Differs
    })
}
