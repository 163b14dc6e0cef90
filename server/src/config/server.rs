//! `[server]`: where the console listens and what it is called.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use http::uri::Authority;
use serde::{Deserialize, Serialize};
use url::Url;

use super::address::Address;
use super::error::Findings;

/// Where the console listens and what it is called.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerSection {
    /// Address and port. Port 0 takes any free port.
    pub listen: SocketAddr,
    /// What browsers call the console: scheme, name and port, nothing after it. By default
    /// `http://` and the address it listens on.
    pub public_url: Option<Address>,
    /// More values of the `Host` header that are answered, `name` or `name:port`.
    pub allowed_hosts: Vec<String>,
    /// The folder of the built site. Not read when the binary holds the site itself.
    pub site: PathBuf,
    /// How many event streams may be open at once; more get 503. Fewer if the process may not open
    /// so many files.
    pub max_streams: usize,
    /// How many of them one person may have.
    pub max_streams_per_user: usize,
    /// After how many milliseconds without progress a connection is closed whose peer does not
    /// read what it is sent.
    pub stalled_ms: u64,
}

impl Default for ServerSection {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 3000)),
            public_url: None,
            allowed_hosts: Vec::new(),
            site: PathBuf::from("target/site/pkg"),
            max_streams: 1_000,
            max_streams_per_user: 100,
            stalled_ms: 30_000,
        }
    }
}

impl ServerSection {
    pub(super) fn validate(&self, findings: &mut Findings) {
        if !self.listen.ip().is_loopback() {
            findings.add(
                "server.listen",
                format!(
                    "is {}, which other machines can reach; while nobody can sign in, only a loopback address such as 127.0.0.1 is accepted",
                    self.listen
                ),
            );
        }
        if let Some(url) = &self.public_url
            && !is_origin(url)
        {
            findings.add(
                "server.public_url",
                "must be http:// or https://, a name and perhaps a port, and nothing after it",
            );
        }
        if !(1..=100_000).contains(&self.max_streams) {
            findings.add("server.max_streams", "must lie between 1 and 100000");
        }
        if !(1..=100_000).contains(&self.max_streams_per_user) {
            let problem = "must lie between 1 and 100000";
            findings.add("server.max_streams_per_user", problem);
        }
        if !(200..=600_000).contains(&self.stalled_ms) {
            let problem = "must lie between 200 and 600000 milliseconds";
            findings.add("server.stalled_ms", problem);
        }
        for (index, host) in self.allowed_hosts.iter().enumerate() {
            if !is_host(host) {
                findings.add(
                    format!("server.allowed_hosts[{index}]"),
                    "must be a name or name:port, such as console.example.org",
                );
            }
        }
    }
}

fn is_origin(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
}

fn is_host(text: &str) -> bool {
    !text.contains('@')
        && text
            .parse::<Authority>()
            .is_ok_and(|name| !name.host().is_empty())
}
