//! The process that is ended: engine, store and AWS adapter as the server puts them together.

use crate::clock::AheadClock;
use crate::control::{Control, Retrying};
use crate::moment::StruckAt;
use crate::operator::answer_all;
use crate::setting::{context, engine_settings};
use anyhow::{Context as _, Result};
use clap::Args;
use customhouse_aws::{Aws, AwsSettings, BaseCredentials};
use domain::{Actor, Clock, Random};
use engine::{Engine, EngineParts, EventHub, EventStream, HubParts, HubSettings, StreamFilter};
use futures::StreamExt;
use operations::ports::aws::{AwsReads, AwsWrites};
use operations::{OpContext, Settings};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use store::{EventCursor, Store};
use testkit::SeededRandom;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What a child is told.
#[derive(Args, Clone, Debug)]
pub struct ChildOptions {
    /// The database.
    #[arg(long)]
    pub database: String,
    /// The emulator.
    #[arg(long)]
    pub aws: String,
    /// The file of the clock that all children of a round have.
    #[arg(long)]
    pub clock: PathBuf,
    /// For its randomness.
    #[arg(long)]
    pub seed: u64,
    /// A moment at which it ends.
    #[arg(long)]
    pub end_at: Option<String>,
    /// A moment at which it says so and waits for a line.
    #[arg(long, conflicts_with = "end_at")]
    pub freeze_at: Option<String>,
    /// At which passing of that moment.
    #[arg(long, default_value_t = 1)]
    pub nth: u32,
    /// The event that its reader has read last.
    #[arg(long)]
    pub after: Option<String>,
    /// A fault that is built in.
    #[arg(long)]
    pub control: Option<Control>,
}

/// A line that a child prints when it begins to work.
pub const WORKING: &str = "working";
/// What the line of an event begins with.
pub const EVENT: &str = "event ";
/// A line that a child prints at the moment at which it is to be frozen.
pub const FROZEN: &str = "frozen";

/// How often in a row the database may fail, 50 ms apart.
const REFUSALS: u32 = 20;

/// Works until every job has ended and every event is printed.
pub async fn run(options: ChildOptions) -> Result<()> {
    let store = Store::open(&options.database.parse()?)
        .await
        .context("the database does not open")?;
    let own_clock = AheadClock::of(options.clock.clone());
    let clock: Arc<dyn Clock> = Arc::new(own_clock.clone());
    let random: Arc<dyn Random> = Arc::new(SeededRandom::new(options.seed));
    let aws = Arc::new(Aws::new(aws_settings(&options)?, Arc::clone(&clock)).await);
    let reads: Arc<dyn AwsReads> = Arc::clone(&aws) as Arc<dyn AwsReads>;
    let writes: Arc<dyn AwsWrites> = match options.control {
        Some(Control::Retries) => Arc::new(Retrying(aws)),
        Some(Control::ForgetsPlace) | None => aws,
    };
    let person = context(
        testkit::everything(),
        &store,
        Arc::clone(&reads),
        Arc::clone(&clock),
        Arc::clone(&random),
    );
    let stop = CancellationToken::new();
    let hub = EventHub::new(HubParts {
        store: store.clone(),
        operations: person.acting_as(Actor::Engine),
        random: Arc::clone(&random),
        settings: HubSettings {
            poll: Duration::from_millis(100),
            ..HubSettings::default()
        },
        stop: stop.clone(),
    });
    let engine = Engine::new(EngineParts {
        store: store.clone(),
        looks: Arc::clone(&reads),
        reads,
        writes,
        clock,
        random,
        operations: Arc::new(Settings::default()),
        settings: engine_settings(),
        instance: format!("child-{}-{}", std::process::id(), options.seed),
        hub: Some(hub.clone()),
        checkpoints: Arc::new(StruckAt::new(&options)),
    });
    say(WORKING)?;
    let events = hub.subscribe_text(options.after.as_deref(), StreamFilter::All)?;
    let tracker = TaskTracker::new();
    tracker.spawn(async move { hub.run().await });
    tracker.spawn({
        let stop = stop.clone();
        async move { engine.run(stop).await }
    });
    follow(&person, &own_clock, events).await?;
    stop.cancel();
    tracker.close();
    tracker.wait().await;
    store.close().await;
    Ok(())
}

/// Prints each event, until the head is reached and every job has ended.
async fn follow(person: &OpContext, clock: &AheadClock, mut events: EventStream) -> Result<()> {
    let mut place: Option<EventCursor> = None;
    let mut refused = 0;
    loop {
        let next = tokio::time::timeout(Duration::from_millis(50), events.next()).await;
        match next {
            Ok(Some(frame)) => {
                let text = String::from_utf8_lossy(&frame);
                if let Some(cursor) = field(&text, "id: ") {
                    place = Some(cursor.parse()?);
                    if field(&text, "event: ") != Some("heartbeat") {
                        say(&format!("{EVENT}{cursor}"))?;
                    }
                }
            }
            Ok(None) => anyhow::bail!("the stream of events ended"),
            Err(_) => match go_on(person, clock, place).await {
                Ok(true) => return Ok(()),
                Ok(false) => refused = 0,
                // PostgreSQL ends the connections of a process that was frozen for long.
                Err(_) if refused < REFUSALS => refused += 1,
                Err(error) => return Err(error),
            },
        }
    }
}

/// Does what a person would, and says whether nothing is left to do or to print.
async fn go_on(person: &OpContext, clock: &AheadClock, place: Option<EventCursor>) -> Result<bool> {
    let store = &person.store;
    let head = *store.watch_head().borrow();
    if place == Some(head) && has_settled(store).await? {
        return Ok(true);
    }
    answer_all(person).await?;
    skip_pause(store, clock).await?;
    Ok(false)
}

/// Moves the clock to the moment at which the next job falls due, if nothing is under way and that
/// moment is more than a second off. Some pauses are as long as a lease.
async fn skip_pause(store: &Store, clock: &AheadClock) -> Result<()> {
    let mut reader = store.read().await?;
    let active = store::jobs::active(&mut reader).await?;
    if active.iter().any(|job| job.lease_until.is_some()) {
        return Ok(());
    }
    let due = active.iter().map(|job| job.next_run_at).min();
    let pause_ms = due.map_or(0, |due| due.since(clock.now()));
    if pause_ms > 1_000 {
        clock.forward(pause_ms)?;
    }
    Ok(())
}

/// Whether every job has ended.
async fn has_settled(store: &Store) -> Result<bool> {
    let mut reader = store.read().await?;
    Ok(store::jobs::active(&mut reader).await?.is_empty())
}

fn field<'a>(frame: &'a str, name: &str) -> Option<&'a str> {
    frame.lines().find_map(|line| line.strip_prefix(name))
}

/// Prints a line to whoever started the child.
pub(crate) fn say(line: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

fn aws_settings(options: &ChildOptions) -> Result<AwsSettings> {
    Ok(AwsSettings {
        endpoint_url: Some(options.aws.clone()),
        home_region: "eu-west-1".parse()?,
        credentials: BaseCredentials::Fixed {
            access_key_id: "CHEMULATORDEV0000001".to_owned(),
            secret_access_key: "customhouse-emulator-secret-0000000000001".to_owned(),
        },
        connect_timeout_ms: 1_000,
        attempt_timeout_ms: 2_000,
    })
}
