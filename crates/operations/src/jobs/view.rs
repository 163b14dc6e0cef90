//! Jobs as pages show them.

use super::record::Sought;
use crate::view::{Arrow, ProposalLink};
use domain::{
    Failure, FailureCode, JobId, JobKind, JobWord, Millis, PlanDigest, ProjectArn, ProjectName,
    ProjectVersionArn, RequestVerb, Step, StepStatus,
};
use serde::Serialize;
use store::installation::PauseReason;

/// A job in a list.
#[derive(Clone, Debug, Serialize)]
pub struct JobRow {
    /// The job.
    pub id: JobId,
    /// Its number for people.
    pub number: i64,
    /// What it carries out.
    pub kind: JobKind,
    /// Where it stands.
    pub word: JobWord,
    /// From where to where.
    pub arrow: Arrow,
    /// How many others are before it while it waits for its turn in the destination project; 0 when
    /// it does not.
    pub behind: usize,
    /// When it was queued.
    pub created_at: Millis,
    /// When it ended.
    pub ended_at: Option<Millis>,
}

/// A whole job.
#[derive(Clone, Debug, Serialize)]
pub struct JobView {
    /// The job.
    pub id: JobId,
    /// Its number for people.
    pub number: i64,
    /// What it carries out.
    pub kind: JobKind,
    /// Where it stands.
    pub word: JobWord,
    /// Counts the changes that readers can see.
    pub v: i64,
    /// The proposal whose plan it carries out.
    pub proposal: ProposalLink,
    /// From where to where.
    pub arrow: Arrow,
    /// The digest of the approved plan.
    pub digest: PlanDigest,
    /// The project that receives the copy, or whose policy changes.
    pub project: ProjectArn,
    /// When it was queued.
    pub created_at: Millis,
    /// When it left its first state.
    pub started_at: Option<Millis>,
    /// When it ended.
    pub ended_at: Option<Millis>,
    /// Its steps in order.
    pub steps: Vec<StepView>,
    /// What AWS last said about the copy.
    pub aws: Option<LookView>,
    /// When AWS will be asked next.
    pub next_look_at: Option<Millis>,
    /// Why it does not go on at the moment, if something is in the way.
    pub waiting: Option<WaitingView>,
    /// The new version, once AWS has named it.
    pub version_arn: Option<ProjectVersionArn>,
    /// Why it failed, is about to fail, or needs an operator.
    pub failure: Option<FailureView>,
    /// The others before it, while it waits for its turn in the destination project.
    pub queue: Option<QueueView>,
    /// The pause of the installation, while it keeps the job from going on.
    pub paused: Option<PauseView>,
    /// Whether it was stopped on request and has not ended yet.
    pub stopping: bool,
    /// Its grant; none for a job that puts none.
    pub grant: Option<GrantView>,
    /// What the last look for a copy in doubt showed.
    pub sought: Option<Sought>,
    /// What the viewer may ask of it now.
    pub may_ask: Vec<RequestVerb>,
    /// What was asked of it, newest first, at most 20.
    pub requests: Vec<RequestView>,
    /// Tries of steps that did not end them, newest first, at most 20.
    pub attempts: Vec<AttemptView>,
    /// Its calls to AWS, newest first, at most 50.
    pub calls: Vec<CallView>,
    /// How many calls there were.
    pub calls_total: usize,
    /// The present moment, to reckon ages from.
    pub now: Millis,
}

/// One step of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepView {
    /// The step.
    pub step: Step,
    /// Where it stands.
    pub status: StepStatus,
    /// When it first began.
    pub started_at: Option<Millis>,
    /// When it ended.
    pub ended_at: Option<Millis>,
    /// How long it took, in milliseconds; none before it has ended.
    pub took_ms: Option<i64>,
    /// What happened, in sentences, oldest first.
    pub notes: Vec<String>,
    /// When it counts as late; none unless it is under way.
    pub deadline_at: Option<Millis>,
}

/// Those before a job in the queue of its destination project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QueueView {
    /// The project's name.
    pub project: ProjectName,
    /// How many jobs are before it.
    pub ahead: usize,
    /// How many copies may run there at once.
    pub places: u32,
    /// The job that it waits for first, if there is one to name.
    pub first: Option<(JobId, i64, JobWord)>,
}

/// A pause of the installation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PauseView {
    /// Why.
    pub reason: PauseReason,
    /// Since when.
    pub since: Millis,
}

/// A job's grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GrantView {
    /// The statement's name.
    pub sid: String,
    /// When AWS ends it by itself, where it takes such an end.
    pub ends: Millis,
    /// Whether it may stand now.
    pub may_stand: bool,
}

/// Something that was asked of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RequestView {
    /// What.
    pub verb: RequestVerb,
    /// By whom.
    pub actor: String,
    /// The version to adopt.
    pub version: Option<ProjectVersionArn>,
    /// The operator has vouched for it.
    pub vouched: bool,
    /// When.
    pub at: Millis,
    /// Whether the engine did it; none while it has not answered.
    pub accepted: Option<bool>,
    /// What the engine answered.
    pub answer: Option<String>,
}

/// A try of a step that did not end it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AttemptView {
    /// Counts the job's tries, from 1.
    pub n: i64,
    /// The step.
    pub step: Step,
    /// How it went: `retry`, `held`, `failed` or `errored`.
    pub outcome: &'static str,
    /// When.
    pub at: Millis,
    /// When it was or is tried again.
    pub next_at: Option<Millis>,
    /// Why; none where the process that worked on it never came back.
    pub cause: Option<FailureView>,
}

/// What AWS said about a copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LookView {
    /// AWS's word for the status. Untrusted text.
    pub status: String,
    /// When AWS gave it.
    pub seen_at: Millis,
    /// AWS's request id. Untrusted text.
    pub request_id: Option<String>,
}

/// Why a job does not go on at the moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WaitingView {
    /// What is in the way.
    pub cause: FailureView,
    /// When it is tried again.
    pub next_try_at: Millis,
}

/// A failure in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FailureView {
    /// The reason.
    pub code: FailureCode,
    /// The step that it happened in.
    pub step: Step,
    /// What happened.
    pub cause: &'static str,
    /// What that means for the job.
    pub consequence: &'static str,
    /// What a person can do about it.
    pub next_step: &'static str,
    /// AWS's error code. Untrusted text.
    pub aws_code: Option<String>,
    /// AWS's message. Untrusted text.
    pub aws_message: Option<String>,
    /// AWS's request id. Untrusted text.
    pub request_id: Option<String>,
}

/// One call to AWS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallView {
    /// When it was sent.
    pub at: Millis,
    /// The step that made it.
    pub step: Step,
    /// AWS's name of the operation.
    pub operation: String,
    /// What came of it. Untrusted text.
    pub answer: String,
    /// How long it took, in milliseconds.
    pub took_ms: i64,
    /// AWS's request id. Untrusted text.
    pub request_id: Option<String>,
}

impl From<&Failure> for FailureView {
    fn from(failure: &Failure) -> Self {
        Self {
            code: failure.code,
            step: failure.step,
            cause: failure.code.cause(),
            consequence: failure.code.consequence(),
            next_step: failure.code.next_step(),
            aws_code: failure.aws_code.clone(),
            aws_message: failure.aws_message.clone(),
            request_id: failure.request_id.clone(),
        }
    }
}
