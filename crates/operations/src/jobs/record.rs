//! What the engine brings back from a visit to a job.

use super::intents::Told;
use crate::audit::{Entry, Verb, about_job};
use crate::context::OpContext;
use crate::error::{OpError, OpResult};
use crate::events;
use crate::models;
use crate::ports::aws::{Answer, AwsError, Call, ErrorClass, VersionDescription};
use domain::{AccountNumber, Actor, Millis, ProjectArn, ProjectVersionArn, Step, VersionStatus};
use serde::{Deserialize, Serialize};
use store::Tx;
use store::job_calls::{self, JobCall};
use store::jobs::{self, Claim, Sighting};
use store::{accounts, model_versions, projects};

/// What a visit to a job has brought.
#[derive(Clone, Debug, Default)]
pub struct StepRecord {
    /// What happened, in plain sentences for the job page, each at most 500 characters.
    pub notes: Vec<String>,
    /// The calls to AWS. Each belongs into exactly one record: for those that write, the audit
    /// entry about the outcome is made from it.
    pub calls: Vec<CallRecord>,
    /// The engine's own memory for the state that the job is in afterwards. Without one, what was
    /// remembered stays as long as the state's word does.
    pub memory: Option<String>,
    /// The step that ends was not needed.
    pub skipped: bool,
    /// What a look at the copy showed that brought an event.
    pub seen: Option<Seen>,
    /// The new version as it was read back, for the inventory.
    pub read_back: Option<Box<ReadBack>>,
    /// What a look for a copy in doubt showed.
    pub sought: Option<Sought>,
    /// What the engine made of requests.
    pub answers: Vec<RequestAnswer>,
}

/// What a look for a copy in doubt showed under the planned name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sought {
    /// When.
    pub at: Millis,
    /// The version, if there was one.
    pub found: Option<Found>,
}

/// A version that may be a job's copy, with what AWS shows of where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The version.
    pub version: ProjectVersionArn,
    /// AWS's word for its status. Untrusted text.
    pub status: String,
    /// When it was made.
    pub created: Option<Millis>,
    /// The version that it was copied from, as AWS shows it.
    pub source: Option<ProjectVersionArn>,
    /// Whether that is the planned one; none where it cannot be told.
    pub source_matches: Option<bool>,
    /// Where its results lie, as AWS shows it. Untrusted text.
    pub output: Option<String>,
    /// Why it was not adopted, as a sentence.
    pub verdict: String,
}

/// What the engine made of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestAnswer {
    /// The request's number.
    pub n: i64,
    /// Whether it did what was asked.
    pub accepted: bool,
    /// What happened, as one sentence.
    pub text: String,
}

/// A version that was read back, and the project that it was read in.
#[derive(Clone, Debug)]
pub struct ReadBack {
    /// The project.
    pub project: ProjectArn,
    /// The version.
    pub version: VersionDescription,
}

/// What a look at a copy showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// AWS's word for the status.
    pub status: String,
    /// When AWS gave it.
    pub seen_at: Millis,
    /// AWS's request id.
    pub request_id: Option<String>,
}

/// One call to AWS of a job.
#[derive(Clone, Debug)]
pub struct CallRecord {
    /// The account that it was made in.
    pub account: AccountNumber,
    /// AWS's name of the write that it is or was made for: a role that could not be assumed for a
    /// write tells that the write was not sent.
    pub write: Option<&'static str>,
    /// The call.
    pub call: Call,
    /// What came of it.
    pub outcome: CallOutcome,
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallOutcome {
    /// AWS answered; in a word or two what, such as a status. May be empty.
    Answered(String),
    /// It did not bring what was asked for.
    Refused {
        /// AWS's error code. Untrusted text.
        code: Option<String>,
        /// What may be concluded.
        class: ErrorClass,
    },
}

impl StepRecord {
    /// The record of a move that was not made: what was asked of the job stays open.
    #[must_use]
    pub fn unanswered(mut self) -> Self {
        self.answers.clear();
        self
    }
}

impl CallRecord {
    /// A read that AWS answered; `said` is the answer in a word or two.
    pub fn answered<T>(
        account: &AccountNumber,
        answer: &Answer<T>,
        said: impl Into<String>,
    ) -> Self {
        Self {
            account: account.clone(),
            write: None,
            call: answer.call.clone(),
            outcome: CallOutcome::Answered(said.into()),
        }
    }

    /// A call that was answered with nothing to say of.
    pub fn made(account: &AccountNumber, call: Call) -> Self {
        Self {
            account: account.clone(),
            write: None,
            call,
            outcome: CallOutcome::Answered(String::new()),
        }
    }

