//! Takes guards out of a copy of the code, one at a time: a suite that stays green without a guard
//! does not test it.

use std::fmt;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use super::control::Control;
use super::tree;
use crate::postgres::Postgres;
use crate::{process, workspace};

/// The copy. All controls have the same one, one after the other, so that cargo builds again only
/// what a patch has changed.
const TREE: &str = "target/controls/tree";
/// What is built of it, apart from the real programs.
const BUILD: &str = "target/controls/build";
/// What the line of a finding begins with.
const FOUND: &str = "    found ";

/// Runs the controls of these names, or all, and fails if one of them does not turn its rounds red
/// for the expected reason.
pub(super) fn run(only: &[String]) -> Result<()> {
    let mut controls = Control::all()?;
    for name in only {
        let known = controls.iter().any(|control| control.name == *name);
        ensure!(known, "there is no control {name:?}");
    }
    controls.retain(|control| only.is_empty() || only.contains(&control.name));
    let shared = controls
        .iter()
        .any(|control| control.database == "postgres");
    let postgres = shared.then(Postgres::start).transpose()?;
    let mut missed = 0;
    for control in &controls {
        let verdict = match try_out(control, postgres.as_ref()) {
            Ok(verdict) => verdict,
            Err(error) => Verdict::NotRun(format!("{error:#}")),
        };
        missed += usize::from(!matches!(verdict, Verdict::Red(_)));
        println!("{:<18} {verdict}", control.name);
    }
    if missed > 0 {
        bail!(
            "{missed} of {} controls are not red as expected",
            controls.len()
        );
    }
    Ok(())
}

fn try_out(control: &Control, postgres: Option<&Postgres>) -> Result<Verdict> {
    eprintln!("{}: {}", control.name, control.prose);
    let tree = workspace::path(TREE);
    tree::copy_to(&tree)?;
    control.apply(&tree)?;
    let build = workspace::path(BUILD);
    process::run(
        process::cargo()
            .args(["build", "--quiet", "--package", "crash", "--target-dir"])
            .arg(&build)
            .current_dir(&tree),
    )
    .context("it does not compile")?;
    let mut program = process::command(build.join("debug/crash"));
    program
        .args(["run", "--rounds", "0", "--seed", "1"])
        .args(["--database", &control.database]);
    for round in &control.rounds {
        program.args(["--round", round]);
    }
    if let Some(postgres) = postgres {
        postgres.known_to(&mut program);
    }
    judged(control, &mut program)
}

/// Runs the rounds; everything that they print goes into a file beside the copy.
fn judged(control: &Control, program: &mut Command) -> Result<Verdict> {
    let output = program.output().context("the rounds cannot be started")?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    let log = workspace::path(&format!("target/controls/{}.log", control.name));
    fs::write(log, format!("{printed}{errors}"))?;
    let lines: Vec<&str> = printed.lines().chain(errors.lines()).collect();
    Ok(verdict(&control.finds, &lines, output.status.success()))
}

/// What a control came to.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// The judge has found what it should; its words.
    Red(String),
    /// It has found something else only.
    Other(String),
    /// It has found nothing.
    Green,
    /// The rounds could not be judged; why.
    NotRun(String),
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Red(found) => write!(formatter, "red as expected  {found}"),
            Self::Other(found) => write!(formatter, "NOT red as expected, but  {found}"),
            Self::Green => formatter.write_str("NOT red: nothing was found"),
            Self::NotRun(why) => write!(formatter, "NOT red: it was not judged: {why}"),
        }
    }
}

fn verdict(expected: &str, lines: &[&str], success: bool) -> Verdict {
    let mut found = lines.iter().filter_map(|line| line.strip_prefix(FOUND));
    let is_it = |found: &&str| {
        let seen = found.strip_prefix(expected);
        seen.is_some_and(|seen| seen.starts_with(": "))
    };
    if let Some(right) = found.clone().find(is_it) {
        return Verdict::Red(right.to_owned());
    }
    match found.next() {
        Some(other) => Verdict::Other(other.to_owned()),
        None if success => Verdict::Green,
        None => {
            let first = lines.iter().find(|line| line.starts_with("Error: "));
            let why = first.or(lines.last()).copied();
            Verdict::NotRun(why.unwrap_or("it printed nothing").to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_expected_finding_counts() {
        let expected = "two copies";
        for (lines, success, wanted) in [
            (
                &["    found a grant left: x", "    found two copies: y"][..],
                false,
                Verdict::Red("two copies: y".to_owned()),
            ),
            (
                &["    found a grant left: x"][..],
                false,
                Verdict::Other("a grant left: x".to_owned()),
            ),
            (
                &["    found two copies more: x"][..],
                false,
                Verdict::Other("two copies more: x".to_owned()),
            ),
            (&["1 rounds"][..], true, Verdict::Green),
            (
                &["1 rounds", "Error: a child did not finish", "Caused by:"][..],
                false,
                Verdict::NotRun("Error: a child did not finish".to_owned()),
            ),
        ] {
            assert_eq!(verdict(expected, lines, success), wanted, "{lines:?}");
        }
    }
}
