//! How much of a session's room its policy and tags take.

use super::session_tags::SessionTags;
use crate::error::ApiError;
use crate::world::text::PolicyText;

/// The room, in bytes. AWS packs in a format of its own and publishes neither it nor its limit;
/// here a policy counts without the white space between its elements, a tag as key and value and
/// four bytes. A policy of 2,048 characters alone fits.
const ROOM: usize = 2100;

/// The share of the room that is taken, in per cent; `None` when there is nothing to pack.
///
/// # Errors
///
/// `PackedPolicyTooLarge` beyond 100 per cent.
pub(super) fn size(
    policy: Option<&PolicyText>,
    tags: &SessionTags,
) -> Result<Option<usize>, ApiError> {
    let what = match (policy, tags.tags.is_empty()) {
        (None, true) => return Ok(None),
        (Some(_), true) => "session policy",
        (None, false) => "session tags",
        (Some(_), false) => "session policy and session tags",
    };
    let policy = policy.map_or(0, |policy| compact(&policy.text));
    let tags: usize = tags
        .tags
        .iter()
        .map(|(key, value)| key.len() + value.len() + 4)
        .sum();
    let percent = ((policy + tags) * 100).div_ceil(ROOM);
    if percent > 100 {
        return Err(ApiError::modelled(
            "PackedPolicyTooLarge",
            400,
            format!("Packed size of {what} consumes {percent}% of allotted space."),
        ));
    }
    Ok(Some(percent))
}

/// The bytes of a JSON text without the white space between its elements.
fn compact(text: &str) -> usize {
    let mut within = false;
    let mut escaped = false;
    let mut length = 0;
    for byte in text.bytes() {
        if !within && byte.is_ascii_whitespace() {
            continue;
        }
        length += 1;
        if byte == b'"' && !escaped {
            within = !within;
        }
        escaped = within && byte == b'\\' && !escaped;
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_counts_only_within_texts() {
        assert_eq!(compact("{ \"a b\" : [ 1,\n 2 ] }"), 13);
        assert_eq!(compact(r#"{"a\" b": 1}"#), 11);
    }
}
