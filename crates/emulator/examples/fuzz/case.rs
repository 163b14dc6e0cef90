//! One case: a fresh emulator and some dozens of requests, all from one seed.

use crate::corpus::{Template, templates};
use crate::exchange::{After, Answer, converse, exchange};
use crate::message::Message;
use crate::seed::Seed;
use crate::sign::{Identity, encode, sign};
use crate::world::{EXTERNAL_ID, HOME, PROMOTER, Still, identities};
use crate::{mutate, panics, spoil, world};
use anyhow::{Context as _, Result};
use domain::Clock as _;
use emulator::{Emulator, Handle, World};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

const REQUESTS: usize = 40;

/// What a case sent and received, for the judge.
pub(crate) struct Case {
    pub(crate) answered: Vec<(Message, Answer)>,
    /// Requests whose signature the emulator took.
    pub(crate) admitted: usize,
    /// Calls that were carried out.
    pub(crate) executed: usize,
}

/// Plays the case of `seed` in the world that `demo` becomes with it. The inner `Err` is a finding:
/// what happened, and the request.
pub(crate) fn play(runtime: &Runtime, demo: &str, seed: u64) -> Result<Result<Case, String>> {
    let seed = Seed::new(seed);
    let handle = serve(runtime, demo, &seed)?;
    let address: SocketAddr = handle.url().trim_start_matches("http://").parse()?;
    let played = Player::new(address).play(&seed);
    runtime.block_on(handle.shutdown());
    Ok(played)
}

fn serve(runtime: &Runtime, demo: &str, seed: &Seed) -> Result<Handle> {
    let text = world::text(demo, seed);
    let world = World::parse(&text).context("the world of the fuzzing program")?;
    let _inside = runtime.enter();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let emulator = Emulator::new(world)
        .with_clock(Arc::new(Still))
        .with_seed(seed.next());
    Ok(emulator.serve(listener)?)
}

struct Player {
    address: SocketAddr,
    templates: Vec<Template>,
    identities: Vec<Identity>,
}

impl Player {
    fn new(address: SocketAddr) -> Self {
        Self {
            address,
            templates: templates(),
            identities: identities(),
        }
    }

    fn play(mut self, seed: &Seed) -> Result<Case, String> {
        self.become_promoter()?;
        let mut answered = Vec::new();
        for _ in 0..REQUESTS {
            match seed.below(25) {
                0 => self.send_garbage(seed)?,
                1 => self.advance(seed)?,
                _ => {
                    let message = self.request(seed);
                    let answer = self.exchange(&message)?;
                    answered.push((message, answer));
                }
            }
        }
        let (admitted, executed) = self.ledger()?;
        Ok(Case {
            answered,
            admitted,
            executed,
        })
    }

    /// A session for some of the requests.
    fn become_promoter(&mut self) -> Result<(), String> {
        let assume = self
            .templates
            .iter()
            .find(|one| one.operation == "AssumeRole");
        let mut message = assume
            .expect("the corpus has AssumeRole")
            .message(&self.address.to_string());
        let role = encode(PROMOTER.as_bytes(), false);
        let body = format!(
            "Action=AssumeRole&Version=2011-06-15&RoleSessionName=fuzz&RoleArn={role}\
             &ExternalId={EXTERNAL_ID}"
        );
        message.body = body.into_bytes();
        sign(&mut message, &self.identities[HOME], Still.now());
        let answer = self.exchange(&message)?;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        let inside = |name: &str| {
            let from = text.split_once(&format!("<{name}>"))?.1;
            Some(from.split_once('<')?.0.to_owned())
        };
        let session = (
            inside("AccessKeyId"),
            inside("SecretAccessKey"),
            inside("SessionToken"),
        );
        let (Some(access_key_id), Some(secret), Some(token)) = session else {
            return Err(format!("a valid AssumeRole was answered with {text}"));
        };
        self.identities.push(Identity {
            access_key_id,
            secret,
            token: Some(token),
            region: crate::world::REGION,
        });
        Ok(())
    }

    fn request(&self, seed: &Seed) -> Message {
        let host = self.address.to_string();
        let mut message = spoil::request(seed, &self.templates, &host, self.identities.len());
        let date = message
            .headers
            .iter()
            .position(|(name, _)| name == "x-amz-date");
        let spoiled_date = date.map(|at| message.headers.remove(at));
        let signer = &self.identities[message.signer];
        sign(&mut message, signer, Still.now());
        if let Some(spoiled) = spoiled_date {
            message.headers.retain(|(name, _)| name != "x-amz-date");
            message.headers.push(spoiled);
        }
        if seed.chance(6) {
            spoil::spoil_signature(seed, &mut message);
        }
        message
    }

    /// An answer that no fault explains is a finding: a broken connection, a 500, a panic.
    fn exchange(&self, message: &Message) -> Result<Answer, String> {
        let bytes = message.bytes();
        let told = |what: String| format!("{what}\nrequest: {}", readable(&bytes));
        let answer = exchange(self.address, &bytes);
        if let Some(panic) = panics::take().first() {
            return Err(told(panic.clone()));
        }
        let answer = answer.map_err(told)?;
        if answer.status >= 500 && answer.status != 501 {
            let body = String::from_utf8_lossy(&answer.body).into_owned();
            return Err(told(format!("status {}: {body}", answer.status)));
        }
        Ok(answer)
    }

    /// Bytes that are no HTTP. Whatever comes back, the emulator lives on.
    fn send_garbage(&self, seed: &Seed) -> Result<(), String> {
        let mut bytes = self.request(seed).bytes();
        for _ in 0..=seed.below(5) {
            mutate::spoil_bytes(seed, &mut bytes);
        }
        converse(self.address, &bytes, After::Close).map(drop)?;
        match panics::take().first() {
            Some(panic) => Err(format!("{panic}\nrequest: {}", readable(&bytes))),
            None => Ok(()),
        }
    }

    /// Moves the world's time, which ends copies and sessions.
    fn advance(&self, seed: &Seed) -> Result<(), String> {
        let mut body = serde_json::json!({ "seconds": seed.below(2000) });
        if seed.chance(30) {
            mutate::spoil_value(seed, &mut body);
        }
        self.control("POST", "advance", body.to_string()).map(drop)
    }

    fn control(&self, method: &'static str, name: &str, body: String) -> Result<Answer, String> {
        let mut message = Message {
            service: "control",
            operation: None,
            method,
            path: format!("/_emulator/{name}"),
            query: String::new(),
            headers: Vec::new(),
            body: body.into_bytes(),
            signer: HOME,
        };
        message.set("host", &self.address.to_string());
        message.set("content-type", "application/json");
        self.exchange(&message)
    }

    /// How many calls the emulator took for signed, and how many it carried out.
    fn ledger(&self) -> Result<(usize, usize), String> {
        let answer = self.control("GET", "ledger", String::new())?;
        let ledger: serde_json::Value = serde_json::from_slice(&answer.body)
            .map_err(|error| format!("the ledger is no JSON: {error}"))?;
        let entries = ledger["entries"].as_array().cloned().unwrap_or_default();
        let signed = entries.iter().filter(|line| line["account"].is_string());
        let executed = entries
            .iter()
            .filter(|line| line["outcome"]["executed"] == true);
        Ok((signed.count(), executed.count()))
    }
}

/// Bytes for people, in one line.
pub(crate) fn readable(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).escape_debug().to_string()
}
