//! Delivery of an operator's message to the client's messenger: its state, and how it moves.
//!
//! The state only moves forward, because messengers send receipts twice, late and in any order.
//! Failure stands apart: it ends a delivery that the client has not got, and an operator may begin
//! a failed delivery anew.

use crate::reading::ClientRead;
use crate::{Message, Timestamp};

/// The first pause before another attempt, in milliseconds.
const FIRST_PAUSE_MILLIS: u64 = 1000;
/// The longest pause before another attempt, in milliseconds.
pub const LONGEST_PAUSE_MILLIS: u64 = 15 * 60 * 1000;
/// The time after which a message that could not be delivered fails, in milliseconds.
pub const PATIENCE_MILLIS: u64 = 24 * 60 * 60 * 1000;

/// The states of a delivery.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Accepted by the service, and not sent yet.
    Pending,
    /// Accepted by the messenger.
    Sent,
    /// Arrived at the client's device.
    Delivered,
    /// Read by the client.
    Read,
    /// Given up.
    Failed,
}

impl State {
    /// Returns the name that the API and the state use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Sent => "SENT",
            Self::Delivered => "DELIVERED",
            Self::Read => "READ",
            Self::Failed => "FAILED",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Pending, Self::Sent, Self::Delivered, Self::Read, Self::Failed]
            .into_iter()
            .find(|state| state.as_str() == name)
    }

    /// Returns true for a state after which the next message of the conversation may leave.
    #[must_use]
    pub const fn is_over(self) -> bool {
        !matches!(self, Self::Pending)
    }

    /// Returns true if a delivery in this state may move to `to`. A receipt of the arrival also
    /// moves a failed delivery, because it proves that the failure was none.
    const fn may_become(self, to: Self) -> bool {
        match to {
            Self::Pending => false,
            Self::Sent => matches!(self, Self::Pending),
            Self::Delivered => matches!(self, Self::Pending | Self::Sent | Self::Failed),
            Self::Read => !matches!(self, Self::Read),
            Self::Failed => matches!(self, Self::Pending | Self::Sent),
        }
    }
}

/// The reasons of a failed delivery.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorCode {
    /// The client blocked the channel, or their account is gone.
    RecipientUnreachable,
    /// The messenger allows no answers so long after the client's last message.
    ReplyWindowClosed,
    /// The text is longer than the messenger takes.
    TooLong,
    /// The messenger refuses the message.
    Rejected,
    /// The channel is disabled.
    ChannelDisabled,
    /// The messenger no longer takes the channel's credentials.
    Unauthorized,
    /// The messenger could not be reached for a day.
    Unavailable,
}

impl ErrorCode {
    /// Every code.
    pub const ALL: [Self; 7] = [
        Self::RecipientUnreachable,
        Self::ReplyWindowClosed,
        Self::TooLong,
        Self::Rejected,
        Self::ChannelDisabled,
        Self::Unauthorized,
        Self::Unavailable,
    ];

    /// Returns the name that the API and the state use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RecipientUnreachable => "RECIPIENT_UNREACHABLE",
            Self::ReplyWindowClosed => "REPLY_WINDOW_CLOSED",
            Self::TooLong => "TOO_LONG",
            Self::Rejected => "REJECTED",
            Self::ChannelDisabled => "CHANNEL_DISABLED",
            Self::Unauthorized => "UNAUTHORIZED",
            Self::Unavailable => "UNAVAILABLE",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == name)
    }

    /// Returns true if the same message may pass later. The messenger refuses the others for their
    /// content, however often they are sent.
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        !matches!(self, Self::TooLong | Self::Rejected)
    }
}

/// The reason why a delivery failed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeliveryError {
    /// The reason.
    pub code: ErrorCode,
    /// The details, in English.
    pub message: String,
}

/// A step of a delivery, as the call to the messenger or its receipt reports it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Progress {
    /// The messenger accepted the message.
    Sent,
    /// The message arrived at the client's device.
    Delivered,
    /// The client read the message.
    Read,
    /// The message will not arrive.
    Failed(DeliveryError),
}

impl Progress {
    /// Returns the state that it leads to.
    #[must_use]
    pub const fn state(&self) -> State {
        match self {
            Self::Sent => State::Sent,
            Self::Delivered => State::Delivered,
            Self::Read => State::Read,
            Self::Failed(_) => State::Failed,
        }
    }
}

