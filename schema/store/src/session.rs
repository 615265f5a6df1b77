//! Heads of sessions, as they are stored.

use std::collections::BTreeMap;

use domain::rate::Rate;
use domain::session::ActKind;
use domain::{
    Actor, ChannelId, ClientId, EmployeeId, LastAct, LiveChatId, Preview, Session, State, TenantId,
    Timestamp,
};

use crate::table::{Build, Expression, Item, Mark, Read, TRAIL, Trail, key};
use crate::{Fault, message};

/// The optional attributes of a head; `wi` is the id of a write of the head alone.
const OPTIONAL: [&str; 12] =
    ["op", "os", "ie", "who", "ca", "fs", "ws", "al", "sd", "pc", "ai", "wi"];

/// The guard of a head: it is as it was read, in a state that this version knows. [`rewrite`]
/// adds the values for it.
const UNCHANGED: &str = "#w = :before AND #st = :state";

/// Returns the write of an existing head that was read before: sets the attributes known to this
/// version, under [`UNCHANGED`]. Those of a newer version stay.
pub(crate) fn rewrite(mut item: Item, before: &Session) -> Expression {
    let removed = OPTIONAL.into_iter().filter(|name| !item.contains_key(*name));
    let removed: Vec<String> = removed.map(|name| format!("#{name}")).collect();
    item.retain(|name, _| !["pk", "sk"].contains(&name.as_str()));
    let values: BTreeMap<_, _> = item.into_iter().collect();
    let set: Vec<String> = values.keys().map(|name| format!("#{name} = :{name}")).collect();
    let mut update = format!("SET {}", set.join(", "));
    if !removed.is_empty() {
        update = format!("{update} REMOVE {}", removed.join(", "));
    }
    values
        .into_iter()
        .fold(Expression::update(update), |all, (name, value)| {
            all.value(&format!(":{name}"), value)
        })
        .when(UNCHANGED)
        .number(":before", before.version)
        .text(":state", state(&before.state))
}

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

/// Encodes a head, made by a write with this mark or by a transaction. `trail` is that of the
/// version before.
pub(crate) fn encode(
    tenant: &TenantId,
    session: &Session,
    trail: &Trail,
    mark: Option<&Mark>,
) -> Item {
    let in_live_chat = key::in_live_chat(tenant, session);
    let of_operator = key::of_operator(tenant, session);
    // Most channels deliver at once, so the equal time is left out to keep the head small.
    let was_late = session.first_message_at != session.opened_at;
    let build = Build::keyed(&key::head(tenant, &session.id))
        .text("lp", in_live_chat.pk)
        .text("ls", in_live_chat.sk)
        .text_if("op", of_operator.as_ref().map(|key| key.pk.as_str()))
        .text_if("os", of_operator.as_ref().map(|key| key.sk.as_str()))
        .text("l", session.live_chat.as_str())
        .text("cl", session.client.as_str())
        .text_if("ie", session.internal.as_ref().map(EmployeeId::as_str))
        .text("ch", session.channel.as_str())
        .text("st", state(&session.state))
        .text_if("who", session.operator().map(EmployeeId::as_str))
        .number_if("ca", session.closed_at().map(Timestamp::as_millis))
        .number("w", session.version)
        .number("s", session.seq)
        .number("c", session.client_seq)
        .number("f", session.first_seq)
        .number("i", session.incoming)
        .number("r", session.read)
        .number("rs", session.read_seq)
        .text("nm", &session.name)
        .time("oa", session.opened_at)
        .number_if("fs", was_late.then(|| session.first_message_at.as_millis()))
        .time("la", session.last_message_at)
        .number_if("ws", session.waiting_since.map(|at| at.as_millis()))
        .number_if("al", session.last_alert_at.map(|at| at.as_millis()))
        .time("rt", session.rate.0)
        .number_if("sd", session.said)
        .text_if("ak", act_kind(session.last.kind))
        .text(TRAIL, trail.next(mark));
    encode_actor(encode_preview(build, &session.preview), &session.last.by).done()
}

