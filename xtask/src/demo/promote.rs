//! One promotion, dev to prod, as a program would ask for it through `/v1`.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

/// How long the promotion may take: a copy in the demo's world takes 8 s.
const PATIENCE: Duration = Duration::from_mins(2);
const POLL: Duration = Duration::from_millis(200);

/// Asks for the promotion, prints each change of its job, and the line that AWS's side has of
/// the copy. Returns early when interrupted.
pub(super) fn run(
    console: &str,
    token: &str,
    emulator: &str,
    interrupted: &Receiver<()>,
) -> Result<()> {
    let request = json!({
        "source_version": "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v7/1780304400000",
        "destination_project": "arn:aws:rekognition:eu-west-1:333333333333:project/inspector/1757408400000",
        "version_name": "v7",
        "bucket": "vision-prod-models",
        "prefix": "inspector/v7",
        "kms_key": "alias/vision-prod-models",
        "tags": { "team": "vision" },
        "reason": "Better on scratches",
    });
    println!("\nPOST /v1/promotions\n{request:#}");
    let promotion = post(&format!("{console}/v1/promotions"), token, &request)?;
    println!("{promotion:#}");
    let job = text(&promotion, "job")?;
    follow(&format!("{console}/v1/jobs/{job}"), token, interrupted)?;
    print_copy(emulator)
}

/// Prints the state of the job and of its steps whenever one changes, until the job has ended.
fn follow(url: &str, token: &str, interrupted: &Receiver<()>) -> Result<()> {
    let start = Instant::now();
    let mut seen = Vec::new();
    loop {
        let job = get(url, Some(token))?;
        for line in lines(&job)? {
            if !seen.contains(&line) {
                println!("{:>6.1} s  {line}", start.elapsed().as_secs_f64());
                seen.push(line);
            }
        }
        if job["ended"] == true {
            return check_end(&job);
        }
        if start.elapsed() > PATIENCE {
            bail!("the job is not done after {PATIENCE:?}:\n{job:#}");
        }
        match interrupted.recv_timeout(POLL) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => bail!("interrupted"),
        }
    }
}

/// What is worth a line: each step that is under way or done, AWS's word, the job's state.
fn lines(job: &Value) -> Result<Vec<String>> {
    let steps = job["steps"].as_array().context("the job has no steps")?;
    let mut lines = Vec::new();
    for step in steps.iter().filter(|step| !step["started_at"].is_null()) {
        lines.push(format!(
            "  {:<8} {}",
            text(step, "step")?,
            text(step, "status")?
        ));
    }
    if let Some(status) = job["aws_status"].as_str() {
        lines.push(format!("  AWS says {status}"));
    }
    lines.push(text(job, "state")?.to_owned());
    Ok(lines)
}

fn check_end(job: &Value) -> Result<()> {
    match text(job, "state")? {
        "Succeeded" => Ok(()),
        state => bail!("the job ended {state}:\n{job:#}"),
    }
}

/// The ledger's entry of the copy.
fn print_copy(emulator: &str) -> Result<()> {
    let ledger = get(&format!("{emulator}/_emulator/ledger"), None)?;
    let entries = ledger["entries"]
        .as_array()
        .context("the ledger has no entries")?;
    let copy = entries
        .iter()
        .find(|entry| entry["operation"] == "CopyProjectVersion");
    println!(
        "\nThe emulator's ledger:\n{}",
        copy.context("the ledger has no copy")?
    );
    Ok(())
}

fn get(url: &str, token: Option<&str>) -> Result<Value> {
    let mut request = ureq::get(url);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let mut response = request.call().with_context(|| format!("GET {url}"))?;
    Ok(response.body_mut().read_json()?)
}

/// The answer's body is shown when it is a problem: it says what to change.
fn post(url: &str, token: &str, body: &Value) -> Result<Value> {
    let request = ureq::post(url).config().http_status_as_error(false).build();
    let mut response = request
        .header("authorization", format!("Bearer {token}"))
        .send_json(body)
        .with_context(|| format!("POST {url}"))?;
    let answer: Value = response.body_mut().read_json()?;
    if !response.status().is_success() {
        bail!("POST {url} answered {}:\n{answer:#}", response.status());
    }
    Ok(answer)
}

fn text<'a>(value: &'a Value, key: &str) -> Result<&'a str> {
    value[key]
        .as_str()
        .with_context(|| format!("the answer has no {key}: {value:#}"))
}
