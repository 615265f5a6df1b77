//! Faults that a test asks for: the next calls of an account are refused, hang, or are accepted
//! without an answer.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::sync::watch;

use super::answer::{Refused, done};

/// The statuses that may be asked for.
const STATUSES: [u16; 5] = [400, 401, 403, 429, 500];
/// The longest time that a call hangs, in milliseconds.
const LONGEST_HANG_MS: u64 = 60_000;
/// The most calls that one request disturbs.
const MOST_TIMES: u32 = 1000;
/// The most requests that wait for an account.
const MOST_WAITING: usize = 100;

/// A fault of the next calls.
#[derive(Clone, Deserialize, Debug)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Disturbance {
    /// The status of the refusal; without it, the call is carried out.
    pub(super) status: Option<u16>,
    /// The time before anything is done, in milliseconds.
    #[serde(default, alias = "hang_ms")]
    pub(super) hang_ms: u64,
    /// True if the call is carried out, and the connection closed instead of an answer.
    #[serde(default, alias = "drop_after_accept")]
    pub(super) drop_after_accept: bool,
    /// The number of calls.
    #[serde(default = "once")]
    pub(super) times: u32,
}

fn once() -> u32 {
    1
}

/// A request for a fault.
pub(super) struct Asked {
    /// The account whose calls are disturbed.
    pub(super) account: String,
    /// The fault; none to forget those that wait.
    fault: Option<Disturbance>,
}

impl Asked {
    /// Reads a request. `account` is the name of the member with the account; with `clear`, the
    /// faults that wait are forgotten.
    ///
    /// # Errors
    /// A member is missing, unknown, or of another type.
    pub(super) fn of(mut body: Map<String, Value>, account: &str) -> Result<Self, Refused> {
        let account = match body.remove(account) {
            Some(Value::String(text)) => text,
            Some(Value::Number(number)) => number.to_string(),
            _ => return Err(Refused::invalid(format!("{account} is missing."))),
        };
        if body.remove("clear") == Some(Value::Bool(true)) {
            return Ok(Self { account, fault: None });
        }
        let fault = serde_json::from_value(Value::Object(body));
        let fault = fault.map_err(|error| Refused::invalid(error.to_string()))?;
        Ok(Self { account, fault: Some(fault) })
    }
}

/// The faults that wait for calls, by account. They are not kept.
#[derive(Default)]
pub(super) struct Faults {
    waiting: Mutex<BTreeMap<String, VecDeque<Disturbance>>>,
    is_over: watch::Sender<bool>,
}

impl Faults {
    /// Adds a fault behind those that wait already, or forgets them.
    ///
    /// # Errors
    /// It is out of bounds.
    pub(super) fn take(&self, asked: Asked) -> Result<Response, Refused> {
        let mut faults = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(fault) = asked.fault else {
            faults.remove(&asked.account);
            return Ok(done(&json!({ "waiting": 0 })));
        };
        if fault.status.is_some_and(|status| !STATUSES.contains(&status)) {
            return Err(Refused::invalid(format!("The status is one of {STATUSES:?}.")));
        }
        if fault.hang_ms > LONGEST_HANG_MS || !(1..=MOST_TIMES).contains(&fault.times) {
            let most = format!("hangMs is at most {LONGEST_HANG_MS}, times 1 to {MOST_TIMES}.");
            return Err(Refused::invalid(most));
        }
        let waiting = faults.entry(asked.account).or_default();
        if waiting.len() >= MOST_WAITING {
            return Err(Refused::conflict("Too many faults wait."));
        }
        waiting.push_back(fault);
        Ok(done(&json!({ "waiting": waiting.len() })))
    }

    /// Refuses the calls that hang, so that a server can end.
    pub(super) fn stop(&self) {
        self.is_over.send_replace(true);
    }

    fn next(&self, account: &str) -> Option<Disturbance> {
        let mut faults = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = faults.get_mut(account)?;
        let first = waiting.front_mut()?;
        first.times = first.times.saturating_sub(1);
        let fault = first.clone();
        if fault.times == 0 {
            waiting.pop_front();
        }
        Some(fault)
    }

    /// Carries out a call, with the fault that waits for it. A caller that gives up while the call
    /// hangs has changed nothing.
    pub(super) async fn around(
        &self,
        account: &str,
        refuse: impl FnOnce(u16) -> Response,
        accept: impl FnOnce() -> Response,
    ) -> Response {
        let Some(fault) = self.next(account) else { return accept() };
        let mut is_over = self.is_over.subscribe();
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(fault.hang_ms)) => {}
            _ = is_over.wait_for(|is_over| *is_over) => return refuse(500),
        }
        if let Some(status) = fault.status {
            return refuse(status);
        }
        let answer = accept();
        if fault.drop_after_accept { dropped() } else { answer }
    }
}

/// Returns an answer that cannot be written: its connection is closed instead.
fn dropped() -> Response {
    let broken = futures::stream::once(async { Err::<Vec<u8>, _>(io::Error::other("dropped")) });
    Response::new(Body::from_stream(broken))
}
