//! The limit of typing: one person is pushed as typing in one dialog at most once in three seconds.

use domain::{Actor, ConversationId, TenantId, typing};

use crate::attribute::number;
use crate::call::key_item;
use crate::{Fault, Store, key};

impl Store {
    /// Returns true when subscribers should be notified now that the actor is typing in a
    /// conversation: at most once in three seconds. A stored moment further ahead came from a clock
    /// that was wrong, and does not count.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn is_typing_news(
        &self,
        tenant: &TenantId,
        conversation: &ConversationId,
        by: &Actor,
    ) -> Result<bool, Fault> {
        let key = key::typing(tenant, conversation, by);
        let now = self.now();
        let again = now.plus_millis(typing::INTERVAL_MILLIS);
        let sent = self
            .db
            .update_item()
            .table_name(&self.tables.live)
            .set_key(Some(key_item(&key)))
            .update_expression("SET #until = :until, #ttl = :ttl")
            .condition_expression("attribute_not_exists(pk) OR #until <= :now OR #until > :until")
            .expression_attribute_names("#until", "until")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":until", number(again.as_millis()))
            .expression_attribute_values(":now", number(now.as_millis()))
            .expression_attribute_values(":ttl", number(again.as_seconds() + 60))
            .send();
        // Sent once, without a retry: the client repeats it soon while its user types.
        match Box::pin(sent).await {
            Ok(_) => Ok(true),
            Err(error) => {
                let is_guard = error
                    .as_service_error()
                    .is_some_and(|error| error.is_conditional_check_failed_exception());
                if is_guard { Ok(false) } else { Err(Fault::Unavailable(error.to_string())) }
            }
        }
    }
}