fn encode_preview(build: Build, preview: &Preview) -> Build {
    build
        .text_if("pk_", message::kind(preview.kind))
        .text("pa", &preview.author_name)
        .text_if("pc", preview.channel.as_ref().map(ChannelId::as_str))
        .text("pt", &preview.text)
        .time("ps", preview.sent_at)
}

fn encode_actor(build: Build, actor: &Actor) -> Build {
    match actor {
        Actor::Client { .. } => build.text("ab", "c"),
        Actor::Employee(id) => build.text("ab", "e").text("ai", id.as_str()),
        Actor::System => build.text("ab", "s"),
    }
}

/// Returns the letter of a state.
pub(crate) const fn state(state: &State) -> &'static str {
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

/// Decodes a head from its item, which includes its key.
pub(crate) fn decode(item: &Item) -> Result<Session, Fault> {
    let read = Read(item);
    let id = read.keyed(key::read_head)?;
    let client = read.parsed("cl", ClientId::parse)?;
    let internal = read.maybe_parsed("ie", EmployeeId::parse)?;
    let operator = read.maybe_parsed("who", EmployeeId::parse)?;
    let state = match (read.text("st")?, operator) {
        ("q", None) => State::Queued,
        ("a", Some(operator)) => State::Assigned { operator },
        ("c", operator) => State::Closed { operator, at: read.time("ca")? },
        ("q" | "a", _) => return Err(Fault::Corrupt(format!("state of session {id}"))),
        (_, operator) => nearest(operator, read.maybe_time("ca")?),
    };
    let by = match read.text("ab")? {
        "c" => Actor::Client { id: client.clone(), employee: internal.clone() },
        "e" => Actor::Employee(read.parsed("ai", EmployeeId::parse)?),
        _ => Actor::System,
    };
    Ok(Session {
        id,
        live_chat: read.parsed("l", LiveChatId::parse)?,
        client,
        internal,
        channel: read.parsed("ch", ChannelId::parse)?,
        state,
        version: read.number("w")?,
        seq: read.number("s")?,
        client_seq: read.number("c")?,
        first_seq: read.number("f")?,
        incoming: read.number("i")?,
        read: read.number("r")?,
        read_seq: read.number("rs")?,
        name: read.text("nm")?.to_owned(),
        preview: decode_preview(read)?,
        opened_at: read.time("oa")?,
        first_message_at: read.maybe_time("fs")?.map_or_else(|| read.time("oa"), Ok)?,
        last_message_at: read.time("la")?,
        waiting_since: read.maybe_time("ws")?,
        last_alert_at: read.maybe_time("al")?,
        rate: Rate(read.time("rt")?),
        said: read.maybe_number("sd")?,
        last: LastAct { kind: parse_act_kind(read.text("ak")?), by },
    })
}

fn decode_preview(read: Read<'_>) -> Result<Preview, Fault> {
    Ok(Preview {
        kind: message::parse_kind(read.text("pk_")?),
        author_name: read.text("pa")?.to_owned(),
        channel: read.maybe_parsed("pc", ChannelId::parse)?,
        text: read.text("pt")?.to_owned(),
        sent_at: read.time("ps")?,
    })
}

/// Returns the letter of an act; none for an act that this version does not know and never writes.
const fn act_kind(kind: ActKind) -> Option<&'static str> {
    match kind {
        ActKind::Opened => Some("o"),
        ActKind::Message => Some("m"),
        ActKind::Read => Some("r"),
        ActKind::Claimed => Some("c"),
        ActKind::Assigned => Some("a"),
        ActKind::Returned => Some("q"),
        ActKind::Renamed => Some("n"),
        ActKind::Bound => Some("b"),
        ActKind::Closed => Some("x"),
        ActKind::Unknown => None,
    }
}

fn parse_act_kind(letter: &str) -> ActKind {
    match letter {
        "o" => ActKind::Opened,
        "m" => ActKind::Message,
        "r" => ActKind::Read,
        "c" => ActKind::Claimed,
        "a" => ActKind::Assigned,
        "q" => ActKind::Returned,
        "n" => ActKind::Renamed,
        "b" => ActKind::Bound,
        "x" => ActKind::Closed,
        _ => ActKind::Unknown,
    }
}
