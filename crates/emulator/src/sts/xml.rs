//! XML as the Query protocol writes it.

use crate::error::ApiError;

/// The content type of answers.
pub(crate) const CONTENT_TYPE: &str = "text/xml";

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// Text with the characters escaped that XML reads as markup.
pub(crate) fn text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML 1.0 has no way to write other control characters.
            control if control.is_control() && !"\t\n\r".contains(control) => {
                escaped.push('\u{FFFD}');
            }
            plain => escaped.push(plain),
        }
    }
    escaped
}

/// An element around XML.
pub(crate) fn element(name: &str, inside: &str) -> String {
    format!("<{name}>{inside}</{name}>")
}

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
