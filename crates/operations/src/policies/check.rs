//! Checking the fields of policy forms.

use super::document::{self, Versions};
use super::{MANAGED_PREFIX, POLICY_SLOTS, PolicyForm};
use crate::accounts::Registry;
use crate::error::{OpError, OpResult};
use crate::field::{Field, FieldCode, FieldError};
use domain::{Account, PolicyName, ProjectArn, ProjectVersionArn, Reason, RoleArn, RolePurpose};
use store::{Reader, project_policies, projects};

/// Collects what is wrong.
#[derive(Default)]
pub(super) struct Errors(Vec<FieldError>);

impl Errors {
    pub(super) fn add(&mut self, field: Field, code: FieldCode) {
        self.0.push(FieldError::new(field, code));
    }

    pub(super) fn extend(&mut self, error: Option<FieldError>) {
        self.0.extend(error);
    }

    /// Fails if anything is wrong.
    pub(super) fn check(self) -> OpResult<()> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(OpError::Invalid(self.0))
        }
    }
}

/// The document that a form stands for, whether or not it keeps AWS's rules.
pub(super) struct Wanted {
    pub(super) project: ProjectArn,
    pub(super) document: String,
    pub(super) findings: Vec<String>,
}

/// A project that was seen, and the account that owns it.
pub(super) async fn project(
    reader: &mut Reader,
    registry: &Registry,
    text: &str,
    errors: &mut Errors,
) -> OpResult<Option<(ProjectArn, Account)>> {
    let Ok(arn) = text.parse::<ProjectArn>() else {
        let empty = text.is_empty();
        let code = if empty {
            FieldCode::Required
        } else {
            FieldCode::NotAProjectArn
        };
        errors.add(Field::Project, code);
        return Ok(None);
    };
    let Some(account) = registry.account(arn.account()) else {
        errors.add(Field::Project, FieldCode::AccountNotConfigured);
        return Ok(None);
    };
    if projects::find(reader, &arn).await?.is_none() {
        errors.add(Field::Project, FieldCode::ProjectUnknown);
        return Ok(None);
    }
    Ok(Some((arn, account.clone())))
}

/// The promoter that is to be allowed, the versions, and the document they make.
pub(super) fn wanted(
    registry: &Registry,
    project: Option<&ProjectArn>,
    form: &PolicyForm,
    errors: &mut Errors,
) -> Option<Wanted> {
    let promoter = promoter(registry, &form.account, errors);
    let versions = versions(project, form, errors);
    let (project, promoter, versions) = (project?, promoter?, versions?);
    let document = document::of(project, &promoter, &versions);
    let findings = document::findings(&document);
    Some(Wanted {
        project: project.clone(),
        document,
        findings,
    })
}

fn promoter(registry: &Registry, text: &str, errors: &mut Errors) -> Option<RoleArn> {
    let account = registry
        .accounts
        .iter()
        .find(|account| account.number.as_str() == text);
    if account.is_none() {
        errors.add(Field::Account, FieldCode::NotAnAccount);
    }
    account.map(|account| account.access(RolePurpose::Promoter).role)
}

fn versions(
    project: Option<&ProjectArn>,
    form: &PolicyForm,
    errors: &mut Errors,
) -> Option<Versions> {
    if !form.every_version.is_empty() {
        return Some(Versions::Every);
    }
    if form.versions.is_empty() {
        errors.add(Field::Versions, FieldCode::NoVersions);
        return None;
    }
    let parsed: Result<Vec<ProjectVersionArn>, _> =
        form.versions.iter().map(|text| text.parse()).collect();
    let Ok(mut versions) = parsed else {
        errors.add(Field::Versions, FieldCode::NotAVersionArn);
        return None;
    };
    let held = |version| project.is_none_or(|project| project.may_hold(version));
    if !versions.iter().all(held) {
        errors.add(Field::Versions, FieldCode::VersionOfOtherProject);
        return None;
    }
    // The same choices make the same bytes, whatever the order in which they were ticked.
    versions.sort();
    versions.dedup();
    Some(Versions::Exact(versions))
}

/// A name that no policy of the project has and that is not kept for grants, with a slot to put it.
pub(super) async fn new_name(
    reader: &mut Reader,
    project: Option<&ProjectArn>,
    text: &str,
    errors: &mut Errors,
) -> OpResult<Option<PolicyName>> {
    let name = name(text, errors);
    if name
        .as_ref()
        .is_some_and(|name| name.as_str().starts_with(MANAGED_PREFIX))
    {
        errors.add(Field::PolicyName, FieldCode::PolicyNameReserved);
    }
    let Some(project) = project else {
        return Ok(name);
    };
    let policies = project_policies::of_project(reader, project).await?;
    if policies
        .iter()
        .any(|policy| Some(&policy.name) == name.as_ref())
    {
        errors.add(Field::PolicyName, FieldCode::PolicyNameTaken);
    } else if policies.len() >= POLICY_SLOTS {
        errors.add(Field::Project, FieldCode::PolicySlotsFull);
    }
    Ok(name)
}

pub(super) fn name(text: &str, errors: &mut Errors) -> Option<PolicyName> {
    let name = PolicyName::new(text).ok();
    if name.is_none() {
        let empty = text.is_empty();
        let code = if empty {
            FieldCode::Required
        } else {
            FieldCode::NotAPolicyName
        };
        errors.add(Field::PolicyName, code);
    }
    name
}

/// A reason, which may be empty.
pub(super) fn reason(text: &str, errors: &mut Errors) -> Option<Reason> {
    if text.trim().is_empty() {
        return None;
    }
    let reason = Reason::new(text).ok();
    if reason.is_none() {
        errors.add(Field::Reason, FieldCode::NotAReason);
    }
    reason
}
