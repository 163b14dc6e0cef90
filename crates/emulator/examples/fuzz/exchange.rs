//! Bytes out, an answer back.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// An HTTP answer as it came.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// Sends `bytes` on a connection of their own. `Err` says how it broke: no answer in 20 s, none at
/// all, or one that is no HTTP.
pub(crate) fn exchange(address: SocketAddr, bytes: &[u8]) -> Result<Answer, String> {
    let received = converse(address, bytes, After::Wait)?;
    if received.is_empty() {
        return Err("the connection was dropped without an answer".to_owned());
    }
    parse(&received).ok_or_else(|| {
        format!(
            "the answer is no HTTP: {:?}",
            String::from_utf8_lossy(&received)
        )
    })
}

/// What a sender does once everything is sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum After {
    /// Keeps its side of the connection open.
    Wait,
    /// Closes its side, so that nobody waits for the rest of half a request.
    Close,
}

/// Sends `bytes` and reads until the other side closes.
pub(crate) fn converse(address: SocketAddr, bytes: &[u8], after: After) -> Result<Vec<u8>, String> {
    let said = |what: &str, error: std::io::Error| format!("cannot {what}: {error}");
    let mut stream = TcpStream::connect(address).map_err(|error| said("connect", error))?;
    let limit = Some(Duration::from_secs(20));
    stream
        .set_read_timeout(limit)
        .map_err(|error| said("set a timeout", error))?;
    // The other side may answer and close before it has read everything.
    let _ = stream.write_all(bytes);
    if after == After::Close {
        let _ = stream.shutdown(std::net::Shutdown::Write);
    }
    let mut received = Vec::new();
    match stream.read_to_end(&mut received) {
        Ok(_) => Ok(received),
        Err(_) if !received.is_empty() => Ok(received),
        Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => Ok(Vec::new()),
        Err(error) => Err(said("read an answer", error)),
    }
}

fn parse(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|part| part == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    Some(Answer {
        status,
        headers,
        body: bytes[end + 4..].to_vec(),
    })
}
