//! Takes a world file apart, so that a large one is never in memory as one document: what rules
//! the whole world, and each `[[account]]` with everything that belongs to it.

use super::place::line_at;
use super::read::Document;
use toml_parser::Source;
use toml_parser::lexer::TokenKind;

/// The parts of a world file.
pub(super) struct Parts<'a> {
    /// Everything but the accounts, on the same lines as in the file.
    pub(super) settings: String,
    pub(super) accounts: Vec<Part<'a>>,
}

/// One account's part.
pub(super) struct Part<'a> {
    pub(super) text: &'a str,
    /// The file's lines before it.
    pub(super) lines_before: usize,
}

impl Part<'_> {
    /// As a document.
    pub(super) fn document(&self) -> Document<'_> {
        Document::Toml {
            text: self.text,
            lines_before: self.lines_before,
        }
    }
}

/// What a header, a line that begins with a bracket, opens.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Header {
    /// `[[account]]`
    Account,
    /// Such as `[[account.role]]`.
    WithinAccount,
    Other,
}

/// Takes `text` apart. Text that is not TOML comes back in parts of which at least one is not.
pub(super) fn split(text: &str) -> Parts<'_> {
    let mut settings = String::new();
    let mut accounts = Vec::new();
    let mut start = 0;
    let mut account = false;
    let mut line = 0;
    let mut close = |start: usize, end: usize, account: bool| {
        let part = &text[start..end];
        if account {
            let lines_before = line;
            accounts.push(Part {
                text: part,
                lines_before,
            });
            settings.extend(part.chars().filter(|character| *character == '\n'));
        } else {
            settings.push_str(part);
        }
        line += line_at(part, part.len()) - 1;
    };
    for (offset, header) in headers(text) {
        if header == Header::WithinAccount {
            continue;
        }
        close(start, offset, account);
        (start, account) = (offset, header == Header::Account);
    }
    close(start, text.len(), account);
    Parts { settings, accounts }
}

/// The offsets of all headers and what they open.
fn headers(text: &str) -> Vec<(usize, Header)> {
    let source = Source::new(text);
    let mut headers = Vec::new();
    let mut depth = 0_usize;
    let mut line: Vec<(TokenKind, &str)> = Vec::new();
    let mut header_at = None;
    let mut fresh = true;
    for token in source.lex() {
        let kind = token.kind();
        match kind {
            TokenKind::Whitespace => continue,
            TokenKind::Newline | TokenKind::Comment | TokenKind::Eof => {
                if let Some(offset) = header_at.take() {
                    headers.push((offset, header(&line)));
                    line.clear();
                }
                fresh = kind == TokenKind::Newline;
                continue;
            }
            TokenKind::LeftSquareBracket if fresh && depth == 0 => {
                header_at = Some(token.span().start());
            }
            _ => {}
        }
        fresh = false;
        if header_at.is_some() {
            let word = text.get(token.span().start()..token.span().end());
            line.push((kind, word.unwrap_or_default()));
            continue;
        }
        match kind {
            TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => depth += 1,
            TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket => {
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
    }
    headers
}

fn header(line: &[(TokenKind, &str)]) -> Header {
    use TokenKind::{Atom, Dot, LeftSquareBracket as Open, RightSquareBracket as Close};
    match line {
        [
            (Open, _),
            (Open, _),
            (Atom, "account"),
            (Close, _),
            (Close, _),
        ] => Header::Account,
        [(Open, _), (Open, _), (Atom, "account"), (Dot, _), ..]
        | [(Open, _), (Atom, "account"), (Dot, _), ..] => Header::WithinAccount,
        _ => Header::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn accounts_are_parted_only_where_they_begin() {
        let text = "a = 1\n[[account]] # one\nid = \"1\"\npolicy = '''\n[[account]]\n'''\n\
                    x = [\n[1],\n]\n[[account.role]]\nname = \"r\"\n[quotas]\nb = 2\n[[ account ]]\nid = \"2\"\n";
        let parts = split(text);
        let accounts: Vec<(usize, usize)> = parts
            .accounts
            .iter()
            .map(|part| (part.lines_before, part.text.lines().count()))
            .collect();
        assert_eq!(accounts, [(1, 10), (13, 2)]);
        assert_eq!(
            parts.settings,
            format!("a = 1\n{}[quotas]\nb = 2\n\n\n", "\n".repeat(10))
        );
    }

    proptest! {
        #[test]
        fn no_byte_is_lost(text in "(\\[\\[account\\]\\]|\\[a\\]|'''|\"|[a-z=\\n \\[\\]#é]){0,60}") {
            let parts = split(&text);
            let lines = text.matches('\n').count();
            prop_assert_eq!(parts.settings.matches('\n').count(), lines);
            let taken: usize = parts.accounts.iter().map(|part| part.text.len()).sum();
            let newlines: usize = parts.accounts.iter().map(|part| part.text.matches('\n').count()).sum();
            prop_assert_eq!(taken + parts.settings.len() - newlines, text.len());
        }
    }
}
