//! Matching texts that colons divide into parts, each kind by its own rule:
//!
//! - ARNs in conditions are compared part by part ("IAM JSON policy elements: Condition operators").
//! - In resources a `*` at the end of a part also reaches beyond its colon ("IAM JSON policy
//!   elements: Resource"), and identity policies may leave parts out at the end ("Identify AWS
//!   resources with Amazon Resource Names").
//! - For anything else no rule is known: where the parts do not settle it but the text as a whole
//!   would match, the answer is unknown rather than a guess.

use super::{Case, Pattern, Token, glob};
use crate::document::quoted;
use crate::truth::Truth;

/// The number of parts of an ARN; colons in the last one belong to it.
const ARN_PARTS: usize = 6;

/// What an ARN with fewer parts than six stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Incomplete {
    /// `*` for each part that is missing: identity policies.
    Completed,
    /// AWS takes none: session policies.
    Refused,
    /// Only itself: resource-based policies.
    Itself,
}

impl Pattern<'_> {
    /// Compares actions: a service, a colon and a name. Wildcards stand in the name only; IAM refuses
    /// others ("Action vendors … must not contain wildcards"), so they are not judged.
    pub(crate) fn matches_action(&self, text: &str) -> Truth {
        let mut service = self.tokens.iter().take_while(|token| !is_colon(token));
        if !self.fits_whole(text, Case::Ignored) {
            Truth::No
        } else if service.any(|token| matches!(token, Token::AnyMany | Token::AnyOne)) {
            Truth::Unknown(format!(
                "action {}, whose service has a wildcard",
                quoted(self.text)
            ))
        } else {
            self.settle(true)
        }
    }

    /// Compares ARNs as conditions do. A whole ARN never matches across a colon; for a pattern with
    /// fewer than six parts AWS gives no rule.
    pub(crate) fn matches_arn(&self, text: &str) -> Truth {
        if !self.fits_whole(text, Case::Counts) {
            Truth::No
        } else if self.has_unknown() || fits_parts(&self.tokens, text) {
            self.settle(true)
        } else if self.colons() + 1 >= ARN_PARTS {
            Truth::No
        } else {
            self.across_a_colon()
        }
    }

    /// Compares the ARNs of resources. What would match and is no ARN, or has a policy variable where
    /// AWS takes none, is not judged; a lone `*` is for the caller to take for everything.
    pub(crate) fn matches_resource(&self, text: &str, incomplete: Incomplete) -> Truth {
        let not_judged =
            |why: &str| Truth::Unknown(format!("resource {}, which {why}", quoted(self.text)));
        match self.fits_resource(text, incomplete) {
            Truth::No => Truth::No,
            _ if !self.text.starts_with("arn:") => not_judged("is neither an ARN nor \"*\""),
            _ if self.has_early_variable() => {
                not_judged("has a policy variable before its fifth colon")
            }
            decided => decided,
        }
    }

    fn fits_resource(&self, text: &str, incomplete: Incomplete) -> Truth {
        if self.is_incomplete_arn() && incomplete != Incomplete::Itself {
            let mut whole = self.tokens.clone();
            for _ in self.colons() + 1..ARN_PARTS {
                whole.extend([Token::One(':'), Token::AnyMany]);
            }
            let completed = fits_parts(&whole, text) || reaches(&whole, text);
            let written = self.fits_whole(text, Case::Counts);
            return match incomplete {
                Incomplete::Completed if completed => self.settle(true),
                Incomplete::Completed if written => self.across_a_colon(),
                Incomplete::Refused if completed || written => Truth::Unknown(format!(
                    "resource {}, an incomplete ARN in a session policy",
                    quoted(self.text)
                )),
                _ => Truth::No,
            };
        }
        if !self.fits_whole(text, Case::Counts) {
            Truth::No
        } else if fits_parts(&self.tokens, text) || reaches(&self.tokens, text) {
            self.settle(true)
        } else {
            self.across_a_colon()
        }
    }

    fn fits_whole(&self, text: &str, case: Case) -> bool {
        let text: Vec<char> = text.chars().collect();
        glob(&self.tokens, &text, case)
    }

    fn colons(&self) -> usize {
        self.tokens.iter().filter(|token| is_colon(token)).count()
    }

    fn is_incomplete_arn(&self) -> bool {
        self.text.starts_with("arn:") && self.colons() + 1 < ARN_PARTS
    }

    /// AWS takes variables in the last part of a resource's ARN only ("IAM policy elements: Variables
    /// and tags").
    fn has_early_variable(&self) -> bool {
        self.has_variables
            && self
                .text
                .split_once("${")
                .is_some_and(|(before, _)| before.matches(':').count() + 1 < ARN_PARTS)
    }

    fn has_unknown(&self) -> bool {
        let unknown = |token: &Token| matches!(token, Token::Unknown(_));
        self.tokens.iter().any(unknown)
    }

    fn across_a_colon(&self) -> Truth {
        Truth::Unknown(format!(
            "pattern {}, whose wildcards would have to match across a colon",
            quoted(self.text)
        ))
    }
}

fn is_colon(token: &Token) -> bool {
    *token == Token::One(':')
}

