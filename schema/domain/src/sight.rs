//! Sight: the part of a session that an employee may see.

/// The part of a session that an employee may see.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sight {
    /// Nothing: it does not exist for them.
    Nothing,
    /// Only its operator: an operator learns who has an open session of their live
    /// chat, and only when they try to take it or to answer it.
    Taken,
    /// Its dialog, only to read: a later session of the conversation is in their sight.
    Earlier,
    /// All of it.
    Whole,
}

impl Sight {
    /// Returns true if its dialog may be read.
    #[must_use]
    pub const fn may_read(self) -> bool {
        matches!(self, Self::Whole | Self::Earlier)
    }
}
