//! Asking something of a job.

use crate::audit::{Entry, Verb, about_job};
use crate::context::OpContext;
use crate::error::{ConflictCode, Kind, OpError, OpResult};
use crate::events;
use crate::field::{Field, FieldCode, FieldError};
use crate::idempotency::{Request, check_key};
use domain::job::CopyState;
use domain::{Action, JobId, JobState, ProjectVersionArn, RequestVerb};
use serde::{Deserialize, Serialize};
use store::job_requests::{self, NewRequest};
use store::jobs::{self, JobRow};
use store::{Reader, Tx};

use super::note::Steps;

/// What goes with a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct JobRequestForm {
    /// The form's hidden id, or the `Idempotency-Key`; the same one acts once.
    pub form_id: String,
    /// To adopt: the version's ARN.
    pub version: String,
    /// To adopt: `yes` if the operator says that it is the job's copy even where AWS does not show
    /// what it was copied from.
    pub vouched: String,
}

/// Stores what is asked of a job and makes the job due; the engine acts on it at its next visit.
/// Nothing is asked of AWS here.
///
/// Refused where it cannot lead to anything: [`ConflictCode::JobEnded`], `NoOperatorNeeded`,
/// `CannotStop`, `NotMissing`. What is asked already and not answered is not asked twice.
pub async fn ask(
    cx: &OpContext,
    id: &str,
    verb: RequestVerb,
    form: &JobRequestForm,
) -> OpResult<JobId> {
    cx.require(verb.action())?;
    let missing = || OpError::not_found(Kind::Job, id);
    let job: JobId = id.parse().map_err(|_| missing())?;
    if let Some(error) = check_key(&form.form_id) {
        return Err(OpError::field(error));
    }
    let request = Request::new(cx, "jobs.ask", &form.form_id, &(job, verb, form))?;
    let mut tx = cx.store.begin().await?;
    if let Some(request) = &request
        && let Some(earlier) = request.earlier::<JobId>(&mut tx).await?
    {
        return Ok(earlier);
    }
    let row = jobs::find(&mut tx, job).await?.ok_or_else(missing)?;
    if !cx.may_in(Action::ViewProposals, &row.environment) {
        return Err(missing());
    }
    cx.require_in(verb.action(), &row.environment)?;
    may_lead_on(&mut tx, &row, verb).await?;
    let version = (verb == RequestVerb::Adopt)
        .then(|| planned_version(&row, &form.version))
        .transpose()?;
    let open = job_requests::open(&mut tx, job).await?;
    let asked = open
        .iter()
        .any(|other| other.verb == verb && other.version == version);
    if !asked {
        let new = NewRequest {
            job,
            verb,
            actor: cx.actor(),
            version: version.as_ref(),
            vouched: verb == RequestVerb::Adopt && form.vouched == "yes",
            at: cx.now(),
        };
        store(cx, &mut tx, &row, &new).await?;
    }
    if let Some(request) = &request {
        request.remember(&mut tx, &job, cx.now()).await?;
    }
    tx.commit().await?;
    Ok(job)
}

async fn store(
    cx: &OpContext,
    tx: &mut Tx,
    row: &JobRow,
    request: &NewRequest<'_>,
) -> OpResult<()> {
    let now = cx.now();
    let n = job_requests::insert(tx, request).await?;
    jobs::hurry(tx, row.id, now).await?;
    let version = request.version.map(ToString::to_string);
    let mut entry = Entry::new(cx, Verb::of_request(request.verb), about_job(row.id), now)
        .with("request", &n)
        .with("state", row.state.word().as_str())
        .with_some("version", version.as_deref());
    if request.vouched {
        entry = entry.with("vouched", "yes");
    }
    tx.audit(entry.done());
    let stored = jobs::find(tx, row.id).await?;
    let stored = stored.ok_or_else(|| OpError::stored("job that was asked something"))?;
    tx.emit(events::job(&stored, now));
    Ok(())
}

/// Refuses what cannot lead to anything where the job stands.
async fn may_lead_on(reader: &mut Reader, row: &JobRow, verb: RequestVerb) -> OpResult<()> {
    let conflict = |code| Err(OpError::Conflict { code });
    if row.state.is_terminal() {
        return conflict(ConflictCode::JobEnded);
    }
    if verb == RequestVerb::Stop {
        return if row.state.can_stop() {
            Ok(())
        } else {
            conflict(ConflictCode::CannotStop)
        };
    }
    let JobState::Copy(CopyState::NeedsOperator { granted, .. }) = &row.state else {
        return conflict(ConflictCode::NoOperatorNeeded);
    };
    if verb == RequestVerb::Resend {
        let copy = Steps::load(reader, row.id)
            .await?
            .note(domain::Step::Copy)?;
        let missing = copy.sought.is_some_and(|sought| sought.found.is_none());
        if !(missing && *granted) {
            return conflict(ConflictCode::NotMissing);
        }
    }
    Ok(())
}

/// The version that is to be adopted: one of the destination project with the planned name.
fn planned_version(row: &JobRow, text: &str) -> OpResult<ProjectVersionArn> {
    let wrong = |code| OpError::field(FieldError::new(Field::AdoptedVersion, code));
    let text = text.trim();
    if text.is_empty() {
        return Err(wrong(FieldCode::Required));
    }
    let version: ProjectVersionArn = text.parse().map_err(|_| wrong(FieldCode::NotAVersionArn))?;
    let project = row.destination_project.as_ref();
    let fits = project.is_some_and(|project| project.may_hold(&version))
        && row.version_name.as_ref() == Some(version.name());
    if fits {
        Ok(version)
    } else {
        Err(wrong(FieldCode::NotThePlannedVersion))
    }
}
