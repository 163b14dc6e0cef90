//! Puts the parts together, for `main` and for tests.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use customhouse_aws::Aws;
use domain::{Actor, Clock, Random};
use engine::{
    Budget, Duty, Engine, EngineParts, EventHub, HubParts, HubSettings, NoCheckpoints, Precedence,
};
use operations::accounts::{FillError, FillOutcome};
use operations::ports::aws::{AwsReads, AwsWrites};
use operations::{Caller, OpContext, OpError};
use store::{DatabaseLock, LockError, OpenError, Store, StoreError};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::checkpoints::{CheckpointError, Checkpoints};
use crate::config::{Config, ConfigError, RetentionSection, ServerSection};
use crate::first_start::{self, FirstStartError};
use crate::housekeeping;
use crate::http::assets::{Assets, AssetsError};
use crate::http::layers::client_address::TrustedProxies;
use crate::http::layers::host::Names;
use crate::http::places::{self, Places};
use crate::http::registry::RegistryError;
use crate::http::standing::Standing;
use crate::http::state::AppState;
use crate::http::{router, routes};
use crate::inventory::{self, Rounds};
use crate::listener::Bounded;
use crate::machine::{MachineClock, MachineRandom};
use crate::oidc::{Provider, ProviderError};
use crate::serving;

/// How long requests that are under way may take to end once the server stops.
const DRAIN: Duration = Duration::from_secs(10);
/// How far the clocks of this machine and of a database server may be apart, in milliseconds:
/// processes that share a database compare leases by their own clocks.
const SKEW_MS: i64 = 5_000;
/// What the inventory, the tests of roles and tidying up are called together as a duty.
const UPKEEP: &str = "upkeep";

/// What a server takes from its surroundings.
pub struct Machine {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// AWS, to look at.
    pub reads: Arc<dyn AwsReads>,
    /// AWS, to change; for the engine alone.
    pub writes: Arc<dyn AwsWrites>,
}

/// A server that listens and does not answer yet.
pub struct Server {
    listener: TcpListener,
    router: Router,
    state: AppState,
    engine: Engine,
    /// For what the server does by itself.
    worker: OpContext,
    rounds: Rounds,
    upkeep: Duty,
    checkpoints: Checkpoints,
    retention: RetentionSection,
    /// Keeps other servers away from an SQLite file.
    _lock: Option<DatabaseLock>,
    /// How long a write to a peer may make no progress.
    stalled: Duration,
    /// Cancelled first when the server stops: open streams would hold it up.
    streams: CancellationToken,
}

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database.
    #[error("cannot open the database")]
    Database(#[from] OpenError),
    /// Another server has the SQLite file.
    #[error(transparent)]
    Locked(#[from] LockError),
    /// The clocks of this machine and of the database server differ.
    #[error(
        "the clock of this machine and that of the database server are {apart_ms} ms apart, more than {SKEW_MS}; set both by the same time service"
    )]
    Skew {
        /// By how much, in milliseconds.
        apart_ms: i64,
    },
    /// The database server does not tell its time.
    #[error("the database server does not tell its time")]
    Time(#[source] StoreError),
    /// The last checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The accounts and environments of the configuration.
    #[error("cannot take over the accounts of the configuration")]
    Fill(#[from] FillError),
    /// The jobs of a server that died.
    #[error("cannot take over the jobs that the last server held")]
    Jobs(#[source] OpError),
    /// The one-time link for the first administrator.
    #[error(transparent)]
    FirstStart(#[from] FirstStartError),
    /// The address.
    #[error("cannot listen on {address}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// Other machines could reach it.
    #[error(
        "refusing to listen on {0}, which other machines can reach: server.public_url must name the https:// address under which a proxy in front offers the console"
    )]
    NotLoopback(SocketAddr),
    /// The site.
    #[error("cannot load the site")]
    Assets(#[from] AssetsError),
    /// The sign-in provider.
    #[error("cannot use the sign-in provider of the configuration")]
    Provider(#[from] ProviderError),
    /// A route without an action.
    #[error("cannot build the routes")]
    Routes(#[from] RegistryError),
}

/// Why a running server ended by itself.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The database did not keep what it was given.
    #[error(
        "the storage of the database failed: nothing more was stored and AWS is not called any more. Make room or repair the disk, then start again: jobs go on from what is on disk"
    )]
    Storage,
    /// The engine, or the stream of events, ended without being told to.
    #[error("a part of the server ended unexpectedly; its reason is above in the log")]
    PartEnded,
}

impl Machine {
    /// The machine's own clock and randomness, and AWS as the configuration reaches it.
    pub async fn real(config: &Config) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(MachineClock);
        let aws = Arc::new(Aws::new(config.aws.settings(), Arc::clone(&clock)).await);
        let reads: Arc<dyn AwsReads> = Arc::clone(&aws) as Arc<dyn AwsReads>;
        Self {
            clock,
            random: Arc::new(MachineRandom),
            reads,
            writes: aws,
        }
    }

    /// The context of what the server does by itself.
    pub fn context(&self, config: &Config, store: &Store, actor: Actor) -> OpContext {
        OpContext {
            caller: Caller::of(actor),
            request_id: "server".to_owned(),
            store: store.clone(),
            aws: Arc::clone(&self.reads),
            clock: Arc::clone(&self.clock),
            random: Arc::clone(&self.random),
            settings: Arc::new(operation_settings(config)),
        }
    }
}

