//! The rule for the form of a reply URL, which an administrator of a customer gives.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::Uri;

use super::address::is_public;

/// The most bytes of a URL.
const URL_BYTES: usize = 2000;
/// The most bytes of the name of a host.
const NAME_BYTES: usize = 253;
/// The most bytes of a part between two dots of such a name.
const LABEL_BYTES: usize = 63;
const HTTPS_PORT: u16 = 443;
/// The ports up to here belong to the services of an operating system.
const LAST_SYSTEM_PORT: u16 = 1023;

const NO_URL: &str = "This is not a URL.";
const WRONG_PORT: &str = "The port must be 443 or above 1023.";

/// Checks the form of a reply URL; `is_local` allows `http://127.0.0.1:PORT` as well.
///
/// A name is not resolved: that happens at each call, where the address is checked.
///
/// # Errors
///
/// The reason why the URL is refused, as a sentence for the administrator.
pub fn check_reply_url(url: &str, is_local: bool) -> Result<(), &'static str> {
    allowed(url, is_local).map(|_| ())
}

/// Returns a URL that the rule allows, as the client will read it. The client gets this value and
/// not the text, so that both see the same host and the same port.
pub(super) fn allowed(url: &str, is_local: bool) -> Result<Uri, &'static str> {
    if url.len() > URL_BYTES {
        return Err("The URL is longer than 2000 bytes.");
    }
    if !url.is_ascii() {
        return Err("The URL must be in ASCII: names in Punycode, paths percent-encoded.");
    }
    if url.contains('#') {
        return Err("The URL must not contain a fragment (#).");
    }
    let uri: Uri = url.parse().map_err(|_| NO_URL)?;
    let authority = uri.authority().ok_or(NO_URL)?.as_str();
    if authority.contains('@') {
        return Err("The URL must not contain a user name or a password.");
    }
    let host = uri.host().ok_or(NO_URL)?;
    let port = port(authority, host)?;
    if is_local && uri.scheme_str() == Some("http") {
        return match (host, port) {
            ("127.0.0.1", Some(port)) if port > LAST_SYSTEM_PORT => Ok(uri),
            ("127.0.0.1", _) => Err("The port of http://127.0.0.1 must be above 1023."),
            _ => Err("Only https and http://127.0.0.1 are allowed."),
        };
    }
    if uri.scheme_str() != Some("https") {
        return Err("The URL must begin with https://.");
    }
    if port.is_some_and(|port| port != HTTPS_PORT && port <= LAST_SYSTEM_PORT) {
        return Err(WRONG_PORT);
    }
    check_host(host)?;
    Ok(uri)
}

/// Returns the port, if there is one. The URL's own parser takes a port that is out of range for
/// none.
fn port(authority: &str, host: &str) -> Result<Option<u16>, &'static str> {
    match authority.strip_prefix(host) {
        Some("") => Ok(None),
        Some(rest) => match rest.strip_prefix(':').map(str::parse) {
            Some(Ok(port)) => Ok(Some(port)),
            _ => Err(WRONG_PORT),
        },
        None => Err(NO_URL),
    }
}

/// Checks the host: a public address in its usual form, or a name.
///
/// The client connects to an address in a URL without asking the resolver, so it is checked here.
fn check_host(host: &str) -> Result<(), &'static str> {
    let address = match host.strip_prefix('[') {
        Some(rest) => {
            let literal = rest.strip_suffix(']').ok_or(NO_URL)?;
            // A zone names a network of this machine, and no address with one is parsed.
            let address: Ipv6Addr = literal.parse().map_err(|_| "This is not an IPv6 address.")?;
            Some(IpAddr::V6(address))
        }
        None => host.parse::<Ipv4Addr>().ok().map(IpAddr::V4),
    };
    match address {
        Some(address) if is_public(address) => Ok(()),
        Some(_) => Err("The address of the host is not public."),
        None => check_name(host),
    }
}

fn check_name(host: &str) -> Result<(), &'static str> {
    let name = host.strip_suffix('.').unwrap_or(host);
    let is_letter = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    let is_label =
        |label: &str| (1..=LABEL_BYTES).contains(&label.len()) && label.bytes().all(is_letter);
    if name.len() > NAME_BYTES || !name.split('.').all(is_label) {
        return Err("The host must be a name of letters, digits, hyphens and dots.");
    }
    // Such a name is an IPv4 address in an unusual form: 127.1, 0x7f.1, 2130706433, 127.0.0.1 with
    // a dot behind it. No public name ends in a number.
    if name.rsplit('.').next().is_some_and(is_number) {
        return Err("The host must be a name, or an IPv4 address of four decimal numbers.");
    }
    Ok(())
}

