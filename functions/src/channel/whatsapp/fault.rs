//! The codes of WhatsApp's errors, which come in answers and in receipts.

use std::time::Duration;

use domain::delivery::{DeliveryError, ErrorCode};
use serde_json::Value;

use crate::channel::Outcome;
use crate::channel::call::readable;
use crate::channel::member::{number, text};

/// The pause after too many messages to one client.
const PAIR_PAUSE: Duration = Duration::from_secs(6);

/// The meaning of a code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Meaning {
    /// The reason may pass, after this delay.
    Passing(Option<Duration>),
    /// The message will never arrive.
    Final(ErrorCode),
    /// An administrator has to act.
    Administrative,
}

/// An error of the Graph API.
pub(super) struct Fault {
    meaning: Meaning,
    message: String,
}

impl Fault {
    /// Reads an error; `status` decides where it has no known code.
    pub(super) fn of(error: &Value, status: Option<u16>) -> Self {
        let code = number(error, "/code");
        let said = text(error, "/message").or_else(|| text(error, "/title")).unwrap_or_default();
        let details = text(error, "/error_data/details").unwrap_or_default();
        let is_hidden =
            code == Some(33) || code == Some(100) && number(error, "/error_subcode") == Some(33);
        let meaning = match code.and_then(known) {
            _ if is_hidden => Meaning::Administrative,
            Some(Meaning::Final(ErrorCode::Rejected)) if is_too_long(said, details) => {
                Meaning::Final(ErrorCode::TooLong)
            }
            Some(meaning) => meaning,
            None => by_status(status),
        };
        // The messages about a token may repeat the token.
        let message = if meaning == Meaning::Administrative && code == Some(190) {
            "190: WhatsApp refuses the access token.".to_owned()
        } else {
            // WhatsApp repeats the code before some of its titles.
            let said =
                code.and_then(|code| said.strip_prefix(&format!("(#{code}) "))).unwrap_or(said);
            let code = code.map(|code| format!("{code}: ")).unwrap_or_default();
            match details {
                "" => readable(&format!("{code}{said}")),
                details if details == said => readable(&format!("{code}{said}")),
                details => readable(&format!("{code}{said}: {details}")),
            }
        };
        Self { meaning, message }
    }

    /// Returns the outcome of a call that got this error.
    pub(super) fn outcome(self) -> Outcome {
        let message = self.message;
        match self.meaning {
            Meaning::Passing(after) => Outcome::Retry { after, message },
            Meaning::Final(code) => Outcome::Failed { code, message },
            Meaning::Administrative => Outcome::Unauthorized { message },
        }
    }

    /// Returns the reason of a failure that a receipt reports. WhatsApp had taken the message by then,
    /// so nothing is tried again by itself.
    pub(super) fn error(self) -> DeliveryError {
        let code = match self.meaning {
            Meaning::Passing(_) => ErrorCode::Unavailable,
            Meaning::Final(code) => code,
            Meaning::Administrative => ErrorCode::Unauthorized,
        };
        DeliveryError { code, message: self.message }
    }
}

const fn known(code: i64) -> Option<Meaning> {
    Some(match code {
        // Too many messages to this client.
        131_056 => Meaning::Passing(Some(PAIR_PAUSE)),
        // Unknown and temporary faults, and limits of the app, the account and the number.
        1 | 2 | 4 | 80_007 | 130_429 | 131_000 | 131_016 | 131_048 | 131_057 | 133_004 => {
            Meaning::Passing(None)
        }
        // In a country that the account may not write to, not on WhatsApp, an old version, blocked,
        // or not on the list of a number for tests.
        130_497 | 131_026 | 131_030 => Meaning::Final(ErrorCode::RecipientUnreachable),
        131_047 => Meaning::Final(ErrorCode::ReplyWindowClosed),
        100 | 130_472 | 131_008 | 131_009 | 131_021 | 131_049..=131_053 => {
            Meaning::Final(ErrorCode::Rejected)
        }
        // The token, permissions, payment, the account and the number's registration.
        0
        | 3
        | 10
        | 190
        | 200..=299
        | 368
        | 131_005
        | 131_031
        | 131_037
        | 131_042
        | 131_045
        | 133_010 => Meaning::Administrative,
        _ => return None,
    })
}

/// Only 401 is about the token alone: 403 also refuses a single message or client.
const fn by_status(status: Option<u16>) -> Meaning {
    match status {
        Some(401) => Meaning::Administrative,
        Some(408 | 429) | Some(500..) => Meaning::Passing(None),
        _ => Meaning::Final(ErrorCode::Rejected),
    }
}

fn is_too_long(said: &str, details: &str) -> bool {
    [said, details].iter().any(|text| {
        let text = text.to_lowercase();
        text.contains("too long") || text.contains("at most") && text.contains("characters")
    })
}
