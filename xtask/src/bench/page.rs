//! `docs/benchmarks.md`: one section for each benchmark, replaced when it runs again.

use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result};

use super::{Report, machine};
use crate::{section, workspace};

const PAGE: &str = "docs/benchmarks.md";
const HEAD: &str = "# Benchmarks

`cargo xtask bench [NAME]` measures and rewrites the section of each benchmark that it runs. Figures hold for the
machine that each section names; where a peer is named, both ran on it one after the other, so their ratio says more
than either figure. No test asserts a time.
";

/// Puts the report into the page.
pub(super) fn write(name: &str, report: &Report) -> Result<()> {
    let path = workspace::path(PAGE);
    let old = fs::read_to_string(&path).unwrap_or_else(|_| HEAD.to_owned());
    let new = section::replace(&old, name, &render(name, report)?);
    fs::write(&path, new).with_context(|| format!("cannot write {PAGE}"))
}

fn render(name: &str, report: &Report) -> Result<String> {
    let mut text = String::new();
    writeln!(text, "## {}\n", report.title)?;
    writeln!(text, "{}\n", wrap(&report.method))?;
    writeln!(text, "| | measured | wanted |\n|---|---|---|")?;
    for figure in &report.figures {
        writeln!(
            text,
            "| {} | {} | {} |",
            figure.what, figure.measured, figure.wanted
        )?;
    }
    if !report.notes.is_empty() {
        writeln!(text, "\n{}", wrap(&report.notes))?;
    }
    let measured = format!("`cargo xtask bench {name}`, {}.", machine::describe()?);
    writeln!(text, "\n{}", wrap(&measured))?;
    Ok(text)
}

/// The text in lines of at most 120 characters, as far as its words let it.
fn wrap(text: &str) -> String {
    const WIDTH: usize = 120;
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is always a line");
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= WIDTH {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_whole_and_lines_short() {
        let text = "word ".repeat(60);
        let wrapped = wrap(&text);
        assert!(wrapped.lines().all(|line| line.len() <= 120));
        assert_eq!(wrapped.split_whitespace().count(), 60);
        assert_eq!(wrap(&"x".repeat(130)).len(), 130);
    }
}
