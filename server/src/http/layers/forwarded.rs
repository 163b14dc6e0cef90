//! Reading `X-Forwarded-For` and `Forwarded` (RFC 7239).
//!
//! `X-Forwarded-For` has no grammar beyond a comma between addresses, so each is read by itself from
//! the right and nobody looks at what a client wrote to the left. `Forwarded` has quoted text: one
//! quotation mark in a client's part could swallow what a proxy appended. So it is read whole, and
//! what breaks the grammar anywhere breaks it all.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// The addresses of `X-Forwarded-For` from the right; `None` for what is no address.
pub(super) fn x_forwarded_for(list: &str) -> impl Iterator<Item = Option<IpAddr>> {
    list.rsplit(',')
        .map(|node| address(node.trim_matches(BLANK)))
}

/// The addresses of the `for` of each element of `Forwarded`, from the left; `None` for a node that
/// is no address or was not named. No result if the grammar is broken.
pub(super) fn forwarded(list: &str) -> Option<Vec<Option<IpAddr>>> {
    let mut reader = Reader { rest: list };
    let mut nodes = Vec::new();
    loop {
        let node = reader.element().ok()?;
        nodes.push(node.as_deref().and_then(address));
        match reader.next() {
            None => return Some(nodes),
            Some(',') => {}
            Some(_) => return None,
        }
    }
}

const BLANK: [char; 2] = [' ', '\t'];

/// An address with or without a port; an IPv6 address with a port stands in brackets.
fn address(node: &str) -> Option<IpAddr> {
    let in_brackets = |node: &str| {
        let inner = node.strip_prefix('[')?.strip_suffix(']')?;
        inner.parse::<Ipv6Addr>().ok()
    };
    node.parse()
        .ok()
        .or_else(|| in_brackets(node).map(IpAddr::from))
        .or_else(|| node.parse::<SocketAddr>().ok().map(|node| node.ip()))
}

/// The grammar is not kept to.
struct Broken;

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    /// `[ pair ] *( ";" [ pair ] )`; gives the value of `for`, which may stand there once.
    fn element(&mut self) -> Result<Option<String>, Broken> {
        let mut node = None;
        loop {
            self.blank();
            if !self.rest.is_empty() && !self.rest.starts_with([',', ';']) {
                let (name, value) = self.pair().ok_or(Broken)?;
                if name.eq_ignore_ascii_case("for") && node.replace(value).is_some() {
                    return Err(Broken);
                }
            }
            self.blank();
            if !self.rest.starts_with(';') {
                return Ok(node);
            }
            self.next();
        }
    }

    fn pair(&mut self) -> Option<(String, String)> {
        let name = self.token()?;
        if self.next() != Some('=') {
            return None;
        }
        let value = if self.rest.starts_with('"') {
            self.quoted()?
        } else {
            self.token()?
        };
        Some((name, value))
    }

    /// RFC 9110 §5.6.2, with a colon too: many proxies write an address with its port unquoted.
    fn token(&mut self) -> Option<String> {
        let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~:".contains(c);
        let end = self.rest.find(|c| !is_token(c)).unwrap_or(self.rest.len());
        let (token, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!token.is_empty()).then(|| token.to_owned())
    }

    /// RFC 9110 §5.6.4.
    fn quoted(&mut self) -> Option<String> {
        let mut text = String::new();
        self.next();
        loop {
            match self.next()? {
                '"' => return Some(text),
                '\\' => text.push(self.next()?),
                other => text.push(other),
            }
        }
    }

    fn blank(&mut self) {
        self.rest = self.rest.trim_start_matches(BLANK);
    }

    fn next(&mut self) -> Option<char> {
        let next = self.rest.chars().next()?;
        self.rest = &self.rest[next.len_utf8()..];
        Some(next)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(list: &str) -> Option<Vec<Option<String>>> {
        let nodes = forwarded(list)?;
        let text = |node: Option<IpAddr>| node.map(|node| node.to_string());
        Some(nodes.into_iter().map(text).collect())
    }

    #[test]
    fn the_examples_of_the_standard_are_read() {
        let some = |text: &str| Some(text.to_owned());
        for (list, nodes) in [
            ("for=\"_gazonk\"", vec![None]),
            (
                "For=\"[2001:db8:cafe::17]:4711\"",
                vec![some("2001:db8:cafe::17")],
            ),
            (
                "for=192.0.2.60;proto=http;by=203.0.113.43",
                vec![some("192.0.2.60")],
            ),
            (
                "for=192.0.2.43, for=198.51.100.17",
                vec![some("192.0.2.43"), some("198.51.100.17")],
            ),
            ("for=192.0.2.43 ; proto=https;", vec![some("192.0.2.43")]),
            ("proto=https", vec![None]),
            ("", vec![None]),
        ] {
            assert_eq!(read(list), Some(nodes), "{list}");
        }
    }

    #[test]
    fn broken_grammar_breaks_it_all() {
        for list in [
            "for=\"192.0.2.1",
            "for=\"192.0.2.1\\",
            "for=192.0.2.1 for=192.0.2.2",
            "for=192.0.2.1;for=192.0.2.2",
            "for 192.0.2.1",
            "for=",
            "=192.0.2.1",
            "for=\"a\"b",
            "for=[2001:db8::1]",
        ] {
            assert_eq!(read(list), None, "{list}");
        }
    }

    proptest! {
        /// Whatever a client sends, what the proxy appends is read as the proxy meant it, or
        /// nothing is.
        #[test]
        fn a_client_cannot_hide_what_a_proxy_appends(claim in "[ -~]{0,40}", quoted: bool) {
            let own = if quoted { "for=\"[2001:db8::7]\";proto=https" } else { "for=203.0.113.7" };
            let meant: IpAddr = if quoted { "2001:db8::7" } else { "203.0.113.7" }.parse().unwrap();
            if let Some(nodes) = forwarded(&format!("{claim}, {own}")) {
                prop_assert_eq!(nodes.last(), Some(&Some(meant)));
            }
        }
    }
}
