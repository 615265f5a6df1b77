//! Counts in a window of time, for what may be done only so often.

use domain::{ClientId, EmployeeId, LiveChatId, TenantId, Timestamp};

use crate::attribute::number;
use crate::call::key_item;
use crate::{Fault, Store, key};

/// The time that a count is kept after its window, in seconds, because clocks differ.
const KEPT_SECONDS: u64 = 60;

/// The subject of a rate limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Counted<'a> {
    /// Requests of an employee.
    RequestsOfEmployee(&'a EmployeeId),
    /// Requests of a client.
    RequestsOfClient(&'a ClientId),
    /// Tokens for the widget of a live chat, for one address.
    WidgetTokens(&'a LiveChatId, &'a str),
}

/// A rate limit: so many times in each window.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rate {
    /// The length of a window, in milliseconds.
    pub window_millis: u64,
    /// The most times in one window.
    pub most: u64,
}

impl Rate {
    /// Returns the beginning of the window that includes this moment.
    #[must_use]
    pub fn began(&self, now: Timestamp) -> Timestamp {
        let into = now.as_millis().checked_rem(self.window_millis).unwrap_or_default();
        Timestamp::from_millis(now.as_millis() - into)
    }

    /// Returns the seconds left in the window, at least one.
    #[must_use]
    pub fn seconds_left(&self, now: Timestamp) -> u64 {
        let end = self.began(now).plus_millis(self.window_millis);
        end.millis_since(now).div_ceil(1000).max(1)
    }
}

impl Store {
    /// Adds to the count of the current window. If that would exceed the limit, counts nothing and
    /// returns false. The write is not retried, because it would be unknown whether it was counted
    /// already.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn count(
        &self,
        tenant: &TenantId,
        what: Counted<'_>,
        rate: Rate,
        many: u64,
    ) -> Result<bool, Fault> {
        let Some(room) = rate.most.checked_sub(many) else { return Ok(false) };
        let began = rate.began(self.now());
        let end = began.plus_millis(rate.window_millis);
        let sent = self
            .db
            .update_item()
            .table_name(&self.tables.live)
            .set_key(Some(key_item(&key::counted(tenant, what, began))))
            .update_expression("ADD n :many SET #ttl = :ttl")
            .condition_expression("attribute_not_exists(n) OR n <= :room")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":many", number(many))
            .expression_attribute_values(":room", number(room))
            .expression_attribute_values(":ttl", number(end.as_seconds() + KEPT_SECONDS))
            .send();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_begins_at_the_same_moment_for_everybody_and_ends_within_its_length() {
        let rate = Rate { window_millis: 10_000, most: 1 };
        let at = Timestamp::from_millis;
        for (now, began, left) in
            [(0, 0, 10), (1, 0, 10), (9_000, 0, 1), (9_999, 0, 1), (10_000, 10_000, 10)]
        {
            assert_eq!((rate.began(at(now)), rate.seconds_left(at(now))), (at(began), left));
        }
    }
}
