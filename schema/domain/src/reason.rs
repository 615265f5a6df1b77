//! The order of reasons: decides what the actor learns when several things speak against an act.
//!
//! A rule states what it finds, in any order; [`Refusal::rank`] picks the reason that the contract puts
//! first. Two things stand outside that order. Who may not see a session learns that there is none, and
//! nothing else. And a repeated act has its first result, whatever could be said against it now: the
//! store looks for that before it asks a rule.

use crate::Refusal;

impl Refusal {
    /// Returns the place in the contract's order of reasons; of two, the lower one is reported. An
    /// argument that is out of its bounds whatever the state is was refused before any rule was asked:
    /// [`Self::Invalid`] of a rule needs the state, and stands among the last.
    #[must_use]
    pub const fn rank(&self) -> u8 {
        match self {
            Self::KeyReused => 0,
            Self::NotFound | Self::NoSuch { .. } => 1,
            Self::Forbidden => 2,
            Self::ActorOffline | Self::AssigneeOffline => 3,
            Self::SessionClosed => 4,
            Self::AlreadyClaimed { .. } | Self::NotAssigned => 5,
            Self::Invalid { .. }
            | Self::InternalClient
            | Self::NotAnOperator
            | Self::UnseenMessage
            | Self::CannotDeliver
            | Self::ReplyWindowClosed
            | Self::Limit { .. } => 6,
        }
    }
}

/// A collector of the reasons against an act. It keeps the first in the contract's order; among equals,
/// the one that was given first.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[must_use]
pub struct Reasons(Option<Refusal>);

impl Reasons {
    /// Returns a collector with one reason.
    pub const fn of(refusal: Refusal) -> Self {
        Self(Some(refusal))
    }

    /// Adds a reason.
    pub fn add(&mut self, refusal: Refusal) {
        self.0 = Some(std::mem::take(self).with(refusal));
    }

    /// Adds a reason, unless this holds.
    pub fn unless(&mut self, holds: bool, refusal: Refusal) {
        if !holds {
            self.add(refusal);
        }
    }

    /// Takes a value, or adds the reason why there is none.
    pub fn take<T>(&mut self, found: Result<T, Refusal>) -> Option<T> {
        found.map_err(|refusal| self.add(refusal)).ok()
    }

    /// Returns the reason that is reported if this one is added.
    #[must_use]
    pub fn with(self, refusal: Refusal) -> Refusal {
        self.0.filter(|first| first.rank() <= refusal.rank()).unwrap_or(refusal)
    }

    /// Returns true if there is no reason against the act.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Admits the act, or refuses it.
    ///
    /// # Errors
    /// The reason that is reported.
    pub fn verdict(self) -> Result<(), Refusal> {
        self.0.map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EmployeeId;

    /// Every reason that a rule can give, in the contract's order.
    fn all() -> Vec<Refusal> {
        vec![
            Refusal::KeyReused,
            Refusal::NotFound,
            Refusal::NoSuch { field: "itemId" },
            Refusal::Forbidden,
            Refusal::ActorOffline,
            Refusal::AssigneeOffline,
            Refusal::SessionClosed,
            Refusal::AlreadyClaimed { by: EmployeeId::parse("bob").unwrap() },
            Refusal::NotAssigned,
            Refusal::InternalClient,
            Refusal::NotAnOperator,
            Refusal::UnseenMessage,
            Refusal::CannotDeliver,
            Refusal::ReplyWindowClosed,
            Refusal::TOO_MANY_SESSIONS,
            Refusal::invalid("lastSeq", "It is beyond the last message."),
        ]
    }

    #[test]
    fn of_any_two_reasons_the_one_that_the_contract_puts_first_is_reported() {
        for one in &all() {
            for other in &all() {
                let mut reasons = Reasons::default();
                reasons.add(one.clone());
                reasons.add(other.clone());
                let expected = if other.rank() < one.rank() { other } else { one };
                assert_eq!(reasons.verdict(), Err(expected.clone()), "{one:?} and {other:?}");
            }
        }
        let ranks: Vec<_> = all().iter().map(Refusal::rank).collect();
        assert!(ranks.is_sorted(), "{ranks:?}");
    }

    #[test]
    fn what_holds_is_no_reason() {
        let mut reasons = Reasons::default();
        reasons.unless(true, Refusal::Forbidden);
        assert_eq!(reasons.take(Ok(7)), Some(7));
        assert!(reasons.is_empty());
        assert_eq!(reasons.take::<u8>(Err(Refusal::NotAssigned)), None);
        reasons.unless(false, Refusal::Forbidden);
        assert_eq!(reasons.verdict(), Err(Refusal::Forbidden));
        assert_eq!(Reasons::default().verdict(), Ok(()));
    }
}