fn is_number(label: &str) -> bool {
    let is_decimal = label.bytes().all(|b| b.is_ascii_digit());
    let hexadecimal = label.strip_prefix("0x").or_else(|| label.strip_prefix("0X"));
    is_decimal || hexadecimal.is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(url: &str) {
        assert!(check_reply_url(url, false).is_err(), "{url}");
        assert!(check_reply_url(url, true).is_err(), "{url}, locally");
    }

    fn accepted(url: &str) {
        assert_eq!(check_reply_url(url, false), Ok(()), "{url}");
        assert_eq!(check_reply_url(url, true), Ok(()), "{url}, locally");
    }

    #[test]
    fn an_https_url_with_a_name_or_a_public_address_is_accepted() {
        for url in ["https://example.com", "HTTPS://Example.COM/", "https://example.com./a?b=c"] {
            accepted(url);
        }
        for url in ["https://8.8.8.8/a", "https://[2606:4700:4700::1111]/a", "https://x_1-y/"] {
            accepted(url);
        }
        // What such a name stands for is the resolver's matter.
        for url in ["https://localhost", "https://db.internal/", "https://a.local", "https://0x.io"]
        {
            accepted(url);
        }
    }

    #[test]
    fn a_port_is_443_or_above_1023() {
        for port in ["", ":443", ":1024", ":8443", ":65535"] {
            accepted(&format!("https://example.com{port}/"));
            accepted(&format!("https://[2606:4700:4700::1111]{port}/"));
        }
        for port in [":", ":0", ":22", ":80", ":444", ":1023", ":65536", ":99999999", ":+1", ":a"] {
            refused(&format!("https://example.com{port}/"));
            refused(&format!("https://[2606:4700:4700::1111]{port}/"));
        }
    }

    #[test]
    fn another_scheme_user_info_or_a_fragment_is_refused() {
        for url in ["http://example.com", "http://example.com:8080/", "ftp://example.com/"] {
            refused(url);
        }
        for url in ["file:///etc/passwd", "//example.com", "example.com", "/a", "", "*", "https:"] {
            refused(url);
        }
        for url in ["https://u@example.com", "https://u:p@example.com", "https://@example.com"] {
            refused(url);
        }
        for url in ["https://example.com#a", "https://example.com/#", "https://a@b#@example.com"] {
            refused(url);
        }
        for url in ["https://example.com@127.0.0.1", "https://8.8.8.8:443@127.0.0.1/"] {
            refused(url);
        }
    }

    #[test]
    fn no_spelling_of_an_address_that_is_not_public_is_accepted() {
        for host in ["127.0.0.1", "10.0.0.1", "169.254.169.254", "0.0.0.0", "255.255.255.255"] {
            refused(&format!("https://{host}/"));
            refused(&format!("https://{host}./"));
        }
        for host in ["127.1", "127.0.1", "0x7f.1", "0X7F.0.0.1", "0x7f000001", "2130706433"] {
            refused(&format!("https://{host}/"));
            refused(&format!("https://{host}./"));
        }
        for host in ["0177.0.0.1", "017700000001", "127.0.0.01", "0", "0x", "1.2.3.4.5", "8.8"] {
            refused(&format!("https://{host}/"));
        }
        for host in ["[::]", "[::1]", "[::ffff:127.0.0.1]", "[::127.0.0.1]", "[fe80::1]"] {
            refused(&format!("https://{host}/"));
        }
        for host in ["[fe80::1%25eth0]", "[fe80::1%eth0]", "[::1", "::1", "[8.8.8.8]", "[::1]."] {
            refused(&format!("https://{host}/"));
        }
    }

    #[test]
    fn a_host_that_parsers_may_read_differently_is_refused() {
        for host in ["", ".", "..", "a..b", ".a", "a b", "a%2eb", "%31%32%37.1", "a\\b", "a\tb"] {
            refused(&format!("https://{host}/"));
        }
        for host in ["exämple.com", "①②⑦.0.0.1", "127。0。0。1", "a,b", "a!b", "a\r\nb", "a\0"]
        {
            refused(&format!("https://{host}/"));
        }
        refused(&format!("https://{}.com/", "a".repeat(64)));
        refused(&format!("https://{}com/", "a.".repeat(126)));
    }

    #[test]
    fn a_url_has_at_most_2000_bytes() {
        let start = "https://example.com/";
        accepted(&format!("{start}{}", "a".repeat(2000 - start.len())));
        refused(&format!("{start}{}", "a".repeat(2001 - start.len())));
    }

    #[test]
    fn on_one_machine_plain_http_reaches_127_0_0_1_and_nothing_else() {
        for url in ["http://127.0.0.1:1024", "http://127.0.0.1:8080/a?b"] {
            assert_eq!(check_reply_url(url, true), Ok(()), "{url}");
            assert!(check_reply_url(url, false).is_err(), "{url}");
        }
        for host in ["127.0.0.1", "127.0.0.1:80", "127.0.0.1:443", "127.0.0.1:1023"] {
            refused(&format!("http://{host}/"));
        }
        for host in
            ["localhost", "127.0.0.2", "127.1", "[::1]", "0.0.0.0", "127.0.0.1.", "10.0.0.1"]
        {
            refused(&format!("http://{host}:8080/"));
        }
        refused("https://127.0.0.1:8080/");
        refused("http://u@127.0.0.1:8080/");
    }
}
