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
            /// The refusal, or an empty list if the mutation succeeded. There is at most one entry:
            /// the first refusal that applies.
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
    /// The result of `claimNextSession`.
    ClaimNextSessionPayload {
        /// The session that you claimed. Null without an error if none waits. Null too if the
        /// mutation was refused, or if a repeated key claimed a session that you may no longer see.
        session: Session,
    }
);
payload!(
    /// The result of `claimSession`.
    ClaimSessionPayload {
        /// The session, or null if you may no longer see it, or if the mutation was refused for
        /// another reason than `ALREADY_CLAIMED`.
        session: Session,
        /// The operator who has the session, if the mutation was refused with `ALREADY_CLAIMED`.
        /// Null otherwise.
        claimed_by: Employee,
    }
);
payload!(
    /// The result of `sendMessage`.
    SendMessagePayload {
        /// The message in the dialog, or null if the mutation was refused. For a repeated
        /// `clientMessageId`: the message that the first request created.
        message: Message,
        /// The session, or null if you may no longer see it, or if the mutation was refused for
        /// another reason than `ALREADY_CLAIMED`.
        session: Session,
        /// The operator who has the session, if the mutation was refused with `ALREADY_CLAIMED`.
        /// Null otherwise.
        claimed_by: Employee,
    }
);
payload!(
    /// The result of `addNote`.
    AddNotePayload {
        /// The note in the dialog, or null if the mutation was refused. For a repeated
        /// `clientMessageId`: the note that the first request created.
        message: Message,
        /// The session, or null if the mutation was refused or you may no longer see it.
        session: Session,
    }
);
payload!(
    /// The result of `markSessionRead`.
    MarkSessionReadPayload {
        /// The session after the change, or null if the mutation was refused.
        session: Session,
    }
);
payload!(
    /// The result of `markSessionUnread`.
    MarkSessionUnreadPayload {
        /// The session after the change, or null if the mutation was refused.
        session: Session,
    }
);
payload!(
    /// The result of `assignSession`.
    AssignSessionPayload {
        /// The session after the change. Null without an error if you may no longer see it, because
        /// it is now another operator's. Null too if the mutation was refused.
        session: Session,
    }
);
payload!(
    /// The result of `returnSession`.
    ReturnSessionPayload {
        /// The session after the change, or null if the mutation was refused.
        session: Session,
    }
);
payload!(
    /// The result of `closeSession`.
    CloseSessionPayload {
        /// The session after the change, or null if the mutation was refused.
        session: Session,
    }
);
payload!(
    /// The result of `renameSession`.
    RenameSessionPayload {
        /// The session after the change, or null if the mutation was refused.
        session: Session,
    }
);
payload!(
    /// The result of `setPresence`.
    SetPresencePayload {
        /// You, with your new presence. Null if the mutation was refused.
        employee: Employee,
    }
);

payload!(
    /// The result of `bindItem`.
    BindItemPayload {
        /// The session after the change, or null if the mutation was refused.
        session: Session,
        /// The item, or null if the mutation was refused.
        item: Item,
    }
);
payload!(
    /// The result of `createAndBindItem`.
    CreateAndBindItemPayload {
        /// The session, or null if the mutation was refused or you may no longer see it.
        session: Session,
        /// The new item, or null if the mutation was refused. For a repeated key: the item that the
        /// first request created.
        item: Item,
    }
);
payload!(
    /// The result of `unbindItem`.
    UnbindItemPayload {
        /// The session after the change, or null if the mutation was refused.
        session: Session,
        /// The item, or null if the mutation was refused.
        item: Item,
    }
);
payload!(
    /// The result of `createApp`.
    CreateAppPayload {
        /// The new app. For a repeated key: the app that the first request created. Null if the
        /// mutation was refused or you may no longer see the app.
        app: App,
    }
);
payload!(
    /// The result of `setLiveChatApps`.
    SetLiveChatAppsPayload {
        /// The live chat after the change, or null if the mutation was refused.
        live_chat: LiveChat,
    }
);
payload!(
    /// The result of `createTemplate`.
    CreateTemplatePayload {
        /// The new template, with its variables not filled in. For a repeated key: the template
        /// that the first request created. Null if the mutation was refused, if the template was
        /// deleted meanwhile, or if you may no longer see it.
        template: Template,
    }
);
payload!(
    /// The result of `deleteTemplate`.
    DeleteTemplatePayload {
        /// The id that you gave, or null if the mutation was refused.
        deleted_id: ID,
    }
);
payload!(
    /// The result of `createLiveChat`.
    CreateLiveChatPayload {
        /// The new live chat. For a repeated key: the live chat that the first request created.
        /// Null if the mutation was refused or you may no longer see the live chat.
        live_chat: LiveChat,
    }
);
payload!(
    /// The result of `renameLiveChat`.
    RenameLiveChatPayload {
        /// The live chat after the change, or null if the mutation was refused.
        live_chat: LiveChat,
    }
);
payload!(
    /// The result of `setSessionNameTemplate`.
    SetSessionNameTemplatePayload {
        /// The live chat after the change, or null if the mutation was refused.
        live_chat: LiveChat,
    }
);
payload!(
    /// The result of `setLiveChatOrigins`.
    SetLiveChatOriginsPayload {
        /// The live chat after the change, or null if the mutation was refused.
        live_chat: LiveChat,
    }
);
payload!(
    /// The result of `setMember`.
    SetMemberPayload {
        /// The live chat after the change, or null if the mutation was refused.
        live_chat: LiveChat,
    }
);
payload!(
    /// The result of `createChannel`.
    CreateChannelPayload {
        /// The new channel. For a repeated key: the channel that the first request created. Null if
        /// the mutation was refused or you may no longer see the channel.
        channel: Channel,
        /// The secret with which the other system signs its requests. It is returned this once, and
        /// again if an administrator repeats the key. Null otherwise.
        secret: String,
    }
);
payload!(
    /// The result of `rotateChannelSecret`.
    RotateChannelSecretPayload {
        /// The channel, or null if the mutation was refused.
        channel: Channel,
        /// The new secret, with which the other system must sign its requests from now on. It is
        /// returned this once. Null if the mutation was refused.
        secret: String,
    }
);

/// Returns the session of an act, if the caller may still see it.
pub(crate) fn session(acted: &Acted) -> Option<Session> {
    acted.sight.may_read().then(|| Session::new(acted.session.clone()))
}

/// Returns the entry that an act wrote.
pub(crate) fn message(acted: &Acted) -> Option<Message> {
    let entry = acted.message.clone()?;
    Some(Message { entry: entry.into(), dialog: acted.session.clone().into() })
}

/// Returns the number of an argument.
///
/// # Errors
/// [`Refusal::Invalid`] when it is negative.
pub(crate) fn seq(field: &'static str, given: i32) -> Result<u64, Refusal> {
    u64::try_from(given).map_err(|_| Refusal::invalid(field, "It must not be negative."))
}

/// Checks an optional comment.
///
/// # Errors
/// [`Refusal::Invalid`] outside of its bounds.
pub(crate) fn comment(given: Option<&str>) -> Result<Option<&str>, Refusal> {
    given.map(|comment| text::bounded("comment", comment, text::COMMENT_LENGTH)).transpose()
}

/// Checks an optional idempotency key.
///
/// # Errors
/// [`Refusal::Invalid`] outside of its bounds.
pub(crate) fn key(given: Option<&str>) -> Result<Option<&str>, Refusal> {
    given.map(|key| text::bounded("idempotencyKey", key, text::KEY_LENGTH)).transpose()
}
