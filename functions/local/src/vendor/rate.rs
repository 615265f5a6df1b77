//! Rates that vendors enforce.

use std::collections::VecDeque;

/// The moments of the messages within a sliding window, in milliseconds since the epoch.
#[derive(Clone, Default, Debug)]
pub(super) struct Window(VecDeque<i64>);

impl Window {
    /// Returns true if the window has room for one more message at this moment.
    pub(super) fn has_room(&mut self, now: i64, most: usize, span_ms: i64) -> bool {
        while self.0.front().is_some_and(|at| now.saturating_sub(*at) >= span_ms) {
            self.0.pop_front();
        }
        self.0.len() < most
    }

    /// Notes a message.
    pub(super) fn take(&mut self, now: i64) {
        self.0.push_back(now);
    }
}

/// A bucket that is full at first, and fills again by one message in each period.
#[derive(Clone, Default, Debug)]
pub(super) struct Bucket {
    /// The moment at which the bucket is full again, in milliseconds since the epoch.
    full_at: i64,
}

impl Bucket {
    /// Takes one message out of a bucket of `most`. Returns false if it is empty.
    pub(super) fn take(&mut self, now: i64, most: i64, period_ms: i64) -> bool {
        let full_at = self.full_at.max(now).saturating_add(period_ms);
        let has_one = full_at.saturating_sub(now) <= most.saturating_mul(period_ms);
        if has_one {
            self.full_at = full_at;
        }
        has_one
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_has_room_again_when_its_first_message_has_left_it() {
        let mut window = Window::default();
        for now in [0, 400, 800] {
            assert!(window.has_room(now, 3, 1000), "{now}");
            window.take(now);
        }
        assert!(!window.has_room(999, 3, 1000));
        assert!(window.has_room(1000, 3, 1000));
    }

    #[test]
    fn a_bucket_takes_a_burst_and_then_one_in_each_period() {
        let mut bucket = Bucket::default();
        let taken = (0..5).filter(|_| bucket.take(100, 3, 6000)).count();
        assert_eq!(taken, 3);
        assert!(!bucket.take(6099, 3, 6000));
        assert!(bucket.take(6100, 3, 6000));
        assert!(!bucket.take(6100, 3, 6000));
    }
}
