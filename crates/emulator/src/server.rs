//! HTTP in front of the door.

use crate::clock::{SystemClock, WorldClock};
use crate::connection::{Connection, Cut};
use crate::door::{self, Door};
use crate::faults::Rate;
use crate::inside::{Shared, Start};
use crate::random;
use crate::reply::Reply;
use crate::request::Request;
use crate::world::World;
use bytes::Bytes;
use domain::Clock;
use http::{Response, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// The largest body that is read, in bytes. No operation here needs more.
const BODY_LIMIT: usize = 1024 * 1024;

/// How long no connection is taken after one could not be.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// An emulator that is not running yet.
pub struct Emulator {
    world: World,
    clock: Arc<dyn Clock>,
    seed: u64,
    fault_rate: Option<Rate>,
    control: bool,
}

/// A running emulator. Dropping it stops it.
pub struct Handle {
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl Emulator {
    /// An emulator of `world` on the machine's clock, with a seed of its own and the control API
    /// on.
    pub fn new(world: World) -> Self {
        Self {
            world,
            clock: Arc::new(SystemClock),
            seed: random::system_seed(),
            fault_rate: None,
            control: true,
        }
    }

    /// With another clock. It also judges the skew of signatures, so a client has to share it.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// With this seed, from which everything drawn follows: ids, credentials and faults. The same
    /// seed and the same calls in the same order give the same answers but for the time.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The seed.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Makes each call go wrong with this chance, from 0 to 1, in a way drawn from the seed.
    ///
    /// # Errors
    ///
    /// When the chance is not from 0 to 1.
    pub fn with_fault_rate(mut self, rate: f64) -> Result<Self, String> {
        self.fault_rate = Some(Rate::try_from(rate)?);
        Ok(self)
    }

    /// Without the control API.
    #[must_use]
    pub fn without_control(mut self) -> Self {
        self.control = false;
        self
    }

    /// Starts to answer on `listener`. Must be called within a tokio runtime.
    ///
    /// # Errors
    ///
    /// When the listener's address cannot be read, or is not a loopback address: the emulator is
    /// a tool for this machine alone.
    pub fn serve(self, listener: TcpListener) -> io::Result<Handle> {
        let address = listener.local_addr()?;
        if !address.ip().is_loopback() {
            let problem =
                format!("the emulator listens on loopback addresses only, not on {address}");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, problem));
        }
        let shared = Arc::new(self.shared());
        #[expect(
            clippy::disallowed_methods,
            reason = "the handle owns the task and ends it when dropped"
        )]
        let accepting = tokio::spawn(accept(listener, shared));
        Ok(Handle { address, accepting })
    }

    /// The same emulator without a socket.
    pub fn door(self) -> Door {
        Door::new(self.shared())
    }

    fn shared(self) -> Shared {
        let start = Start {
            clock: WorldClock::new(self.clock),
            seed: self.seed,
            fault_rate: self.fault_rate,
            control: self.control,
        };
        Shared::new(self.world, start)
    }
}

impl Handle {
    /// The endpoint for every service, account and Region, such as `http://127.0.0.1:4599`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops at once: open connections are cut.
    pub async fn shutdown(mut self) {
        self.accepting.abort();
        // Being cancelled is how the task ends.
        let _ = (&mut self.accepting).await;
    }

    /// Waits for as long as the emulator runs.
    pub async fn wait(mut self) {
        let _ = (&mut self.accepting).await;
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Takes connections until it is aborted, which also ends every connection.
async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(converse(stream, Arc::clone(&shared)));
                }
                // With no file descriptor left, the next try fails at once too.
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn converse(stream: TcpStream, shared: Arc<Shared>) {
    let cut = Cut::default();
    let connection = Connection::new(stream, cut.clone());
    let service = service_fn(|request| {
        let (shared, cut) = (Arc::clone(&shared), cut.clone());
        async move {
            match respond(&shared, request).await {
                Reply::Response(response) => Ok(response.map(Full::new)),
                Reply::Reset => {
                    cut.arm();
                    Err(io::Error::from(io::ErrorKind::ConnectionReset))
                }
            }
        }
    });
    // A connection that breaks is the client's affair; the ledger has what was done.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(connection), service)
        .await;
}

async fn respond(shared: &Shared, request: http::Request<Incoming>) -> Reply {
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, BODY_LIMIT).collect().await else {
        let mut response =
            Response::new(Bytes::from_static(b"the body is too large or broke off\n"));
        *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
        return Reply::Response(response);
    };
    door::answer(shared, Request::new(head, body.to_bytes())).await
}
