//! The messages of clients: postMessage.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use domain::Refusal;
use domain::arrival::Incoming;
use store::arrival::{Arrival, Files};

use super::argument;
use crate::answer::answer;
use crate::error::UserError;
use crate::id::GlobalId;
use crate::object::conversation::{Conversation, ConversationMessage};
use crate::request::request;

/// The result of `postMessage`.
#[derive(SimpleObject, Clone, Default)]
pub struct PostMessagePayload {
    /// The message in the conversation, or null if the mutation was refused. For a repeated
    /// `clientMessageId`: the message that the first request created.
    pub message: Option<ConversationMessage>,
    /// The refusal, or an empty list if the mutation succeeded. There is at most one entry: the
    /// first refusal that applies.
    pub user_errors: Vec<UserError>,
}

impl From<Refusal> for PostMessagePayload {
    fn from(refusal: Refusal) -> Self {
        Self { message: None, user_errors: vec![(&refusal).into()] }
    }
}

/// The result of `markConversationRead`.
#[derive(SimpleObject, Clone, Default)]
pub struct MarkConversationReadPayload {
    /// The refusal, or an empty list if the mutation succeeded. There is at most one entry: the
    /// first refusal that applies.
    pub user_errors: Vec<UserError>,
}

impl From<Refusal> for MarkConversationReadPayload {
    fn from(refusal: Refusal) -> Self {
        Self { user_errors: vec![(&refusal).into()] }
    }
}

/// The mutations of clients.
#[derive(Default)]
pub struct ConversationMutation;

#[Object]
impl ConversationMutation {
    /// For clients: sends a message to a live chat. If you have no open session there, the message
    /// opens one.
    ///
    /// A repeated `clientMessageId` with the same content returns the first message and sends
    /// nothing again.
    ///
    /// Refusals:
    /// - `KEY_REUSED`: you have sent other content with this `clientMessageId`.
    /// - `NOT_FOUND`: the live chat does not exist, your token is for another one, or its channel is
    ///   disabled. With the field `replyToId`: the message to quote does not exist. With the field
    ///   `attachmentIds`: you did not ask for such an upload here within a day. `INVALID` with that field:
    ///   a file was not uploaded, or is attached to another message.
    /// - `LIMIT`: the conversation grows by more than 5 messages a second after a burst of 20.
    async fn post_message(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the live chat. Required for an internal client. The \
                    token of any other client names the live chat.")]
        live_chat_id: Option<ID>,
        #[graphql(desc = "The text, 1 to 8000 characters. It may be empty beside attachments.")]
        text: String,
        #[graphql(desc = "Your own id for the message, 1 to 100 characters. Send every retry \
                    with the same id.")]
        client_message_id: String,
        #[graphql(desc = "The global id of the message to quote, one of this conversation. \
                    Default: none.")]
        reply_to_id: Option<ID>,
        #[graphql(
            desc = "The ids of the uploads to attach, at most 10: each one that you asked for \
                    there within a day, and attach for the first time. Default: none."
        )]
        attachment_ids: Option<Vec<ID>>,
    ) -> Result<PostMessagePayload> {
        answer(async {
            let request = request(context)?;
            let tenant = request.tenant()?;
            argument::message(&text, &client_message_id, attachment_ids.as_deref())?;
            let conversation = Conversation::of(request, live_chat_id.as_ref()).await?;
            let conversation = conversation.ok_or(Refusal::NotFound)?;
            let quote = reply_to_id.map(|quoted| match request.named(&quoted) {
                Some(GlobalId::ConversationMessage(of, seq)) if of == conversation.id => seq,
                // No message has the number 0: the store refuses it unless it finds a repetition.
                _ => 0,
            });
            let attaching =
                argument::attaching(request, &conversation.id, attachment_ids.as_deref()).await?;
            let incoming = Incoming {
                text,
                attachments: Vec::new(),
                sent_at: None,
                client_message_id,
                reply_to: None,
            };
            let arrival = Arrival {
                tenant,
                live_chat: &conversation.place,
                channel: &conversation.channel,
                writer: &conversation.writer,
                incoming,
                quote,
                files: Files::Uploaded(attaching),
                is_known_by_id: false,
            };
            let arrived = request.store.arrive(&arrival).await?;
            let message = Some(ConversationMessage::of(arrived.message));
            Ok(PostMessagePayload { message, user_errors: Vec::new() })
        })
        .await
    }
    /// For clients: says up to which message you have seen the conversation, so that the operator
    /// learns that an answer was read. The mark never moves back.
    ///
    /// Refusals:
    /// - `NOT_FOUND`: the live chat does not exist, your token is for another one, or you have not
    ///   written there yet.
    /// - `INVALID`: the message is beyond the last one.
    async fn mark_conversation_read(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the live chat. Required for an internal client. The \
                    token of any other client names the live chat.")]
        live_chat_id: Option<ID>,
        #[graphql(desc = "The `seq` of the last message that you have seen, as \
                    `ConversationMessage` has it.")]
        up_to_seq: i32,
    ) -> Result<MarkConversationReadPayload> {
        answer(async {
            let request = request(context)?;
            request.tenant()?;
            let up_to = argument::seq("upToSeq", up_to_seq)?;
            let conversation = Conversation::of(request, live_chat_id.as_ref()).await?;
            let conversation = conversation.ok_or(Refusal::NotFound)?;
            request.tenant_store()?.mark_client_read(&conversation.id, up_to).await?;
            Ok(MarkConversationReadPayload::default())
        })
        .await
    }
}
