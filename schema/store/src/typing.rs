//! The limit of typing: one person is pushed as typing in one dialog at most once in three seconds.

use domain::{Actor, ConversationId, typing};

use crate::table::{Expression, Table, key};
use crate::{Fault, TenantStore};

impl TenantStore<'_> {
    /// Returns true when subscribers should be notified now that the actor is typing in a
    /// conversation: at most once in three seconds. A stored moment further ahead came from a clock
    /// that was wrong, and does not count.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn is_typing_news(
        self,
        conversation: &ConversationId,
        by: &Actor,
    ) -> Result<bool, Fault> {
        let key = key::typing(self.tenant, conversation, by);
        let now = self.now();
        let again = now.plus_millis(typing::INTERVAL_MILLIS);
        let update = Expression::update("SET #until = :until, #ttl = :ttl")
            .when("attribute_not_exists(pk) OR #until <= :now OR #until > :until")
            .number(":until", again.as_millis())
            .number(":now", now.as_millis())
            .number(":ttl", again.as_seconds() + 60);
        // Sent once: the client repeats it soon while its user types.
        self.update_once(Table::Live, &key, update).await
    }
}
