//! Checking a promotion's fields, all at once and before any call to AWS.

use super::PromotionForm;
use crate::accounts::Registry;
use crate::context::OpContext;
use crate::error::{OpError, OpResult};
use crate::field::{Field, FieldCode, FieldError};
use crate::idempotency;
use domain::{
    Account, Action, BucketName, KeyPrefix, KmsKeyRef, ProjectArn, ProjectVersionArn, ProposalId,
    Reason, Rule, Tags, VersionName, tags::InvalidTags,
};
use std::collections::BTreeSet;
use store::{Reader, model_versions, projects};

/// A promotion whose every field is good.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) source_version: ProjectVersionArn,
    pub(super) source_project: ProjectArn,
    pub(super) destination_project: ProjectArn,
    pub(super) version_name: VersionName,
    pub(super) bucket: BucketName,
    pub(super) prefix: KeyPrefix,
    pub(super) kms_key: Option<KmsKeyRef>,
    pub(super) tags: Tags,
    pub(super) reason: Option<Reason>,
    pub(super) source: Account,
    pub(super) destination: Account,
    pub(super) rule: Rule,
}

/// Checks every field of `form` against AWS's limits, the registry and what was last seen, for the
/// proposal `id`. Fails with all bad fields at once, in the order of the form.
pub(super) async fn check(
    cx: &OpContext,
    reader: &mut Reader,
    form: &PromotionForm,
    id: ProposalId,
) -> OpResult<Checked> {
    let registry = Registry::visible(cx, reader, Action::ViewModels).await?;
    let mut errors = Vec::new();
    let source_version: Option<ProjectVersionArn> = parse(
        &mut errors,
        Field::SourceVersion,
        &form.source_version,
        FieldCode::NotAVersionArn,
    );
    let source = source_version.as_ref().and_then(|version| {
        let place = (version.account(), version.region());
        place_of(&mut errors, Field::SourceVersion, &registry, place)
    });
    // Of accounts that the requester may not see nothing is told, not even by what is refused.
    if let (Some(version), Some(_)) = (&source_version, &source) {
        let row = model_versions::find(reader, version).await?;
        if row.is_some_and(|row| !row.status.is_copyable()) {
            errors.push(FieldError::new(
                Field::SourceVersion,
                FieldCode::SourceNotReady,
            ));
        }
    }
    let registered = source.is_some();
    let source_project = source_project(reader, form, source_version.as_ref(), registered).await?;
    let source_project = keep(&mut errors, source_project);
    let destination_project: Option<ProjectArn> = parse(
        &mut errors,
        Field::DestinationProject,
        &form.destination_project,
        FieldCode::NotAProjectArn,
    );
    let destination = destination_project.as_ref().and_then(|project| {
        let place = (project.account(), project.region());
        place_of(&mut errors, Field::DestinationProject, &registry, place)
    });
    if let (Some(version), Some(project)) = (&source_version, &destination_project) {
        errors.extend(across(version, project));
    }
    let version_name = parse(
        &mut errors,
        Field::VersionName,
        &form.version_name,
        FieldCode::NotAVersionName,
    );
    if let (Some(project), Some(name), Some(_)) =
        (&destination_project, &version_name, &destination)
        && is_taken(reader, project, name).await?
    {
        errors.push(FieldError::new(
            Field::VersionName,
            FieldCode::VersionNameTaken,
        ));
    }
    let bucket = parse(
        &mut errors,
        Field::Bucket,
        &form.bucket,
        FieldCode::NotABucketName,
    );
    let prefix = keep(&mut errors, prefix(&form.prefix, id));
    let kms_key = optional(
        &mut errors,
        Field::KmsKey,
        &form.kms_key,
        FieldCode::NotAKmsKey,
    );
    if let (Some(Some(key)), Some(project)) = (&kms_key, &destination_project)
        && region_of_key(key).is_some_and(|region| region != project.region().as_str())
    {
        errors.push(FieldError::new(Field::KmsKey, FieldCode::KmsKeyOtherRegion));
    }
    let tags = match tags(&form.tags) {
        Ok(tags) => Some(tags),
        Err(found) => {
            errors.extend(found);
            None
        }
    };
    let reason = optional(
        &mut errors,
        Field::Reason,
        &form.reason,
        FieldCode::NotAReason,
    );
    errors.extend(idempotency::check_key(&form.form_id));
    let checked = (|| {
        let destination = destination?;
        let environment = registry.environment(&destination.environment)?;
        Some(Checked {
            source_version: source_version?,
            source_project: source_project??,
            destination_project: destination_project?,
            version_name: version_name?,
            bucket: bucket?,
            prefix: prefix?,
            kms_key: kms_key?,
            tags: tags?,
            reason: reason?,
            source: source?,
            rule: environment.rule.clone(),
            destination,
        })
    })();
    match checked {
        Some(checked) if errors.is_empty() => Ok(checked),
        _ if errors.is_empty() => Err(OpError::stored("environment of an account")),
        _ => Err(OpError::Invalid(errors)),
    }
}

fn keep<T>(errors: &mut Vec<FieldError>, result: Result<T, FieldError>) -> Option<T> {
    result.map_err(|error| errors.push(error)).ok()
}

