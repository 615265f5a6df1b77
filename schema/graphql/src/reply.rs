//! What operators write: sendMessage and addNote.

use async_graphql::{Context, ID, Object, Result};
use domain::{Refusal, text};
use store::act::Answer;

use crate::ask::ask;
use crate::employee::Employee;
use crate::error::settled;
use crate::id::GlobalId;
use crate::payload::{AddNotePayload, SendMessagePayload, message, seq, session};

/// The mutations that send messages and add notes.
#[derive(Default)]
pub struct ReplyMutation;

fn bounds(text: &str, client_message_id: &str) -> Result<(), Refusal> {
    text::bounded("text", text, text::MESSAGE_LENGTH)?;
    text::bounded("clientMessageId", client_message_id, text::KEY_LENGTH)?;
    Ok(())
}

/// The mutations that send messages and add notes.
#[Object]
impl ReplyMutation {
    /// Sends a message to the client, as the operator of the session. If the session is queued, the
    /// message claims it for you in the same step. The dialog is marked as read up to
    /// `readUpToSeq`.
    ///
    /// A repeated `clientMessageId` with the same content returns the first message and sends
    /// nothing again.
    ///
    /// Refusals:
    /// - `KEY_REUSED`: you have sent other content with this `clientMessageId`.
    /// - `FORBIDDEN`: you are not an operator of the live chat.
    /// - `OPERATOR_OFFLINE`: you are offline.
    /// - `SESSION_CLOSED`: the session is closed.
    /// - `ALREADY_CLAIMED`: another operator has the session, and `claimedBy` names them.
    /// - `LIMIT`: the dialog grows by more than 5 messages a second after a burst of 20, or you
    ///   have 200 open sessions in the live chat already.
    async fn send_message(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the session.")] session_id: ID,
        #[graphql(desc = "The text, 1 to 8000 characters.")] text: String,
        #[graphql(desc = "Your own id for the message, 1 to 100 characters. Send every retry \
                    with the same id.")]
        client_message_id: String,
        #[graphql(desc = "The global id of the message to quote, one of this dialog, never a \
                    note or an event. Default: none.")]
        reply_to_id: Option<ID>,
        #[graphql(desc = "The `seq` of the last entry that you have read. Beyond the last \
                    entry: INVALID. Default: the last entry at the time of the request.")]
        read_up_to_seq: Option<i32>,
    ) -> Result<SendMessagePayload> {
        let ask = ask(context)?;
        let person = ask.person()?;
        let checked = bounds(&text, &client_message_id)
            .and_then(|()| read_up_to_seq.map(|given| seq("readUpToSeq", given)).transpose());
        let read_up_to = match checked {
            Ok(read_up_to) => read_up_to,
            Err(refusal) => return Ok(refusal.into()),
        };
        let Some(GlobalId::Session(id)) = ask.named(&session_id) else {
            return Ok(Refusal::NotFound.into());
        };
        let reply_to = match reply_to_id.map(|id| ask.named(&id)) {
            None => None,
            Some(Some(GlobalId::Message(of, seq))) if of == id.conversation => Some(seq),
            // What is no message of this dialog is looked for in vain, as number 0, after it was
            // seen whether this was sent before.
            Some(_) => Some(0),
        };
        let answer =
            Answer { text: &text, client_message_id: &client_message_id, reply_to, read_up_to };
        Ok(match settled(ask.store.reply(person, &id, &answer).await)? {
            Ok(acted) => SendMessagePayload {
                message: message(&acted),
                session: session(&acted),
                ..Default::default()
            },
            Err(Refusal::AlreadyClaimed { by }) => SendMessagePayload {
                session: ask.shown(&id).await?,
                claimed_by: Some(Employee(by.clone())),
                ..Refusal::AlreadyClaimed { by }.into()
            },
            Err(refusal) => refusal.into(),
        })
    }

    /// Adds a note for colleagues to the dialog. Clients never see it. The operator of the session
    /// and supervisors can do this. A repeated `clientMessageId` with the same text returns the
    /// first note and adds nothing again.
    ///
    /// Refusals:
    /// - `KEY_REUSED`: you have sent other content with this `clientMessageId`.
    /// - `OPERATOR_OFFLINE`: you are offline.
    /// - `SESSION_CLOSED`: the session is closed.
    /// - `NOT_ASSIGNED`: the session is not assigned to you, and you are not a supervisor of its
    ///   live chat.
    /// - `LIMIT`: the dialog grows by more than 5 messages a second after a burst of 20.
    async fn add_note(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the session.")] session_id: ID,
        #[graphql(desc = "The text, 1 to 8000 characters.")] text: String,
        #[graphql(desc = "Your own id for the note, 1 to 100 characters. Send every retry with \
                    the same id.")]
        client_message_id: String,
    ) -> Result<AddNotePayload> {
        let ask = ask(context)?;
        let person = ask.person()?;
        if let Err(refusal) = bounds(&text, &client_message_id) {
            return Ok(refusal.into());
        }
        let Some(GlobalId::Session(id)) = ask.named(&session_id) else {
            return Ok(Refusal::NotFound.into());
        };
        Ok(match settled(ask.store.note(person, &id, &text, &client_message_id).await)? {
            Ok(acted) => AddNotePayload {
                message: message(&acted),
                session: session(&acted),
                ..Default::default()
            },
            Err(refusal) => refusal.into(),
        })
    }
}
