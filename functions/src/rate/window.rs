//! The requests of one person in a window, as an instance sees them.

use domain::Timestamp;

/// The number of one person's requests that an instance lets pass in a window without counting them
/// in the state.
const FREE: u64 = 20;
/// The number of requests that one update of the state's count allows. It is not larger than
/// `FREE`, so that the count never exceeds the number of requests.
pub(super) const ALLOWANCE: u64 = 20;

/// An instance's view of one person in a window.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Window {
    pub(super) began: Timestamp,
    pub(super) seen: u64,
    /// The number of further requests that are allowed.
    pub(super) allowed: u64,
    pub(super) is_refused: bool,
}

/// The decision about one more request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Next {
    Pass,
    Refuse,
    Ask,
}

impl Window {
    /// Returns a window in which nothing was requested yet.
    pub(super) const fn new(began: Timestamp) -> Self {
        Self { began, seen: 0, allowed: 0, is_refused: false }
    }

    /// Counts one more request, and decides about it.
    pub(super) fn next(&mut self) -> Next {
        self.seen += 1;
        if self.seen <= FREE {
            return Next::Pass;
        }
        if self.is_refused {
            return Next::Refuse;
        }
        match self.allowed.checked_sub(1) {
            None => Next::Ask,
            Some(left) => {
                self.allowed = left;
                Next::Pass
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_are_free_and_more_are_asked_for_some_at_a_time() {
        let mut window = Window::new(Timestamp::from_millis(0));
        assert!((0..FREE).all(|_| window.next() == Next::Pass));
        assert_eq!(window.next(), Next::Ask);
        window.allowed = 2;
        assert_eq!(
            [window.next(), window.next(), window.next()],
            [Next::Pass, Next::Pass, Next::Ask]
        );
        window.is_refused = true;
        assert_eq!(window.next(), Next::Refuse);
    }

    #[test]
    fn what_is_allowed_at_once_is_not_more_than_what_is_free() {
        const { assert!(ALLOWANCE <= FREE) }
    }
}
