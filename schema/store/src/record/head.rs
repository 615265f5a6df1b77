//! Heads of sessions.

use domain::rate::Rate;
use domain::session::ActKind;
use domain::{
    Actor, ChannelId, ClientId, EmployeeId, Kind, LastAct, LiveChatId, Preview, Session, SessionId,
    State, TenantId, Timestamp,
};
use serde::{Deserialize, Serialize};

use super::Millis;
use super::letter::{ActLetter, KindLetter, Side, is_unknown, is_unknown_act};
use crate::Fault;
use crate::table::{self, Expression, Item, Mark, Read, Trail, key};

/// An attribute of earlier versions, the id of a write of the head alone. A write removes it.
const FORMER: &str = "wi";

/// The guard of a head: it is as it was read, in a state that this version knows. [`rewrite`] adds the
/// values for it.
const UNCHANGED: &str = "#w = :before AND #st = :state";

/// A session with the data that only its head stores.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Head {
    pub(crate) session: Session,
    /// The marks of the writes that made its last versions.
    pub(crate) trail: Trail,
}

impl Head {
    /// Decodes a head.
    pub(crate) fn decode(item: &Item) -> Result<Self, Fault> {
        Ok(Self { session: decode(item)?, trail: Trail::of(item) })
    }

    /// Returns the head as it is now, after the guard of a write on this one failed.
    ///
    /// # Errors
    /// As [`learn`].
    pub(crate) fn learn(&self, item: &Item) -> Result<Self, Fault> {
        Ok(Self { session: learn(&self.session, item)?, trail: Trail::of(item) })
    }
}

/// A head as it is stored. What it lists first is only written: the keys of its indexes.
#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(rename = "lp", skip_deserializing)]
    live_chat_pk: String,
    #[serde(rename = "ls", skip_deserializing)]
    live_chat_sk: String,
    #[serde(rename = "op", skip_deserializing)]
    operator_pk: Option<String>,
    #[serde(rename = "os", skip_deserializing)]
    operator_sk: Option<String>,
    #[serde(rename = "tr", skip_deserializing)]
    trail: String,
    #[serde(rename = "pu")]
    pushes_until: Option<Millis>,
    #[serde(rename = "l")]
    live_chat: LiveChatId,
    #[serde(rename = "cl")]
    client: ClientId,
    #[serde(rename = "ie")]
    internal: Option<EmployeeId>,
    #[serde(rename = "ch")]
    channel: ChannelId,
    #[serde(rename = "st")]
    state: String,
    #[serde(rename = "who")]
    operator: Option<EmployeeId>,
    #[serde(rename = "ca")]
    closed_at: Option<Millis>,
    #[serde(rename = "w")]
    version: u64,
    #[serde(rename = "s")]
    seq: u64,
    #[serde(rename = "c")]
    client_seq: u64,
    #[serde(rename = "f")]
    first_seq: u64,
    #[serde(rename = "i")]
    incoming: u32,
    #[serde(rename = "r")]
    read: u32,
    #[serde(rename = "rs")]
    read_seq: u64,
    #[serde(rename = "nm")]
    name: String,
    #[serde(rename = "oa")]
    opened_at: Millis,
    /// None where it is the moment of opening: most channels deliver at once.
    #[serde(rename = "fs")]
    first_message_at: Option<Millis>,
    #[serde(rename = "la")]
    last_message_at: Millis,
    /// None where it is the moment of the last message, and in heads of earlier versions.
    #[serde(rename = "le")]
    last_entry_at: Option<Millis>,
    #[serde(rename = "ws")]
    waiting_since: Option<Millis>,
    #[serde(rename = "al")]
    last_alert_at: Option<Millis>,
    #[serde(rename = "cw")]
    client_wrote_at: Option<Millis>,
    #[serde(rename = "lo")]
    last_outgoing: Option<u64>,
    #[serde(rename = "rt")]
    rate: Millis,
    #[serde(rename = "sd")]
    said: Option<u64>,
    #[serde(rename = "pk_", with = "KindLetter", skip_serializing_if = "is_unknown")]
    preview_kind: Kind,
    #[serde(rename = "pa")]
    preview_author: String,
    #[serde(rename = "pc")]
    preview_channel: Option<ChannelId>,
    #[serde(rename = "pt")]
    preview_text: String,
    #[serde(rename = "ps")]
    preview_sent_at: Millis,
    #[serde(rename = "ak", with = "ActLetter", skip_serializing_if = "is_unknown_act")]
    act: ActKind,
    #[serde(rename = "ab")]
    actor: Side,
    #[serde(rename = "ai")]
    actor_id: Option<EmployeeId>,
}

