//! Editing the text of a policy document without touching what others wrote in it.
//!
//! A document is read strictly first, so that what is edited is known to be one; then only the text
//! of our own statement is put in, replaced or cut out. Every other statement keeps its bytes.

use operations::iam::{PolicyDocument, PolicyError, Statement};
use std::ops::Range;

/// The document with `statement` in it. One of the same Sid is replaced where it stands, and further
/// ones of that Sid go; otherwise it is appended.
pub(crate) fn with_statement(text: &str, statement: &Statement) -> Result<String, PolicyError> {
    let new = alone(statement);
    let Some(sid) = statement.sid.as_deref() else {
        return append(text, &new);
    };
    let document = PolicyDocument::parse(text)?;
    let Some(first) = position(&document, sid) else {
        return append(text, &new);
    };
    let spans = spans(text);
    let Some(span) = spans.statements.get(first).cloned() else {
        return append(text, &new);
    };
    // Later ones first: cutting moves what stands behind.
    let mut edited = text.to_owned();
    for (index, other) in document.statements.iter().enumerate().rev() {
        if index > first && other.is_named(sid) {
            edited = cut(&edited, index);
        }
    }
    edited.replace_range(span, &new);
    Ok(edited)
}

/// The document without the statements named `sid`; none if nothing else is left. Unchanged if there
/// is no such statement.
pub(crate) fn without_statement(text: &str, sid: &str) -> Result<Option<String>, PolicyError> {
    let document = PolicyDocument::parse(text)?;
    if document.without_statement(sid).statements.is_empty() {
        return Ok(None);
    }
    let mut edited = text.to_owned();
    for (index, statement) in document.statements.iter().enumerate().rev() {
        if statement.is_named(sid) {
            edited = cut(&edited, index);
        }
    }
    Ok(Some(edited))
}

/// A document that holds only `statement`.
pub(crate) fn document_of(statement: Statement) -> String {
    PolicyDocument::of(vec![statement]).to_json()
}

fn position(document: &PolicyDocument, sid: &str) -> Option<usize> {
    let mut statements = document.statements.iter();
    statements.position(|statement| statement.is_named(sid))
}

/// The text of one statement.
fn alone(statement: &Statement) -> String {
    let document = document_of(statement.clone());
    let span = spans(&document).statements.first().cloned();
    span.map(|span| document[span].to_owned())
        .unwrap_or_default()
}

fn append(text: &str, new: &str) -> Result<String, PolicyError> {
    PolicyDocument::parse(text)?;
    let Spans {
        value,
        statements,
        listed,
    } = spans(text);
    let mut edited = text.to_owned();
    match statements.last() {
        Some(last) if listed => edited.insert_str(last.end, &format!(",{new}")),
        Some(only) => edited.replace_range(value, &format!("[{},{new}]", &text[only.clone()])),
        None => edited.replace_range(value, &format!("[{new}]")),
    }
    Ok(edited)
}

/// Cuts statement number `index` out of a list of at least two, with one comma.
fn cut(text: &str, index: usize) -> String {
    let statements = spans(text).statements;
    let range = match (index.checked_sub(1), statements.get(index)) {
        (Some(before), Some(span)) => statements.get(before).map(|before| before.end..span.end),
        (None, Some(span)) => statements.get(1).map(|next| span.start..next.start),
        _ => None,
    };
    let mut edited = text.to_owned();
    if let Some(range) = range {
        edited.replace_range(range, "");
    }
    edited
}

/// Where the statements stand in the text of a document.
struct Spans {
    /// The value of the member `Statement`.
    value: Range<usize>,
    /// Each statement.
    statements: Vec<Range<usize>>,
    /// Whether the value is a list.
    listed: bool,
}

/// Finds the statements in a text that is known to be a policy document.
fn spans(text: &str) -> Spans {
    let mut scan = Scan { text, at: 0 };
    scan.skip_to_value();
    let members = scan.children();
    let value = members
        .into_iter()
        .find_map(|member| scan.value_named("Statement", &member))
        .unwrap_or(text.len()..text.len());
    let listed = text[value.clone()].starts_with('[');
    let statements = if listed {
        Scan {
            text,
            at: value.start,
        }
        .children()
    } else {
        vec![value.clone()]
    };
    Spans {
        value,
        statements,
        listed,
    }
}

/// Walks over JSON that is known to be well formed.
struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl Scan<'_> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_to_value(&mut self) {
        while self.byte().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// The members or elements of the object or list that begins here, without the white space
    /// around them.
    fn children(&mut self) -> Vec<Range<usize>> {
        let mut children = Vec::new();
        self.at += 1;
        loop {
            self.skip_to_value();
            if matches!(self.byte(), None | Some(b'}' | b']')) {
                self.at += 1;
                return children;
            }
            let start = self.at;
            self.skip_child();
            let end = start + self.text[start..self.at].trim_end().len();
            children.push(start..end);
            if self.byte() == Some(b',') {
                self.at += 1;
            }
        }
    }

    /// Goes to the comma or bracket behind a member or element.
    fn skip_child(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.byte() {
            match byte {
                b'"' => {
                    self.skip_string();
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' | b',' if depth == 0 => return,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            self.at += 1;
        }
    }

    fn skip_string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.byte() {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'"' => return,
                _ => {}
            }
        }
    }

    /// The value of a member, if that has this name.
    fn value_named(&self, name: &str, member: &Range<usize>) -> Option<Range<usize>> {
        let mut scan = Scan {
            text: self.text,
            at: member.start,
        };
        scan.skip_string();
        let key: String = serde_json::from_str(&self.text[member.start..scan.at]).ok()?;
        scan.skip_to_value();
        scan.at += 1;
        scan.skip_to_value();
        (key == name).then_some(scan.at..member.end)
    }
}

#[cfg(test)]
mod tests;
