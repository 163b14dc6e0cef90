//! Matching text with `*` (any characters, also none) and `?` (exactly one).
//!
//! In ARNs and actions a wildcard stays within its part between colons: AWS says so for ARNs and
//! gives no other rule for patterns with fewer parts. So where the parts do not settle it but the
//! text as a whole would match, the answer is unknown rather than a guess.

use crate::condition::ConditionContext;
use crate::document::{PolicyVersion, quoted};
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
}

/// Whether letters' case counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Counts,
    Ignored,
}

/// A policy's text, ready to be compared.
#[derive(Debug)]
pub(crate) struct Pattern<'a> {
    text: &'a str,
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
            })
            .collect();
        Self { text, tokens }
    }

    /// Compares the whole text.
    pub(crate) fn matches(&self, text: &str, case: Case) -> Truth {
        let text: Vec<char> = text.chars().collect();
        self.settle(glob(&self.tokens, &text, case))
    }

    /// Compares part by part between colons: the first `parts - 1` colons divide, later ones belong
    /// to the last part.
    pub(crate) fn matches_parts(&self, text: &str, parts: usize, case: Case) -> Truth {
        let whole: Vec<char> = text.chars().collect();
        if !glob(&self.tokens, &whole, case) {
            return Truth::No;
        }
        let wanted: Vec<&[Token]> = self
            .tokens
            .splitn(parts, |token| *token == Token::One(':'))
            .collect();
        let found: Vec<Vec<char>> = text
            .splitn(parts, ':')
            .map(|part| part.chars().collect())
            .collect();
        let fits = wanted.len() == found.len()
            && wanted
                .iter()
                .zip(&found)
                .all(|(part, text)| glob(part, text, case));
        if fits {
            self.settle(true)
        } else {
            Truth::Unknown(format!(
                "pattern {}, whose wildcards would have to match across a colon",
                quoted(self.text)
            ))
        }
    }

    fn settle(&self, matched: bool) -> Truth {
        let unknown = self.tokens.iter().find_map(|token| match token {
            Token::Unknown(why) => Some(why),
            Token::One(_) | Token::AnyOne | Token::AnyMany => None,
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
            Some(Token::One(_)) | None => {}
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
mod tests {
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

    fn pattern(text: &str) -> Pattern<'_> {
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

        #[test]
        fn matching_by_parts_never_contradicts_matching_as_a_whole(
            wanted in "[ab*?:]{0,9}", text in "[ab:]{0,10}", parts in 1_usize..7
        ) {
            let whole = pattern(&wanted).matches(&text, Case::Counts);
            match pattern(&wanted).matches_parts(&text, parts, Case::Counts) {
                Truth::Yes => prop_assert_eq!(whole, Truth::Yes),
                Truth::No => prop_assert_eq!(whole, Truth::No),
                Truth::Unknown(_) => prop_assert_eq!(whole, Truth::Yes),
            }
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
