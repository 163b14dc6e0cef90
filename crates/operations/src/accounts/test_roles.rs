//! Testing every role.

use super::registry::Registry;
use super::role_test::RoleTestView;
use super::test_role::test_role;
use crate::context::OpContext;
use crate::error::OpResult;
use domain::{Action, RolePurpose};

/// Tests both roles of every account, one after the other, and keeps what was found. Gives the tests.
pub async fn test_roles(cx: &OpContext) -> OpResult<Vec<RoleTestView>> {
    cx.require(Action::TestRole)?;
    let registry = {
        let mut reader = cx.store.read().await?;
        Registry::visible(cx, &mut reader, Action::TestRole).await?
    };
    let mut tests = Vec::new();
    for account in &registry.accounts {
        for purpose in RolePurpose::ALL {
            tests.push(test_role(cx, account.number.as_str(), purpose.as_str()).await?);
        }
    }
    Ok(tests)
}
