//! The shapes of `/v1`. They change by addition only; the views behind them may change freely.

use std::collections::BTreeMap;

use domain::Millis;
use operations::Arrow;
use operations::audit::AuditView;
use operations::jobs::{AttemptView, FailureView, JobRow, JobView, RequestView, Sought, StepView};
use operations::promotions::{ProposalRow, ProposalView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A promotion as it is asked for. Every value is checked to AWS's limits; all mistakes are
/// answered at once.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPromotion {
    /// ARN of the model version to copy.
    pub source_version: String,
    /// ARN of its project; found by itself when Customhouse has seen the version.
    #[serde(default)]
    pub source_project: String,
    /// ARN of the project that receives the copy, in the same Region.
    pub destination_project: String,
    /// Name of the copy.
    pub version_name: String,
    /// Bucket of the destination account for the copy's results.
    pub bucket: String,
    /// Prefix of their keys; Customhouse adds the proposal's id.
    #[serde(default)]
    pub prefix: String,
    /// KMS key that encrypts them: id, ARN, alias or alias ARN.
    #[serde(default)]
    pub kms_key: String,
    /// Tags of the copy, at most 198.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// Why, in a few words.
    #[serde(default)]
    pub reason: String,
}

/// One part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Part<T> {
    /// Newest first.
    pub items: Vec<T>,
    /// Send as `before` for the part that follows; null at the end.
    pub next: Option<i64>,
}

/// A proposal in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct PromotionRow {
    /// Its id.
    pub id: String,
    /// Its number for people.
    pub number: i64,
    /// `promotion` or `policy_change`.
    pub kind: String,
    /// Where it stands, in the words of the console.
    pub state: String,
    /// What moves where.
    pub arrow: ArrowText,
    /// When it was asked for (ISO 8601, UTC).
    pub created_at: String,
    /// Its job, once there is one.
    pub job: Option<String>,
}

/// A proposal with its plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct Promotion {
    /// What lists show of it.
    #[serde(flatten)]
    pub row: PromotionRow,
    /// Why it was asked for.
    pub reason: String,
    /// SHA-256 of the plan as canonical JSON (RFC 8785), 64 hexadecimal digits.
    pub digest: String,
    /// Exactly what will be done.
    #[schema(value_type = Object)]
    pub plan: serde_json::Value,
}

/// What moves where, for people.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArrowText {
    /// Project and version.
    pub subject: String,
    /// Alias of the account it leaves; null for a change of a policy.
    pub source: Option<String>,
    /// Alias of the account it reaches.
    pub destination: String,
    /// Environment of that account.
    pub environment: String,
    /// The Region.
    pub region: String,
}

/// A job in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobSummary {
    /// Its id.
    pub id: String,
    /// Its number for people.
    pub number: i64,
    /// `copy` or `policy`.
    pub kind: String,
    /// Where it stands, in the words of the console.
    pub state: String,
    /// Whether that is its end.
    pub ended: bool,
    /// How many others are before it while it waits for its turn in the destination project.
    pub behind: usize,
    /// What moves where.
    pub arrow: ArrowText,
    /// When it was queued (ISO 8601, UTC).
    pub created_at: String,
    /// When it ended.
    pub ended_at: Option<String>,
}

/// A job with its steps.
#[derive(Debug, Serialize, ToSchema)]
pub struct Job {
    /// What lists show of it.
    #[serde(flatten)]
    pub summary: JobSummary,
    /// The proposal that it carries out.
    pub proposal: String,
    /// The digest of the plan that was approved.
    pub digest: String,
    /// When it began.
    pub started_at: Option<String>,
    /// Its steps, in order.
    pub steps: Vec<JobStep>,
    /// AWS's word for the copy when it was last looked at.
    pub aws_status: Option<String>,
    /// When that was.
    pub seen_at: Option<String>,
    /// When AWS is looked at again.
    pub next_look_at: Option<String>,
    /// Why it does not go on at the moment, if something is in the way.
    pub waiting: Option<JobWaiting>,
    /// ARN of the new version, once AWS has named it.
    pub version: Option<String>,
    /// Why it failed or needs an operator.
    pub failure: Option<JobFailure>,
    /// Whether a pause of the installation keeps it from going on.
    pub paused: bool,
    /// Whether it was stopped and has not ended yet.
    pub stopping: bool,
    /// What may be asked of it now: the last part of the address below `/v1/jobs/{id}/`.
    pub may_ask: Vec<String>,
    /// What the last look for a copy in doubt showed under the planned name.
    pub sought: Option<JobSought>,
    /// What was asked of it, newest first.
    pub requests: Vec<JobRequest>,
    /// Tries of steps that did not end them, newest first.
    pub attempts: Vec<JobAttempt>,
}

