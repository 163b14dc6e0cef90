//! `GetCallerIdentity`: needs no permission and cannot be denied.

use super::Call;
use crate::query_xml::{element, text};

pub(super) fn call(call: &Call<'_>) -> String {
    [
        element("Arn", &text(&call.caller.arn)),
        element("UserId", &text(&call.caller.user_id)),
        element("Account", &text(call.caller.account.as_str())),
    ]
    .concat()
}