/// Reads a field that must be given.
fn parse<T: std::str::FromStr>(
    errors: &mut Vec<FieldError>,
    field: Field,
    text: &str,
    code: FieldCode,
) -> Option<T> {
    let code = if text.is_empty() {
        FieldCode::Required
    } else {
        code
    };
    let parsed = text.parse().map_err(|_| FieldError::new(field, code));
    keep(errors, parsed)
}

/// Reads a field that may be empty: `Some(None)` is good and empty.
#[expect(
    clippy::option_option,
    reason = "not valid, not given and given are three things"
)]
fn optional<T: std::str::FromStr>(
    errors: &mut Vec<FieldError>,
    field: Field,
    text: &str,
    code: FieldCode,
) -> Option<Option<T>> {
    if text.trim().is_empty() {
        return Some(None);
    }
    parse(errors, field, text, code).map(Some)
}

fn place_of(
    errors: &mut Vec<FieldError>,
    field: Field,
    registry: &Registry,
    (number, region): (&domain::AccountNumber, &domain::Region),
) -> Option<Account> {
    let Some(account) = registry.account(number) else {
        errors.push(FieldError::new(field, FieldCode::AccountNotConfigured));
        return None;
    };
    if !account.regions.contains(region) {
        errors.push(FieldError::new(field, FieldCode::RegionNotConfigured));
    }
    Some(account.clone())
}

/// What stands between a version and a project that is to receive it.
fn across(version: &ProjectVersionArn, project: &ProjectArn) -> Option<FieldError> {
    let code = if version.partition() != project.partition() {
        FieldCode::OtherPartition
    } else if version.region() != project.region() {
        FieldCode::OtherRegion
    } else {
        return None;
    };
    Some(FieldError::new(Field::DestinationProject, code))
}

/// The Region in the ARN of a key or alias, `arn:<partition>:kms:<Region>:…`. A key id, an alias
/// and the short `arn:<key id>` name none: AWS looks for them where it is called.
fn region_of_key(key: &KmsKeyRef) -> Option<&str> {
    let mut parts = key.as_str().splitn(6, ':');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some("arn"), Some(_), Some("kms"), region) => region,
        _ => None,
    }
}

/// The project that the version leaves: as given, else the only one seen that may hold it.
///
/// Without a good version of a registered account there is nothing to look up by, so only what was
/// given is judged.
async fn source_project(
    reader: &mut Reader,
    form: &PromotionForm,
    version: Option<&ProjectVersionArn>,
    registered: bool,
) -> OpResult<Result<Option<ProjectArn>, FieldError>> {
    let error = |code| Err(FieldError::new(Field::SourceProject, code));
    if !form.source_project.is_empty() {
        let Ok(project) = form.source_project.parse::<ProjectArn>() else {
            return Ok(error(FieldCode::NotAProjectArn));
        };
        return Ok(match version {
            Some(version) if !project.may_hold(version) => error(FieldCode::OtherProject),
            _ => Ok(Some(project)),
        });
    }
    let Some(version) = version.filter(|_| registered) else {
        return Ok(Ok(None));
    };
    if let Some(row) = model_versions::find(reader, version).await? {
        return Ok(Ok(Some(row.project)));
    }
    let mut projects = projects::list(reader).await?;
    projects.retain(|project| project.arn.may_hold(version));
    Ok(match (projects.pop(), projects.is_empty()) {
        (None, _) => error(FieldCode::SourceProjectUnknown),
        (Some(project), true) => Ok(Some(project.arn)),
        (Some(_), false) => error(FieldCode::SourceProjectAmbiguous),
    })
}

async fn is_taken(reader: &mut Reader, project: &ProjectArn, name: &VersionName) -> OpResult<bool> {
    let versions = model_versions::of_project(reader, project).await?;
    Ok(versions.iter().any(|version| version.arn.name() == name))
}

fn prefix(text: &str, id: ProposalId) -> Result<KeyPrefix, FieldError> {
    let error = |code| FieldError::new(Field::Prefix, code);
    if text.chars().any(char::is_control) {
        return Err(error(FieldCode::NotAPrefix));
    }
    KeyPrefix::new(text)
        .and_then(|prefix| prefix.for_proposal(id))
        .map_err(|_| error(FieldCode::PrefixTooLong))
}

/// Reads tags line by line, so that each bad line is named.
fn tags(text: &str) -> Result<Tags, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut keys = BTreeSet::new();
    for (index, line) in text.lines().enumerate() {
        let code = match Tags::from_lines(line) {
            Ok(tags) => {
                let mut new = tags.iter().map(|(key, _)| keys.insert(key.to_owned()));
                if new.all(|new| new) {
                    continue;
                }
                FieldCode::TagTwice
            }
            Err(InvalidTags::NoValue) => FieldCode::TagWithoutValue,
            Err(InvalidTags::Reserved) => FieldCode::TagReserved,
            Err(InvalidTags::Text(_) | InvalidTags::TooMany | InvalidTags::Twice) => {
                FieldCode::NotATag
            }
        };
        errors.push(FieldError {
            field: Field::Tags,
            code,
            line: u32::try_from(index + 1).ok(),
        });
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Tags::from_lines(text).map_err(|_| vec![FieldError::new(Field::Tags, FieldCode::TooManyTags)])
}