/// What use cases are told.
pub fn operation_settings(config: &Config) -> operations::Settings {
    operations::Settings {
        sign_in: config.sign_in.settings(),
        ..config.engine.operations(config.aws.principal.clone())
    }
}

/// Opens the configured database and brings its tables up to date.
pub async fn open_store(config: &Config) -> Result<Store, OpenError> {
    Store::open(&config.database.url()).await
}

impl Server {
    /// Opens the database, takes over accounts and environments if it has none, and listens.
    pub async fn start(config: &Config, machine: Machine) -> Result<Self, StartError> {
        let configured = config.registry()?;
        let assets = assets(&config.server.site)?;
        let url = config.database.url();
        let lock = url.file().map(DatabaseLock::take).transpose()?;
        if url.is_exposed() {
            tracing::warn!(
                database = %url,
                "the database server is on another machine and its certificate is not checked; add sslmode=verify-full to its address"
            );
        }
        let listener = listen(&config.server).await?;
        if !config.server.listen.ip().is_loopback() && config.server.trusted_proxies.is_empty() {
            tracing::warn!(
                "server.trusted_proxies names no proxy: whoever comes through one counts as that proxy, also where attempts to sign in are slowed down"
            );
        }
        let address = local_address(&listener, config.server.listen)?;
        let store = open_store(config).await?;
        check_clock(&store, machine.clock.as_ref()).await?;
        let filler = machine.context(config, &store, Actor::Configuration);
        match operations::accounts::fill_from_config(&filler, &configured).await? {
            FillOutcome::Ignored => tracing::warn!("{}", FillOutcome::Ignored),
            outcome => tracing::info!("{outcome}"),
        }
        let streams = CancellationToken::new();
        // Everything from here on asks AWS through one budget.
        let (clock, random) = (Arc::clone(&machine.clock), Arc::clone(&machine.random));
        let budget = Budget::new(config.aws.budget(), clock, random);
        let background = budget.reads(&machine.reads, Precedence::Background);
        let worker = OpContext {
            aws: Arc::clone(&background),
            ..machine.context(config, &store, Actor::Engine)
        };
        let checkpoints = Checkpoints::open(config, &worker).await?;
        if lock.is_some() {
            // Nobody else serves this file, so whoever holds a job is dead.
            let ended = operations::jobs::end_leases(&worker).await;
            let ended = ended.map_err(StartError::Jobs)?;
            if ended > 0 {
                tracing::info!(jobs = ended, "took over the jobs of a server that died");
            }
        }
        let instance = instance(machine.random.as_ref());
        let upkeep = Duty {
            store: store.clone(),
            clock: Arc::clone(&machine.clock),
            name: UPKEEP,
            holder: instance.clone(),
            lease_ms: i64::from(config.engine.lease_ms),
        };
        let max_streams = places::affordable(config.server.max_streams);
        if max_streams < config.server.max_streams {
            tracing::warn!(
                max_streams,
                "fewer event streams are allowed than configured: the process may not open so many files"
            );
        }
        let hub = EventHub::new(HubParts {
            store: store.clone(),
            operations: worker.clone(),
            random: Arc::clone(&machine.random),
            settings: HubSettings {
                max_subscribers: max_streams,
                ..HubSettings::default()
            },
            stop: streams.clone(),
        });
        let settings = Arc::new(operation_settings(config));
        let engine = Engine::new(EngineParts {
            store: store.clone(),
            reads: background,
            looks: budget.reads(&machine.reads, Precedence::Look),
            writes: budget.writes(&machine.writes),
            clock: Arc::clone(&machine.clock),
            random: Arc::clone(&machine.random),
            operations: Arc::clone(&settings),
            settings: config.engine.settings(),
            instance,
            hub: Some(hub.clone()),
            checkpoints: Arc::new(NoCheckpoints),
        });
        let names = Names::new(
            address,
            config.server.public_url.as_deref(),
            &config.server.allowed_hosts,
        );
        let operator = machine.context(config, &store, Actor::LocalOperator);
        first_start::offer_link(config, &operator, names.url()).await?;
        let oidc = config.sign_in.oidc.as_ref();
        let provider = oidc
            .map(|oidc| Provider::new(oidc, names.url(), Arc::clone(&machine.clock)))
            .transpose()?;
        let state = AppState {
            store,
            aws: budget.reads(&machine.reads, Precedence::Interactive),
            clock: machine.clock,
            random: machine.random,
            settings,
            hub,
            places: Places::new(config.server.max_streams_per_user),
            standing: Standing::default(),
            demo: config.server.is_for_this_machine_alone() && config.aws.is_on_this_machine(),
            assets,
            names,
            proxies: TrustedProxies::new(&config.server.trusted_proxies),
            provider,
        };
        let router = router::router(routes::collect()?, state.clone());
        Ok(Self {
            listener,
            router,
            state,
            engine,
            worker,
            rounds: Rounds {
                inventory: Duration::from_mins(u64::from(config.engine.inventory_minutes)),
                roles: Duration::from_mins(u64::from(config.engine.role_test_minutes)),
            },
            upkeep,
            checkpoints,
            retention: config.retention.clone(),
            _lock: lock,
            stalled: Duration::from_millis(config.server.stalled_ms),
            streams,
        })
    }