/// A look for a copy in doubt.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobSought {
    /// When.
    pub at: String,
    /// ARN of the version that AWS showed, if it showed one.
    pub version: Option<String>,
    /// AWS's word for its status.
    pub status: Option<String>,
    /// ARN of the version that it was copied from, as AWS shows it.
    pub source: Option<String>,
    /// Whether that is the planned one; nothing where it cannot be told.
    pub source_matches: Option<bool>,
    /// Why it was not adopted.
    pub verdict: Option<String>,
}

/// Something that was asked of a job.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobRequest {
    /// What.
    pub verb: String,
    /// By whom.
    pub actor: String,
    /// ARN of the version to adopt.
    pub version: Option<String>,
    /// When.
    pub at: String,
    /// Whether the engine did it; nothing while it has not answered.
    pub accepted: Option<bool>,
    /// What the engine answered.
    pub answer: Option<String>,
}

/// A try of a step that did not end it.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobAttempt {
    /// The step.
    pub step: String,
    /// `retry`, `held`, `failed` or `errored`.
    pub outcome: String,
    /// When.
    pub at: String,
    /// When it is tried again.
    pub next_at: Option<String>,
    /// Why.
    pub cause: Option<JobFailure>,
}

/// One step of a job.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobStep {
    /// Which.
    pub step: String,
    /// How far it is.
    pub status: String,
    /// When it began.
    pub started_at: Option<String>,
    /// When it ended.
    pub ended_at: Option<String>,
    /// When it counts as late, while it is under way.
    pub deadline_at: Option<String>,
    /// What happened, in sentences, oldest first.
    pub notes: Vec<String>,
}

/// Why a job does not go on at the moment.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobWaiting {
    /// What is in the way.
    pub cause: JobFailure,
    /// When it is tried again.
    pub next_try_at: String,
}

/// Why a job failed, and what to do.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobFailure {
    /// Stable, for programs.
    pub code: String,
    /// The step in which it happened.
    pub step: String,
    /// What happened.
    pub cause: String,
    /// What that means.
    pub consequence: String,
    /// What to do.
    pub next_step: String,
    /// AWS's error code.
    pub aws_code: Option<String>,
    /// AWS's words.
    pub aws_message: Option<String>,
    /// AWS's name of the request.
    pub request_id: Option<String>,
}

impl From<&ProposalRow> for PromotionRow {
    fn from(row: &ProposalRow) -> Self {
        Self {
            id: row.id.to_string(),
            number: row.number,
            kind: row.kind.as_str().to_owned(),
            state: row.word.as_str().to_owned(),
            arrow: ArrowText::from(&row.arrow),
            created_at: row.created_at.to_string(),
            job: row.job.as_ref().map(|job| job.id.to_string()),
        }
    }
}

impl From<&ProposalView> for Promotion {
    fn from(view: &ProposalView) -> Self {
        Self {
            row: PromotionRow::from(&view.row),
            reason: view.reason.clone().unwrap_or_default(),
            digest: view.digest.to_string(),
            plan: serde_json::from_str(&view.canonical_json).unwrap_or_default(),
        }
    }
}

impl From<&Arrow> for ArrowText {
    fn from(arrow: &Arrow) -> Self {
        Self {
            subject: arrow.subject.clone(),
            source: arrow
                .source
                .as_ref()
                .map(|account| account.alias.to_string()),
            destination: arrow.destination.alias.to_string(),
            environment: arrow.destination.environment.to_string(),
            region: arrow.region.to_string(),
        }
    }
}

impl From<&JobRow> for JobSummary {
    fn from(row: &JobRow) -> Self {
        Self {
            id: row.id.to_string(),
            number: row.number,
            kind: row.kind.as_str().to_owned(),
            state: row.word.as_str().to_owned(),
            ended: row.word.is_terminal(),
            behind: row.behind,
            arrow: ArrowText::from(&row.arrow),
            created_at: row.created_at.to_string(),
            ended_at: text(row.ended_at),
        }
    }
}

