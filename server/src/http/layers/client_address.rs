//! Who a request comes from: the peer of the connection, or whom a trusted proxy names.
//!
//! The address slows down attempts to sign in and stands in the audit log, so nobody may choose it.
//! A proxy's word counts only if the peer is one of `server.trusted_proxies`; from everybody else
//! `X-Forwarded-For` and `Forwarded` are not read at all. What is read is read from the right, where
//! the proxy nearest to us wrote, and the first address that is no proxy's is the client: what stands
//! left of it is the client's own claim.
//!
//! A trusted proxy whose words are not clear is refused, not guessed at: both headers at once, one of
//! them twice, or one that cannot be read. Taking the peer's address instead would let a client be
//! counted as the proxy, together with everybody else who comes through it.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderName, StatusCode, header};
use ipnet::IpNet;

use super::forwarded;
use crate::http::problem::Problem;

static X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The other end of the connection, put into each request by [`crate::serving`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// Where a request comes from, as far as it can be known. An IPv4 address never stands inside an
/// IPv6 one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// The proxies whose word is taken. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Arc<[IpNet]>);

/// What a trusted proxy said cannot be understood in one way only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Unclear;

/// Reads an address or a network, such as `10.0.0.1` or `10.0.0.0/24`. The text of an error goes on
/// after the name of the setting.
pub(crate) fn network(text: &str) -> Result<IpNet, String> {
    let network: IpNet = text
        .parse()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| "must be an address or a network, such as 10.0.0.1 or 10.0.0.0/24")?;
    if network.prefix_len() == 0 {
        return Err("would trust everybody; name the networks of the proxies".to_owned());
    }
    if network.trunc() != network {
        let meant = network.trunc();
        return Err(format!(
            "has bits beyond its prefix; write {meant} or {}",
            network.addr()
        ));
    }
    Ok(network)
}

impl TrustedProxies {
    /// Networks as the configuration has them; one that cannot be read is trusted by nobody.
    pub fn new(networks: &[String]) -> Self {
        networks
            .iter()
            .filter_map(|text| network(text).ok())
            .collect::<Vec<_>>()
            .into()
    }

    fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The client of a request that came over a connection with `peer`.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Result<IpAddr, Unclear> {
        let peer = peer.to_canonical();
        if !self.contains(peer) {
            return Ok(peer);
        }
        let named = match (
            only(headers, &X_FORWARDED_FOR)?,
            only(headers, &header::FORWARDED)?,
        ) {
            (None, None) => return Ok(peer),
            (Some(_), Some(_)) => return Err(Unclear),
            (Some(list), None) => self.nearest(forwarded::x_forwarded_for(list)),
            (None, Some(list)) => {
                self.nearest(forwarded::forwarded(list).ok_or(Unclear)?.into_iter().rev())
            }
        };
        named?.ok_or(Unclear)
    }

    /// The first address that is no proxy's, from the nearest on; if all are, the farthest.
    fn nearest(
        &self,
        from_the_right: impl Iterator<Item = Option<IpAddr>>,
    ) -> Result<Option<IpAddr>, Unclear> {
        let mut farthest = None;
        for address in from_the_right {
            let address = address.ok_or(Unclear)?.to_canonical();
            farthest = Some(address);
            if !self.contains(address) {
                break;
            }
        }
        Ok(farthest)
    }
}

impl From<Vec<IpNet>> for TrustedProxies {
    fn from(networks: Vec<IpNet>) -> Self {
        Self(networks.into())
    }
}

/// A header that was sent at most once and is text.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Unclear> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| Unclear),
        (Some(_), Some(_)) => Err(Unclear),
    }
}