    /// What people type to reach it.
    pub fn url(&self) -> &str {
        self.state.names.url()
    }

    /// What handlers are given, for tests that look behind the scenes.
    pub fn state(&self) -> &AppState {
        &self.state
    }

    /// Answers and works until `stopped` ends, then ends streams, requests and the engine, in
    /// this order. An engine that ends by itself takes the server with it: a console whose jobs
    /// do not run must not look alive. When the database's storage fails it returns at once, and
    /// the process has to end: nothing that is under way may go on.
    pub async fn run(self, stopped: impl Future<Output = ()>) -> Result<(), ServeError> {
        let Self {
            listener,
            router,
            state,
            engine,
            worker,
            rounds,
            upkeep,
            checkpoints,
            retention,
            _lock,
            stalled,
            streams,
        } = self;
        let (store, hub) = (state.store, state.hub);
        let standing = state.standing;
        let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
        let engine_stop = stop.clone();
        let working = tracker.spawn(async move { engine.run(engine_stop).await });
        let following = tracker.spawn(async move { hub.run().await });
        let (follower, follow_stop) = (store.clone(), stop.clone());
        tracker.spawn(async move { follower.follow(follow_stop.cancelled_owned()).await });
        tracker.spawn(checkpoints.run(worker.clone(), stop.clone()));
        tracker.spawn(standing.run(worker.clone(), stop.clone()));
        if let Some(provider) = state.provider {
            tracker.spawn(provider.watch(stop.clone()));
        }
        let claim = upkeep.take().await;
        if let Some(claim) = &claim {
            inventory::first_look(&doing(&worker, store.fenced(claim.clone()))).await;
        }
        let upkeep_stop = stop.clone();
        tracker.spawn(async move {
            let stop = upkeep_stop.clone();
            let work = |store: Store| {
                let cx = doing(&worker, store);
                let tidying = housekeeping::run(cx.clone(), retention.clone(), stop.clone());
                let reading = inventory::keep_reading(cx, rounds, stop.clone());
                async move {
                    tokio::join!(tidying, reading);
                }
            };
            Box::pin(upkeep.keep(claim, upkeep_stop, work)).await;
        });

        let drained = CancellationToken::new();
        let listener = Bounded::new(listener, stalled, streams.clone());
        let answering = tracker.spawn(serving::serve(
            listener,
            router,
            serving::Limits::default(),
            drained.clone(),
        ));

        tokio::pin!(working, following, answering);
        let outcome = tokio::select! {
            () = stopped => Ok(()),
            () = store.broken() => return Err(ServeError::Storage),
            _ = &mut working => Err(ServeError::PartEnded),
            _ = &mut following => Err(ServeError::PartEnded),
            _ = &mut answering => Err(ServeError::PartEnded),
        };
        streams.cancel();
        drained.cancel();
        let ended = answering.is_finished();
        if !ended && tokio::time::timeout(DRAIN, &mut answering).await.is_err() {
            tracing::warn!("requests that did not end in time were cut off");
            answering.abort();
        }
        stop.cancel();
        tracker.close();
        tracker.wait().await;
        store.close().await;
        outcome
    }
}

