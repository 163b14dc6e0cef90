//! The person whom a job asks when nothing proves whose a version is.

use anyhow::Result;
use domain::{JobWord, RequestVerb};
use operations::jobs::{JobRequestForm, ask, get};
use operations::{OpContext, OpError};

/// Answers every job that needs an operator: what AWS shows and what has the right source is the
/// job's copy; where nothing shows, the same copy is sent again.
pub async fn answer_all(cx: &OpContext) -> Result<()> {
    let active = store::jobs::active(&mut cx.store.read().await?).await?;
    let asking = active
        .iter()
        .filter(|job| job.state.word() == JobWord::NeedsOperator);
    for job in asking {
        let id = job.id.to_string();
        let Some(sought) = get(cx, &id).await?.sought else {
            continue;
        };
        let (verb, version) = match sought.found {
            Some(found) if found.source_matches == Some(true) => {
                (RequestVerb::Adopt, found.version.to_string())
            }
            Some(_) => continue,
            None => (RequestVerb::Resend, String::new()),
        };
        let form = JobRequestForm {
            version,
            ..JobRequestForm::default()
        };
        match ask(cx, &id, verb, &form).await {
            // A look that came in between has changed what can be asked.
            Ok(_) | Err(OpError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
