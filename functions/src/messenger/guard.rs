//! A resolver of names that returns nothing but public addresses.

use std::fmt;
use std::net::IpAddr;

use aws_smithy_runtime_api::client::dns::{
    DnsFuture, ResolveDns, ResolveDnsError, SharedDnsResolver,
};

use super::address::is_public;

/// Stands between the resolver and the connection: the client connects to an address that this has
/// checked, and resolves no name a second time.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    resolver: SharedDnsResolver,
    is_allowed: fn(IpAddr) -> bool,
}

impl Guard {
    /// Returns a guard in front of the operating system's resolver.
    pub(super) fn new() -> Self {
        Self { resolver: SharedDnsResolver::new(System), is_allowed: is_public }
    }

    /// Returns a guard in front of a test's resolver, with the test's notion of a public address.
    #[cfg(test)]
    pub(super) fn before(
        resolver: impl ResolveDns + 'static,
        is_allowed: fn(IpAddr) -> bool,
    ) -> Self {
        Self { resolver: SharedDnsResolver::new(resolver), is_allowed }
    }
}

impl ResolveDns for Guard {
    fn resolve_dns<'a>(&'a self, name: &'a str) -> DnsFuture<'a> {
        DnsFuture::new(async move {
            let mut addresses = self.resolver.resolve_dns(name).await?;
            let is_known = !addresses.is_empty();
            addresses.retain(|address| (self.is_allowed)(*address));
            if is_known && addresses.is_empty() {
                return Err(ResolveDnsError::new(NotPublic));
            }
            Ok(addresses)
        })
    }
}

/// The error of a name that has addresses, none of them public.
#[derive(Clone, Copy, Debug)]
pub(super) struct NotPublic;

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the host has no public address")
    }
}

impl std::error::Error for NotPublic {}

/// The operating system's resolver.
#[derive(Debug)]
struct System;

impl ResolveDns for System {
    fn resolve_dns<'a>(&'a self, name: &'a str) -> DnsFuture<'a> {
        DnsFuture::new(async move {
            let found = tokio::net::lookup_host((name, 0)).await.map_err(ResolveDnsError::new)?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}
