//! Long names: shortened by layout, whole in the document, with a button for the clipboard.

use leptos::prelude::*;

use crate::islands::copy::CopyButton;

/// An ARN on one line. Its end, which tells ARNs apart, stays readable; the middle gives way.
#[component]
pub fn Arn(
    /// The whole ARN.
    #[prop(into)]
    arn: String,
    /// What it names, for the button: `Copy ARN of …`.
    #[prop(into)]
    of: String,
) -> impl IntoView {
    let (head, tail) = split(&arn);
    view! {
        <span class="arn">
            <span class="arn-text" title=arn.clone()>
                <span class="arn-head">{head.to_owned()}</span>
                <span class="arn-tail">{tail.to_owned()}</span>
            </span>
            <CopyButton text=arn.clone() label=format!("Copy ARN of {of}") />
        </span>
    }
}

/// Splits before the part that tells ARNs apart: the version, else the project or role.
fn split(arn: &str) -> (&str, &str) {
    let place = ["version/", "project/", "role/", "key/", "alias/"]
        .iter()
        .find_map(|mark| arn.find(mark));
    arn.split_at(place.unwrap_or(arn.rfind('/').map_or(0, |slash| slash + 1)))
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn the_part_that_tells_apart_stays_whole() {
        for (arn, tail) in [
            (
                "arn:aws:rekognition:eu-west-1:1:project/a/version/v7/1",
                "version/v7/1",
            ),
            ("arn:aws:rekognition:eu-west-1:1:project/a/1", "project/a/1"),
            ("arn:aws:iam::1:role/team/reader", "role/team/reader"),
            ("nothing", "nothing"),
            ("größe/ende", "ende"),
        ] {
            assert_eq!(split(arn).1, tail);
        }
    }
}