/// The context for a duty, whose store writes only while the duty is held.
fn doing(worker: &OpContext, store: Store) -> OpContext {
    OpContext {
        store,
        ..worker.clone()
    }
}

/// Compares this machine's clock with the database server's. What lies within the time of asking
/// counts as equal.
async fn check_clock(store: &Store, clock: &dyn Clock) -> Result<(), StartError> {
    let before = clock.now();
    let Some(server) = store.server_time().await.map_err(StartError::Time)? else {
        return Ok(());
    };
    let after = clock.now();
    let apart_ms = before.since(server).max(server.since(after)).max(0);
    if apart_ms > SKEW_MS {
        return Err(StartError::Skew { apart_ms });
    }
    Ok(())
}

async fn listen(server: &ServerSection) -> Result<TcpListener, StartError> {
    let address = server.listen;
    if !server.is_closed_or_behind_tls() {
        return Err(StartError::NotLoopback(address));
    }
    TcpListener::bind(address)
        .await
        .map_err(|source| StartError::Listen { address, source })
}

fn local_address(listener: &TcpListener, asked: SocketAddr) -> Result<SocketAddr, StartError> {
    listener.local_addr().map_err(|source| StartError::Listen {
        address: asked,
        source,
    })
}

#[cfg(feature = "embed")]
fn assets(_site: &Path) -> Result<Assets, AssetsError> {
    Assets::embedded()
}

#[cfg(not(feature = "embed"))]
fn assets(site: &Path) -> Result<Assets, AssetsError> {
    Assets::from_folder(site)
}

/// Names this process in leases: no two processes are alike, and a restarted one is another.
fn instance(random: &dyn Random) -> String {
    let mut bytes = [0; 8];
    random.fill(&mut bytes);
    format!("{}-{}", std::process::id(), hex::encode(bytes))
}
