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
pub(super) fn run(console: &str, emulator: &str, interrupted: &Receiver<()>) -> Result<()> {
    let request = json!({
        "source_version": "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v7/1780304400000",
        "destination_project": "arn:aws:rekognition:eu-west-1:333333333333:project/inspector/1757408400000",
        "version_name": "v7",
        "bucket": "vision-prod-models",
        "prefix": "inspector/v7",
        "kms_key": "",
        "tags": { "team": "vision" },
    });
    println!("\nPOST /v1/promotions\n{request:#}");
    let promotion = post(&format!("{console}/v1/promotions"), &request)?;
    println!("{promotion:#}");
    let job = text(&promotion, "job")?;
    follow(&format!("{console}/v1/jobs/{job}"), interrupted)?;
    print_copy(emulator)
}

/// Prints the job's state whenever it changes, until it can change no more.
fn follow(url: &str, interrupted: &Receiver<()>) -> Result<()> {
    let start = Instant::now();
    let mut seen = String::new();
    loop {
        let job = get(url)?;
        let state = text(&job, "state")?;
        if state != seen {
            println!("{:>6.1} s  {state}", start.elapsed().as_secs_f64());
            state.clone_into(&mut seen);
        }
        match state {
            "succeeded" => return Ok(()),
            "failed" | "stopped" | "needs_operator" => bail!("the job ended {state}:\n{job:#}"),
            _ if start.elapsed() > PATIENCE => bail!("the job is not done after {PATIENCE:?}"),
            _ => {}
        }
        match interrupted.recv_timeout(POLL) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => bail!("interrupted"),
        }
    }
}

/// The ledger's entry of the copy that was accepted.
fn print_copy(emulator: &str) -> Result<()> {
    let ledger = get(&format!("{emulator}/_emulator/ledger"))?;
    let calls = ledger.as_array().or_else(|| ledger["calls"].as_array());
    let calls = calls.context("the ledger is no list of calls")?;
    let copy = calls
        .iter()
        .find(|call| call["operation"] == "CopyProjectVersion");
    println!(
        "\nThe emulator's ledger:\n{}",
        copy.context("the ledger has no copy")?
    );
    Ok(())
}

fn get(url: &str) -> Result<Value> {
    let mut response = ureq::get(url)
        .call()
        .with_context(|| format!("GET {url}"))?;
    Ok(response.body_mut().read_json()?)
}

/// The answer's body is shown when it is a problem: it says what to change.
fn post(url: &str, body: &Value) -> Result<Value> {
    let request = ureq::post(url).config().http_status_as_error(false).build();
    let mut response = request
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
