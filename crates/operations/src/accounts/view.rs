//! An account as pages show it.

use super::registry::Registry;
use super::role_test::{RoleState, RoleTestView};
use crate::context::OpContext;
use crate::error::{AwsErrorView, OpError, OpResult};
use crate::ports::aws::Withheld;
use crate::view::AccountIdentity;
use domain::{Account, Action, ExternalId, Millis, Region, RoleArn, RolePurpose};
use serde::Serialize;
use store::looks::{LookRow, LookTarget};
use store::model_versions::ModelVersionRow;
use store::projects::ProjectRow;
use store::role_tests::RoleTestRow;
use store::{Reader, looks, model_versions, projects, role_tests};

/// An account with what is known about it.
#[derive(Clone, Debug, Serialize)]
pub struct AccountView {
    /// How it is told apart.
    pub identity: AccountIdentity,
    /// The Regions that are looked at.
    pub regions: Vec<Region>,
    /// What its roles' trust policies ask for.
    pub external_id: ExternalId,
    /// The role that looks.
    pub reader: RoleView,
    /// The role that grants and copies.
    pub promoter: RoleView,
    /// Custom Labels projects when last seen.
    pub projects: usize,
    /// Model versions when last seen.
    pub versions: usize,
    /// The oldest last good look over its Regions; none while a Region has not been seen.
    pub seen_at: Option<Millis>,
    /// What went wrong in the last look, for each Region where something did.
    pub errors: Vec<PlaceError>,
    /// Calls that are not made by themselves at present because AWS refused them, oldest first.
    pub withheld: Vec<WithheldCall>,
}

/// A call that AWS refused for lack of a permission and that is only probed now and then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WithheldCall {
    /// Which of the account's roles was refused.
    pub role: RoleArn,
    /// AWS's name of the operation.
    pub operation: &'static str,
    /// The permission that the operation asks for, such as `rekognition:DescribeProjects`.
    pub permission: String,
    /// What it was asked about; none for assuming the role. Untrusted text.
    pub resource: Option<String>,
    /// AWS's error code. Untrusted text.
    pub code: Option<String>,
    /// AWS's message. Untrusted text.
    pub message: String,
    /// When it was refused first.
    pub since: Millis,
    /// From when on AWS is asked again.
    pub again_at: Millis,
}

impl From<Withheld> for WithheldCall {
    fn from(withheld: Withheld) -> Self {
        // The actions of "Actions, resources, and condition keys" in the service authorization
        // reference; HeadBucket is asked for under another name.
        let permission = match withheld.operation {
            "AssumeRole" => "sts:AssumeRole".to_owned(),
            "HeadBucket" => "s3:ListBucket".to_owned(),
            operation => format!("rekognition:{operation}"),
        };
        Self {
            role: withheld.role,
            operation: withheld.operation,
            permission,
            resource: withheld.resource.filter(|resource| !resource.is_empty()),
            code: withheld.code,
            message: withheld.message,
            since: withheld.since,
            again_at: withheld.again_at,
        }
    }
}

/// One role of an account.
#[derive(Clone, Debug, Serialize)]
pub struct RoleView {
    /// What it is for.
    pub purpose: RolePurpose,
    /// The role.
    pub role: RoleArn,
    /// Its last test; none before the first.
    pub last_test: Option<RoleTestView>,
}

/// What went wrong when a Region of an account was last looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlaceError {
    /// The Region.
    pub region: Region,
    /// When.
    pub at: Millis,
    /// AWS's name of the operation.
    pub operation: String,
    /// AWS's error code. Untrusted text.
    pub code: Option<String>,
    /// AWS's message. Untrusted text.
    pub message: String,
    /// AWS's request id.
    pub request_id: Option<String>,
}

impl RoleView {
    /// What the last test showed.
    pub fn state(&self) -> RoleState {
        RoleState::of(self.last_test.as_ref())
    }
}

/// What is read once to show any number of accounts.
pub(super) struct Known {
    pub(super) registry: Registry,
    tests: Vec<RoleTestRow>,
    looks: Vec<LookRow>,
    projects: Vec<ProjectRow>,
    versions: Vec<ModelVersionRow>,
}

impl Known {
    pub(super) async fn load(cx: &OpContext, reader: &mut Reader) -> OpResult<Self> {
        Ok(Self {
            registry: Registry::visible(cx, reader, Action::ViewAccounts).await?,
            tests: role_tests::list(reader).await?,
            looks: looks::list(reader).await?,
            projects: projects::list(reader).await?,
            versions: model_versions::list(reader).await?,
        })
    }

    pub(super) fn view(&self, cx: &OpContext, account: &Account) -> OpResult<AccountView> {
        let number = &account.number;
        let mut errors = Vec::new();
        let mut seen = Vec::new();
        for region in &account.regions {
            let look = place_look(&self.looks, account, region);
            seen.push(look.and_then(|look| look.seen_at));
            errors.extend(look.map(place_error).transpose()?.flatten());
        }
        Ok(AccountView {
            identity: self.registry.identity(account)?,
            regions: account.regions.clone(),
            external_id: account.external_id.clone(),
            reader: self.role(account, RolePurpose::Reader)?,
            promoter: self.role(account, RolePurpose::Promoter)?,
            projects: self
                .projects
                .iter()
                .filter(|project| project.arn.account() == number)
                .count(),
            versions: self
                .versions
                .iter()
                .filter(|version| version.arn.account() == number)
                .count(),
            seen_at: seen.into_iter().min().flatten(),
            errors,
            withheld: cx
                .aws
                .withheld(number)
                .into_iter()
                .map(WithheldCall::from)
                .collect(),
        })
    }

    fn role(&self, account: &Account, purpose: RolePurpose) -> OpResult<RoleView> {
        let row = self
            .tests
            .iter()
            .find(|row| row.account == account.number && row.purpose == purpose);
        let last_test = row
            .map(|row| serde_json::from_value(row.result.clone()))
            .transpose()
            .map_err(|_| OpError::stored("role test"))?;
        Ok(RoleView {
            purpose,
            role: account.access(purpose).role,
            last_test,
        })
    }
}

/// The last look at an account's projects in a Region.
pub(crate) fn place_look<'a>(
    looks: &'a [LookRow],
    account: &Account,
    region: &Region,
) -> Option<&'a LookRow> {
    looks.iter().find(|look| {
        matches!(&look.target, LookTarget::Projects { account: number, region: place }
            if *number == account.number && place == region)
    })
}

/// What went wrong in a look at a place, if anything did.
pub(crate) fn place_error(look: &LookRow) -> OpResult<Option<PlaceError>> {
    let (Some(error), LookTarget::Projects { region, .. }) = (&look.error, &look.target) else {
        return Ok(None);
    };
    let error: AwsErrorView =
        serde_json::from_value(error.clone()).map_err(|_| OpError::stored("look's error"))?;
    Ok(Some(PlaceError {
        region: region.clone(),
        at: look.looked_at,
        operation: error.operation,
        code: error.code,
        message: error.message,
        request_id: error.request_id,
    }))
}