/// Whether `text` fits part by part between colons: the first five divide, later ones belong to the
/// last part.
fn fits_parts(tokens: &[Token], text: &str) -> bool {
    let wanted: Vec<&[Token]> = tokens.splitn(ARN_PARTS, is_colon).collect();
    let found: Vec<Vec<char>> = text
        .splitn(ARN_PARTS, ':')
        .map(|part| part.chars().collect())
        .collect();
    wanted.len() == found.len()
        && wanted
            .iter()
            .zip(&found)
            .all(|(part, text)| glob(part, text, Case::Counts))
}

/// Whether `text` fits when a `*` at the end of a part reaches beyond its colon, while other
/// wildcards before the last part of an ARN do not. Takes length × length steps.
fn reaches(tokens: &[Token], text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    // Whether the tokens so far fit the first n characters, for each n.
    let mut fits = vec![false; text.len() + 1];
    fits[0] = true;
    let mut colons = 0;
    for (place, token) in tokens.iter().enumerate() {
        let ends_part = matches!(tokens.get(place + 1), None | Some(Token::One(':')));
        let free = colons + 1 >= ARN_PARTS || ends_part;
        let mut next = vec![false; text.len() + 1];
        match token {
            Token::Nothing => return false,
            Token::AnyMany | Token::Unknown(_) => {
                let mut open = false;
                for end in 0..=text.len() {
                    let stopped = end > 0 && text[end - 1] == ':' && !free;
                    open = fits[end] || (open && !stopped);
                    next[end] = open;
                }
            }
            Token::AnyOne => {
                for (end, character) in text.iter().enumerate() {
                    next[end + 1] = fits[end] && (*character != ':' || colons + 1 >= ARN_PARTS);
                }
            }
            Token::One(wanted) => {
                for (end, character) in text.iter().enumerate() {
                    next[end + 1] = fits[end] && character == wanted;
                }
            }
        }
        if is_colon(token) {
            colons += 1;
        }
        fits = next;
    }
    fits[text.len()]
}

#[cfg(test)]
mod tests {
    use super::super::tests::pattern;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn matching_by_parts_never_contradicts_matching_as_a_whole(
            wanted in "[ab*?:]{0,9}", text in "[ab:]{0,10}"
        ) {
            let whole = pattern(&wanted).matches(&text, Case::Counts);
            for parted in [
                pattern(&wanted).matches_action(&text),
                pattern(&wanted).matches_resource(&text, Incomplete::Completed),
            ] {
                match parted {
                    Truth::Yes | Truth::Unknown(_) => prop_assert_eq!(&whole, &Truth::Yes),
                    Truth::No => prop_assert_eq!(&whole, &Truth::No),
                }
            }
            if whole == Truth::No {
                prop_assert_eq!(pattern(&wanted).matches_arn(&text), Truth::No);
            }
        }

        #[test]
        fn a_resource_that_fits_part_by_part_fits_when_stars_reach_further(
            wanted in "[ab*?:]{0,9}", text in "[ab:]{0,10}"
        ) {
            let pattern = pattern(&wanted);
            if fits_parts(&pattern.tokens, &text) {
                prop_assert!(reaches(&pattern.tokens, &text));
            }
        }
    }

    #[test]
    fn a_star_reaches_beyond_a_colon_only_at_the_end_of_its_part() {
        let yes = || Truth::Yes;
        let version = "arn:aws:rekognition:eu-west-1:111111111111:project/a/version/b:c/1";
        for (wanted, expected) in [
            ("arn:aws:rekognition:*:project/a/*", Some(Truth::Yes)),
            ("arn:aws:*:b:c/1", Some(Truth::No)),
            ("arn:aws:rekognition:eu*1:project/a/*", None),
            ("arn:aws:rekognition:eu-west-1:1*:c/1", Some(yes())),
            (
                "arn:aws:rekognition:eu-west-1:1111111111?1:*/b?c/1",
                Some(yes()),
            ),
            ("arn:aws:rekognition:eu-west-1?111111111111:project/*", None),
            ("arn:aws:s3:*", Some(Truth::No)),
        ] {
            let found = pattern(wanted).matches_resource(version, Incomplete::Itself);
            match expected {
                Some(expected) => assert_eq!(found, expected, "{wanted}"),
                None => assert!(matches!(found, Truth::Unknown(_)), "{wanted}: {found:?}"),
            }
        }
    }

    #[test]
    fn an_incomplete_arn_is_completed_in_identity_policies_only() {
        let object = "arn:aws:s3:::models/v7";
        for (wanted, identity, session, attached) in [
            ("arn:aws:s3", "yes", "unknown", "no"),
            ("arn:aws:s3:", "yes", "unknown", "no"),
            ("arn:aws:s3:*", "yes", "unknown", "yes"),
            ("arn:aws:kms", "no", "no", "no"),
            ("arn:aws:s3:::models/*", "yes", "yes", "yes"),
        ] {
            for (incomplete, expected) in [
                (Incomplete::Completed, identity),
                (Incomplete::Refused, session),
                (Incomplete::Itself, attached),
            ] {
                let found = match pattern(wanted).matches_resource(object, incomplete) {
                    Truth::Yes => "yes",
                    Truth::No => "no",
                    Truth::Unknown(_) => "unknown",
                };
                assert_eq!(found, expected, "{wanted} {incomplete:?}");
            }
        }
    }
}