/// The write that makes a version of a head.
#[derive(Clone, Copy)]
pub(crate) struct MadeBy<'a> {
    /// Its mark; none for a transaction.
    pub(crate) mark: Option<&'a Mark>,
    /// The moment until which its request may push the version.
    pub(crate) pushes_until: Option<Timestamp>,
}

/// Encodes a head. `trail` is that of the version before.
pub(crate) fn encode(
    tenant: &TenantId,
    session: &Session,
    trail: &Trail,
    made_by: MadeBy<'_>,
) -> Item {
    table::encode(&key::head(tenant, &session.id), &stored(tenant, session, trail, made_by))
}

/// Returns the write of an existing head, `before`, under [`UNCHANGED`]: sets the attributes known to
/// this version, and removes those that have no value any more. Those of a newer version stay.
pub(crate) fn rewrite(
    tenant: &TenantId,
    session: &Session,
    trail: &Trail,
    made_by: MadeBy<'_>,
    before: &Session,
) -> Expression {
    let stored = stored(tenant, session, trail, made_by);
    let (item, mut absent) = table::encode_whole(&key::head(tenant, &session.id), &stored);
    absent.push(FORMER.to_owned());
    Expression::replace(item, &absent)
        .when(UNCHANGED)
        .number(":before", before.version)
        .text(":state", letter(&before.state))
}

fn stored(tenant: &TenantId, session: &Session, trail: &Trail, made_by: MadeBy<'_>) -> Stored {
    let in_live_chat = key::in_live_chat(tenant, session);
    let (operator_pk, operator_sk) =
        key::of_operator(tenant, session).map(|key| (key.pk, key.sk)).unzip();
    let was_no_message = session.last_entry_at != session.last_message_at;
    let was_late = session.first_message_at != session.opened_at;
    let (actor, actor_id) = match &session.last.by {
        Actor::Client { .. } => (Side::Client, None),
        Actor::Employee(id) => (Side::Employee, Some(id.clone())),
        Actor::System => (Side::System, None),
    };
    let preview = session.preview.clone();
    Stored {
        live_chat_pk: in_live_chat.pk,
        live_chat_sk: in_live_chat.sk,
        operator_pk,
        operator_sk,
        trail: trail.next(made_by.mark),
        pushes_until: made_by.pushes_until.map(Millis),
        live_chat: session.live_chat.clone(),
        client: session.client.clone(),
        internal: session.internal.clone(),
        channel: session.channel.clone(),
        state: letter(&session.state).to_owned(),
        operator: session.operator().cloned(),
        closed_at: session.closed_at().map(Millis),
        version: session.version,
        seq: session.seq,
        client_seq: session.client_seq,
        first_seq: session.first_seq,
        incoming: session.incoming,
        read: session.read,
        read_seq: session.read_seq,
        name: session.name.clone(),
        opened_at: Millis(session.opened_at),
        first_message_at: was_late.then_some(Millis(session.first_message_at)),
        last_message_at: Millis(session.last_message_at),
        last_entry_at: was_no_message.then_some(Millis(session.last_entry_at)),
        waiting_since: session.waiting_since.map(Millis),
        last_alert_at: session.last_alert_at.map(Millis),
        client_wrote_at: session.client_wrote_at.map(Millis),
        last_outgoing: (session.last_outgoing > 0).then_some(session.last_outgoing),
        rate: Millis(session.rate.0),
        said: session.said,
        preview_kind: preview.kind,
        preview_author: preview.author_name,
        preview_channel: preview.channel,
        preview_text: preview.text,
        preview_sent_at: Millis(preview.sent_at),
        act: session.last.kind,
        actor,
        actor_id,
    }
}

