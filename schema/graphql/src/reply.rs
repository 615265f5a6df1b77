//! What operators write: sendMessage and addNote.

use async_graphql::{Context, ID, Object, Result};
use domain::{Refusal, text};
use store::act::Answer;

use crate::ask::ask;
use crate::employee::Employee;
use crate::error::settled;
use crate::id::GlobalId;
use crate::payload::{AddNotePayload, SendMessagePayload, message, seq, session};

/// What operators write.
#[derive(Default)]
pub struct ReplyMutation;

fn bounds(text: &str, client_message_id: &str) -> Result<(), Refusal> {
    text::bounded("text", text, text::MESSAGE_LENGTH)?;
    text::bounded("clientMessageId", client_message_id, text::KEY_LENGTH)?;
    Ok(())
}

/// What operators write.
#[Object]
impl ReplyMutation {
    /// Answers the client; takes a queued session in the same step. Reads up to `readUpToSeq`, or
    /// all that stood there when the request came. The same `clientMessageId` returns the first
    /// result.
    async fn send_message(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session.")] session_id: ID,
        #[graphql(desc = "The text, 1 to 8000 characters.")] text: String,
        #[graphql(desc = "Your own id for it, 1 to 100 characters.")] client_message_id: String,
        #[graphql(desc = "The message that it quotes, never a note.")] reply_to_id: Option<ID>,
        #[graphql(desc = "Up to which entry you have read.")] read_up_to_seq: Option<i32>,
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

    /// Writes a note that no client ever sees.
    async fn add_note(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session.")] session_id: ID,
        #[graphql(desc = "The text, 1 to 8000 characters.")] text: String,
        #[graphql(desc = "Your own id for it, 1 to 100 characters.")] client_message_id: String,
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
