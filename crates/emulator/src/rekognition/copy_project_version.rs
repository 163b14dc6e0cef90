//! `CopyProjectVersion`: starts a copy in the caller's account and answers with the ARN of the
//! version that will hold it.
//!
//! Order of refusals: shape, Regions and accounts, permissions, existence, state of the source,
//! name, counts, output. The copy itself is work of the world's clock ([`crate::state::settle`]).

use super::copy_request::Request;
use super::copy_rights::{self, Unusable};
use super::operation::Operation;
use super::{Call, error};
use crate::authorize::Question;
use crate::error::ApiError;
use crate::state::model::{Details, RunningCopy, Version};
use crate::world::assumptions::{
    ChainedNames, CopiedDetails, CopyOutput, IdentityProjects, OutputChecked,
};
use crate::world::file::{OutputFile, VersionStatus};
use serde_json::{Map, Value, json};

pub(super) fn call(call: &mut Call<'_>, body: &Map<String, Value>) -> Result<Value, ApiError> {
    let request = Request::read(body, call.settings.assumptions.shape_violation)?;
    check_places(call, &request)?;
    check_permissions(call, &request)?;
    let copied = check_source(call, &request)?;
    check_destination(call, &request)?;
    check_output(call, &request, copied.trained_with.as_deref())?;
    Ok(start(call, request, copied))
}

fn check_places(call: &Call<'_>, request: &Request) -> Result<(), ApiError> {
    let Request {
        source_project,
        source,
        destination,
        ..
    } = request;
    let here = call.region;
    for region in [&source_project.region, &source.region, &destination.region] {
        if region != here {
            return Err(error::invalid_parameter(format!(
                "Source and destination must be in the same Region as the call: {region} is not \
                 {here}."
            )));
        }
    }
    if source.account != source_project.account || source.project != source_project.name {
        return Err(error::invalid_parameter(format!(
            "The model version {source} does not belong to the project {source_project}."
        )));
    }
    Ok(())
}

fn check_permissions(call: &mut Call<'_>, request: &Request) -> Result<(), ApiError> {
    let action = Operation::CopyProjectVersion.action();
    let Request {
        source_project,
        source,
        destination,
        ..
    } = request;
    call.judge.know_request_tags(&request.tags);

    if destination.account != call.caller.account {
        let destination = destination.to_string();
        let reason = "Not allowed: the destination belongs to another account, and Rekognition \
                      has no policy that could open it.";
        call.judge.refuse(&action, &destination, reason);
        return Err(call.denied(&action, &destination));
    }
    let asked = match call.settings.assumptions.copy_identity_projects {
        IdentityProjects::Both => vec![source_project, destination],
        IdentityProjects::Source => vec![source_project],
        IdentityProjects::Destination => vec![destination],
    };
    for project in asked {
        call.authorize_project(&action, project)?;
    }
    let state = &*call.state;
    if !copy_rights::may_copy_source(state, &mut call.judge, source_project, source, call.now) {
        return Err(call.denied(&action, &source.to_string()));
    }
    if call.settings.assumptions.tags_need_tag_resource && !request.tags.is_empty() {
        let new = format!(
            "arn:aws:rekognition:{}:{}:project/{}/version/{}/{}",
            destination.region,
            destination.account,
            destination.name,
            request.name,
            call.now.get()
        );
        let tag = Operation::TagResource.action();
        let question = Question::of_identity(&tag, &new, &call.caller.account);
        if !call.judge.allows(&question) {
            return Err(call.denied(&tag, &new));
        }
    }
    Ok(())
}

/// What a copy takes from its source.
struct Copied {
    origin: Option<String>,
    output: Option<OutputFile>,
    details: Details,
    trained_with: Option<String>,
}

fn check_source(call: &Call<'_>, request: &Request) -> Result<Copied, ApiError> {
    let Request {
        source_project,
        source,
        ..
    } = request;
    if call.state.project(source_project).is_none() {
        return Err(error::not_found(format!(
            "The project {source_project} does not exist."
        )));
    }
    let version = call
        .state
        .version(source, call.now)
        .ok_or_else(|| error::not_found(format!("The model version {source} does not exist.")))?;
    if !version.status.can_be_copied() {
        let status = json!(version.status);
        return Err(error::uncopyable(
            call.settings.assumptions.uncopyable_source,
            format!("The model version {source} cannot be copied while its status is {status}."),
        ));
    }
    Ok(Copied {
        origin: version.origin_version_arn.clone(),
        output: version.output.clone(),
        details: version.details.clone(),
        trained_with: version.kms_key.clone(),
    })
}

