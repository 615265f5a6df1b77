//! Rate limits: of one person's requests, and of the widget's tokens for one address.
//!
//! # Requests of a person
//!
//! They are counted in the state, and almost never. An instance of a function serves one request at a
//! time and knows nothing of the other instances, so a count of its own would bound nothing. Each
//! instance lets 20 requests of a person in 10 seconds pass uncounted, and then takes allowances of 20
//! requests each: one write in twenty requests, and none for people at work. A person who stays below
//! the rate is never refused, on whichever instances their requests arrive. A person who floods gets
//! the rate and 20 requests from each instance. The rate is 200 a second by default. A count that
//! cannot be written refuses nobody.
//!
//! # Tokens of the widget
//!
//! They are counted for each address and live chat, with a write each, because nobody has an identity
//! there yet. The limit is 300 a minute by default. The address is the one that the gateway saw, and
//! not one that the request names; for IPv6 a whole network counts as one address.

mod window;

use std::collections::HashMap;
use std::env;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::Caller;
use domain::{ClientId, EmployeeId, LiveChatId, Refusal, TenantId, Timestamp};
use store::rate::{Counted, Rate};
use store::{Failure, Store};

use window::{ALLOWANCE, Next, Window};

/// The window in which requests are counted, in milliseconds: long enough that a page may send many
/// at once.
const REQUEST_WINDOW_MILLIS: u64 = 10_000;
/// The window in which tokens are counted, in milliseconds.
const TOKEN_WINDOW_MILLIS: u64 = 60_000;
/// The most people that one instance remembers.
const MOST_REMEMBERED: usize = 10_000;

/// The limits on requests; 0 means no limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rates {
    /// Requests and operations of one person in a second.
    pub requests_per_second: u32,
    /// Tokens for the widget of one live chat, for one address, in a minute.
    pub widget_tokens_per_minute: u32,
}

impl Rates {
    /// The limits in the cloud, unless the environment sets others.
    pub const CLOUD: Self = Self { requests_per_second: 200, widget_tokens_per_minute: 300 };
    /// No limits.
    pub const NONE: Self = Self { requests_per_second: 0, widget_tokens_per_minute: 0 };

    /// Returns these limits, with those that the variables `REQUESTS_PER_SECOND` and
    /// `WIDGET_TOKENS_PER_MINUTE` set.
    ///
    /// # Errors
    /// The name of a variable that is not a whole number.
    pub fn from_environment(self) -> Result<Self, &'static str> {
        let number = |name, usual| match env::var(name) {
            Ok(text) if !text.is_empty() => text.parse().map_err(|_| name),
            _ => Ok(usual),
        };
        Ok(Self {
            requests_per_second: number("REQUESTS_PER_SECOND", self.requests_per_second)?,
            widget_tokens_per_minute: number(
                "WIDGET_TOKENS_PER_MINUTE",
                self.widget_tokens_per_minute,
            )?,
        })
    }
}

/// The limiter, which refuses requests over the limits.
pub struct Limiter {
    rates: Rates,
    seen: Mutex<HashMap<(TenantId, Requester), Window>>,
}

/// The person whose requests are counted.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Requester {
    Employee(EmployeeId),
    Client(ClientId),
}

impl Limiter {
    /// Builds a limiter that has seen no requests yet.
    #[must_use]
    pub fn new(rates: Rates) -> Self {
        Self { rates, seen: Mutex::default() }
    }

    /// Admits one more request of a caller.
    ///
    /// # Errors
    /// The number of seconds after which they may send the next.
    pub async fn admit(&self, store: &Store, caller: &Caller) -> Result<(), u64> {
        let most = u64::from(self.rates.requests_per_second) * REQUEST_WINDOW_MILLIS / 1000;
        let Some((tenant, requester)) = requester(caller).filter(|_| most > 0) else {
            return Ok(());
        };
        let rate = Rate { window_millis: REQUEST_WINDOW_MILLIS, most };
        let began = rate.began(store.now());
        let is_allowed = match self.with(&tenant, &requester, began, Window::next) {
            Next::Pass => true,
            Next::Refuse => false,
            Next::Ask => {
                let is_allowed = is_allowed(store, &tenant, &requester, rate).await;
                self.with(&tenant, &requester, began, |window| {
                    window.is_refused = !is_allowed;
                    window.allowed += if is_allowed { ALLOWANCE - 1 } else { 0 };
                });
                is_allowed
            }
        };
        if is_allowed { Ok(()) } else { Err(rate.seconds_left(store.now())) }
    }