/// The delivery of one message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Delivery {
    /// Its state.
    pub state: State,
    /// The moment when it came into this state.
    pub at: Timestamp,
    /// The reason of a failure; none in any other state.
    pub error: Option<DeliveryError>,
}

impl Delivery {
    /// Returns the delivery of a message that was accepted now.
    #[must_use]
    pub const fn accepted(now: Timestamp) -> Self {
        Self { state: State::Pending, at: now, error: None }
    }

    /// Returns the delivery of an answer that the client reads here, in the widget or as an
    /// employee: sent at once, and read as soon as the client has seen it. Of several marks of the
    /// client, the last one gives the time.
    #[must_use]
    pub fn in_place(answer: &Message, read: Option<ClientRead>) -> Self {
        match read.filter(|read| read.seq >= answer.client_seq) {
            // Two clocks say these times, and pages keep the later state.
            Some(read) => {
                let at = read.at.max(answer.sent_at.plus_millis(1));
                Self { state: State::Read, at, error: None }
            }
            None => Self { state: State::Sent, at: answer.sent_at, error: None },
        }
    }

    /// Returns the delivery of an answer whose channel had no way out when it was written: it went
    /// nowhere.
    #[must_use]
    pub fn without_way_out(answer: &Message) -> Self {
        let message = "The channel had no way out when this was written.".to_owned();
        let error = DeliveryError { code: ErrorCode::ChannelDisabled, message };
        Self { state: State::Failed, at: answer.sent_at, error: Some(error) }
    }

    /// Returns the delivery after a step; none if the step is repeated or overtaken, and changes
    /// nothing.
    #[must_use]
    pub fn advance(&self, to: Progress, now: Timestamp) -> Option<Self> {
        let state = to.state();
        let error = match to {
            Progress::Failed(error) => Some(error),
            Progress::Sent | Progress::Delivered | Progress::Read => None,
        };
        // Several clocks say these times, and pages keep the later state.
        let at = now.max(self.at.plus_millis(1));
        self.state.may_become(state).then_some(Self { state, at, error })
    }

    /// Returns the delivery begun anew; none if it has not failed.
    #[must_use]
    pub fn retry(&self, now: Timestamp) -> Option<Self> {
        let at = now.max(self.at.plus_millis(1));
        (self.state == State::Failed).then_some(Self::accepted(at))
    }
}

/// Returns the pause after so many attempts, in milliseconds: a second after the first, twice the
/// last pause after each further one, and never more than 15 minutes.
#[must_use]
pub fn pause(attempt: u32) -> u64 {
    let doubled = 1_u64.checked_shl(attempt.saturating_sub(1)).unwrap_or(u64::MAX);
    FIRST_PAUSE_MILLIS.saturating_mul(doubled).min(LONGEST_PAUSE_MILLIS)
}

