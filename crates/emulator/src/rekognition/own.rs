//! The caller's permission and the resource of its own account that it is about.
//!
//! A resource of another account is refused: Rekognition has resource policies for
//! `CopyProjectVersion` alone. One that is not in the call's Region, or does not exist, is not
//! found. Permission comes first, so that a stranger is not told what exists.

use super::{Call, error};
use crate::arn::{ProjectArn, ProjectVersionArn};
use crate::authorize::Question;
use crate::error::ApiError;
use domain::Region;
use std::collections::BTreeMap;

/// What can carry tags here.
pub(super) enum Resource {
    Project(ProjectArn),
    Version(ProjectVersionArn),
}

/// Why something of another Region is not found, for the ledger.
fn elsewhere(there: &Region, here: &Region) -> String {
    format!("The ARN is of the Region {there}, and the call is for {here}.")
}

impl Call<'_> {
    /// Asks whether the caller may do an `action` that has no resource.
    pub(super) fn authorize(&mut self, action: &str) -> Result<(), ApiError> {
        let question = Question::of_identity(action, "*", &self.caller.account);
        if self.judge.allows(&question) {
            Ok(())
        } else {
            Err(self.denied(action, "*"))
        }
    }

    /// Asks the caller's own policies, and no others, about a project of whatever account.
    pub(super) fn authorize_project(
        &mut self,
        action: &str,
        arn: &ProjectArn,
    ) -> Result<(), ApiError> {
        let resource = arn.to_string();
        let question = Question {
            lies_in: &arn.account,
            tags: self.state.project(arn).map(|project| &project.tags),
            ..Question::of_identity(action, &resource, &self.caller.account)
        };
        if self.judge.allows(&question) {
            Ok(())
        } else {
            Err(self.denied(action, &resource))
        }
    }

    /// Asks whether the caller may do `action` on a project of its own account, and reads its ARN.
    pub(super) fn own_project(&mut self, action: &str, arn: &str) -> Result<ProjectArn, ApiError> {
        let unknown = || error::not_found(format!("The project {arn} does not exist."));
        let Some(project) = ProjectArn::parse(arn) else {
            return Err(self.unknown(action, arn, unknown()));
        };
        let there = self.state.project(&project);
        let question = Question {
            tags: there.map(|project| &project.tags),
            ..Question::of_identity(action, arn, &project.account)
        };
        if !self.judge.allows(&question) {
            return Err(self.denied(action, arn));
        }
        if project.region != *self.region {
            return Err(unknown().with_detail(elsewhere(&project.region, self.region)));
        }
        if there.is_none() {
            return Err(unknown());
        }
        Ok(project)
    }

    /// The same for a model version, which must be visible.
    pub(super) fn own_version(
        &mut self,
        action: &str,
        arn: &str,
    ) -> Result<ProjectVersionArn, ApiError> {
        let unknown = || error::not_found(format!("The model version {arn} does not exist."));
        let Some(version) = ProjectVersionArn::parse(arn) else {
            return Err(self.unknown(action, arn, unknown()));
        };
        let there = self.state.version(&version, self.now);
        let question = Question {
            tags: there.map(|version| &version.tags),
            ..Question::of_identity(action, arn, &version.account)
        };
        if !self.judge.allows(&question) {
            return Err(self.denied(action, arn));
        }
        if version.region != *self.region {
            return Err(unknown().with_detail(elsewhere(&version.region, self.region)));
        }
        if there.is_none() {
            return Err(unknown());
        }
        Ok(version)
    }

    /// The same for whatever can carry tags.
    pub(super) fn own_resource(&mut self, action: &str, arn: &str) -> Result<Resource, ApiError> {
        if ProjectArn::parse(arn).is_some() {
            return self.own_project(action, arn).map(Resource::Project);
        }
        if ProjectVersionArn::parse(arn).is_some() {
            return self.own_version(action, arn).map(Resource::Version);
        }
        let unknown = error::not_found(format!("The resource {arn} does not exist."));
        Err(self.unknown(action, arn, unknown))
    }

    /// The tags of a resource that was looked up a moment ago under the same lock.
    pub(super) fn tags_mut(
        &mut self,
        resource: &Resource,
    ) -> Option<&mut BTreeMap<String, String>> {
        match resource {
            Resource::Project(arn) => self.state.project_mut(arn).map(|project| &mut project.tags),
            Resource::Version(arn) => self
                .state
                .version_mut(arn, self.now)
                .map(|version| &mut version.tags),
        }
    }

    /// A refusal in AWS's words.
    pub(super) fn denied(&self, action: &str, resource: &str) -> ApiError {
        error::access_denied(self.judge.refusal(action, resource))
    }

    /// The answer about an ARN that can name nothing here, once the caller may ask at all.
    fn unknown(&mut self, action: &str, arn: &str, unknown: ApiError) -> ApiError {
        let question = Question::of_identity(action, arn, &self.caller.account);
        if self.judge.allows(&question) {
            unknown
        } else {
            self.denied(action, arn)
        }
    }
}
