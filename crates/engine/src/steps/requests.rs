//! Acting on what operators ask of a job.
//!
//! One request is acted on in a visit, a stop or giving up before all others. Each is answered in
//! the transaction that stores what came of it; one that AWS could not be asked about stays open and
//! is tried again.

use crate::error::Move;
use crate::outcome::StepOutcome;
use crate::refusal::reason_of_read;
use crate::steps::copy::{self, Sight};
use crate::visit::Visit;
use domain::job::{CopyCall, CopyEvent, CopyState, PolicyEvent, PolicyState};
use domain::plan::PolicyChange;
use domain::{
    FailureCode, JobEvent, JobState, Millis, Plan, PolicyChangePlan, PromotionPlan, RequestVerb,
    RolePurpose, VersionStatus,
};
use operations::jobs::RequestRow;
use operations::ports::aws::{AwsError, ErrorClass, Refusal};

/// Acts on one thing that is asked of the job; none if nothing is.
pub(super) async fn act(visit: &mut Visit<'_>) -> Move<Option<StepOutcome>> {
    let requests = &visit.job.requests;
    let urgent = requests.iter().find(|request| request.verb.is_halt());
    let Some(request) = urgent.or(requests.first()).cloned() else {
        return Ok(None);
    };
    let outcome = match (visit.job.state.clone(), visit.job.plan.clone()) {
        (JobState::Copy(state), Plan::Promotion(_)) if request.verb == RequestVerb::Stop => {
            stop_copy(visit, &request, &state)
        }
        (JobState::Policy(state), Plan::PolicyChange(plan))
            if request.verb == RequestVerb::Stop =>
        {
            stop_change(visit, &request, &state, &plan).await?
        }
        (
            JobState::Copy(CopyState::NeedsOperator {
                intended, granted, ..
            }),
            Plan::Promotion(plan),
        ) => {
            let doubt = Doubt {
                plan: &plan,
                intended,
                granted,
            };
            doubt.act(visit, &request).await?
        }
        _ => refuse(
            visit,
            &request,
            "The job does not need an operator any more.",
        ),
    };
    Ok(Some(outcome))
}

/// Answers that it was not done; the job goes on where it was.
fn refuse(visit: &mut Visit<'_>, request: &RequestRow, why: impl Into<String>) -> StepOutcome {
    visit.answer(request.n, false, why);
    StepOutcome::Wait { after_ms: 0 }
}

fn stop_copy(visit: &mut Visit<'_>, request: &RequestRow, state: &CopyState) -> StepOutcome {
    let text = match state {
        _ if !state.can_stop() => {
            return refuse(visit, request, "It was too late to stop the job.");
        }
        CopyState::Copying {
            call: CopyCall::Intended { .. },
        } => {
            "Stopped while it is not clear whether AWS took the copy: the grant is removed first, \
             then the copy is looked for until that is decided."
        }
        CopyState::Copying {
            call: CopyCall::Accepted { .. },
        } => {
            "Stopped while AWS copies. AWS has no cancel and will finish the copy; the grant is \
             removed, and the copy is looked at until it has ended."
        }
        CopyState::Verifying { .. } => {
            "Stopped after the copy was made: it is not read back any more, and the grant is \
             removed."
        }
        _ => "Stopped before the copy was sent: no copy is made.",
    };
    visit.answer(request.n, true, text);
    visit.note(text);
    StepOutcome::Event(JobEvent::Copy(CopyEvent::Stopped))
}

/// A change of a policy is stopped once it is known not to stand and can no longer arrive.
async fn stop_change(
    visit: &mut Visit<'_>,
    request: &RequestRow,
    state: &PolicyState,
    plan: &PolicyChangePlan,
) -> Move<StepOutcome> {
    const NOTHING: &str = "Stopped before the change was made.";
    const STANDS: &str = "It was too late to stop the job: the change had been made.";
    match state {
        PolicyState::Queued => {}
        PolicyState::Applying => {
            let account = visit.account(plan.project.account()).await?;
            let reader = account.access(RolePurpose::Reader);
            let read = visit.policies(&reader, &plan.project).await;
            let policies = match read {
                // A project that is gone has no policies.
                Err(error) if error.class == ErrorClass::Refused(Refusal::NotFound) => Vec::new(),
                read => visit.insist(read, FailureCode::SourceMissing)?,
            };
            let present = policies
                .iter()
                .find(|policy| policy.name == plan.policy)
                .map(|policy| policy.document.as_str());
            let stands = match &plan.change {
                PolicyChange::Attach { document } => present == Some(document.as_str()),
                PolicyChange::Remove { .. } => present.is_none(),
            };
            if stands {
                return Ok(refuse(visit, request, STANDS));
            }
            if let Some(after_ms) = visit.until_no_put_can_arrive() {
                return Ok(StepOutcome::Wait { after_ms });
            }
        }
        _ => return Ok(refuse(visit, request, STANDS)),
    }
    visit.answer(request.n, true, NOTHING);
    visit.note(NOTHING);
    Ok(StepOutcome::Event(JobEvent::Policy(PolicyEvent::Stopped)))
}

/// A job that needs an operator.
struct Doubt<'a> {
    plan: &'a PromotionPlan,
    intended: Millis,
    granted: bool,
}