/// Returns the letter of a state.
const fn letter(state: &State) -> &'static str {
    match state {
        State::Queued => "q",
        State::Assigned { .. } => "a",
        State::Closed { .. } => "c",
    }
}

/// Returns the state to show for one written by a newer version: by its operator and its time of
/// close. Nothing changes such a session, because every write is guarded by the letter of the state
/// that was read.
fn nearest(operator: Option<EmployeeId>, closed_at: Option<Timestamp>) -> State {
    match (operator, closed_at) {
        (operator, Some(at)) => State::Closed { operator, at },
        (Some(operator), None) => State::Assigned { operator },
        (None, None) => State::Queued,
    }
}

/// Decodes a head whose guard failed.
///
/// # Errors
/// [`Fault::Unavailable`] when no other write changed it: then it is in a state that this version
/// does not know, and a retry helps once the newer version is back.
pub(crate) fn learn(before: &Session, item: &Item) -> Result<Session, Fault> {
    let now = decode(item)?;
    if now.version == before.version && now.id == before.id {
        return Err(Fault::Unavailable(format!("session {} is in an unknown state", now.id)));
    }
    Ok(now)
}

/// Returns the moment until which the request that made this version of a head may push it.
pub(crate) fn pushes_until(item: &Item) -> Option<Timestamp> {
    Read(item).number("pu").ok().map(Timestamp::from_millis)
}

/// Decodes a head from its item, which includes its key.
pub(crate) fn decode(item: &Item) -> Result<Session, Fault> {
    let (read, id) = (Read(item), Read(item).keyed(key::read_head)?);
    let stored: Stored = table::decode(item)?;
    let state = stored.state(&id, read)?;
    let by = match stored.actor {
        Side::Client => {
            Actor::Client { id: stored.client.clone(), employee: stored.internal.clone() }
        }
        Side::Employee => Actor::Employee(stored.actor_id.ok_or_else(|| read.corrupt("ai"))?),
        Side::System => Actor::System,
    };
    Ok(Session {
        id,
        live_chat: stored.live_chat,
        client: stored.client,
        internal: stored.internal,
        channel: stored.channel,
        state,
        version: stored.version,
        seq: stored.seq,
        client_seq: stored.client_seq,
        first_seq: stored.first_seq,
        incoming: stored.incoming,
        read: stored.read,
        read_seq: stored.read_seq,
        name: stored.name,
        preview: Preview {
            kind: stored.preview_kind,
            author_name: stored.preview_author,
            channel: stored.preview_channel,
            text: stored.preview_text,
            sent_at: stored.preview_sent_at.0,
        },
        opened_at: stored.opened_at.0,
        first_message_at: stored.first_message_at.unwrap_or(stored.opened_at).0,
        last_message_at: stored.last_message_at.0,
        last_entry_at: stored.last_entry_at.unwrap_or(stored.last_message_at).0,
        waiting_since: stored.waiting_since.map(|at| at.0),
        last_alert_at: stored.last_alert_at.map(|at| at.0),
        client_wrote_at: stored.client_wrote_at.map(|at| at.0),
        last_outgoing: stored.last_outgoing.unwrap_or_default(),
        rate: Rate(stored.rate.0),
        said: stored.said,
        last: LastAct { kind: stored.act, by },
    })
}

impl Stored {
    fn state(&self, id: &SessionId, read: Read<'_>) -> Result<State, Fault> {
        let (operator, closed_at) = (self.operator.clone(), self.closed_at.map(|at| at.0));
        Ok(match (self.state.as_str(), operator) {
            ("q", None) => State::Queued,
            ("a", Some(operator)) => State::Assigned { operator },
            ("c", operator) => {
                State::Closed { operator, at: closed_at.ok_or_else(|| read.corrupt("ca"))? }
            }
            ("q" | "a", _) => return Err(Fault::Corrupt(format!("state of session {id}"))),
            (_, operator) => nearest(operator, closed_at),
        })
    }
}
