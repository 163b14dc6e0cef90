//! `docs/benchmarks.md`: one section for each benchmark, replaced when it runs again.

use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result};

use super::{Report, machine};
use crate::{section, workspace};

const PAGE: &str = "docs/benchmarks.md";
const HEAD: &str = "# Benchmarks

`cargo xtask bench [NAME]` measures and rewrites the section of each benchmark that it runs. Figures
hold for the machine that each section names; where a peer is named, both ran on it one after the
other, so their ratio says more than either figure. No test asserts a time.
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
    writeln!(text, "{}\n", report.method.trim())?;
    writeln!(text, "| | measured | wanted |\n|---|---|---|")?;
    for figure in &report.figures {
        writeln!(
            text,
            "| {} | {} | {} |",
            figure.what, figure.measured, figure.wanted
        )?;
    }
    if !report.notes.is_empty() {
        writeln!(text, "\n{}", report.notes.trim())?;
    }
    writeln!(
        text,
        "\n`cargo xtask bench {name}`, {}.",
        machine::describe()?
    )?;
    Ok(text)
}
