//! The read position of a client: the last message of their conversation that they have seen. One row
//! a conversation, written by itself; the stream carries it to the colleagues who follow the dialog.

use std::collections::HashMap;

use domain::reading::{self, ClientRead};
use domain::{ConversationId, Refusal};
use futures::try_join;

use crate::record::dialog;
use crate::table::{Expression, Item, Table, decode, key};
use crate::{Failure, Fault, TenantStore};

impl TenantStore<'_> {
    /// Returns the read positions of the clients of these conversations; none of a client who has
    /// seen nothing yet.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn client_reads(
        self,
        conversations: &[ConversationId],
    ) -> Result<HashMap<ConversationId, ClientRead>, Fault> {
        let key = |id: &ConversationId| key::client_read(self.tenant, id);
        let items = self.items(Table::Core, conversations.iter().map(key)).await?;
        let found = conversations.iter().filter_map(|id| Some((id, items.get(&key(id))?)));
        found.map(|(id, item)| Ok((id.clone(), decode_client_read(item)?))).collect()
    }

    /// Moves the read position of a client forward; a position at or beyond `up_to_seq` stays.
    ///
    /// # Errors
    /// `NotFound` when nobody ever wrote there; [`Refusal::Invalid`] for a message beyond the last;
    /// a [`Fault`] of the state.
    pub async fn mark_client_read(
        self,
        conversation: &ConversationId,
        up_to_seq: u64,
    ) -> Result<(), Failure> {
        let key = key::client_read(self.tenant, conversation);
        let (latest, before) =
            try_join!(self.latest_session(conversation), self.item(Table::Core, &key))?;
        let latest = latest.ok_or(Refusal::NotFound)?;
        let before = before.as_ref().map(decode_client_read).transpose()?;
        let moved = reading::mark_client_read(up_to_seq, latest.client_seq, before, self.now())?;
        let Some(ClientRead { seq, at }) = moved else { return Ok(()) };
        // A mark that came between is farther, or this one is: in both cases the farther one stays.
        let update = Expression::update("SET s = :s, #at = :at")
            .when("attribute_not_exists(s) OR s < :s")
            .number(":s", seq)
            .number(":at", at.as_millis());
        self.update_if(Table::Core, &key, update).await?;
        Ok(())
    }
}

pub(crate) fn decode_client_read(item: &Item) -> Result<ClientRead, Fault> {
    let dialog::ClientRead { seq, at } = decode(item)?;
    Ok(ClientRead { seq, at: at.0 })
}