/// Returns true when a message that was accepted at this moment, or retried then, fails instead of
/// being tried again.
#[must_use]
pub const fn is_given_up(accepted_at: Timestamp, now: Timestamp) -> bool {
    now.is_past(accepted_at, PATIENCE_MILLIS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Dialog, ann};

    const NOW: Timestamp = Timestamp::from_millis(1_000_000);
    const LATER: Timestamp = Timestamp::from_millis(2_000_000);

    fn failed() -> Progress {
        let message = "The client blocked the bot.".to_owned();
        Progress::Failed(DeliveryError { code: ErrorCode::RecipientUnreachable, message })
    }

    fn after(steps: &[Progress]) -> Delivery {
        steps.iter().fold(Delivery::accepted(NOW), |delivery, step| {
            delivery.advance(step.clone(), LATER).unwrap_or(delivery)
        })
    }

    fn answer() -> Message {
        let mut dialog = Dialog::held(&ann(), 2);
        dialog.answer(&ann());
        dialog.entry(dialog.session.seq).expect("the answer").clone()
    }

    #[test]
    fn what_is_read_in_place_is_sent_at_once_and_read_when_the_client_says_so() {
        let answer = answer();
        let sent = Delivery { state: State::Sent, at: answer.sent_at, error: None };
        let before = ClientRead { seq: answer.client_seq - 1, at: LATER };
        assert_eq!(Delivery::in_place(&answer, None), sent);
        assert_eq!(Delivery::in_place(&answer, Some(before)), sent);
        let at = answer.sent_at.plus_millis(5_000);
        let read = ClientRead { seq: answer.client_seq, at };
        let seen = Delivery { state: State::Read, at, error: None };
        assert_eq!(Delivery::in_place(&answer, Some(read)), seen);
        // By another clock, before it was sent: it stays the later state.
        let behind = ClientRead { at: Timestamp::default(), ..read };
        assert!(Delivery::in_place(&answer, Some(behind)).at > sent.at);
    }

    #[test]
    fn what_had_no_way_out_has_failed_and_says_so() {
        let delivery = Delivery::without_way_out(&answer());
        let code = delivery.error.map(|error| error.code);
        assert_eq!((delivery.state, code), (State::Failed, Some(ErrorCode::ChannelDisabled)));
    }

    #[test]
    fn receipts_in_any_order_and_twice_lead_to_the_farthest_state() {
        let steps = [Progress::Sent, Progress::Delivered, Progress::Read];
        for a in 0..3 {
            for b in 0..3 {
                for c in 0..3 {
                    let delivery = after(&[a, b, c].map(|step: usize| steps[step].clone()));
                    assert_eq!(delivery.state, steps[a.max(b).max(c)].state());
                    assert!(delivery.at >= LATER && delivery.error.is_none(), "{delivery:?}");
                }
            }
        }
    }

    #[test]
    fn a_later_state_has_a_later_time_whatever_the_clock_says() {
        let failed = Delivery::accepted(NOW).advance(failed(), Timestamp::default());
        let failed = failed.expect("a change");
        let again = failed.retry(Timestamp::default()).expect("a change");
        assert!(NOW < failed.at && failed.at < again.at);
    }

    #[test]
    fn what_changes_nothing_is_no_change() {
        for (done, step) in [
            (vec![Progress::Sent], Progress::Sent),
            (vec![Progress::Delivered], Progress::Sent),
            (vec![Progress::Read], Progress::Delivered),
            (vec![Progress::Delivered], failed()),
            (vec![Progress::Read], failed()),
            (vec![failed()], failed()),
            (vec![failed()], Progress::Sent),
        ] {
            assert_eq!(after(&done).advance(step.clone(), LATER), None, "{done:?} {step:?}");
        }
    }

    #[test]
    fn a_failure_ends_a_delivery_that_did_not_arrive_and_an_arrival_disproves_it() {
        for done in [vec![], vec![Progress::Sent]] {
            let delivery = after(&done).advance(failed(), LATER).expect("a change");
            assert_eq!(delivery.state, State::Failed);
            assert_eq!(
                delivery.error.as_ref().map(|error| error.code),
                Some(ErrorCode::RecipientUnreachable)
            );
            let delivery = delivery.advance(Progress::Delivered, LATER).expect("a change");
            assert_eq!((delivery.state, delivery.error), (State::Delivered, None));
        }
    }

    #[test]
    fn only_a_failed_delivery_begins_anew() {
        let now = LATER.plus_millis(5);
        assert_eq!(after(&[failed()]).retry(now), Some(Delivery::accepted(now)));
        for step in [Progress::Sent, Progress::Delivered, Progress::Read] {
            assert_eq!(after(&[step]).retry(LATER), None);
        }
        assert_eq!(Delivery::accepted(NOW).retry(LATER), None);
    }

    #[test]
    fn pauses_grow_to_a_quarter_of_an_hour() {
        let pauses = [0, 1, 2, 3, 10, 11, 64, 65, u32::MAX].map(pause);
        let longest = LONGEST_PAUSE_MILLIS;
        assert_eq!(pauses, [1000, 1000, 2000, 4000, 512_000, longest, longest, longest, longest]);
    }

    #[test]
    fn a_message_is_given_up_after_a_day() {
        let at = |millis| Timestamp::from_millis(1_000_000 + millis);
        assert!(!is_given_up(NOW, at(0)));
        assert!(!is_given_up(NOW, at(PATIENCE_MILLIS - 1)));
        assert!(is_given_up(NOW, at(PATIENCE_MILLIS)));
    }

    #[test]
    fn names_read_back() {
        for code in ErrorCode::ALL {
            assert_eq!(ErrorCode::parse(code.as_str()), Some(code));
        }
        let states = [State::Pending, State::Sent, State::Delivered, State::Read, State::Failed];
        for state in states {
            assert_eq!(State::parse(state.as_str()), Some(state));
            assert_eq!(state.is_over(), state != State::Pending);
        }
        assert_eq!((ErrorCode::parse("OTHER"), State::parse("sent")), (None, None));
        assert!(ErrorCode::Unavailable.is_retryable() && !ErrorCode::TooLong.is_retryable());
    }
}
