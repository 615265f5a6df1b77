//! Stream records of the table `core`: reads from each what changed, from what to what.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::counter::Membership;
use domain::{EmployeeId, LiveChatId, Message, Session, TenantId};
use serde_json::Value;

use crate::attribute::{Item, Read};
use crate::desk::{Employee, decode_employee, decode_membership};
use crate::live_chat::MEMBERSHIPS;
use crate::removal::{self, Removal};
use crate::{Fault, item, message, session};

/// A change with subscribers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// The tenant of the change.
    pub tenant: TenantId,
    /// The change.
    pub change: Change,
}

/// The meaning of a stream record for the fan-out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Told {
    /// A change to publish.
    Change(Box<Record>),
    /// A change that is not published.
    Nothing,
    /// A row of a kind that this version does not know: a newer version wrote it.
    Unknown,
}

/// The kinds of changes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// A session.
    Session {
        /// The session before the change; none for a new one.
        before: Option<Box<Session>>,
        /// The session after the change.
        after: Box<Session>,
    },
    /// A new entry of a dialog.
    Entry(Box<Message>),
    /// The number of queued sessions of a live chat.
    Queue(LiveChatId),
    /// The roles or the counts of an employee in a live chat.
    Desk {
        /// The employee.
        employee: EmployeeId,
        /// The membership before the change; none for a new one.
        before: Option<Membership>,
        /// The membership after the change.
        after: Membership,
    },
    /// An employee: their name or their choice of presence.
    Employee(Employee),
    /// The removal of an operator, whose sessions have to go back to the queue.
    Removal(Removal),
    /// A new item.
    Item(Box<domain::Item>),
}

impl Record {
    /// Parses a record as the stream delivers it, in JSON. Data of a newer version is skipped: rows
    /// of another kind are [`Told::Unknown`], and unknown attributes are ignored.
    ///
    /// # Errors
    /// [`Fault::Corrupt`] for a row of a known kind that cannot be read, and for invalid JSON of a
    /// record.
    pub fn parse(record: &Value) -> Result<Told, Fault> {
        let images = record.get("dynamodb").filter(|images| images.is_object());
        let images = images.ok_or_else(|| Fault::Corrupt("no stream record".to_owned()))?;
        let Some(new) = images.get("NewImage").filter(|image| !image.is_null()) else {
            return Ok(Told::Nothing);
        };
        let new = decoded(new)?;
        let old = images.get("OldImage").filter(|image| !image.is_null());
        let old = old.map(decoded).transpose()?;
        let read = Read(&new);
        let (pk, sk) = (read.text("pk")?, read.text("sk")?);
        let mut parts = pk.split('#');
        let (entity, tenant) = (parts.next().unwrap_or_default(), parts.next());
        let place = sk.split('#').next().unwrap_or_default();
        if let Some(told) = unheard(entity, place) {
            return Ok(told);
        }
        if (pk, sk) == ("Y#", "search") {
            // The worker that does the job reads its step.
            read.number::<u64>("n")?;
            return Ok(Told::Nothing);
        }
        let tenant = tenant.and_then(TenantId::parse);
        let tenant = tenant.ok_or_else(|| Fault::Corrupt(format!("tenant of {pk}")))?;
        let change = match (entity, place) {
            ("V", "H") => Change::Session {
                before: old.as_ref().map(session::decode).transpose()?.map(Box::new),
                after: Box::new(session::decode(&new)?),
            },
            ("V", "M") => Change::Entry(Box::new(message::decode(&new)?)),
            ("N", _) => Change::Queue(
                parts
                    .next()
                    .and_then(LiveChatId::parse)
                    .ok_or_else(|| Fault::Corrupt(format!("live chat of {pk}")))?,
            ),
            ("U", "L") => Change::Desk {
                employee: employee(pk)?,
                before: old.as_ref().map(decode_membership).transpose()?,
                after: decode_membership(&new)?,
            },
            // The profile also counts the employee's live chats, which nobody is shown.
            ("U", "E") if old.as_ref().is_some_and(|old| is_as_seen_before(old, &new)) => {
                return Ok(Told::Nothing);
            }
            ("U", "E") => Change::Employee(decode_employee(&employee(pk)?, Some(&new))),
            ("Y", _) => Change::Removal(removal::decode(&new)?),
            ("A", _) => Change::Item(Box::new(item::decode(&new)?)),
            _ => return Ok(Told::Unknown),
        };
        Ok(Told::Change(Box::new(Self { tenant, change })))
    }
}

/// Returns the meaning of a row that is not published, by its entity and its place; none for a row
/// that may be published.
fn unheard(entity: &str, place: &str) -> Option<Told> {
    match (entity, place) {
        ("V", "H" | "M") | ("U", "L" | "E") | ("N" | "Y" | "A", _) => None,
        ("V", "X" | "I" | "R")
        | ("L", "A" | "C" | "O" | "T")
        | ("T", "L" | "E" | "A")
        | ("Q" | "W" | "K" | "B", _) => Some(Told::Nothing),
        _ => Some(Told::Unknown),
    }
}

/// Returns true when two images of a profile differ at most in the count of live chats.
fn is_as_seen_before(old: &Item, new: &Item) -> bool {
    let seen = |item: &Item| {
        let mut seen = item.clone();
        seen.remove(MEMBERSHIPS.name);
        seen
    };
    seen(old) == seen(new)
}

fn employee(pk: &str) -> Result<EmployeeId, Fault> {
    pk.splitn(3, '#')
        .nth(2)
        .and_then(EmployeeId::parse)
        .ok_or_else(|| Fault::Corrupt(format!("employee of {pk}")))
}

/// Decodes an image of a record from DynamoDB's JSON. This crate writes only text and numbers.
/// Attributes of other types belong to a newer version: they are skipped, and reported as missing
/// where one is needed.
fn decoded(image: &Value) -> Result<Item, Fault> {
    let corrupt = || Fault::Corrupt("the image of a stream record".to_owned());
    let attributes = image.as_object().ok_or_else(corrupt)?;
    let mut item = HashMap::with_capacity(attributes.len());
    for (name, value) in attributes {
        let value = match (value.get("S"), value.get("N")) {
            (Some(Value::String(text)), _) => AttributeValue::S(text.clone()),
            (_, Some(Value::String(digits))) => AttributeValue::N(digits.clone()),
            _ if value.is_object() => continue,
            _ => return Err(corrupt()),
        };
        item.insert(name.clone(), value);
    }
    Ok(item)
}

#[cfg(test)]
mod tests;
