//! botocore, in a process of its own, reads every answer.
//!
//! Answers go out in batches; a batch is judged while the next one is made.

use crate::exchange::Answer;
use crate::message::Message;
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// What is said of one answer that botocore does not take.
pub(crate) struct Verdict {
    /// The answer's place in its batch.
    pub(crate) index: usize,
    pub(crate) problem: String,
}

/// The judging process.
pub(crate) struct Judge {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Judge {
    /// Starts `python script`.
    pub(crate) fn start(python: &str, script: &str) -> Result<Self> {
        let mut process = Command::new(python)
            .arg(script)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {python} {script}"))?;
        let input = process.stdin.take().context("no input to the judge")?;
        let output = process.stdout.take().context("no output of the judge")?;
        Ok(Self {
            process,
            input,
            output: BufReader::new(output),
        })
    }

    /// Hands one batch over; its verdicts come from [`Judge::verdicts`].
    pub(crate) fn send(&mut self, batch: &[(Message, Answer)]) -> Result<()> {
        let answers: Vec<Value> = batch
            .iter()
            .map(|(message, answer)| describe(message, answer))
            .collect();
        let line = Value::from(answers).to_string();
        writeln!(self.input, "{line}").context("the judge reads no more")?;
        self.input.flush().context("the judge reads no more")
    }

    /// The verdicts on the batch that was handed over first.
    pub(crate) fn verdicts(&mut self) -> Result<Vec<Verdict>> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        let verdicts: Vec<(usize, String)> =
            serde_json::from_str(&line).context("the judge ended before its verdict")?;
        Ok(verdicts
            .into_iter()
            .map(|(index, problem)| Verdict { index, problem })
            .collect())
    }

    /// Ends the process.
    pub(crate) fn stop(mut self) -> Result<()> {
        drop(self.input);
        let status = self.process.wait()?;
        ensure!(status.success(), "the judge ended with {status}");
        Ok(())
    }
}

fn describe(message: &Message, answer: &Answer) -> Value {
    let headers: serde_json::Map<String, Value> = answer
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
        .collect();
    json!({
        "service": message.service,
        "operation": message.operation,
        "head": message.method == "HEAD",
        "status": answer.status,
        "headers": headers,
        "body": hex::encode(&answer.body),
    })
}
