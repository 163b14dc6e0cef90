//! The simulator, in a Node process of its own.

use crate::case::{Case, Verdict};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Answer {
    Judged { verdict: Verdict },
    Failed { error: String },
}

/// The simulator's answers in the order of `cases`; a text where it could not judge.
pub(crate) fn judge(cases: &[Case]) -> Result<Vec<Result<Verdict, String>>, String> {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/simulate/judge.mjs");
    let mut node = Command::new("node")
        .arg(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("Node.js could not be started: {error}"))?;
    let mut input = node.stdin.take().expect("standard input is piped");
    let output = node.stdout.take().expect("standard output is piped");
    let lines: Vec<String> = cases
        .iter()
        .map(|case| case.to_json().to_string())
        .collect();
    let writer = std::thread::spawn(move || input.write_all(lines.join("\n").as_bytes()));
    let mut answers = Vec::with_capacity(cases.len());
    for line in BufReader::new(output).lines() {
        let line = line.map_err(|error| format!("Node.js stopped answering: {error}"))?;
        let answer = serde_json::from_str(&line)
            .map_err(|error| format!("Node.js answered {line:?}: {error}"))?;
        answers.push(match answer {
            Answer::Judged { verdict } => Ok(verdict),
            Answer::Failed { error } => Err(error),
        });
    }
    let status = node
        .wait()
        .map_err(|error| format!("Node.js was lost: {error}"))?;
    let written = writer.join().expect("the writer does not panic");
    if !status.success() || written.is_err() || answers.len() != cases.len() {
        return Err(format!(
            "Node.js answered {} of {} cases and ended with {status}; run `npm ci` in crates/iam/tests/simulate if it misses a module",
            answers.len(),
            cases.len()
        ));
    }
    Ok(answers)
}
