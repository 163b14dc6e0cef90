//! XML as the Query protocol writes it, in STS and in IAM.

use crate::error::ApiError;

/// The content type of answers.
pub(crate) const CONTENT_TYPE: &str = "text/xml";

/// The namespace of a service's answers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Namespace(&'static str);

/// STS.
pub(crate) const STS: Namespace = Namespace("https://sts.amazonaws.com/doc/2011-06-15/");
/// IAM.
pub(crate) const IAM: Namespace = Namespace("https://iam.amazonaws.com/doc/2010-05-08/");

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
pub(crate) fn answer(
    Namespace(namespace): Namespace,
    operation: &str,
    result: &str,
    request_id: &str,
) -> String {
    let result = element(&format!("{operation}Result"), result);
    let metadata = element("ResponseMetadata", &element("RequestId", request_id));
    format!("<{operation}Response xmlns=\"{namespace}\">{result}{metadata}</{operation}Response>")
}

/// A whole error answer.
pub(crate) fn error(Namespace(namespace): Namespace, error: &ApiError, request_id: &str) -> String {
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
        "<ErrorResponse xmlns=\"{namespace}\">{}{request_id}</ErrorResponse>",
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
