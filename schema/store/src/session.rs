//! Heads of sessions as items.

use domain::rate::Rate;
use domain::session::ActKind;
use domain::{
    Actor, ChannelId, ClientId, EmployeeId, LastAct, LiveChatId, Preview, Session, SessionId,
    State, TenantId,
};

use crate::attribute::{Build, Item, Read};
use crate::trail::{Mark, TRAIL, Trail};
use crate::{Fault, key, message};

/// A session with what its head keeps beside it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Head {
    pub(crate) session: Session,
    /// Who made its last versions.
    pub(crate) trail: Trail,
}

impl Head {
    /// The head that an item is.
    pub(crate) fn decode(item: &Item) -> Result<Self, Fault> {
        Ok(Self { session: decode(item)?, trail: Trail::of(item) })
    }
}

/// The head as it is stored: made by a write with this mark, or by a transaction, on the version
/// whose trail this is.
pub(crate) fn encode(
    tenant: &TenantId,
    session: &Session,
    trail: &Trail,
    mark: Option<&Mark>,
) -> Item {
    let in_live_chat = key::in_live_chat(tenant, session);
    let of_operator = key::of_operator(tenant, session);
    let (state, closed_at) = match &session.state {
        State::Queued => ("q", None),
        State::Assigned { .. } => ("a", None),
        State::Closed { at, .. } => ("c", Some(at.as_millis())),
    };
    // Most channels deliver at once: the head is kept small.
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
        .text("st", state)
        .text_if("who", session.operator().map(EmployeeId::as_str))
        .number_if("ca", closed_at)
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
        .text("ak", act_kind(session.last.kind))
        .text(TRAIL, trail.next(mark));
    encode_actor(encode_preview(build, &session.preview), &session.last.by).done()
}

fn encode_preview(build: Build, preview: &Preview) -> Build {
    build
        .text("pk_", message::kind(preview.kind))
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

/// The head that an item is, with its key.
pub(crate) fn decode(item: &Item) -> Result<Session, Fault> {
    let read = Read(item);
    let id = read_id(read)?;
    let client = read.parsed("cl", ClientId::parse)?;
    let internal = read.maybe_parsed("ie", EmployeeId::parse)?;
    let operator = read.maybe_parsed("who", EmployeeId::parse)?;
    let state = match (read.text("st")?, operator) {
        ("q", None) => State::Queued,
        ("a", Some(operator)) => State::Assigned { operator },
        ("c", operator) => State::Closed { operator, at: read.time("ca")? },
        _ => return Err(Fault::Corrupt(format!("state of session {id}"))),
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
        last: LastAct { kind: read.parsed("ak", parse_act_kind)?, by },
    })
}

fn read_id(read: Read<'_>) -> Result<SessionId, Fault> {
    let conversation =
        read.parsed("pk", |pk| domain::ConversationId::parse(pk.rsplit('#').next()?))?;
    let ordinal = read.parsed("sk", |sk| sk.strip_prefix(key::HEADS)?.parse().ok())?;
    Ok(SessionId { conversation, ordinal })
}

fn decode_preview(read: Read<'_>) -> Result<Preview, Fault> {
    Ok(Preview {
        kind: read.parsed("pk_", message::parse_kind)?,
        author_name: read.text("pa")?.to_owned(),
        channel: read.maybe_parsed("pc", ChannelId::parse)?,
        text: read.text("pt")?.to_owned(),
        sent_at: read.time("ps")?,
    })
}

const ACT_KINDS: [(ActKind, &str); 9] = [
    (ActKind::Opened, "o"),
    (ActKind::Message, "m"),
    (ActKind::Read, "r"),
    (ActKind::Claimed, "c"),
    (ActKind::Assigned, "a"),
    (ActKind::Returned, "q"),
    (ActKind::Renamed, "n"),
    (ActKind::Bound, "b"),
    (ActKind::Closed, "x"),
];

fn act_kind(kind: ActKind) -> &'static str {
    ACT_KINDS.iter().find(|(known, _)| *known == kind).map_or("", |(_, letter)| letter)
}

fn parse_act_kind(letter: &str) -> Option<ActKind> {
    ACT_KINDS.iter().find(|(_, known)| *known == letter).map(|(kind, _)| *kind)
}
