//! The messages and notes of operators: sendMessage, retryDelivery, addNote.

use async_graphql::{Context, ID, Object, Result};
use domain::Refusal;
use store::Failure;
use store::act::Answer;

use super::argument::{self, seq};
use super::result::{message, session};
use crate::answer::{answer, payload};
use crate::id::GlobalId;
use crate::object::employee::Employee;
use crate::object::message::Message;
use crate::object::session::Session;
use crate::request::request;

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
    /// The result of `retryDelivery`.
    RetryDeliveryPayload {
        /// The message, or null if the mutation was refused.
        message: Message,
    }
);

/// The mutations that send messages and add notes.
#[derive(Default)]
pub struct MessageMutation;

#[Object]
impl MessageMutation {
    /// Sends a message to the client, as the operator of the session. If the session is queued, the
    /// message claims it for you in the same step. The dialog is marked as read up to
    /// `readUpToSeq`.
    ///
    /// A repeated `clientMessageId` with the same content returns the first message and sends
    /// nothing again.
    ///
    /// Refusals:
    /// - `KEY_REUSED`: you have sent other content with this `clientMessageId`.
    /// - `NOT_FOUND` with the field `attachmentIds`: you did not ask for such an upload here within a
    ///   day. `INVALID` with that field: a file was not uploaded, or is attached to another message.
    /// - `FORBIDDEN`: you are not an operator of the live chat.
    /// - `OPERATOR_OFFLINE`: you are offline.
    /// - `SESSION_CLOSED`: the session is closed.
    /// - `ALREADY_CLAIMED`: another operator has the session, and `claimedBy` names them.
    /// - `CANNOT_DELIVER`: the channel of the session cannot take an answer.
    /// - `REPLY_WINDOW_CLOSED`: the messenger takes no answer so long after the client's last
    ///   message, see `Session.replyUntil`.
    /// - `LIMIT`: the dialog grows by more than 5 messages a second after a burst of 20, or you
    ///   have 200 open sessions in the live chat already.
    #[expect(clippy::too_many_arguments, reason = "the API has that many")]
    async fn send_message(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the session.")] session_id: ID,
        #[graphql(desc = "The text, 1 to 8000 characters. It may be empty beside attachments.")]
        text: String,
        #[graphql(desc = "Your own id for the message, 1 to 100 characters. Send every retry \
                    with the same id.")]
        client_message_id: String,
        #[graphql(desc = "The global id of the message to quote, one of this dialog, never a \
                    note or an event. Default: none.")]
        reply_to_id: Option<ID>,
        #[graphql(desc = "The `seq` of the last entry that you have read. Beyond the last \
                    entry: INVALID. Default: the last entry at the time of the request.")]
        read_up_to_seq: Option<i32>,
        #[graphql(
            desc = "The ids of the uploads to attach, at most 10: each one that you asked for \
                    there within a day, and attach for the first time. Default: none."
        )]
        attachment_ids: Option<Vec<ID>>,
    ) -> Result<SendMessagePayload> {
        answer(async {
            let request = request(context)?;
            let person = request.person()?;
            argument::message(&text, &client_message_id, attachment_ids.as_deref())?;
            let read_up_to = read_up_to_seq.map(|given| seq("readUpToSeq", given)).transpose()?;
            let id = request.session(&session_id)?;
            let reply_to = reply_to_id.map(|quoted| match request.named(&quoted) {
                Some(GlobalId::Message(of, seq)) if of == id.conversation => seq,
                // No entry has the number 0: the store refuses it unless it finds a repetition.
                _ => 0,
            });
            let attaching =
                argument::attaching(request, &id.conversation, attachment_ids.as_deref()).await?;
            let answer = Answer {
                text: &text,
                attaching: &attaching,
                client_message_id: &client_message_id,
                reply_to,
                read_up_to,
            };
            let acted = match request.store.reply(person, &id, &answer).await {
                Err(Failure::Refused(Refusal::AlreadyClaimed { by })) => {
                    return Ok(SendMessagePayload {
                        session: Session::find(request, &id).await?,
                        claimed_by: Some(Employee(by.clone())),
                        ..Refusal::AlreadyClaimed { by }.into()
                    });
                }
                acted => acted?,
            };
            let (message, session) = (message(&acted), session(&acted));
            Ok(SendMessagePayload { message, session, ..Default::default() })
        })
        .await
    }

    /// Begins the delivery of a message anew, after it failed: `Message.delivery` is `PENDING` again.
    /// The operator of the session and supervisors can do this, also after the session was closed. A
    /// message that did not fail stays as it is.
    ///
    /// Refusals:
    /// - `OPERATOR_OFFLINE`: you are offline.
    /// - `NOT_ASSIGNED`: the session is not assigned to you, and you are not a supervisor of its
    ///   live chat.
    async fn retry_delivery(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the message.")] message_id: ID,
    ) -> Result<RetryDeliveryPayload> {
        answer(async {
            let request = request(context)?;
            let person = request.person()?;
            let Some(GlobalId::Message(conversation, seq)) = request.named(&message_id) else {
                return Err(Refusal::NotFound.into());
            };
            let acted = request.store.retry_delivery(person, &conversation, seq).await?;
            Ok(RetryDeliveryPayload { message: message(&acted), ..Default::default() })
        })
        .await
    }

    /// Adds a note for colleagues to the dialog. Clients never see it. The operator of the session
    /// and supervisors can do this. A repeated `clientMessageId` with the same text returns the
    /// first note and adds nothing again.
    ///
    /// Refusals:
    /// - `KEY_REUSED`: you have sent other content with this `clientMessageId`.
    /// - `NOT_FOUND` with the field `attachmentIds`: you did not ask for such an upload here within a
    ///   day. `INVALID` with that field: a file was not uploaded, or is attached to another message.
    /// - `OPERATOR_OFFLINE`: you are offline.
    /// - `SESSION_CLOSED`: the session is closed.
    /// - `NOT_ASSIGNED`: the session is not assigned to you, and you are not a supervisor of its
    ///   live chat.
    /// - `LIMIT`: the dialog grows by more than 5 messages a second after a burst of 20.
    async fn add_note(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the session.")] session_id: ID,
        #[graphql(desc = "The text, 1 to 8000 characters. It may be empty beside attachments.")]
        text: String,
        #[graphql(desc = "Your own id for the note, 1 to 100 characters. Send every retry with \
                    the same id.")]
        client_message_id: String,
        #[graphql(
            desc = "The ids of the uploads to attach, at most 10: each one that you asked for \
                    there within a day, and attach for the first time. Default: none."
        )]
        attachment_ids: Option<Vec<ID>>,
    ) -> Result<AddNotePayload> {
        answer(async {
            let request = request(context)?;
            let person = request.person()?;
            argument::message(&text, &client_message_id, attachment_ids.as_deref())?;
            let id = request.session(&session_id)?;
            let attaching =
                argument::attaching(request, &id.conversation, attachment_ids.as_deref()).await?;
            let acted = request.store.note(person, &id, &text, &attaching, &client_message_id);
            let acted = acted.await?;
            let (message, session) = (message(&acted), session(&acted));
            Ok(AddNotePayload { message, session, ..Default::default() })
        })
        .await
    }
}
