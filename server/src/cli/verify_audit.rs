//! `customhouse verify-audit`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use store::Reader;
use store::audit::{self, ChainFault, ChainVerdict, Mark};
use store::checkpoint::checkpoint;
use store::checkpoint::signed::{Noted, PublicKey};

use super::output::say;
use super::{Verdict, registered};
use crate::checkpoints::key;
use crate::config::Config;

const NOT_CHECKED: &str = "\
No signature was checked, for no key is known: name one with --public-key. What was compared is only
as good as the file.";

/// What `customhouse verify-audit` is given.
#[derive(clap::Args)]
pub(super) struct Options {
    /// Saved checkpoints, each a line of JSON: from standard output of `serve`, from
    /// `audit.checkpoint_file` or from `customhouse checkpoint`. Other lines are passed over.
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// The key that must have signed them [default: that of the key file, if there is one].
    #[arg(long, value_name = "KEY", requires = "checkpoint")]
    public_key: Option<PublicKey>,
}

/// Follows the chain of hashes through all audit entries.
///
/// It finds a changed, missing or inserted entry, and names the first one where it shows. Entries cut
/// off at the end, and a chain that was computed anew, are found only by comparing with a saved
/// checkpoint.
pub(super) async fn run(config: &Config, options: &Options) -> Result<Verdict> {
    let saved = match &options.checkpoint {
        Some(file) => read(file)?,
        None => Vec::new(),
    };
    let Some(store) = registered::existing_store(config).await? else {
        if saved.is_empty() {
            say("There is no database yet, and so no audit entry.")?;
            return Ok(Verdict::Good);
        }
        bail!("there is no database");
    };
    let mut reader = store.read().await.context("the database does not answer")?;
    let known = match options.public_key.clone() {
        Some(key) => Some(key),
        None => key_of(config)?,
    };
    let verdict = match distrust(&mut reader, &saved, known.as_ref()).await? {
        Some(why) => {
            say(&why)?;
            Verdict::Bad
        }
        None => verify(&mut reader, &saved).await?,
    };
    if !saved.is_empty() && known.is_none() {
        say(NOT_CHECKED)?;
    }
    drop(reader);
    store.close().await;
    Ok(verdict)
}

fn key_of(config: &Config) -> Result<Option<PublicKey>> {
    let Some(file) = config.audit_key() else {
        return Ok(None);
    };
    Ok(key::read(&file)?.map(|key| key.public_key()))
}

/// The checkpoints in `file`, which must hold one.
fn read(file: &Path) -> Result<Vec<Noted>> {
    let shown = file.display();
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {shown}"))?;
    let mut saved = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with('{') {
            let noted = serde_json::from_str(line);
            let number = index + 1;
            saved
                .push(noted.with_context(|| format!("line {number} of {shown} is no checkpoint"))?);
        }
    }
    ensure!(!saved.is_empty(), "{shown} holds no checkpoint");
    Ok(saved)
}

/// Why the saved checkpoints say nothing about this database, if so.
async fn distrust(
    reader: &mut Reader,
    saved: &[Noted],
    known: Option<&PublicKey>,
) -> Result<Option<String>> {
    let now = checkpoint(reader)
        .await
        .context("the audit cannot be read")?;
    for noted in saved {
        let n = noted.checkpoint.audit_seq;
        if noted.checkpoint.installation.is_some()
            && noted.checkpoint.installation != now.installation
        {
            return Ok(Some(format!(
                "The checkpoint of entry {n} belongs to another installation, or this database \
                 was put in the place of that one."
            )));
        }
        if let Some(key) = known
            && let Err(fault) = noted.check(key)
        {
            return Ok(Some(format!(
                "The checkpoint of entry {n} proves nothing: {fault}."
            )));
        }
    }
    Ok(None)
}

async fn verify(reader: &mut Reader, saved: &[Noted]) -> Result<Verdict> {
    let marks: Vec<Mark> = saved.iter().map(|noted| noted.checkpoint.mark()).collect();
    let verdict = audit::verify_against(reader, &marks).await;
    match verdict.context("the audit cannot be read")? {
        ChainVerdict::Whole { entries, hash } => {
            say(&format!(
                "All {entries} audit entries are whole. The last one's hash is {hash}."
            ))?;
            let newest = marks.iter().map(|mark| mark.n).max();
            say(&match newest {
                Some(n) => format!(
                    "They went on from every saved checkpoint, the newest one of entry {n}."
                ),
                None => "No saved checkpoint was compared: entries cut off at the end, or a log \
                         that was written anew, do not show without one."
                    .to_owned(),
            })?;
            Ok(Verdict::Good)
        }
        ChainVerdict::Broken { n, fault } => {
            say(&format!(
                "The audit is not as it was written: entry {n} {}.",
                words(n, fault)
            ))?;
            Ok(Verdict::Bad)
        }
    }
}

fn words(n: i64, fault: ChainFault) -> String {
    match fault {
        ChainFault::Missing => "is missing".to_owned(),
        ChainFault::Unreadable => "holds what no entry holds".to_owned(),
        ChainFault::Hash => "does not follow from the one before it and its own text".to_owned(),
        ChainFault::Column => "says something else in its columns than in its text".to_owned(),
        ChainFault::Head => "is not the one that the ledger's head names".to_owned(),
        ChainFault::Rewritten { after } => format!(
            "is not the one of the saved checkpoint, so one of the entries {} to {n} was changed, \
             removed or put in, and all that follow were computed anew",
            after + 1
        ),
    }
}
