//! IP addresses and ranges (CIDR, RFC 4632 and RFC 4291).

use std::net::IpAddr;

/// Whether `address` lies in `range`: an address, or an address, `/` and a number of bits. `None`
/// when either cannot be read. An IPv4 address never lies in an IPv6 range, nor the other way.
pub(super) fn within(address: &str, range: &str) -> Option<bool> {
    let address: IpAddr = address.parse().ok()?;
    let (network, bits) = match range.split_once('/') {
        Some((network, bits)) => (network, Some(bits)),
        None => (range, None),
    };
    let network: IpAddr = network.parse().ok()?;
    let width = if network.is_ipv4() { 32 } else { 128 };
    let bits = match bits {
        None => width,
        Some(text) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse::<u32>().ok().filter(|bits| *bits <= width)?
        }
        Some(_) => return None,
    };
    let prefix = |value: u128| value.checked_shr(width - bits).unwrap_or(0);
    Some(match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => {
            prefix(u32::from(address).into()) == prefix(u32::from(network).into())
        }
        (IpAddr::V6(address), IpAddr::V6(network)) => {
            prefix(address.into()) == prefix(network.into())
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_what_they_say() {
        for (address, range, expected) in [
            ("203.0.113.7", "203.0.113.0/24", Some(true)),
            ("203.0.114.7", "203.0.113.0/24", Some(false)),
            ("203.0.113.7", "203.0.113.7", Some(true)),
            ("203.0.113.7", "203.0.113.6/31", Some(true)),
            ("10.1.2.3", "0.0.0.0/0", Some(true)),
            ("2001:db8::1", "2001:db8::/32", Some(true)),
            ("2001:db9::1", "2001:db8::/32", Some(false)),
            ("2001:db8::1", "::/0", Some(true)),
            ("203.0.113.7", "::/0", Some(false)),
            ("203.0.113.7", "203.0.113.0/33", None),
            ("203.0.113.7", "203.0.113.0/+8", None),
            ("203.0.113.7", "203.0.113/24", None),
            ("here", "0.0.0.0/0", None),
        ] {
            assert_eq!(within(address, range), expected, "{address} in {range}");
        }
    }
}
