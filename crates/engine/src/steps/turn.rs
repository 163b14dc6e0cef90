//! What keeps a job from beginning: a pause, or others before it in the queue.

use crate::error::{EngineError, Move, Stop};
use crate::outcome::StepOutcome;
use crate::visit::Visit;
use domain::job::{CopyCall, CopyEvent, CopyState, PolicyState};
use domain::{JobEvent, JobState};
use operations::jobs::{self, Turn};

/// What the job does instead of its next move; none if nothing keeps it.
///
/// While the installation is paused nothing is begun: a job whose grant may stand and whose copy was
/// not sent gives the grant back and waits in the queue again. One that changes a policy looks on,
/// for its change may have been made. A job whose time to run is over does
/// not wait for its turn: its check ends it.
pub(super) async fn wait(visit: &mut Visit<'_>) -> Move<Option<StepOutcome>> {
    let later = StepOutcome::Wait {
        after_ms: visit.parts.settings.hold_ms,
    };
    if visit.job.paused {
        match &visit.job.state {
            JobState::Copy(CopyState::Queued) | JobState::Policy(PolicyState::Queued) => {
                return Ok(Some(later));
            }
            JobState::Copy(
                CopyState::Granting
                | CopyState::Copying {
                    call: CopyCall::NotSent,
                },
            ) => {
                visit.note(
                    "The installation was paused before the copy was sent: the grant is removed, \
                     and the job waits in the queue again.",
                );
                let paused = JobEvent::Copy(CopyEvent::Paused);
                return Ok(Some(StepOutcome::Event(paused)));
            }
            _ => return Ok(None),
        }
    }
    let over = visit.now() >= visit.job.plan.run_before();
    if visit.job.state != JobState::Copy(CopyState::Queued) || over {
        return Ok(None);
    }
    let turn = jobs::turn(&visit.cx, &visit.job.claim)
        .await
        .map_err(EngineError::when("read the queue"))?;
    match turn {
        Turn::Now => Ok(None),
        Turn::Later => Ok(Some(later)),
        Turn::Lost => Err(Stop::Lost),
    }
}