fn check_destination(call: &Call<'_>, request: &Request) -> Result<(), ApiError> {
    let Request {
        destination, name, ..
    } = request;
    let project = call
        .state
        .project(destination)
        .ok_or_else(|| error::not_found(format!("The project {destination} does not exist.")))?;
    let assumptions = &call.settings.assumptions;
    // A version that no description shows yet holds its name all the same.
    let held = project.versions.iter().any(|version| version.name == *name);
    let was_held = project.deleted.iter().any(|(deleted, _)| deleted == name);
    if held || (was_held && !assumptions.name_reusable_after_delete) {
        return Err(error::duplicate_name(
            assumptions.duplicate_version_name,
            name,
        ));
    }
    let most = call.settings.quotas.models_per_project;
    if project.versions.len() >= usize::try_from(most).unwrap_or(usize::MAX) {
        return Err(error::service_quota_exceeded(format!(
            "The project {destination} already has {most} model versions, the most allowed."
        )));
    }
    let running = running_copies(call);
    let limit = usize::try_from(assumptions.concurrent_copies).unwrap_or(usize::MAX);
    if limit != 0 && running >= limit {
        return Err(error::limit_exceeded(format!(
            "{running} copies are already running, the most allowed at once."
        )));
    }
    Ok(())
}

/// The copies that are under way in the caller's account and Region.
fn running_copies(call: &Call<'_>) -> usize {
    call.state
        .accounts
        .get(&call.caller.account)
        .into_iter()
        .flat_map(|account| &account.projects)
        .filter(|project| project.region == *call.region)
        .flat_map(|project| &project.versions)
        .filter(|version| version.copy.is_some())
        .count()
}

fn check_output(
    call: &mut Call<'_>,
    request: &Request,
    trained_with: Option<&str>,
) -> Result<(), ApiError> {
    let assumptions = &call.settings.assumptions;
    let mut checks = Vec::new();
    if assumptions.s3_kms_checked == OutputChecked::AtCall {
        checks.push(copy_rights::check_bucket(
            call.state,
            &mut call.judge,
            call.region,
            &request.target,
        ));
        if let Some(key) = &request.target.kms_key {
            checks.push(copy_rights::check_key(
                call.state,
                &mut call.judge,
                call.caller,
                call.region,
                key,
            ));
        }
    }
    if let Some(key) = trained_with.filter(|_| assumptions.source_key_rights_needed) {
        checks.push(copy_rights::check_source_key(
            call.state,
            &mut call.judge,
            &request.source.account,
            call.region,
            key,
        ));
    }
    checks.into_iter().try_for_each(|check| {
        check.map_err(|unusable| match unusable {
            Unusable::Missing(sentence) => error::invalid_parameter(sentence),
            Unusable::Disabled(sentence) => error::access_denied(sentence),
            Unusable::Denied { action, resource } => {
                error::access_denied(call.judge.refusal(action, &resource))
            }
        })
    })
}

fn start(call: &mut Call<'_>, request: Request, copied: Copied) -> Value {
    let assumptions = &call.settings.assumptions;
    let now = call.now;
    let target = &request.target;
    let requested = OutputFile {
        bucket: target.bucket.clone(),
        prefix: target.prefix.clone(),
    };
    let source = request.source.to_string();
    let origin = copied.origin.unwrap_or_else(|| source.clone());
    let mut details = match assumptions.copied_details {
        CopiedDetails::Carried => copied.details,
        CopiedDetails::Blank => Details::default(),
    };
    if details.summary.is_some() {
        details.summary = Some(requested.clone());
    }
    let ends = now.plus(call.settings.copy_ms);
    let mut version = Version {
        name: request.name,
        number: 0,
        created: now,
        visible_from: now.plus(i64::from(assumptions.describe_delay_ms)),
        status: VersionStatus::CopyingInProgress,
        status_message: Some("The model is being copied.".to_owned()),
        source_version_arn: Some(match assumptions.chained_copy_names {
            ChainedNames::Source => source,
            ChainedNames::Origin => origin.clone(),
        }),
        origin_version_arn: Some(origin),
        output: match assumptions.copy_output_config {
            CopyOutput::Request => Some(requested),
            CopyOutput::Source => copied.output,
            CopyOutput::Absent => None,
        },
        kms_key: request.target.kms_key.clone(),
        details,
        tags: request.tags.clone(),
        results_written: false,
        gone_at: None,
        copy: Some(Box::new(RunningCopy {
            ends,
            fails_with: call.copy_fails_with.take(),
            caller: call.caller.clone(),
            tags: request.tags,
            source_project: request.source_project,
            source_version: request.source,
            target: request.target,
        })),
    };
    let project = call
        .state
        .project_mut(&request.destination)
        .expect("the destination was looked up a moment ago under the same lock");
    version.number = project.free_number(now);
    let arn = project.version_arn(&version);
    project.versions.push(version);
    let answer = json!({ "ProjectVersionArn": arn.to_string() });
    call.state.agenda.add(ends, arn);
    answer
}
