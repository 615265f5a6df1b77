//! Deliveries that failed, and that an employee begins anew.

use domain::access::Act;
use domain::{ConversationId, Outcome, Person, Refusal, SessionId};

use super::{Acted, Wanted};
use crate::delivery::Tracked;
use crate::{Failure, Store};

impl Store {
    /// Begins the delivery of an answer anew, if it failed. An entry that leaves by no messenger stays
    /// as it is.
    ///
    /// # Errors
    /// The refusals of [`Act::Retry`]; `NotFound` for an entry that does not exist; a
    /// [`Fault`](crate::Fault) of the state.
    pub async fn retry_delivery(
        &self,
        person: &Person,
        conversation: &ConversationId,
        seq: u64,
    ) -> Result<Acted, Failure> {
        let store = self.of(&person.tenant);
        let answer = store.entry(conversation, seq).await?.ok_or(Refusal::NotFound)?;
        let id = SessionId { conversation: conversation.clone(), ordinal: answer.ordinal };
        let is_outgoing = answer.leaves_after.is_some();
        let mut attempts = self.attempts();
        loop {
            attempts.next().await?;
            // Read before the right to change it, so that the right is as fresh as the write allows.
            let stored = if is_outgoing { store.tracked(conversation, seq).await? } else { None };
            let admitted = self.act(person, &id, Wanted::default(), |read, now| {
                read.turn(now).admit(Act::Retry)?;
                Ok(Outcome::Unchanged)
            });
            let acted = Acted { message: Some(answer.clone()), ..admitted.await? };
            let now = self.now();
            let retried = stored.as_ref().and_then(|before| {
                Some(Tracked {
                    delivery: before.delivery.retry(now)?,
                    restarts: before.restarts + 1,
                    due_since: now,
                    external_ids: Vec::new(),
                    ..before.clone()
                })
            });
            let Some(after) = retried else { return Ok(acted) };
            if store.save_delivery(conversation, seq, stored.as_ref(), &after).await? {
                return Ok(acted);
            }
        }
    }
}
