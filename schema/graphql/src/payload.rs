//! What mutations answer, and how acts come to it.

use async_graphql::{ID, Result, SimpleObject};
use domain::{Refusal, text};
use store::act::Acted;

use crate::app::{App, Item};
use crate::employee::Employee;
use crate::error::UserError;
use crate::live_chat::{Channel, LiveChat};
use crate::message::Message;
use crate::session::Session;
use crate::template::Template;

macro_rules! payload {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(SimpleObject, Clone, Default)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: Option<$type>,)*
            /// Why it was refused.
            pub user_errors: Vec<UserError>,
        }

        impl From<Refusal> for $name {
            fn from(refusal: Refusal) -> Self {
                Self { user_errors: vec![(&refusal).into()], ..Self::default() }
            }
        }
    };
}

payload!(
    /// What claimNextSession answers.
    ClaimNextSessionPayload {
        /// The session taken; null and no error when none waits.
        session: Session,
    }
);
payload!(
    /// What claimSession answers.
    ClaimSessionPayload {
        /// The session, for who may still see it.
        session: Session,
        /// Who has it, when another was quicker.
        claimed_by: Employee,
    }
);
payload!(
    /// What sendMessage answers.
    SendMessagePayload {
        /// The message as it stands in the dialog; of a repeated send, the first one.
        message: Message,
        /// The session, for who may still see it.
        session: Session,
        /// Who has it, when another was quicker.
        claimed_by: Employee,
    }
);
payload!(
    /// What addNote answers.
    AddNotePayload {
        /// The note as it stands in the dialog; of a repeated one, the first.
        message: Message,
        /// The session, for who may still see it.
        session: Session,
    }
);
payload!(
    /// What markSessionRead answers.
    MarkSessionReadPayload {
        /// The session.
        session: Session,
    }
);
payload!(
    /// What markSessionUnread answers.
    MarkSessionUnreadPayload {
        /// The session.
        session: Session,
    }
);
payload!(
    /// What assignSession answers.
    AssignSessionPayload {
        /// The session; null without an error when it was given away and is out of my sight.
        session: Session,
    }
);
payload!(
    /// What returnSession answers.
    ReturnSessionPayload {
        /// The session.
        session: Session,
    }
);
payload!(
    /// What closeSession answers.
    CloseSessionPayload {
        /// The session.
        session: Session,
    }
);
payload!(
    /// What renameSession answers.
    RenameSessionPayload {
        /// The session.
        session: Session,
    }
);
payload!(
    /// What setPresence answers.
    SetPresencePayload {
        /// Me, with my presence.
        employee: Employee,
    }
);

payload!(
    /// What bindItem answers.
    BindItemPayload {
        /// The session.
        session: Session,
        /// The item.
        item: Item,
    }
);
payload!(
    /// What createAndBindItem answers.
    CreateAndBindItemPayload {
        /// The session, for who may still see it.
        session: Session,
        /// The item; of a repeated key, the first one.
        item: Item,
    }
);
payload!(
    /// What unbindItem answers.
    UnbindItemPayload {
        /// The session.
        session: Session,
        /// The item.
        item: Item,
    }
);
payload!(
    /// What createApp answers.
    CreateAppPayload {
        /// The app; of a repeated key the first one, for who may still see it.
        app: App,
    }
);
payload!(
    /// What setLiveChatApps answers.
    SetLiveChatAppsPayload {
        /// The live chat.
        live_chat: LiveChat,
    }
);
payload!(
    /// What createTemplate answers.
    CreateTemplatePayload {
        /// The template as it was written; of a repeated key the first one, if it is still there and
        /// for who may still see it.
        template: Template,
    }
);
payload!(
    /// What deleteTemplate answers.
    DeleteTemplatePayload {
        /// The id that was given.
        deleted_id: ID,
    }
);
payload!(
    /// What createLiveChat answers.
    CreateLiveChatPayload {
        /// The live chat; of a repeated key the first one, for who may still see it.
        live_chat: LiveChat,
    }
);
payload!(
    /// What renameLiveChat answers.
    RenameLiveChatPayload {
        /// The live chat.
        live_chat: LiveChat,
    }
);
payload!(
    /// What setSessionNameTemplate answers.
    SetSessionNameTemplatePayload {
        /// The live chat.
        live_chat: LiveChat,
    }
);
payload!(
    /// What setLiveChatOrigins answers.
    SetLiveChatOriginsPayload {
        /// The live chat.
        live_chat: LiveChat,
    }
);
payload!(
    /// What setMember answers.
    SetMemberPayload {
        /// The live chat.
        live_chat: LiveChat,
    }
);
payload!(
    /// What createChannel answers.
    CreateChannelPayload {
        /// The channel; of a repeated key the first one, for who may still see it.
        channel: Channel,
        /// What its requests are signed with: it is shown this once, and again to an administrator
        /// who repeats the key.
        secret: String,
    }
);
payload!(
    /// What rotateChannelSecret answers.
    RotateChannelSecretPayload {
        /// The channel.
        channel: Channel,
        /// What its requests are signed with from now on: it is shown this once.
        secret: String,
    }
);

/// The session of an act, for who may still see it.
pub(crate) fn session(acted: &Acted) -> Option<Session> {
    acted.sight.may_read().then(|| Session::new(acted.session.clone()))
}

/// The entry that an act wrote.
pub(crate) fn message(acted: &Acted) -> Option<Message> {
    let entry = acted.message.clone()?;
    Some(Message { entry: entry.into(), dialog: acted.session.clone().into() })
}

/// The number that an argument gives.
///
/// # Errors
/// [`Refusal::Invalid`] when it is negative.
pub(crate) fn seq(field: &'static str, given: i32) -> Result<u64, Refusal> {
    u64::try_from(given).map_err(|_| Refusal::invalid(field, "It must not be negative."))
}

/// A comment that may be left out.
///
/// # Errors
/// [`Refusal::Invalid`] outside of its bounds.
pub(crate) fn comment(given: Option<&str>) -> Result<Option<&str>, Refusal> {
    given.map(|comment| text::bounded("comment", comment, text::COMMENT_LENGTH)).transpose()
}

/// An idempotency key that may be left out.
///
/// # Errors
/// [`Refusal::Invalid`] outside of its bounds.
pub(crate) fn key(given: Option<&str>) -> Result<Option<&str>, Refusal> {
    given.map(|key| text::bounded("idempotencyKey", key, text::KEY_LENGTH)).transpose()
}
