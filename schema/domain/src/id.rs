//! Ids: one type for each kind, so that an id of one kind cannot be passed where another is meant.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::Timestamp;

/// Writes an id as its text, and reads no text that cannot be an id.
macro_rules! serde_as_text {
    ($name:ident) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <Cow<'de, str>>::deserialize(from)?;
                Self::parse(&text)
                    .ok_or_else(|| D::Error::custom(concat!("it cannot be a ", stringify!($name))))
            }
        }
    };
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Parses an id. `None` where the text cannot be an id: it is empty, longer than 128
            /// bytes, or has white space, control characters or `#`, which separates keys.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                is_id(text).then(|| Self(text.to_owned()))
            }

            /// Returns the id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        serde_as_text!($name);
    };
}

text_id!(
    /// A company that uses ChatDesk. Comes only from a verified token or from a channel's row.
    TenantId
);
text_id!(
    /// An employee of a tenant: the subject of their token.
    EmployeeId
);
text_id!(
    /// A live chat of a tenant.
    LiveChatId
);
text_id!(
    /// A channel; unique over all tenants, because a webhook's path contains no other id.
    ChannelId
);
text_id!(
    /// A client: one identity in one channel. See [`ClientId::of`].
    ClientId
);
text_id!(
    /// The whole history of one client in one live chat. See [`ConversationId::of`].
    ConversationId
);

text_id!(
    /// An app: a kind of the tenant's own records, such as orders.
    AppId
);
text_id!(
    /// A template of a live chat.
    TemplateId
);
text_id!(
    /// A file of a conversation: from the moment when its upload was asked for.
    AttachmentId
);

fn is_id(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && !text.chars().any(|c| c == '#' || c.is_control() || c.is_whitespace())
}

impl ClientId {
    /// Returns the client with this identity in this channel. Derived, so that no look-up is
    /// needed.
    #[must_use]
    pub fn of(tenant: &TenantId, channel: &ChannelId, external_id: &str) -> Self {
        Self(digest(&["client", tenant.as_str(), channel.as_str(), external_id]))
    }
}

impl ConversationId {
    /// Returns the conversation of a client in a live chat. Derived, so that no look-up is needed.
    #[must_use]
    pub fn of(tenant: &TenantId, live_chat: &LiveChatId, client: &ClientId) -> Self {
        Self(digest(&["conversation", tenant.as_str(), live_chat.as_str(), client.as_str()]))
    }
}

/// One session: a conversation and the session's ordinal in it, from 1.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SessionId {
    /// The conversation it belongs to.
    pub conversation: ConversationId,
    /// Its ordinal in the conversation, from 1.
    pub ordinal: u32,
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.conversation, self.ordinal)
    }
}

impl SessionId {
    /// Parses the text written by [`Display`](fmt::Display); `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (conversation, ordinal) = text.rsplit_once('.')?;
        let ordinal: u32 = ordinal.parse().ok().filter(|n| *n > 0)?;
        let id = Self { conversation: ConversationId::parse(conversation)?, ordinal };
        (id.to_string() == text).then_some(id)
    }
}

serde_as_text!(SessionId);

/// One item: its app, and a serial in it that sorts by creation.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ItemId {
    /// The app that it belongs to.
    pub app: AppId,
    serial: String,
}

serde_as_text!(ItemId);

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.app, self.serial)
    }
}

impl ItemId {
    /// Returns the id of an item created at this moment, made unique by 128 random bits.
    #[must_use]
    pub fn new(app: AppId, at: Timestamp, random: u128) -> Self {
        let serial = format!("{:013}{}", at.as_millis(), fresh(random));
        Self { app, serial }
    }

    /// Returns the item of an app with this serial; `None` where the text cannot be a serial.
    #[must_use]
    pub fn of(app: AppId, serial: &str) -> Option<Self> {
        let is_serial = is_id(serial) && !serial.contains('.');
        is_serial.then(|| Self { app, serial: serial.to_owned() })
    }

    /// Returns its own id in its app. Items created later have greater ones.
    #[must_use]
    pub fn serial(&self) -> &str {
        &self.serial
    }

    /// Parses the text written by [`Display`](fmt::Display); `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (app, serial) = text.rsplit_once('.')?;
        Self::of(AppId::parse(app)?, serial)
    }
}

/// Returns 128 bits of SHA-256 over the parts, each preceded by its length, as 22 URL-safe
/// characters.
#[must_use]
pub fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let bytes = hash.finalize();
    URL_SAFE_NO_PAD.encode(bytes.get(..16).unwrap_or_default())
}

/// Returns a fresh id from 128 random bits, as 22 URL-safe characters.
#[must_use]
pub fn fresh(random: u128) -> String {
    URL_SAFE_NO_PAD.encode(random.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_digest_cannot_run_into_each_other() {
        assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
        assert_eq!(digest(&["ab", "c"]).len(), 22);
    }

    #[test]
    fn an_item_id_reads_back_and_sorts_by_creation() {
        let new = |app: &str, millis| {
            ItemId::new(AppId::parse(app).unwrap(), Timestamp::from_millis(millis), u128::MAX)
        };
        for app in ["orders", "my.orders"] {
            let id = new(app, 7);
            assert_eq!(ItemId::parse(&id.to_string()), Some(id));
        }
        assert!(new("orders", 9).serial() < new("orders", 10).serial());
        for wrong in ["", "orders", "orders.", ".7", "a#b.7", "a.b#c"] {
            assert_eq!(ItemId::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_session_id_reads_back_and_nothing_else_does() {
        let id = SessionId { conversation: ConversationId::parse("abc").unwrap(), ordinal: 7 };
        assert_eq!(SessionId::parse(&id.to_string()), Some(id));
        for wrong in ["", "abc", "abc.", "abc.0", "abc.07", "abc.+7", "abc.x", ".7", "a#c.7"] {
            assert_eq!(SessionId::parse(wrong), None, "{wrong}");
        }
    }
}