impl Doubt<'_> {
    async fn act(&self, visit: &mut Visit<'_>, request: &RequestRow) -> Move<StepOutcome> {
        let sight = copy::seek(visit, self.plan, self.intended).await?;
        match (request.verb, sight) {
            (RequestVerb::GiveUp, sight) => Ok(give_up(visit, request, sight)),
            (_, Sight::Unreadable(error)) => Ok(unreadable(visit, &error)),
            // A proof that has come to light decides, whatever was asked.
            (_, Sight::Ours(version)) => {
                let text = "The version was found in AWS and is proven to be this job's copy.";
                visit.answer(request.n, request.verb != RequestVerb::Resend, text);
                visit.note(text);
                let version = version.arn;
                Ok(event(CopyEvent::CopyAccepted { version }))
            }
            (RequestVerb::LookAgain, sight) => Ok(self.looked(visit, request, &sight)),
            (RequestVerb::Adopt, sight) => Ok(adopt(visit, request, sight)),
            (RequestVerb::Resend, sight) => self.resend(visit, request, &sight).await,
            (RequestVerb::Stop, _) => Ok(refuse(visit, request, "It can only be given up.")),
        }
    }

    fn looked(&self, visit: &mut Visit<'_>, request: &RequestRow, sight: &Sight) -> StepOutcome {
        let text = match sight {
            Sight::Foreign(_, why) | Sight::Unproven(_, why) => why.clone(),
            _ => format!("AWS shows no version named {}.", self.plan.version_name),
        };
        visit.answer(request.n, true, text);
        match sight {
            Sight::Foreign(..) if self.granted => copy::foreign(visit),
            _ => StepOutcome::Wait {
                after_ms: visit.parts.settings.doubt.watch_ms,
            },
        }
    }

    async fn resend(
        &self,
        visit: &mut Visit<'_>,
        request: &RequestRow,
        sight: &Sight,
    ) -> Move<StepOutcome> {
        let why = match sight {
            Sight::Foreign(..) | Sight::Unproven(..) => {
                "A version of the planned name is there now, so nothing was sent."
            }
            _ if !self.granted => "The grant is removed, so nothing was sent.",
            _ if visit.job.paused => "The installation is paused, so nothing was sent.",
            _ if visit.now() >= self.plan.run_before => {
                "The time before which the plan had to run has passed, so nothing was sent."
            }
            _ => {
                visit.answer(request.n, true, "The same copy was sent again.");
                return copy::resend(visit, self.plan, self.intended).await;
            }
        };
        Ok(refuse(visit, request, why))
    }
}

/// Takes the version that was named, if AWS shows it and nothing that AWS shows speaks against it.
fn adopt(visit: &mut Visit<'_>, request: &RequestRow, sight: Sight) -> StepOutcome {
    let (Sight::Foreign(found, _) | Sight::Unproven(found, _)) = sight else {
        return refuse(visit, request, "AWS shows no version of the planned name.");
    };
    if request.version.as_ref() != Some(&found.version.arn) {
        let text = format!("AWS shows another version: {}.", found.version.arn);
        return refuse(visit, request, text);
    }
    if found.of_another {
        return refuse(visit, request, copy::OF_ANOTHER);
    }
    if found.version.status == VersionStatus::Deleting {
        return refuse(visit, request, "The version is being deleted.");
    }
    let text = match (found.source_matches, request.vouched) {
        (Some(true), _) => "Adopted: the version names the planned source.",
        (Some(false), _) => {
            return refuse(
                visit,
                request,
                "The version was copied from another source than planned.",
            );
        }
        (None, true) => "Adopted on the operator's word: AWS does not show the version's source.",
        (None, false) => {
            return refuse(
                visit,
                request,
                "AWS does not show what the version was copied from; it is adopted only on the \
                 operator's word.",
            );
        }
    };
    visit.answer(request.n, true, text);
    visit.note(text);
    let version = found.version.arn;
    event(CopyEvent::CopyAdopted { version })
}

/// Ends the job through Revoking; a version that may be its copy is named.
fn give_up(visit: &mut Visit<'_>, request: &RequestRow, sight: Sight) -> StepOutcome {
    let version = match sight {
        Sight::Ours(version) => Some(version.arn),
        Sight::Unproven(found, _) => Some(found.version.arn),
        Sight::Foreign(..) | Sight::Nothing | Sight::Unreadable(_) => None,
    };
    let text = match &version {
        Some(version) => format!("Given up. AWS shows {version}, which may be this job's copy."),
        None => "Given up. No version was seen that may be this job's copy.".to_owned(),
    };
    visit.answer(request.n, true, text.clone());
    visit.note(text);
    let failure = visit.failure(FailureCode::GivenUp);
    event(CopyEvent::GivenUp { failure, version })
}

fn unreadable(visit: &Visit<'_>, error: &AwsError) -> StepOutcome {
    let code = reason_of_read(error, FailureCode::DestinationMissing);
    visit.retry(visit.failure_from(code, error))
}

fn event(event: CopyEvent) -> StepOutcome {
    StepOutcome::Event(JobEvent::Copy(event))
}
