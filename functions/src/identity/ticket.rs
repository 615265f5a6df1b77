//! Tickets: let a page open a socket before anybody has said who they are.
//!
//! A browser sends no header of the page's with a socket. A token must not stand in an address, because
//! logs keep addresses and a token is valid for a day.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::unverified::Unverified;

/// The lifetime of a ticket, in seconds.
pub const TICKET_SECONDS: i64 = 60;

/// The claims of a ticket. `use` keeps it apart from the tokens of people: neither can pass for the
/// other.
#[derive(Serialize, Deserialize)]
#[serde(tag = "use", rename = "ticket")]
pub(super) struct Ticket {
    pub(super) exp: i64,
}

/// Checks that a verified body is a ticket, and not expired.
pub(super) fn check(body: Map<String, Value>, now_seconds: i64) -> Result<(), Unverified> {
    let ticket = serde_json::from_value::<Ticket>(Value::Object(body));
    let ticket = ticket.map_err(|_| Unverified::WrongAudience)?;
    match ticket.exp {
        // Of a clock far ahead, or of nobody who signs as we do.
        end if end > now_seconds.saturating_add(2 * TICKET_SECONDS) => Err(Unverified::Malformed),
        end if end <= now_seconds => Err(Unverified::Expired),
        _ => Ok(()),
    }
}
