//! The gate before a call: the rates of the messenger, and the pause of one that does not answer.
//!
//! Rates are kept before the call: for each channel by counts in the state, which all instances share,
//! and for each recipient by a moment that stands beside the last delivery. A messenger that does not
//! answer, or takes long, costs each attempt its time. After a few such attempts one by one is made, so
//! that its conversations do not take the instances that others need.

use std::time::Duration;

use domain::delivery::pause;
use domain::{ChannelId, ChannelKind, Timestamp};
use store::outgoing::Pause;
use store::rate::{Counted, Rate};
use store::{Fault, TenantStore};

use super::Left;

/// The window in which calls of a channel are counted, in milliseconds. A second touches up to six of
/// them, and calls that are delayed on their way arrive with those of the next: six full windows and one
/// more stay below what a messenger allows in a second.
const WINDOW_MILLIS: u64 = 200;
/// The number of windows that a call waits for at most, before the conversation is put back.
const MOST_WINDOWS: u32 = 5;
/// The number of calls without an answer after which a channel pauses.
const PATIENT_FAILURES: u32 = 3;
/// The time that one attempt after a pause has for itself, in milliseconds.
const ATTEMPT_MILLIS: u64 = 15_000;

/// What a messenger takes from one sender.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Pace {
    /// The most calls of a channel in a window; none for any number.
    calls: Option<u64>,
    /// The time from one message to the next for one recipient, in milliseconds.
    interval: u64,
    /// The number of messages that may come at once before that counts.
    burst: u64,
}

impl Pace {
    /// Returns the pace of a kind of channels.
    pub(super) const fn of(kind: ChannelKind) -> Self {
        match kind {
            // 30 a second for a bot, about one a second for a chat.
            ChannelKind::Telegram => Self { calls: Some(4), interval: 1_000, burst: 1 },
            // 80 a second for a number, one in 6 s for a recipient with bursts of 45.
            ChannelKind::Whatsapp => Self { calls: Some(11), interval: 6_000, burst: 40 },
            _ => Self { calls: None, interval: 0, burst: 1 },
        }
    }

    /// Returns the time until the recipient takes a message. `from` is as the last one left it.
    pub(super) fn wait(self, from: Timestamp, now: Timestamp) -> u64 {
        // Noted by a clock that is ahead, it is no more than a whole burst.
        let ahead = from.millis_since(now).min(self.interval * self.burst);
        ahead.saturating_sub(self.interval * (self.burst - 1))
    }

    /// Returns the moment after one more message.
    pub(super) fn after(self, from: Timestamp, now: Timestamp) -> Timestamp {
        let ahead = from.millis_since(now).min(self.interval * self.burst);
        now.plus_millis(ahead + self.interval)
    }
}

/// Waits until the channel may be called. Returns the time after which to try again, if that is long.
pub(super) async fn pass(
    store: TenantStore<'_>,
    channel: &ChannelId,
    pace: Pace,
    paused: Option<&Pause>,
) -> Result<Left, Fault> {
    if let Some(pause) = paused.filter(|pause| pause.failures >= PATIENT_FAILURES) {
        let now = store.now();
        let rest = pause.until.millis_since(now);
        if rest > 0 {
            return Ok(after(rest + spread(store)));
        }
        let until = now.plus_millis(ATTEMPT_MILLIS);
        if !store.claim_attempt(channel, pause, until).await? {
            return Ok(after(ATTEMPT_MILLIS + spread(store)));
        }
    }
    let Some(most) = pace.calls else { return Ok(Left::Nothing) };
    let rate = Rate { window_millis: WINDOW_MILLIS, most };
    for _ in 0..MOST_WINDOWS {
        if store.count(Counted::Calls(channel), rate, 1).await? {
            return Ok(Left::Nothing);
        }
        let end = rate.began(store.now()).plus_millis(WINDOW_MILLIS);
        tokio::time::sleep(Duration::from_millis(end.millis_since(store.now()) + 1)).await;
    }
    Ok(after(1_000 + spread(store)))
}

/// Notes that the messenger did not answer, or took long. One that answers in the end is called on, one
/// call at a time.
pub(super) async fn note_silence(
    store: TenantStore<'_>,
    channel: &ChannelId,
    paused: Option<&Pause>,
    is_answered: bool,
) -> Result<(), Fault> {
    let before = paused.map_or(0, |pause| pause.failures);
    let failures = before.saturating_add(1);
    let time = if is_answered || failures < PATIENT_FAILURES { 0 } else { pause(failures) };
    store.pause_channel(channel, before, store.now().plus_millis(time)).await
}

/// Returns a random part of two seconds, in milliseconds: those who wait come one after the other.
fn spread(store: TenantStore<'_>) -> u64 {
    u64::try_from(store.random() % 2_000).unwrap_or(0)
}

pub(super) const fn after(millis: u64) -> Left {
    Left::After(Duration::from_millis(millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000_000);

    #[test]
    fn a_recipient_of_telegram_gets_one_message_a_second() {
        let pace = Pace::of(ChannelKind::Telegram);
        assert_eq!(pace.wait(Timestamp::default(), NOW), 0);
        let from = pace.after(Timestamp::default(), NOW);
        assert_eq!(pace.wait(from, NOW), 1_000);
        assert_eq!(pace.wait(from, NOW.plus_millis(400)), 600);
        assert_eq!(pace.wait(from, NOW.plus_millis(1_000)), 0);
    }

    #[test]
    fn a_recipient_of_whatsapp_gets_a_burst_and_then_one_in_six_seconds() {
        let pace = Pace::of(ChannelKind::Whatsapp);
        let mut from = Timestamp::default();
        for _ in 0..40 {
            assert_eq!(pace.wait(from, NOW), 0);
            from = pace.after(from, NOW);
        }
        assert_eq!(pace.wait(from, NOW), 6_000);
        assert_eq!(pace.wait(from, NOW.plus_millis(6_000)), 0);
    }

    #[test]
    fn a_moment_of_a_clock_that_is_ahead_delays_a_message_no_longer_than_its_interval() {
        let pace = Pace::of(ChannelKind::Telegram);
        assert_eq!(pace.wait(NOW.plus_millis(3_600_000), NOW), 1_000);
    }
}
