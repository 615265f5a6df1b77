//! Tells the addresses of the public internet from all others.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The IPv4 networks that are not public, with the lengths of their prefixes.
const NOT_PUBLIC_4: [(Ipv4Addr, u32); 16] = [
    // This network; 0.0.0.0 connects to this machine.
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    // Private.
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    // Between a provider and its customers.
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    // Loopback.
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    // Link-local, with the metadata of cloud machines and the credentials in it.
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    // Private.
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    // Protocol assignments.
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    // Documentation.
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    // Relays of 6to4.
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    // Private.
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    // Benchmarks.
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    // Documentation.
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    // Documentation.
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    // Multicast.
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    // Reserved.
    (Ipv4Addr::new(240, 0, 0, 0), 4),
    // Broadcast; a part of the reserved ones, named for the reader.
    (Ipv4Addr::BROADCAST, 32),
];

/// The only part of IPv6 that is given out as public. Outside it are loopback, unspecified,
/// IPv4-mapped and -compatible, NAT64, discard-only, unique local, link-local, site-local and
/// multicast addresses.
const PUBLIC_6: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// The networks in that part that are not public.
const NOT_PUBLIC_6: [(Ipv6Addr, u32); 4] = [
    // Protocol assignments, with Teredo, which embeds any IPv4 address.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    // Documentation.
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    // 6to4, which embeds any IPv4 address.
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    // Documentation.
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Returns true if an address belongs to the public internet, and to nothing that only this
/// machine, its network or its provider can reach.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !NOT_PUBLIC_4.iter().any(|network| is_in_4(address, *network)),
        IpAddr::V6(address) => {
            is_in_6(address, PUBLIC_6)
                && !NOT_PUBLIC_6.iter().any(|network| is_in_6(address, *network))
        }
    }
}

fn is_in_4(address: Ipv4Addr, (network, length): (Ipv4Addr, u32)) -> bool {
    (address.to_bits() ^ network.to_bits()).leading_zeros() >= length
}

fn is_in_6(address: Ipv6Addr, (network, length): (Ipv6Addr, u32)) -> bool {
    (address.to_bits() ^ network.to_bits()).leading_zeros() >= length
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(addresses: &[&str]) {
        for address in addresses {
            assert!(!is_public(address.parse().unwrap()), "{address} is public");
        }
    }

    fn accepted(addresses: &[&str]) {
        for address in addresses {
            assert!(is_public(address.parse().unwrap()), "{address} is not public");
        }
    }

    #[test]
    fn an_ipv4_address_is_public_outside_of_the_special_networks() {
        refused(&["0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255"]);
        refused(&["100.64.0.0", "100.127.255.255", "127.0.0.1", "127.255.255.255"]);
        refused(&["169.254.0.0", "169.254.169.254", "169.254.170.2", "169.254.255.255"]);
        refused(&["172.16.0.0", "172.31.255.255", "192.0.0.0", "192.0.0.255"]);
        refused(&["192.0.2.0", "192.0.2.255", "192.88.99.1", "192.168.0.0", "192.168.255.255"]);
        refused(&["198.18.0.0", "198.19.255.255", "198.51.100.0", "198.51.100.255"]);
        refused(&["203.0.113.0", "203.0.113.255", "224.0.0.1", "239.255.255.255"]);
        refused(&["240.0.0.0", "255.255.255.254", "255.255.255.255"]);
        accepted(&["1.0.0.0", "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0"]);
        accepted(&["100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0"]);
        accepted(&["169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0"]);
        accepted(&["191.255.255.255", "192.0.1.0", "192.0.3.0", "192.167.255.255"]);
        accepted(&["192.169.0.0", "198.17.255.255", "198.20.0.0", "198.51.99.255"]);
        accepted(&["198.51.101.0", "203.0.112.255", "203.0.114.0", "223.255.255.255"]);
    }

    #[test]
    fn an_ipv6_address_is_public_if_it_is_given_out_and_embeds_no_other() {
        refused(&["::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1"]);
        refused(&["::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:8.8.8.8"]);
        refused(&["::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::8.8.8.8"]);
        refused(&["64:ff9b:1::1", "64:ff9b:1:ffff::10.0.0.1", "100::1", "100:0:0:1::1"]);
        refused(&["1fff:ffff::1", "2001::1", "2001:0:7f00:1::", "2001:1::1", "2001:2::1"]);
        refused(&["2001:10::1", "2001:20::1", "2001:1ff:ffff::1", "2001:db8::1"]);
        refused(&["2001:db8:ffff::1", "2002:7f00:1::1", "2002:808:808::1", "2002:ffff::1"]);
        refused(&["3fff::1", "3fff:fff::1", "4000::1", "5f00::1", "fc00::1", "fd00:ec2::254"]);
        refused(&["fdff:ffff::1", "fe80::1", "febf:ffff::1", "fec0::1", "feff::1"]);
        refused(&["ff02::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"]);
        accepted(&["2000::1", "2001:200::1", "2001:4860:4860::8888", "2001:db7:ffff::1"]);
        accepted(&["2001:db9::1", "2003::1", "2606:4700:4700::1111", "2a00:1450::1"]);
        accepted(&["3ffe::1", "3fff:1000::1"]);
    }
}
