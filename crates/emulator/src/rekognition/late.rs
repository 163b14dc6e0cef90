//! What is looked at when a copy ends, under the assumptions that have AWS look at it then.

use super::copy_rights::{self, Unusable};
use crate::authorize::Judge;
use crate::state::State;
use crate::state::model::RunningCopy;
use crate::world::Settings;
use crate::world::assumptions::{OutputChecked, PolicyNeeded};

/// How a copy ends: well, or with a status message for `COPYING_FAILED`.
pub(crate) fn outcome(
    state: &State,
    settings: &Settings,
    copy: &RunningCopy,
) -> Result<(), String> {
    if let Some(message) = &copy.fails_with {
        return Err(message.clone());
    }
    if state.version(&copy.source_version, copy.ends).is_none() {
        return Err("The source model was deleted before the copy ended.".to_owned());
    }
    let assumptions = &settings.assumptions;
    let region = &copy.source_version.region;
    let mut judge = Judge::new(&copy.caller, region, copy.ends);
    judge.know_request_tags(&copy.tags);
    if assumptions.policy_needed == PolicyNeeded::UntilDone
        && !copy_rights::may_copy_source(
            state,
            &mut judge,
            &copy.source_project,
            &copy.source_version,
            copy.ends,
        )
    {
        return Err("Access to the source model was withdrawn before the copy ended.".to_owned());
    }
    let session_over = copy
        .caller
        .session_ends()
        .is_some_and(|ends| ends <= copy.ends);
    if assumptions.late_s3_uses_callers_session && session_over {
        return Err(
            "Amazon Rekognition could not write to the output bucket: the caller's \
                    session has expired."
                .to_owned(),
        );
    }
    if assumptions.s3_kms_checked == OutputChecked::Late {
        copy_rights::check_bucket(state, &mut judge, region, &copy.target).map_err(sentence)?;
        if let Some(key) = &copy.target.kms_key {
            copy_rights::check_key(state, &mut judge, &copy.caller, region, key)
                .map_err(sentence)?;
        }
    }
    Ok(())
}

fn sentence(unusable: Unusable) -> String {
    match unusable {
        Unusable::Missing(sentence) | Unusable::Disabled(sentence) => sentence,
        Unusable::Denied { action, resource } => {
            format!("Access denied: {action} on {resource} is not allowed.")
        }
    }
}
