//! The control API under `/_emulator/`: for tests and for people, never for the product.
//!
//! It answers only callers on this machine that are not a web page: [`guard`] says how.

mod guard;

use crate::clock::exact;
use crate::faults::NewRule;
use crate::inside::{Inside, Shared};
use crate::request::Request;
use bytes::Bytes;
use http::{HeaderValue, Method, Response, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};

/// The paths that belong to the control API.
pub(crate) const PREFIX: &str = "/_emulator/";

/// A request that was not done: status and a sentence that says what to do instead.
pub(crate) struct Refusal {
    status: StatusCode,
    sentence: String,
}

impl Refusal {
    fn new(status: StatusCode, sentence: impl Into<String>) -> Self {
        Self {
            status,
            sentence: sentence.into(),
        }
    }
}

/// Answers one request to the control API.
pub(crate) fn answer(shared: &Shared, request: &Request) -> Response<Bytes> {
    let result = guard::check(shared, request).and_then(|()| route(shared, request));
    let (status, body) = match result {
        Ok(body) => (StatusCode::OK, body),
        Err(refusal) => (
            refusal.status,
            json!({ "error": refusal.sentence }).to_string(),
        ),
    };
    let mut response = Response::new(Bytes::from(body + "\n"));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The answer's body, which is JSON.
fn route(shared: &Shared, request: &Request) -> Result<String, Refusal> {
    let name = request.path.strip_prefix(PREFIX).unwrap_or_default();
    let get = request.method == Method::GET;
    let post = request.method == Method::POST;
    let answer = match name {
        "health" if get => health(shared),
        "ledger" if get => return ledger(shared, &request.query),
        "state" if get => state(shared),
        "faults" if get => rules(shared, &shared.lock()),
        "faults" if post => faults(shared, &request.body)?,
        "advance" if post => advance(shared, &request.body)?,
        "world" if post => world(shared, &request.body)?,
        "reset" if post => {
            shared.reset();
            json!({ "reset": true })
        }
        "health" | "ledger" | "state" | "faults" | "advance" | "world" | "reset" => {
            return Err(Refusal::new(
                StatusCode::METHOD_NOT_ALLOWED,
                format!("{name} has no {}", request.method),
            ));
        }
        _ => {
            return Err(Refusal::new(
                StatusCode::NOT_FOUND,
                "the control API has health, ledger, state, faults, advance, world and reset",
            ));
        }
    };
    Ok(answer.to_string())
}

fn health(shared: &Shared) -> Value {
    let now = shared.clock.now();
    json!({
        "status": "ok",
        "time_ms": now,
        "time": exact(now),
        "ahead_ms": shared.clock.ahead_ms(),
        "seed": shared.seed,
    })
}

/// `?after=N` leaves out the entries up to number N.
fn ledger(shared: &Shared, query: &str) -> Result<String, Refusal> {
    let mut after = 0;
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        after = value
            .parse()
            .ok()
            .filter(|_| name == "after")
            .ok_or_else(|| {
                let sentence = "the ledger takes after=NUMBER and nothing else";
                Refusal::new(StatusCode::BAD_REQUEST, sentence)
            })?;
    }
    let inside = shared.lock();
    let (seed, dropped) = (shared.seed, inside.ledger.dropped());
    let mut text = format!(r#"{{"seed":{seed},"dropped":{dropped},"entries":["#);
    inside.ledger.write_since(after, &mut text);
    text.push_str("]}");
    Ok(text)
}

fn state(shared: &Shared) -> Value {
    let now = shared.clock.now();
    let mut inside = shared.lock();
    inside.settle(now);
    inside.state.view(now)
}

fn faults(shared: &Shared, body: &[u8]) -> Result<Value, Refusal> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Faults {
        rules: Vec<NewRule>,
    }
    let Faults { rules: new } = read(body)?;
    let mut inside = shared.lock();
    inside.faults.replace(new, &shared.random);
    Ok(rules(shared, &inside))
}

fn rules(shared: &Shared, inside: &Inside) -> Value {
    json!({ "seed": shared.seed, "rules": inside.faults.rules() })
}

fn advance(shared: &Shared, body: &[u8]) -> Result<Value, Refusal> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Advance {
        seconds: crate::world::text::Seconds,
    }
    let Advance { seconds } = read(body)?;
    shared.clock.advance(seconds.milliseconds());
    let now = shared.clock.now();
    shared.lock().settle(now);
    Ok(health(shared))
}

fn world(shared: &Shared, body: &[u8]) -> Result<Value, Refusal> {
    let fragment: Value = read(body)?;
    let mut inside = shared.lock();
    inside.settle(shared.clock.now());
    inside
        .merge(&fragment, &shared.random)
        .map_err(|error| Refusal::new(StatusCode::BAD_REQUEST, error.to_string()))?;
    Ok(json!({ "merged": true }))
}

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Refusal> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let problem = error.into_inner();
        let sentence = match path.as_str() {
            "." => format!("the body is not right: {problem}"),
            path => format!("the body is not right: {path}: {problem}"),
        };
        Refusal::new(StatusCode::BAD_REQUEST, sentence)
    })?;
    reader
        .end()
        .map_err(|error| Refusal::new(StatusCode::BAD_REQUEST, error.to_string()))?;
    Ok(value)
}
