//! `docs/referees.md`: the section `last run`; the rest is written by people.

use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result};

use super::{Options, Verdict, pinned};
use crate::{process, section, workspace};

const PAGE: &str = "docs/referees.md";

/// Replaces the section of the last run.
pub(super) fn write(options: &Options, verdicts: &[Verdict], lines: &[String]) -> Result<()> {
    let path = workspace::path(PAGE);
    let page = fs::read_to_string(&path).with_context(|| format!("cannot read {PAGE}"))?;
    let page = section::replace(&page, "last run", &render(options, verdicts, lines)?);
    fs::write(&path, page).with_context(|| format!("cannot write {PAGE}"))
}

fn render(options: &Options, verdicts: &[Verdict], lines: &[String]) -> Result<String> {
    let of = |program: &str, argument: &str| -> Result<String> {
        let text = process::capture(process::command(program).arg(argument))?;
        Ok(text.trim().to_owned())
    };
    let mut text = String::new();
    writeln!(
        text,
        "`cargo xtask referee --cases {} --seed {}` on {}, with Node {} and {}.\n",
        options.cases,
        options.seed,
        process::capture(process::command("date").args(["-u", "+%F"]))?.trim(),
        of("node", "--version")?,
        of("python3", "--version")?,
    )?;
    writeln!(
        text,
        "| referee | versions | passed | failed |\n|---|---|---|---|"
    )?;
    for verdict in verdicts {
        let packages: Vec<String> = verdict
            .packages
            .iter()
            .map(|package| Ok(format!("{package} {}", pinned::version(package)?)))
            .collect::<Result<_>>()?;
        writeln!(
            text,
            "| {} | {} | {} | {} |",
            verdict.name,
            packages.join(", "),
            verdict.tally.passed,
            verdict.tally.failed
        )?;
    }
    if !lines.is_empty() {
        writeln!(
            text,
            "\nWhat iam-simulate and the evaluator had to say:\n\n```"
        )?;
        for line in lines {
            writeln!(text, "{line}")?;
        }
        writeln!(text, "```")?;
    }
    Ok(text)
}
