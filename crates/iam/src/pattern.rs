//! Matching text with `*` (any characters, also none) and `?` (exactly one).
//!
//! Texts that colons divide (ARNs and actions) have rules of their own: [`parts`].

mod parts;

pub(crate) use parts::Incomplete;

use crate::condition::ConditionContext;
use crate::document::PolicyVersion;
use crate::truth::Truth;
use crate::variable::{Piece, pieces};

/// What a policy's text may hold besides itself.
pub(crate) struct Scope<'a> {
    /// The language version of the document it stands in.
    pub(crate) version: Option<PolicyVersion>,
    /// Where variables take their values from.
    pub(crate) context: &'a ConditionContext,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    One(char),
    AnyOne,
    AnyMany,
    /// Unknown text, taken for [`Token::AnyMany`] to see whether it matters.
    Unknown(String),
    /// No value: nothing is equal to it or like it.
    Nothing,
}

/// Whether letters' case counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Counts,
    /// Of ASCII letters it does not.
    Ignored,
    /// Of no letter in Unicode.
    IgnoredEverywhere,
}

/// A policy's text, ready to be compared.
#[derive(Debug)]
pub(crate) struct Pattern<'a> {
    text: &'a str,
    /// Whether `${` begins a variable here.
    has_variables: bool,
    tokens: Vec<Token>,
}

impl<'a> Pattern<'a> {
    /// A pattern in which `*` and `?` are wildcards.
    pub(crate) fn with_wildcards(text: &'a str, scope: &Scope<'_>) -> Self {
        Self::build(text, scope, true)
    }

    /// A pattern in which `*` and `?` stand for themselves.
    pub(crate) fn plain(text: &'a str, scope: &Scope<'_>) -> Self {
        Self::build(text, scope, false)
    }

    fn build(text: &'a str, scope: &Scope<'_>, wildcards: bool) -> Self {
        let tokens = pieces(text, scope.version, scope.context)
            .into_iter()
            .map(|piece| match piece {
                Piece::Written('*') if wildcards => Token::AnyMany,
                Piece::Written('?') if wildcards => Token::AnyOne,
                Piece::Written(character) | Piece::Literal(character) => Token::One(character),
                Piece::Unknown(why) => Token::Unknown(why),
                Piece::Nothing => Token::Nothing,
            })
            .collect();
        Self {
            text,
            has_variables: scope.version == Some(PolicyVersion::V2012),
            tokens,
        }
    }

    /// Compares the whole text.
    pub(crate) fn matches(&self, text: &str, case: Case) -> Truth {
        let text: Vec<char> = text.chars().collect();
        self.settle(glob(&self.tokens, &text, case))
    }

    fn settle(&self, matched: bool) -> Truth {
        let unknown = self.tokens.iter().find_map(|token| match token {
            Token::Unknown(why) => Some(why),
            Token::One(_) | Token::AnyOne | Token::AnyMany | Token::Nothing => None,
        });
        match unknown {
            Some(why) if matched => Truth::Unknown(why.clone()),
            _ => Truth::of(matched),
        }
    }
}

/// Greedy matching that goes back only to the last `*`: at most length × length steps.
fn glob(pattern: &[Token], text: &[char], case: Case) -> bool {
    let same = |left: char, right: char| match case {
        Case::Counts => left == right,
        Case::Ignored => left.eq_ignore_ascii_case(&right),
        Case::IgnoredEverywhere => left.to_lowercase().eq(right.to_lowercase()),
    };
    let (mut at_pattern, mut at_text) = (0, 0);
    let mut last_many: Option<(usize, usize)> = None;
    while at_text < text.len() {
        match pattern.get(at_pattern) {
            Some(Token::AnyMany | Token::Unknown(_)) => {
                last_many = Some((at_pattern, at_text));
                at_pattern += 1;
                continue;
            }
            Some(Token::AnyOne) => {
                at_pattern += 1;
                at_text += 1;
                continue;
            }
            Some(Token::One(character)) if same(*character, text[at_text]) => {
                at_pattern += 1;
                at_text += 1;
                continue;
            }
            Some(Token::One(_) | Token::Nothing) | None => {}
        }
        let Some((many, from)) = last_many else {
            return false;
        };
        last_many = Some((many, from + 1));
        at_pattern = many + 1;
        at_text = from + 1;
    }
    pattern[at_pattern..]
        .iter()
        .all(|token| matches!(token, Token::AnyMany | Token::Unknown(_)))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The definition, as directly as it can be written.
    fn oracle(pattern: &[char], text: &[char]) -> bool {
        match (pattern.first(), text.first()) {
            (None, None) => true,
            (Some('*'), _) => {
                oracle(&pattern[1..], text) || (!text.is_empty() && oracle(pattern, &text[1..]))
            }
            (Some('?'), Some(_)) => oracle(&pattern[1..], &text[1..]),
            (Some(wanted), Some(found)) => wanted == found && oracle(&pattern[1..], &text[1..]),
            (_, None) | (None, _) => false,
        }
    }

    pub(super) fn pattern(text: &str) -> Pattern<'_> {
        let context = ConditionContext::new();
        Pattern::with_wildcards(
            text,
            &Scope {
                version: None,
                context: &context,
            },
        )
    }

    proptest! {
        #[test]
        fn wildcards_match_as_defined(wanted in "[ab*?:]{0,9}", text in "[ab:]{0,10}") {
            let (wanted_characters, characters): (Vec<_>, Vec<_>) =
                (wanted.chars().collect(), text.chars().collect());
            prop_assert_eq!(
                pattern(&wanted).matches(&text, Case::Counts),
                Truth::of(oracle(&wanted_characters, &characters))
            );
        }

    }

    #[test]
    fn long_patterns_of_stars_end_quickly() {
        let wanted = "*a".repeat(2000);
        let text = "b".repeat(4000);
        assert_eq!(pattern(&wanted).matches(&text, Case::Counts), Truth::No);
    }

    #[test]
    fn case_counts_only_when_it_should() {
        assert_eq!(
            pattern("S3:get*").matches("s3:GetObject", Case::Ignored),
            Truth::Yes
        );
        assert_eq!(
            pattern("S3:get*").matches("s3:GetObject", Case::Counts),
            Truth::No
        );
    }
}
