//! Statuses of a business's messages that are reported on demand: in any order, and several at
//! once.

use axum::extract::State as Of;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::failed;
use super::state::{Number, State};
use super::{Shared, shape};
use crate::clock::epoch_ms;
use crate::vendor::answer::{Posted, Refused, done};

const STATES: [&str; 4] = ["sent", "delivered", "read", "failed"];
/// The most statuses of one request.
const MOST_REPORTED: usize = 1000;
/// The error of a failure that names none.
const UNDELIVERABLE: i64 = 131_026;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Reporting {
    phone_number_id: String,
    statuses: Vec<Reported>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Reported {
    message_id: String,
    status: String,
    /// The code of a failure.
    code: Option<i64>,
    title: Option<String>,
}

/// Reports statuses, which are posted as one.
pub(super) async fn statuses(
    Of(shared): Of<Shared>,
    Posted(asked): Posted<Reporting>,
) -> Result<Response, Refused> {
    if asked.statuses.is_empty() || asked.statuses.len() > MOST_REPORTED {
        return Err(Refused::invalid(format!("There are 1 to {MOST_REPORTED} statuses.")));
    }
    let count = shared.change(|state| report(state, &asked.phone_number_id, &asked.statuses))?;
    shared.wake(&asked.phone_number_id);
    Ok(done(&json!({ "reported": count })))
}

fn report(state: &mut State, id: &str, all: &[Reported]) -> Result<usize, Refused> {
    let number = state.number(id)?;
    let statuses = all.iter().map(|one| status(number, one)).collect::<Result<Vec<Value>, _>>()?;
    let count = statuses.len();
    number.notify(shape::statuses(number, statuses));
    Ok(count)
}

fn status(number: &mut Number, one: &Reported) -> Result<Value, Refused> {
    if !STATES.contains(&one.status.as_str()) {
        return Err(Refused::invalid(format!("The status is one of {STATES:?}.")));
    }
    let found = number.find(&one.message_id);
    let (person, chat, index) =
        found.ok_or_else(|| Refused::unknown("There is no such message."))?;
    let entry = chat.messages.get_mut(index).filter(|entry| entry.is_from_business);
    let entry = entry.ok_or_else(|| Refused::invalid("The message is the person's own."))?;
    let error = (one.status == "failed").then(|| {
        let title = one.title.as_deref().unwrap_or("Message undeliverable");
        failed(one.code.unwrap_or(UNDELIVERABLE), title, title)
    });
    entry.status = Some(one.status.clone());
    let status = shape::status(person, entry, &one.status, epoch_ms() / 1000, error);
    chat.touch();
    Ok(status)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Reading {
    phone_number_id: String,
    person: String,
}

/// Opens a chat: what the person has not read yet is reported as read.
pub(super) async fn read(
    Of(shared): Of<Shared>,
    Posted(asked): Posted<Reading>,
) -> Result<Response, Refused> {
    let count = shared.change(|state| {
        let chat = state.number(&asked.phone_number_id)?.chat(&asked.person)?;
        let is_unread = |status: &str| matches!(status, "sent" | "delivered");
        let unread = chat.messages.iter().filter(|entry| entry.is_from_business);
        let unread: Vec<Reported> = unread
            .filter(|entry| entry.status.as_deref().is_none_or(is_unread))
            .map(|entry| Reported {
                message_id: entry.id.clone(),
                status: "read".to_owned(),
                code: None,
                title: None,
            })
            .collect();
        if unread.is_empty() {
            return Ok(0);
        }
        report(state, &asked.phone_number_id, &unread)
    })?;
    shared.wake(&asked.phone_number_id);
    Ok::<_, Refused>(done(&json!({ "reported": count })))
}
