//! Accepting connections that cannot hold the server up.
//!
//! A peer that stops reading would keep its connection, and what is queued for it, for as long as it
//! likes: hyper has no time limit for writing. So the kernel queues little for each connection, and
//! a write that makes no progress for a while ends the connection. While the server stops, that
//! while is short.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::serve::Listener;
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, Sleep};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// What the kernel may queue for a peer, in bytes. Linux counts its own bookkeeping too and doubles
/// the number for it (socket(7), `SO_SNDBUF`).
const QUEUED: usize = 24 * 1024;

/// How long a write may make no progress once the server stops.
const WHEN_STOPPING: Duration = Duration::from_millis(200);

/// A listener whose connections end when their peers do not read.
pub(crate) struct Bounded {
    inner: TcpListener,
    longest: Duration,
    stop: CancellationToken,
}

impl Bounded {
    /// `longest` is how long a write may make no progress; `stop` shortens that.
    pub(crate) fn new(inner: TcpListener, longest: Duration, stop: CancellationToken) -> Self {
        Self {
            inner,
            longest,
            stop,
        }
    }

    fn prepare(&self, stream: &TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let socket = SockRef::from(stream);
        socket.set_send_buffer_size(QUEUED)?;
        // Also ends connections whose peer has vanished: nothing is acknowledged then.
        #[cfg(target_os = "linux")]
        socket.set_tcp_user_timeout(Some(self.longest))?;
        Ok(())
    }
}

impl Listener for Bounded {
    type Io = Prompt;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, address) = Listener::accept(&mut self.inner).await;
        if let Err(error) = self.prepare(&stream) {
            tracing::debug!(%error, "a connection keeps the system's own limits");
        }
        let prompt = Prompt {
            stream,
            longest: self.longest,
            stop: self.stop.clone(),
            stalled: None,
        };
        (prompt, address)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        Listener::local_addr(&self.inner)
    }
}

/// A connection whose writes make progress or fail with [`io::ErrorKind::TimedOut`].
pub(crate) struct Prompt {
    stream: TcpStream,
    longest: Duration,
    stop: CancellationToken,
    stalled: Option<Pin<Box<Stalled>>>,
}

/// A write that makes no progress.
struct Stalled {
    deadline: Pin<Box<Sleep>>,
    stopping: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
}

impl Prompt {
    /// Takes in what a write came to, and lets one that stands still end in time.
    fn watch<T>(
        &mut self,
        written: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let (longest, stop) = (self.longest, &self.stop);
        let stalled = self.stalled.get_or_insert_with(|| {
            Box::pin(Stalled {
                deadline: Box::pin(tokio::time::sleep(longest)),
                stopping: Some(Box::pin(stop.clone().cancelled_owned())),
            })
        });
        if let Some(stopping) = &mut stalled.stopping
            && stopping.as_mut().poll(context).is_ready()
        {
            stalled.stopping = None;
            let soon = Instant::now() + WHEN_STOPPING;
            if stalled.deadline.deadline() > soon {
                stalled.deadline.as_mut().reset(soon);
            }
        }
        match stalled.deadline.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::Error::new(
                io::ErrorKind::TimedOut,
                "the peer does not read",
            ))),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for Prompt {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Prompt {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.watch(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    /// A connection whose peer reads only if it is asked to.
    async fn connected(longest: Duration, stop: &CancellationToken) -> (Prompt, TcpStream) {
        let inner = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = inner.local_addr().unwrap();
        let mut listener = Bounded::new(inner, longest, stop.clone());
        let (accepted, peer) = tokio::join!(listener.accept(), TcpStream::connect(address));
        (accepted.0, peer.unwrap())
    }

    async fn write_until_it_fails(connection: &mut Prompt) -> (usize, io::Error) {
        let mut written = 0;
        loop {
            match connection.write(&[b'x'; 4096]).await {
                Ok(count) => written += count,
                Err(error) => return (written, error),
            }
        }
    }

    #[tokio::test]
    async fn a_peer_that_does_not_read_loses_the_connection() {
        let stop = CancellationToken::new();
        let (mut connection, _peer) = connected(Duration::from_millis(300), &stop).await;
        let writing = write_until_it_fails(&mut connection);
        let (_, error) = tokio::time::timeout(Duration::from_secs(30), writing)
            .await
            .expect("it is given up");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_stopping_server_waits_for_nobody() {
        let stop = CancellationToken::new();
        let (mut connection, _peer) = connected(Duration::from_hours(1), &stop).await;
        let stopping = async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            stop.cancel();
        };
        let writing = async { tokio::join!(write_until_it_fails(&mut connection), stopping) };
        let ((_, error), ()) = tokio::time::timeout(Duration::from_secs(30), writing)
            .await
            .expect("it is given up");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_slow_peer_that_reads_gets_everything() {
        let stop = CancellationToken::new();
        let (mut connection, mut peer) = connected(Duration::from_secs(10), &stop).await;
        let bytes = vec![b'x'; 1 << 20];
        let sending = async {
            connection.write_all(&bytes).await.unwrap();
            drop(connection);
        };
        let reading = async {
            let mut read = Vec::new();
            peer.read_to_end(&mut read).await.unwrap();
            read.len()
        };
        let ((), read) = tokio::join!(sending, reading);
        assert_eq!(read, 1 << 20);
    }
}
