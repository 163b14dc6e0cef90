//! Who does what in the two accounts of a copy.

use super::Visit;
use crate::error::{EngineError, Move, Stop};
use domain::{
    Account, AccountNumber, FailureCode, PromotionPlan, RoleAccess, RoleArn, RolePurpose,
};
use operations::accounts;

/// The two ends of a copy.
pub(crate) struct Parties {
    pub(crate) source: Account,
    pub(crate) destination: Account,
}

impl Parties {
    pub(crate) fn source_reader(&self) -> RoleAccess {
        self.source.access(RolePurpose::Reader)
    }

    pub(crate) fn destination_reader(&self) -> RoleAccess {
        self.destination.access(RolePurpose::Reader)
    }

    /// The role that puts and removes the grant: the one that was approved.
    pub(crate) fn grantor(&self, plan: &PromotionPlan) -> RoleAccess {
        as_role(&self.source, &plan.grantor)
    }

    /// The role that copies: the one that was approved.
    pub(crate) fn copier(&self, plan: &PromotionPlan) -> RoleAccess {
        as_role(&self.destination, &plan.grant.principal)
    }
}

/// How to assume `role` of `account`. The role comes from the plan, so that nothing runs under a
/// role that nobody approved; the ExternalId is the account's present one.
pub(crate) fn as_role(account: &Account, role: &RoleArn) -> RoleAccess {
    RoleAccess {
        role: role.clone(),
        ..account.access(RolePurpose::Promoter)
    }
}

impl Visit<'_> {
    /// The registered account of this number. Without one the job waits: no step may act in an
    /// account that is not registered.
    pub(crate) async fn account(&self, number: &AccountNumber) -> Move<Account> {
        let found = accounts::by_number(&self.cx, number)
            .await
            .map_err(EngineError::when("read an account"))?;
        found.ok_or_else(|| Stop::with(self.hold(self.failure(FailureCode::AccountMissing))))
    }

    /// Both accounts of the copy.
    pub(crate) async fn parties(&self, plan: &PromotionPlan) -> Move<Parties> {
        Ok(Parties {
            source: self.account(plan.source_project.account()).await?,
            destination: self.account(plan.destination_project.account()).await?,
        })
    }
}
