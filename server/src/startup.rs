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
    Budget, Engine, EngineParts, EventHub, HubParts, HubSettings, NoCheckpoints, Precedence,
};
use operations::OpContext;
use operations::accounts::{FillError, FillOutcome};
use operations::ports::aws::{AwsReads, AwsWrites};
use store::{OpenError, Store};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::{Config, ConfigError};
use crate::housekeeping;
use crate::http::assets::{Assets, AssetsError};
use crate::http::layers::host::Names;
use crate::http::places::{self, Places};
use crate::http::registry::RegistryError;
use crate::http::state::AppState;
use crate::http::{router, routes};
use crate::inventory::{self, Rounds};
use crate::listener::Bounded;
use crate::machine::{MachineClock, MachineRandom};

/// How long requests that are under way may take to end once the server stops.
const DRAIN: Duration = Duration::from_secs(10);

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
    /// The accounts and environments of the configuration.
    #[error("cannot take over the accounts of the configuration")]
    Fill(#[from] FillError),
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
        "refusing to listen on {0}: while nobody can sign in, only loopback addresses are served"
    )]
    NotLoopback(SocketAddr),
    /// The site.
    #[error("cannot load the site")]
    Assets(#[from] AssetsError),
    /// A route without an action.
    #[error("cannot build the routes")]
    Routes(#[from] RegistryError),
}

/// Why a running server ended by itself.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The listener broke.
    #[error("the server cannot accept connections any more")]
    Accept(#[source] io::Error),
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
            actor,
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
    config.engine.operations(config.aws.principal.clone())
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
        let listener = listen(config.server.listen).await?;
        let address = local_address(&listener, config.server.listen)?;
        let store = open_store(config).await?;
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
            writes: budget.writes(&machine.writes),
            clock: Arc::clone(&machine.clock),
            random: Arc::clone(&machine.random),
            operations: Arc::clone(&settings),
            settings: config.engine.settings(),
            instance: instance(machine.random.as_ref()),
            hub: Some(hub.clone()),
            checkpoints: Arc::new(NoCheckpoints),
        });
        let names = Names::new(
            address,
            config.server.public_url.as_deref(),
            &config.server.allowed_hosts,
        );
        let state = AppState {
            store,
            aws: budget.reads(&machine.reads, Precedence::Interactive),
            clock: machine.clock,
            random: machine.random,
            settings,
            hub,
            places: Places::new(config.server.max_streams_per_user),
            assets,
            names,
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
    /// do not run must not look alive.
    pub async fn run(self, stopped: impl Future<Output = ()>) -> Result<(), ServeError> {
        let Self {
            listener,
            router,
            state,
            engine,
            worker,
            rounds,
            stalled,
            streams,
        } = self;
        let (store, hub, clock) = (state.store, state.hub, state.clock);
        let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
        let engine_stop = stop.clone();
        let working = tracker.spawn(async move { engine.run(engine_stop).await });
        let following = tracker.spawn(async move { hub.run().await });
        tracker.spawn(housekeeping::run(store.clone(), clock, stop.clone()));
        inventory::first_look(&worker).await;
        tracker.spawn(inventory::keep_reading(worker, rounds, stop.clone()));

        let drained = CancellationToken::new();
        let listener = Bounded::new(listener, stalled, streams.clone());
        let serving =
            axum::serve(listener, router).with_graceful_shutdown(drained.clone().cancelled_owned());
        let answering = tracker.spawn(serving.into_future());

        tokio::pin!(working, following, answering);
        let outcome = tokio::select! {
            () = stopped => Ok(()),
            _ = &mut working => Err(ServeError::PartEnded),
            _ = &mut following => Err(ServeError::PartEnded),
            served = &mut answering => match served {
                Ok(Err(error)) => Err(ServeError::Accept(error)),
                _ => Err(ServeError::PartEnded),
            },
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

async fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    if !address.ip().is_loopback() {
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
