//! Entries of dialogs, as they are stored.

use domain::{
    Author, ChannelId, ClientId, EmployeeId, ItemId, Kind, Message, SessionEvent, TenantId,
};

use crate::Fault;
use crate::table::{Build, Item, Read, key};

/// Encodes an entry as an item.
pub(crate) fn encode(tenant: &TenantId, message: &Message) -> Item {
    let (author, author_id, author_name) = match &message.author {
        Author::Client { id, name } => ("c", Some(id.as_str()), Some(name)),
        Author::Employee { id, name } => ("e", Some(id.as_str()), Some(name)),
        Author::System => ("s", None, None),
    };
    let build = Build::keyed(&key::message(tenant, &message.conversation, message.seq))
        .number("s", message.seq)
        .number("c", message.client_seq)
        .number("i", message.incoming)
        .number("n", message.ordinal)
        .text_if("k", kind(message.kind))
        .text("a", author)
        .text_if("ai", author_id)
        .text_if("an", author_name)
        .text_if("ch", message.channel.as_ref().map(ChannelId::as_str))
        .text("t", &message.text)
        .time("at", message.sent_at)
        .text_if("id", message.client_message_id.as_ref())
        .number_if("re", message.reply_to);
    match &message.event {
        None => build.done(),
        Some(event) => encode_event(build, event).done(),
    }
}

/// Decodes an entry from its item.
pub(crate) fn decode(item: &Item) -> Result<Message, Fault> {
    let read = Read(item);
    Ok(Message {
        conversation: read.parsed("pk", key::read_conversation)?,
        seq: read.number("s")?,
        client_seq: read.number("c")?,
        incoming: read.number("i")?,
        ordinal: read.number("n")?,
        kind: parse_kind(read.text("k")?),
        author: decode_author(read)?,
        channel: read.maybe_parsed("ch", ChannelId::parse)?,
        text: read.text("t")?.to_owned(),
        sent_at: read.time("at")?,
        client_message_id: read.maybe_text("id").map(str::to_owned),
        reply_to: read.maybe_number("re")?,
        event: decode_event(read)?,
    })
}

fn decode_author(read: Read<'_>) -> Result<Author, Fault> {
    let name = || read.text("an").map(str::to_owned);
    Ok(match read.text("a")? {
        "c" => Author::Client { id: read.parsed("ai", ClientId::parse)?, name: name()? },
        "e" => Author::Employee { id: read.parsed("ai", EmployeeId::parse)?, name: name()? },
        _ => Author::System,
    })
}

fn encode_event(build: Build, event: &SessionEvent) -> Build {
    match event {
        SessionEvent::Claimed { to } => build.text("ev", "c").text("et", to.as_str()),
        SessionEvent::Assigned { from, to } => build
            .text("ev", "a")
            .text_if("ef", from.as_ref().map(EmployeeId::as_str))
            .text("et", to.as_str()),
        SessionEvent::Returned { from } => build.text("ev", "q").text("ef", from.as_str()),
        SessionEvent::Renamed { name } => build.text("ev", "n").text("en", name),
        SessionEvent::Bound { item } => build.text("ev", "b").text("ei", item.to_string()),
        SessionEvent::Unbound { item } => build.text("ev", "u").text("ei", item.to_string()),
        SessionEvent::Closed { from } => {
            build.text("ev", "x").text_if("ef", from.as_ref().map(EmployeeId::as_str))
        }
    }
}

/// Decodes an event; none for an event that a newer version wrote.
fn decode_event(read: Read<'_>) -> Result<Option<SessionEvent>, Fault> {
    let from = read.maybe_parsed("ef", EmployeeId::parse)?;
    let to = read.maybe_parsed("et", EmployeeId::parse)?;
    let name = read.maybe_text("en").map(str::to_owned);
    let item = read.maybe_parsed("ei", ItemId::parse)?;
    Ok(match read.maybe_text("ev").unwrap_or_default() {
        "c" => to.map(|to| SessionEvent::Claimed { to }),
        "a" => to.map(|to| SessionEvent::Assigned { from, to }),
        "q" => from.map(|from| SessionEvent::Returned { from }),
        "n" => name.map(|name| SessionEvent::Renamed { name }),
        "b" => item.map(|item| SessionEvent::Bound { item }),
        "u" => item.map(|item| SessionEvent::Unbound { item }),
        "x" => Some(SessionEvent::Closed { from }),
        _ => None,
    })
}

/// Returns the letter of a kind, or none for a kind that this version does not know and never
/// writes.
pub(crate) const fn kind(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Client => Some("c"),
        Kind::Operator => Some("o"),
        Kind::Note => Some("n"),
        Kind::Event => Some("e"),
        Kind::Unknown => None,
    }
}

pub(crate) fn parse_kind(letter: &str) -> Kind {
    match letter {
        "c" => Kind::Client,
        "o" => Kind::Operator,
        "n" => Kind::Note,
        "e" => Kind::Event,
        _ => Kind::Unknown,
    }
}