    /// A read that did not bring what was asked for.
    pub fn refused(account: &AccountNumber, error: &AwsError) -> Self {
        Self {
            account: account.clone(),
            write: None,
            call: error.call.clone(),
            outcome: CallOutcome::Refused {
                code: error.code.clone(),
                class: error.class,
            },
        }
    }
}

impl CallRecord {
    /// Whether anything went to AWS.
    pub fn was_sent(&self) -> bool {
        !matches!(
            self.outcome,
            CallOutcome::Refused {
                class: ErrorClass::NotSent,
                ..
            }
        )
    }

    /// The outcome of the write that the call was made for: the word for the audit log, and how sure
    /// it is.
    pub(crate) fn told(&self, write: &'static str) -> (&'static str, Told) {
        match &self.outcome {
            _ if self.call.operation != write => ("not_sent", Told::Definite),
            CallOutcome::Answered(_) => ("accepted", Told::Definite),
            CallOutcome::Refused { class, .. } => match class {
                ErrorClass::Refused(_) => ("refused", Told::Definite),
                ErrorClass::Ambiguous => ("unclear", Told::Unclear),
                ErrorClass::NotSent => ("not_sent", Told::Definite),
            },
        }
    }
}

impl CallOutcome {
    /// The answer as the job page and the audit log show it.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Answered(said) if said.is_empty() => "answered".to_owned(),
            Self::Answered(said) => said.clone(),
            Self::Refused { code, class } => {
                let word = match class {
                    ErrorClass::Refused(_) => "refused",
                    ErrorClass::Ambiguous => "no clear answer",
                    ErrorClass::NotSent => "not sent",
                };
                match code {
                    Some(code) => format!("{word}: {code}"),
                    None => word.to_owned(),
                }
            }
        }
    }
}

/// Stores what a look showed; the copy is not looked at again by itself.
pub(super) async fn store_seen(tx: &mut Tx, claim: &Claim, seen: Option<&Seen>) -> OpResult<()> {
    if let Some(seen) = seen {
        let sighting = Sighting {
            status: Some(VersionStatus::from(seen.status.clone())),
            seen_at: seen.seen_at,
            next_look_at: None,
            request_id: seen.request_id.clone(),
        };
        jobs::saw(tx, claim, &sighting).await?;
    }
    Ok(())
}

/// Keeps a version that was read back with its project, if the inventory has the project: people
/// see the copy at once, not at the next look at the account.
pub(super) async fn store_read_back(
    tx: &mut Tx,
    read_back: Option<&ReadBack>,
    at: Millis,
) -> OpResult<()> {
    let Some(ReadBack { project, version }) = read_back else {
        return Ok(());
    };
    let known = projects::find(tx, project).await?.is_some();
    let account = accounts::find(tx, project.account()).await?;
    if let (true, Some(account)) = (known, account) {
        model_versions::save(tx, &models::version_row(project, version, at)).await?;
        tx.emit(events::inventory(&account, true, at));
    }
    Ok(())
}

/// Stores calls, and for each that is or was made for a write to AWS the audit entry about the
/// write's outcome. Gives what the last of these tells.
pub(super) async fn store_calls(
    cx: &OpContext,
    tx: &mut Tx,
    claim: &Claim,
    step: Step,
    (requester, calls): (&Actor, &[CallRecord]),
) -> OpResult<Told> {
    let mut told = Told::Nothing;
    for record in calls {
        let call = JobCall {
            step,
            operation: record.call.operation.to_owned(),
            answer: record.outcome.text(),
            at: record.call.at,
            took_ms: i64::try_from(record.call.took_ms).unwrap_or(i64::MAX),
            request_id: record.call.request_id.clone(),
        };
        job_calls::record(tx, claim, &call).await?;
        let Some(write) = record.write else { continue };
        let verb = Verb::of_write(write).ok_or_else(|| OpError::stored("operation of a write"))?;
        let (result, sure) = record.told(write);
        told = sure;
        let code = match &record.outcome {
            CallOutcome::Refused { code, .. } => code.as_deref(),
            CallOutcome::Answered(_) => None,
        };
        let entry = Entry::new(cx, verb, about_job(claim.job()), cx.now())
            .on_behalf_of(requester)
            .with("account", &record.account)
            .with("result", &result)
            .with_some("code", code)
            .with_some("aws_request_id", record.call.request_id.as_deref());
        tx.audit(entry.outcome());
    }
    Ok(told)
}
