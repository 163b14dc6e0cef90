//! XML as IAM writes it: the Query protocol under IAM's own namespace.

use crate::error::ApiError;
use crate::sts::xml::{element, text};

const NAMESPACE: &str = "https://iam.amazonaws.com/doc/2010-05-08/";

/// A whole answer around the inside of its result element.
pub(crate) fn answer(operation: &str, result: &str, request_id: &str) -> String {
    let result = element(&format!("{operation}Result"), result);
    let metadata = element("ResponseMetadata", &element("RequestId", request_id));
    format!("<{operation}Response xmlns=\"{NAMESPACE}\">{result}{metadata}</{operation}Response>")
}

/// A whole error answer.
pub(crate) fn error(error: &ApiError, request_id: &str) -> String {
    let kind = if error.status < 500 {
        "Sender"
    } else {
        "Receiver"
    };
    let inside = [
        element("Type", kind),
        element("Code", &text(&error.code)),
        element("Message", &text(&error.message)),
    ]
    .concat();
    let request_id = element("RequestId", request_id);
    format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\">{}{request_id}</ErrorResponse>",
        element("Error", &inside)
    )
}

/// A list as the Query protocol has it.
pub(crate) fn list(name: &str, members: impl IntoIterator<Item = String>) -> String {
    let members: String = members
        .into_iter()
        .map(|member| element("member", &member))
        .collect();
    element(name, &members)
}