/// Puts the [`ClientAddress`] into the request, or refuses it with 400.
pub async fn layer(
    State(proxies): State<TrustedProxies>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(Peer(peer)) = request.extensions().get::<Peer>().copied() else {
        tracing::error!("a request has no peer");
        let detail = "It cannot be told where the request comes from. Nothing was done.";
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        return Problem::new(status, "internal", detail).answer(&request);
    };
    let Ok(address) = proxies.client(peer.ip(), request.headers()) else {
        let detail = "The proxy in front does not say clearly where the request comes from. \
                      Nothing was done. It must send X-Forwarded-For or Forwarded, one of them, \
                      once.";
        let status = StatusCode::BAD_REQUEST;
        return Problem::new(status, "forwarded", detail).answer(&request);
    };
    request.extensions_mut().insert(ClientAddress(address));
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies() -> TrustedProxies {
        TrustedProxies::new(&["10.0.0.0/24".to_owned(), "2001:db8::1".to_owned()])
    }

    fn client(peer: &str, sent: &[(&'static str, &str)]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            headers.append(*name, value.parse().unwrap());
        }
        let client = proxies().client(peer.parse().unwrap(), &headers);
        client.ok().map(|address| address.to_string())
    }

    #[test]
    fn the_word_of_a_stranger_counts_for_nothing() {
        for sent in [
            &[][..],
            &[("x-forwarded-for", "203.0.113.7")],
            &[("x-forwarded-for", "10.0.0.1")],
            &[("forwarded", "for=203.0.113.7")],
            &[("forwarded", "\"")],
            &[("x-forwarded-for", "a"), ("x-forwarded-for", "b")],
        ] {
            assert_eq!(
                client("192.0.2.1", sent).as_deref(),
                Some("192.0.2.1"),
                "{sent:?}"
            );
        }
    }

    #[test]
    fn a_proxy_names_the_client_and_the_client_cannot_name_another() {
        const XFF: &str = "x-forwarded-for";
        for (sent, found) in [
            (&[][..], Some("10.0.0.9")),
            (&[(XFF, "203.0.113.7")], Some("203.0.113.7")),
            (&[(XFF, "198.51.100.1, 203.0.113.7")], Some("203.0.113.7")),
            (&[(XFF, "10.0.0.3, 203.0.113.7")], Some("203.0.113.7")),
            (&[(XFF, "nonsense, 203.0.113.7")], Some("203.0.113.7")),
            (&[(XFF, "203.0.113.7, 10.0.0.3")], Some("203.0.113.7")),
            (
                &[(XFF, "203.0.113.7,2001:db8::1 ,10.0.0.3")],
                Some("203.0.113.7"),
            ),
            (&[(XFF, "::ffff:203.0.113.7")], Some("203.0.113.7")),
            (&[(XFF, "203.0.113.7:4711")], Some("203.0.113.7")),
            (&[(XFF, "[2001:db8::7]:4711")], Some("2001:db8::7")),
            (&[(XFF, "10.0.0.3, 10.0.0.4")], Some("10.0.0.3")),
            (&[(XFF, "")], None),
            (&[(XFF, "203.0.113.7, ")], None),
            (&[(XFF, "203.0.113.7, unknown")], None),
            (&[(XFF, "nonsense, 10.0.0.3")], None),
            (&[(XFF, "203.0.113.7"), (XFF, "203.0.113.8")], None),
            (
                &[(XFF, "203.0.113.7"), ("forwarded", "for=203.0.113.7")],
                None,
            ),
            (&[("forwarded", "for=203.0.113.7")], Some("203.0.113.7")),
            (
                &[(
                    "forwarded",
                    "for=198.51.100.1, for=\"[2001:db8::7]:80\";proto=https, for=10.0.0.3",
                )],
                Some("2001:db8::7"),
            ),
            (&[("forwarded", "for=unknown")], None),
            (&[("forwarded", "for=_hidden, for=10.0.0.3")], None),
            (
                &[("forwarded", "for=_hidden, for=203.0.113.7")],
                Some("203.0.113.7"),
            ),
            (&[("forwarded", "for=\", for=203.0.113.7")], None),
            (&[("forwarded", "proto=https")], None),
        ] {
            assert_eq!(client("10.0.0.9", sent).as_deref(), found, "{sent:?}");
            assert_eq!(
                client("::ffff:10.0.0.9", sent).as_deref(),
                found,
                "{sent:?}"
            );
        }
    }

    #[test]
    fn a_network_is_exact_and_never_everybody() {
        for good in ["10.0.0.1", "10.0.0.0/24", "::1", "2001:db8::/32"] {
            assert!(network(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "proxy",
            "10.0.0.1/24",
            "10.0.0.0/33",
            "0.0.0.0/0",
            "::/0",
            "10.0.0",
        ] {
            assert!(network(bad).is_err(), "{bad}");
        }
    }
}
