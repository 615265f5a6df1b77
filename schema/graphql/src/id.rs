//! Global ids: opaque for clients, typed inside, and of one tenant.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{
    AppId, AttachmentId, ChannelId, ClientId, ConversationId, EmployeeId, ItemId, LiveChatId,
    SessionId, TemplateId, TenantId,
};

/// The object that a global id names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum GlobalId {
    /// The viewer: an employee's own view.
    Viewer(EmployeeId),
    /// An employee's counters.
    Counters(EmployeeId),
    /// An employee.
    Employee(EmployeeId),
    /// A live chat.
    LiveChat(LiveChatId),
    /// A channel of a live chat.
    Channel(LiveChatId, ChannelId),
    /// A session.
    Session(SessionId),
    /// An entry of a dialog.
    Message(ConversationId, u64),
    /// A client of a live chat.
    Client(LiveChatId, ClientId),
    /// An app.
    App(AppId),
    /// An item of an app.
    Item(ItemId),
    /// A template of a live chat: with its variables not filled in, or filled in for a session.
    Template(LiveChatId, TemplateId, Option<SessionId>),
    /// A client's own side of a conversation.
    Conversation(ConversationId),
    /// A message as its client knows it.
    ConversationMessage(ConversationId, u64),
    /// A file of a conversation.
    Attachment(ConversationId, AttachmentId),
}

impl GlobalId {
    /// Returns the id as the API has it.
    #[must_use]
    pub fn encode(&self, tenant: &TenantId) -> String {
        let (kind, id) = match self {
            Self::Viewer(id) => ("Viewer", id.to_string()),
            Self::Counters(id) => ("Counters", id.to_string()),
            Self::Employee(id) => ("Employee", id.to_string()),
            Self::LiveChat(id) => ("LiveChat", id.to_string()),
            Self::Channel(live_chat, id) => ("Channel", format!("{live_chat}#{id}")),
            Self::Session(id) => ("Session", id.to_string()),
            Self::Message(of, seq) => ("Message", format!("{of}#{seq}")),
            Self::Client(live_chat, id) => ("Client", format!("{live_chat}#{id}")),
            Self::App(id) => ("App", id.to_string()),
            Self::Item(id) => ("Item", id.to_string()),
            Self::Template(live_chat, id, None) => ("Template", format!("{live_chat}#{id}")),
            Self::Template(live_chat, id, Some(session)) => {
                ("Template", format!("{live_chat}#{id}#{session}"))
            }
            Self::Conversation(id) => ("Conversation", id.to_string()),
            Self::ConversationMessage(of, seq) => ("ConversationMessage", format!("{of}#{seq}")),
            Self::Attachment(of, id) => ("Attachment", format!("{of}#{id}")),
        };
        URL_SAFE_NO_PAD.encode(format!("{kind}:{tenant}/{id}"))
    }

    /// Returns the object that an id names, and its tenant; `None` for a text that is no id of this
    /// service.
    #[must_use]
    pub fn decode(text: &str) -> Option<(TenantId, Self)> {
        if text.len() > 1024 {
            return None;
        }
        let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let (kind, rest) = plain.split_once(':')?;
        let (tenant, id) = rest.split_once('/')?;
        let tenant = TenantId::parse(tenant)?;
        let pair = || id.split_once('#');
        let entry = || {
            let (of, seq) = pair()?;
            let number: u64 = seq.parse().ok().filter(|seq| *seq > 0)?;
            (number.to_string() == seq).then_some((ConversationId::parse(of)?, number))
        };
        let id = match kind {
            "Viewer" => Self::Viewer(EmployeeId::parse(id)?),
            "Counters" => Self::Counters(EmployeeId::parse(id)?),
            "Employee" => Self::Employee(EmployeeId::parse(id)?),
            "LiveChat" => Self::LiveChat(LiveChatId::parse(id)?),
            "Channel" => {
                let (live_chat, id) = pair()?;
                Self::Channel(LiveChatId::parse(live_chat)?, ChannelId::parse(id)?)
            }
            "Session" => Self::Session(SessionId::parse(id)?),
            "Message" => entry().map(|(of, seq)| Self::Message(of, seq))?,
            "Client" => {
                let (live_chat, id) = pair()?;
                Self::Client(LiveChatId::parse(live_chat)?, ClientId::parse(id)?)
            }
            "App" => Self::App(AppId::parse(id)?),
            "Item" => Self::Item(ItemId::parse(id)?),
            "Template" => {
                let (live_chat, rest) = pair()?;
                let (id, session) = match rest.split_once('#') {
                    None => (rest, None),
                    Some((id, session)) => (id, Some(SessionId::parse(session)?)),
                };
                Self::Template(LiveChatId::parse(live_chat)?, TemplateId::parse(id)?, session)
            }
            "Conversation" => Self::Conversation(ConversationId::parse(id)?),
            "Attachment" => {
                let (of, id) = pair()?;
                Self::Attachment(ConversationId::parse(of)?, AttachmentId::parse(id)?)
            }
            "ConversationMessage" => entry().map(|(of, seq)| Self::ConversationMessage(of, seq))?,
            _ => return None,
        };
        Some((tenant, id))
    }
}

/// Returns the global id of a live chat, for the functions that give it to clients without a token.
#[must_use]
pub fn live_chat(tenant: &TenantId, id: &LiveChatId) -> String {
    GlobalId::LiveChat(id.clone()).encode(tenant)
}

/// Returns the live chat that a global id names.
#[must_use]
pub fn parse_live_chat(text: &str) -> Option<(TenantId, LiveChatId)> {
    match GlobalId::decode(text)? {
        (tenant, GlobalId::LiveChat(id)) => Some((tenant, id)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_and_nothing_else_does() {
        let tenant = TenantId::parse("demo").unwrap();
        let conversation = ConversationId::parse("abc").unwrap();
        let session = SessionId { conversation: conversation.clone(), ordinal: 3 };
        let (live_chat, template) =
            (LiveChatId::parse("l").unwrap(), TemplateId::parse("t").unwrap());
        let ids = [
            GlobalId::Employee(EmployeeId::parse("auth0|ann/1:2").unwrap()),
            GlobalId::Channel(LiveChatId::parse("l").unwrap(), ChannelId::parse("c").unwrap()),
            GlobalId::Session(session.clone()),
            GlobalId::App(AppId::parse("orders").unwrap()),
            GlobalId::Item(ItemId::parse("orders.7").unwrap()),
            GlobalId::Template(live_chat.clone(), template.clone(), None),
            GlobalId::Template(live_chat, template, Some(session)),
            GlobalId::Message(conversation.clone(), 17),
            GlobalId::Attachment(conversation, AttachmentId::parse("f").unwrap()),
        ];
        for id in ids {
            assert_eq!(GlobalId::decode(&id.encode(&tenant)), Some((tenant.clone(), id)));
        }
        for wrong in ["", "x", "U2Vzc2lvbjpkZW1vLw", "ä", &"A".repeat(2000)] {
            assert_eq!(GlobalId::decode(wrong), None, "{wrong}");
        }
    }
}
