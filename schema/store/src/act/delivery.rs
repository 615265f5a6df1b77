//! Deliveries that failed, and that an employee begins anew.

use domain::access::Act;
use domain::{ConversationId, Outcome, Person, Refusal, SessionId};

use super::{Acted, Wanted};
use crate::delivery::Tracked;
use crate::{Failure, Store};

impl Store {
    /// Begins the delivery of an answer anew, if it failed.
    ///
    /// # Errors
    /// The refusals of [`Act::Retry`]; `NotFound` for what is no answer by a messenger; a [`Fault`] of
    /// the state.
    pub async fn retry_delivery(
        &self,
        person: &Person,
        conversation: &ConversationId,
        seq: u64,
    ) -> Result<Acted, Failure> {
        let store = self.of(&person.tenant);
        let answer = store.entry(conversation, seq).await?.ok_or(Refusal::NotFound)?;
        let id = SessionId { conversation: conversation.clone(), ordinal: answer.ordinal };
        let admitted = self.act(person, &id, Wanted::default(), |read, now| {
            read.turn(now).admit(Act::Retry)?;
            Ok(Outcome::Unchanged)
        });
        let acted = Acted { message: Some(answer.clone()), ..admitted.await? };
        if answer.leaves_after.is_none() {
            return Ok(acted);
        }
        let mut attempts = self.attempts();
        loop {
            attempts.next().await?;
            let stored = store.tracked(conversation, &[seq]).await?.remove(&seq);
            let Some(before) = stored else { return Ok(acted) };
            let now = self.now();
            let Some(delivery) = before.delivery.retry(now) else { return Ok(acted) };
            let after = Tracked {
                delivery,
                restarts: before.restarts + 1,
                due_since: now,
                external_ids: Vec::new(),
                pace: before.pace,
            };
            if store.save_delivery(conversation, seq, Some(&before), &after).await? {
                return Ok(acted);
            }
        }
    }
}
