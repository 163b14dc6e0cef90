//! `[server]`: where the console listens and what it is called.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use http::uri::Authority;
use serde::{Deserialize, Serialize};
use url::Url;

use super::address::Address;
use super::error::Findings;
use crate::http::layers::client_address;
use crate::http::layers::host::Names;

/// Where the console listens and what it is called.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerSection {
    /// Address and port. Port 0 takes any free port.
    pub listen: SocketAddr,
    /// What browsers call the console: scheme, name and port, nothing after it. By default
    /// `http://` and the address it listens on. Where other machines can reach that address it is
    /// required and must be `https://`: TLS ends in a proxy in front.
    pub public_url: Option<Address>,
    /// More values of the `Host` header that are answered, `name` or `name:port`.
    pub allowed_hosts: Vec<String>,
    /// The proxies in front, as addresses or networks such as `10.0.0.0/24`. What they say about
    /// who asked is believed, and nobody else's word is.
    pub trusted_proxies: Vec<String>,
    /// The file that gets the one-time link of a first start. By default the link is shown on the
    /// terminal that the server was started from or, without one, stands in `<database>.set-up-link`
    /// beside an SQLite file, or in `customhouse.set-up-link` in the working directory.
    pub set_up_link: Option<PathBuf>,
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
            trusted_proxies: Vec::new(),
            set_up_link: None,
            site: PathBuf::from("target/site/pkg"),
            max_streams: 1_000,
            max_streams_per_user: 100,
            stalled_ms: 30_000,
        }
    }
}

impl ServerSection {
    /// What people type to reach the console, as far as the configuration tells: when it takes any
    /// free port, only the running server knows which.
    pub fn url(&self) -> String {
        let names = Names::new(self.listen, self.public_url.as_deref(), &[]);
        names.url().to_owned()
    }

    /// Whether nobody else can reach the address, or browsers reach it over TLS.
    pub fn is_closed_or_behind_tls(&self) -> bool {
        self.listen.ip().is_loopback()
            || self
                .public_url
                .as_ref()
                .is_some_and(|url| url.scheme() == "https")
    }

    fn what_is_missing(&self) -> String {
        let state = match &self.public_url {
            None => "is missing".to_owned(),
            Some(url) => format!("is {}", url.as_str().trim_end_matches('/')),
        };
        format!(
            "{state}, and other machines can reach {}; name the https:// address under which a \
             proxy in front offers the console, or let server.listen be a loopback address such \
             as 127.0.0.1:3000",
            self.listen
        )
    }

    /// Whether nobody but this machine is to reach the console: not through a proxy either.
    pub fn is_for_this_machine_alone(&self) -> bool {
        self.listen.ip().is_loopback()
            && self.public_url.is_none()
            && self.trusted_proxies.is_empty()
            && self.allowed_hosts.is_empty()
    }

    pub(super) fn validate(&self, findings: &mut Findings) {
        if !self.is_closed_or_behind_tls() {
            findings.add("server.public_url", self.what_is_missing());
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
        for (index, proxy) in self.trusted_proxies.iter().enumerate() {
            if let Err(problem) = client_address::network(proxy) {
                findings.add(format!("server.trusted_proxies[{index}]"), problem);
            }
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
