//! Policy variables such as `${aws:username}`.
//!
//! Source: "IAM policy elements: Variables and tags", IAM User Guide.

use crate::condition::{ConditionContext, Known, is_multivalued};
use crate::document::PolicyVersion;

/// A text of a policy in pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// A character as written; `*` and `?` may be wildcards.
    Written(char),
    /// A character that stands for itself, from a variable's value or from `${*}`.
    Literal(char),
    /// Text that is not known here; says why.
    Unknown(String),
    /// A variable without a value: no text is equal to it or like it.
    Nothing,
}

/// Splits `text` into pieces and puts in what `context` knows.
///
/// Documents older than `2012-10-17` have no variables: `${` is plain text there. A variable whose
/// key is absent takes its default (`${key, 'default'}`); without one it has no value ("Policy
/// variables with no value"). Unknown: a variable of a multivalued key, of which AWS makes none, one
/// whose key we know nothing of, one whose default is not in single quotes, and one not closed.
pub(crate) fn pieces(
    text: &str,
    version: Option<PolicyVersion>,
    context: &ConditionContext,
) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(text.len());
    let mut rest = text;
    if version == Some(PolicyVersion::V2012) {
        while let Some(start) = rest.find("${") {
            pieces.extend(rest[..start].chars().map(Piece::Written));
            let inside = &rest[start + 2..];
            let Some(end) = inside.find('}') else {
                pieces.push(Piece::Unknown(
                    "a policy variable that is not closed".to_owned(),
                ));
                return pieces;
            };
            resolve(&inside[..end], context, &mut pieces);
            rest = &inside[end + 1..];
        }
    }
    pieces.extend(rest.chars().map(Piece::Written));
    pieces
}

fn resolve(inside: &str, context: &ConditionContext, pieces: &mut Vec<Piece>) {
    if let "*" | "?" | "$" = inside {
        pieces.extend(inside.chars().map(Piece::Literal));
        return;
    }
    let (key, default) = match inside.split_once(',') {
        Some((key, default)) => (key.trim(), Some(default.trim())),
        None => (inside, None),
    };
    let default = default.map(|text| {
        text.strip_prefix('\'')
            .and_then(|text| text.strip_suffix('\''))
    });
    match (context.lookup(key), default) {
        (Known::Values([value]), None | Some(Some(_))) if !is_multivalued(key) => {
            pieces.extend(value.chars().map(Piece::Literal));
        }
        (Known::Absent, Some(Some(default))) => {
            pieces.extend(default.chars().map(Piece::Literal));
        }
        (Known::Absent, None) => pieces.push(Piece::Nothing),
        _ => pieces.push(Piece::Unknown(format!(
            "policy variable {}",
            crate::document::quoted(&format!("${{{inside}}}"))
        ))),
    }
}

/// Writes text so that a policy of version `2012-10-17` takes every character for itself.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '*' | '?' | '$') {
            escaped.extend(['$', '{', character, '}']);
        } else {
            escaped.push(character);
        }
    }
    escaped
}