    /// Admits one more token for the widget of a live chat, for one address.
    ///
    /// # Errors
    /// The refusal `Limit`; a [`store::Fault`] of the state.
    pub async fn admit_token(
        &self,
        store: &Store,
        tenant: &TenantId,
        live_chat: &LiveChatId,
        address: Option<&str>,
    ) -> Result<(), Failure> {
        let most = u64::from(self.rates.widget_tokens_per_minute);
        if most == 0 {
            return Ok(());
        }
        let rate = Rate { window_millis: TOKEN_WINDOW_MILLIS, most };
        let source = source(address);
        if store.of(tenant).count(Counted::WidgetTokens(live_chat, &source), rate, 1).await? {
            return Ok(());
        }
        let message = "Too many visitors from one address: try again later.";
        let retry_after_millis = Some(rate.seconds_left(store.now()) * 1000);
        Err(Refusal::Limit { message, retry_after_millis }.into())
    }

    fn with<T>(
        &self,
        tenant: &TenantId,
        requester: &Requester,
        began: Timestamp,
        act: impl FnOnce(&mut Window) -> T,
    ) -> T {
        let mut seen = self.seen();
        let key = (tenant.clone(), requester.clone());
        if seen.len() >= MOST_REMEMBERED && !seen.contains_key(&key) {
            seen.retain(|_, window| window.began == began);
            if seen.len() >= MOST_REMEMBERED {
                seen.clear();
            }
        }
        let window = seen.entry(key).or_insert(Window::new(began));
        if window.began != began {
            *window = Window::new(began);
        }
        act(window)
    }

    fn seen(&self) -> MutexGuard<'_, HashMap<(TenantId, Requester), Window>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns true if a person may send some more requests. A count that cannot be read refuses no
/// request.
async fn is_allowed(store: &Store, tenant: &TenantId, requester: &Requester, rate: Rate) -> bool {
    let what = match requester {
        Requester::Employee(id) => Counted::RequestsOfEmployee(id),
        Requester::Client(id) => Counted::RequestsOfClient(id),
    };
    store.of(tenant).count(what, rate, ALLOWANCE).await.unwrap_or_else(|fault| {
        tracing::warn!(%tenant, %fault, "requests are not counted");
        true
    })
}

fn requester(caller: &Caller) -> Option<(TenantId, Requester)> {
    match caller {
        Caller::Nobody => None,
        Caller::Employee { person, .. } => {
            Some((person.tenant.clone(), Requester::Employee(person.id.clone())))
        }
        Caller::Client { tenant, client, .. } => {
            Some((tenant.clone(), Requester::Client(client.clone())))
        }
    }
}

/// Returns the part of an address that identifies one visitor: an IPv4 address, or an IPv6 network,
/// in which a visitor has any number of addresses.
fn source(address: Option<&str>) -> String {
    match address.and_then(|address| address.parse::<IpAddr>().ok()).map(|ip| ip.to_canonical()) {
        None => "unknown".to_owned(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_window_begins_anew_and_people_are_remembered_up_to_a_bound() {
        let limiter = Limiter::new(Rates::CLOUD);
        let tenant = TenantId::parse("demo").unwrap();
        let requester = |name: &str| Requester::Employee(EmployeeId::parse(name).unwrap());
        let at = Timestamp::from_millis;
        let seen = |name: &str, began| {
            limiter.with(&tenant, &requester(name), at(began), |window| {
                window.next();
                window.seen
            })
        };
        assert_eq!([seen("ann", 0), seen("ann", 0), seen("bob", 0)], [1, 2, 1]);
        assert_eq!([seen("ann", 10_000), seen("ann", 10_000)], [1, 2]);
        for number in 0..MOST_REMEMBERED - 1 {
            seen(&format!("e{number}"), 10_000);
        }
        assert!(limiter.seen().len() <= MOST_REMEMBERED);
        // Those of earlier windows went first.
        assert_eq!(seen("ann", 10_000), 3);
    }

    #[test]
    fn addresses_of_one_network_of_the_new_kind_are_one() {
        assert_eq!(source(Some("192.0.2.1")), "192.0.2.1");
        assert_eq!(source(Some("::ffff:192.0.2.1")), "192.0.2.1");
        assert_eq!(source(Some("2001:db8:0:1::7")), source(Some("2001:db8:0:1:9::")));
        assert_ne!(source(Some("2001:db8:0:1::7")), source(Some("2001:db8:0:2::7")));
        assert_eq!([source(None), source(Some("a#b"))], ["unknown", "unknown"]);
    }
}