impl From<&JobView> for Job {
    fn from(view: &JobView) -> Self {
        let summary = JobSummary {
            id: view.id.to_string(),
            number: view.number,
            kind: view.kind.as_str().to_owned(),
            state: view.word.as_str().to_owned(),
            ended: view.word.is_terminal(),
            behind: view.queue.as_ref().map_or(0, |queue| queue.ahead),
            arrow: ArrowText::from(&view.arrow),
            created_at: view.created_at.to_string(),
            ended_at: text(view.ended_at),
        };
        Self {
            summary,
            proposal: view.proposal.id.to_string(),
            digest: view.digest.to_string(),
            started_at: text(view.started_at),
            steps: view.steps.iter().map(JobStep::from).collect(),
            aws_status: view.aws.as_ref().map(|look| look.status.clone()),
            seen_at: view.aws.as_ref().map(|look| look.seen_at.to_string()),
            next_look_at: text(view.next_look_at),
            waiting: view.waiting.as_ref().map(|waiting| JobWaiting {
                cause: JobFailure::from(&waiting.cause),
                next_try_at: waiting.next_try_at.to_string(),
            }),
            version: view.version_arn.as_ref().map(ToString::to_string),
            failure: view.failure.as_ref().map(JobFailure::from),
            paused: view.paused.is_some(),
            stopping: view.stopping,
            may_ask: view
                .may_ask
                .iter()
                .map(|verb| verb.as_str().to_owned())
                .collect(),
            sought: view.sought.as_ref().map(JobSought::from),
            requests: view.requests.iter().map(JobRequest::from).collect(),
            attempts: view.attempts.iter().map(JobAttempt::from).collect(),
        }
    }
}

impl From<&Sought> for JobSought {
    fn from(sought: &Sought) -> Self {
        let found = sought.found.as_ref();
        Self {
            at: sought.at.to_string(),
            version: found.map(|found| found.version.to_string()),
            status: found.map(|found| found.status.clone()),
            source: found.and_then(|found| found.source.as_ref().map(ToString::to_string)),
            source_matches: found.and_then(|found| found.source_matches),
            verdict: found.map(|found| found.verdict.clone()),
        }
    }
}

impl From<&RequestView> for JobRequest {
    fn from(request: &RequestView) -> Self {
        Self {
            verb: request.verb.as_str().to_owned(),
            actor: request.actor.clone(),
            version: request.version.as_ref().map(ToString::to_string),
            at: request.at.to_string(),
            accepted: request.accepted,
            answer: request.answer.clone(),
        }
    }
}

impl From<&AttemptView> for JobAttempt {
    fn from(attempt: &AttemptView) -> Self {
        Self {
            step: attempt.step.as_str().to_owned(),
            outcome: attempt.outcome.to_owned(),
            at: attempt.at.to_string(),
            next_at: text(attempt.next_at),
            cause: attempt.cause.as_ref().map(JobFailure::from),
        }
    }
}

impl From<&FailureView> for JobFailure {
    fn from(failure: &FailureView) -> Self {
        Self {
            code: word(&failure.code),
            step: failure.step.as_str().to_owned(),
            cause: failure.cause.to_owned(),
            consequence: failure.consequence.to_owned(),
            next_step: failure.next_step.to_owned(),
            aws_code: failure.aws_code.clone(),
            aws_message: failure.aws_message.clone(),
            request_id: failure.request_id.clone(),
        }
    }
}

impl From<&StepView> for JobStep {
    fn from(view: &StepView) -> Self {
        Self {
            step: view.step.as_str().to_owned(),
            status: word(&view.status),
            started_at: text(view.started_at),
            ended_at: text(view.ended_at),
            deadline_at: text(view.deadline_at),
            notes: view.notes.clone(),
        }
    }
}

fn text(moment: Option<Millis>) -> Option<String> {
    moment.map(|moment| moment.to_string())
}

/// The word that an enum without data has in JSON.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// One entry of the audit.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditItem {
    /// Its number; counts from 1 without gaps.
    pub n: i64,
    /// When (ISO 8601, UTC).
    pub at: String,
    /// What the one who acted was called then. Whose name was replaced is called by their id.
    pub name: String,
    /// What was done, or what was refused.
    pub action: String,
    /// `done`, `refused`, `intended` or `outcome`.
    pub result: String,
    /// The kind of thing that was acted on.
    pub object_kind: String,
    /// Its id.
    pub object: String,
    /// `page`, `api`, `command_line` or `engine`; null in entries of former versions.
    pub channel: Option<String>,
    /// Where the request came from, if it came over a network.
    pub address: Option<String>,
    /// The request that it came with, ours or AWS's.
    pub request_id: Option<String>,
    /// What else matters.
    pub details: BTreeMap<String, String>,
    /// Its place in the chain: 64 hexadecimal digits.
    pub hash: String,
    /// The text that the hash covers: canonical JSON (RFC 8785).
    pub canonical: String,
}

impl From<&AuditView> for AuditItem {
    fn from(view: &AuditView) -> Self {
        Self {
            n: view.n,
            at: view.at.to_string(),
            name: view.actor.name.clone(),
            action: view.action.clone(),
            result: view.phase.as_str().to_owned(),
            object_kind: view.subject.kind.as_str().to_owned(),
            object: view.subject.id.clone(),
            channel: view.channel.clone(),
            address: view.address.map(|address| address.to_string()),
            request_id: view.request_id.clone(),
            details: view.details.clone(),
            hash: view.hash.clone(),
            canonical: view.canonical.clone(),
        }
    }
}
