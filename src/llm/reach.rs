//! Which addresses a model's endpoint may have.
//!
//! An endpoint that a workspace's admin typed in must not become a way into the network this server
//! stands in. The name is resolved once, every address it has is checked, and those very addresses are
//! connected to: a name that answers differently the second time gains nothing.

use super::LlmError;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// For endpoints that the installation itself configures, as Ollama on this machine.
    #[default]
    Anywhere,
    /// Public addresses only, and no proxy on the way, which would look names up for itself.
    Public,
}

/// Refuses a host that is written as an address outside the public internet.
pub(super) fn check_literal(url: &reqwest::Url) -> Result<(), LlmError> {
    // The URL parser has turned every spelling of an IPv4 address ("127.1", "0x7f000001") into the usual one.
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let Ok(address) = bare.parse::<IpAddr>() else {
        return Ok(());
    };
    match is_public(address) {
        true => Ok(()),
        false => Err(LlmError::BadRequest(
            "the model's endpoint is not on the public internet".into(),
        )),
    }
}

/// Resolves names to public addresses or to nothing.
pub(super) struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            // One bad address spoils the name: it would be tried next when the good one fails.
            if found.iter().any(|address| !is_public(address.ip())) {
                return Err("the name has an address that is not on the public internet".into());
            }
            let addresses: Addrs = Box::new(found.into_iter());
            Ok(addresses)
        })
    }
}

fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || ip.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b)))
}

/// Of the addresses that carry an IPv4 address inside, the inner one counts.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let segments = ip.segments();
    let inner = |at: usize| {
        let [a, b] = segments[at].to_be_bytes();
        let [c, d] = segments[at + 1].to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    match segments {
        // mapped, and the translators' well-known prefix
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => is_public_v4(inner(6)),
        // 6to4
        [0x2002, ..] => is_public_v4(inner(1)),
        // Teredo and other special purposes, documentation
        [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => false,
        [0x3fff, second, ..] if second < 0x1000 => false,
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_public() {
        for (address, expected) in [
            ("8.8.8.8", true),
            ("172.32.0.1", true),
            ("100.128.0.1", true),
            ("127.0.0.1", false),
            ("127.255.255.254", false),
            ("0.0.0.0", false),
            ("10.1.2.3", false),
            ("172.16.0.1", false),
            ("172.31.255.255", false),
            ("192.168.1.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("192.0.0.8", false),
            ("192.0.2.1", false),
            ("198.18.0.1", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("2606:4700::1111", true),
            ("::1", false),
            ("::", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:8.8.8.8", true),
            ("::127.0.0.1", false),
            ("64:ff9b::a00:1", false),
            ("64:ff9b::808:808", true),
            ("2002:7f00:1::", false),
            ("2002:808:808::", true),
            ("2001:0:1::1", false),
            ("2001:db8::1", false),
            ("fc00::1", false),
            ("fd12::1", false),
            ("fe80::1", false),
            ("ff02::1", false),
        ] {
            let ip: IpAddr = address.parse().expect("an address");
            assert_eq!(is_public(ip), expected, "{address}");
        }
    }

    #[test]
    fn an_address_in_disguise_is_seen_through() {
        for host in [
            "127.0.0.1",
            "127.1",
            "0x7f000001",
            "2130706433",
            "017700000001",
            "[::1]",
            "[::ffff:7f00:1]",
        ] {
            let url = reqwest::Url::parse(&format!("http://{host}/v1")).expect("a URL");
            assert!(check_literal(&url).is_err(), "{host}");
        }
        let url = reqwest::Url::parse("https://api.openai.com/v1").expect("a URL");
        assert!(check_literal(&url).is_ok());
    }
}
