//! The numbers: registers one with its webhook, shifts its clock, withdraws its token, disturbs it.

use axum::extract::{Path, State as Of};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::error::Error;
use super::state::{Number, hash, is_phone, random};
use super::{Shared, media, send, shape};
use crate::vendor::MOST_ACCOUNTS;
use crate::vendor::answer::{Posted, Refused, done};
use crate::vendor::fault::Asked;
use crate::vendor::outbox::is_local;

const HOUR_MS: i64 = 60 * 60 * 1000;
/// The most hours by which the clock of the windows may be shifted at once.
const MOST_HOURS: i64 = 24 * 365;
/// The longest answer to a verification, in bytes.
const CHALLENGE_BYTES: usize = 1024;

/// Lists the numbers.
pub(super) async fn list(Of(shared): Of<Shared>) -> Response {
    let numbers =
        shared.read(|state| state.numbers.values().map(shape::listed).collect::<Vec<_>>());
    done(&json!({ "numbers": numbers }))
}

/// Says who a number is, or where a file is, as the Graph API does. One that is not registered yet is known all the same,
/// to whoever has a token: the vendor has numbers before anybody posts about them.
pub(super) async fn describe(
    Of(shared): Of<Shared>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let described = || {
        if !send::is_version(&version) {
            return Err(Error::hidden(&id));
        }
        if !is_phone(&id) {
            return media::describe(&shared, &id, &headers).map(|file| done(&file));
        }
        let token = send::bearer(&headers).ok_or_else(Error::token)?;
        let is_right = |number: &Number| number.is_token(token);
        match shared.read(|state| state.numbers.get(&id).is_none_or(is_right)) {
            true => Ok(done(&json!({ "display_phone_number": format!("+{id}"), "id": id }))),
            false => Err(Error::token()),
        }
    };
    described().unwrap_or_else(|error| error.response())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Registration {
    phone_number_id: String,
    access_token: String,
    app_secret: String,
    webhook_url: String,
    verify_token: String,
    /// False if statuses come only when they are asked for.
    #[serde(default = "yes")]
    is_automatic: bool,
    /// True if a closed window is reported by a status instead of the answer.
    #[serde(default)]
    is_window_reported: bool,
}

fn yes() -> bool {
    true
}

/// Registers a number, or other settings of one, if its webhook passes the verification.
pub(super) async fn register(
    Of(shared): Of<Shared>,
    Posted(asked): Posted<Registration>,
) -> Result<Response, Refused> {
    if !is_phone(&asked.phone_number_id) || asked.access_token.is_empty() {
        return Err(Refused::invalid("The number's id has digits only, and it has a token."));
    }
    if !is_local(&asked.webhook_url) {
        return Err(Refused::invalid("The stand-in posts to http://127.0.0.1 only."));
    }
    verify(&shared, &asked.webhook_url, &asked.verify_token).await?;
    let id = asked.phone_number_id.clone();
    shared.change(|state| {
        if !state.numbers.contains_key(&id) && state.numbers.len() >= MOST_ACCOUNTS {
            return Err(Refused::conflict("There are too many numbers."));
        }
        let number = state.numbers.entry(id.clone()).or_default();
        number.id = asked.phone_number_id;
        number.token = Some(hash(&asked.access_token));
        number.app_secret = asked.app_secret;
        number.webhook_url = asked.webhook_url;
        number.is_automatic = asked.is_automatic;
        number.is_window_reported = asked.is_window_reported;
        Ok(())
    })?;
    shared.restart(&id);
    Ok(done(&json!({ "isVerified": true })))
}

/// Asks a webhook to repeat a challenge, as the vendor does before it posts there.
async fn verify(shared: &Shared, url: &str, token: &str) -> Result<(), Refused> {
    let challenge: String = random().chars().filter(char::is_ascii_digit).take(10).collect();
    let challenge = format!("1{challenge}");
    let join = if url.contains('?') { '&' } else { '?' };
    let token = encoded(token);
    let url =
        format!("{url}{join}hub.mode=subscribe&hub.verify_token={token}&hub.challenge={challenge}");
    let failed =
        |reason: String| Refused::invalid(format!("The webhook is not verified: {reason}."));
    let answer = shared.client.get(url).send().await;
    let answer = answer.map_err(|_| failed("it does not answer".to_owned()))?;
    let status = answer.status();
    if !status.is_success() {
        return Err(failed(format!("it answers {}", status.as_u16())));
    }
    let is_short = answer.content_length().is_some_and(|length| length <= CHALLENGE_BYTES as u64);
    let body = if is_short { answer.text().await.unwrap_or_default() } else { String::new() };
    if body == challenge {
        Ok(())
    } else {
        Err(failed("it does not repeat the challenge".to_owned()))
    }
}

/// Encodes a text for a query.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Advance {
    phone_number_id: String,
    hours: i64,
}

/// Shifts the clock of a number's windows.
pub(super) async fn advance(
    Of(shared): Of<Shared>,
    Posted(asked): Posted<Advance>,
) -> Result<Response, Refused> {
    if !(0..=MOST_HOURS).contains(&asked.hours) {
        return Err(Refused::invalid(format!("The hours are 0 to {MOST_HOURS}.")));
    }
    let ahead = shared.change(|state| {
        let number = state.number(&asked.phone_number_id)?;
        let shift = asked.hours.saturating_mul(HOUR_MS);
        number.ahead_ms = number.ahead_ms.saturating_add(shift);
        Ok::<_, Refused>(number.ahead_ms / HOUR_MS)
    })?;
    Ok(done(&json!({ "hoursAhead": ahead })))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Withdrawal {
    phone_number_id: String,
}

/// Withdraws a number's access token, until the number is registered again.
pub(super) async fn withdraw(
    Of(shared): Of<Shared>,
    Posted(asked): Posted<Withdrawal>,
) -> Result<Response, Refused> {
    shared.change(|state| {
        let number: &mut Number = state.number(&asked.phone_number_id)?;
        number.token = None;
        Ok::<_, Refused>(())
    })?;
    Ok(done(&json!({ "isWithdrawn": true })))
}

/// Disturbs the next messages of a number.
pub(super) async fn disturb(
    Of(shared): Of<Shared>,
    Posted(asked): Posted<Map<String, Value>>,
) -> Result<Response, Refused> {
    let asked = Asked::of(asked, "phoneNumberId")?;
    shared.change(|state| state.number(&asked.account).map(|_| ()))?;
    shared.faults.take(asked)
}
