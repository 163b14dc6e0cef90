//! XML as Amazon S3 writes its errors.

use crate::error::ApiError;
use crate::query_xml::{element, text};

/// The content type of errors.
pub(crate) const CONTENT_TYPE: &str = "application/xml";

/// A whole error answer.
pub(crate) fn error(error: &ApiError, request_id: &str, host_id: &str) -> String {
    let inside = [
        element("Code", &text(&error.code)),
        element("Message", &text(&error.message)),
        element("RequestId", request_id),
        element("HostId", host_id),
    ]
    .concat();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}",
        element("Error", &inside)
    )
}
