//! Forms about accounts.

use domain::AccountNumber;
use leptos::prelude::*;
use operations::accounts;

use super::answer::finish;
use super::{ApiError, op_context};
use crate::forms::FormName;
use crate::links;

/// Tests one role of an account and shows its page with the result.
#[server(prefix = "/api", endpoint = "accounts/test-role")]
pub async fn test_role(
    #[server(default)] account: String,
    #[server(default)] purpose: String,
) -> Result<(), ApiError> {
    let cx = op_context()?;
    let page = match account.parse::<AccountNumber>() {
        Ok(number) => links::account(&number),
        Err(_) => "/accounts".to_owned(),
    };
    let tested = accounts::test_role(&cx, &account, &purpose).await;
    let result = tested.map(|test| format!("{page}#{}", test.purpose.as_str()));
    finish(&cx, FormName::TestRole, &(), &page, result).await
}
