//! Verdicts: what follows from the outcome of a call. A pure function.

use domain::Timestamp;
use domain::delivery::{DeliveryError, ErrorCode, is_given_up, pause};
use domain::live_chat::ProblemCode;

use crate::channel::Outcome;

/// The longest pause that a messenger may ask for, in milliseconds.
const LONGEST_ASKED_MILLIS: u64 = 6 * 60 * 60 * 1000;

/// What follows from an attempt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Verdict {
    /// The messenger has it, under this id.
    Sent(Option<String>),
    /// It will not arrive.
    Failed(DeliveryError),
    /// It is tried again after so many milliseconds.
    Again(u64),
}

/// An attempt: what it was, and what came of it.
pub(super) struct Attempt {
    /// The meaning of the messenger's answer.
    pub(super) outcome: Outcome,
    /// The number of failed attempts with this one.
    pub(super) attempts: u32,
    /// The moment since when the answer is due.
    pub(super) due_since: Timestamp,
    /// The time now.
    pub(super) now: Timestamp,
}

impl Attempt {
    /// Returns what follows.
    pub(super) fn verdict(self) -> Verdict {
        let is_over = is_given_up(self.due_since, self.now);
        let failed = |code, message| Verdict::Failed(DeliveryError { code, message });
        match self.outcome {
            Outcome::Sent { external_id } => Verdict::Sent(external_id),
            Outcome::Failed { code, message } => failed(code, message),
            Outcome::ChannelGone { message } => failed(ErrorCode::ChannelDisabled, message),
            Outcome::Unauthorized { message } if is_over => {
                failed(ErrorCode::Unauthorized, message)
            }
            Outcome::Retry { message, .. } if is_over => failed(ErrorCode::Unavailable, message),
            Outcome::Unauthorized { .. } => Verdict::Again(pause(self.attempts)),
            Outcome::Retry { after, .. } => {
                let asked =
                    after.map_or(0, |time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
                Verdict::Again(pause(self.attempts).max(asked.min(LONGEST_ASKED_MILLIS)))
            }
        }
    }
}

/// Returns the problem that a channel has after such an outcome: none after a success, and `None` if
/// the outcome says nothing about the channel.
pub(super) fn problem(outcome: &Outcome) -> Option<Option<(ProblemCode, String)>> {
    match outcome {
        Outcome::Sent { .. } => Some(None),
        Outcome::Unauthorized { message } => {
            Some(Some((ProblemCode::Unauthorized, message.clone())))
        }
        Outcome::ChannelGone { message } => Some(Some((ProblemCode::Gone, message.clone()))),
        Outcome::Retry { .. } | Outcome::Failed { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::delivery::PATIENCE_MILLIS;

    use super::*;

    const SINCE: Timestamp = Timestamp::from_millis(1_000_000);

    fn verdict(outcome: Outcome, attempts: u32, after_millis: u64) -> Verdict {
        let now = SINCE.plus_millis(after_millis);
        Attempt { outcome, attempts, due_since: SINCE, now }.verdict()
    }

    fn retry(after: Option<u64>) -> Outcome {
        Outcome::Retry { after: after.map(Duration::from_secs), message: "Busy.".to_owned() }
    }

    #[test]
    fn what_may_pass_is_tried_again_with_growing_pauses_and_never_before_it_may() {
        assert_eq!(verdict(retry(None), 1, 0), Verdict::Again(1_000));
        assert_eq!(verdict(retry(None), 4, 0), Verdict::Again(8_000));
        assert_eq!(verdict(retry(Some(30)), 1, 0), Verdict::Again(30_000));
        assert_eq!(verdict(retry(Some(1)), 4, 0), Verdict::Again(8_000));
        assert_eq!(verdict(retry(Some(u64::MAX)), 1, 0), Verdict::Again(LONGEST_ASKED_MILLIS));
    }

    #[test]
    fn what_does_not_pass_for_a_day_fails() {
        let code = |outcome, after| match verdict(outcome, 9, after) {
            Verdict::Failed(error) => Some(error.code),
            _ => None,
        };
        let unauthorized = || Outcome::Unauthorized { message: "Unauthorized".to_owned() };
        assert_eq!(code(retry(None), PATIENCE_MILLIS - 1), None);
        assert_eq!(code(retry(None), PATIENCE_MILLIS), Some(ErrorCode::Unavailable));
        assert_eq!(code(unauthorized(), PATIENCE_MILLIS - 1), None);
        assert_eq!(code(unauthorized(), PATIENCE_MILLIS), Some(ErrorCode::Unauthorized));
    }

    #[test]
    fn what_will_not_pass_fails_at_once_and_what_has_arrived_is_sent_however_late() {
        let message = || "no".to_owned();
        let blocked = Outcome::Failed { code: ErrorCode::RecipientUnreachable, message: message() };
        let gone = Outcome::ChannelGone { message: message() };
        for (outcome, code) in
            [(blocked, ErrorCode::RecipientUnreachable), (gone, ErrorCode::ChannelDisabled)]
        {
            let error = DeliveryError { code, message: message() };
            assert_eq!(verdict(outcome, 1, 0), Verdict::Failed(error));
        }
        let sent = Outcome::Sent { external_id: None };
        assert_eq!(verdict(sent, 1, PATIENCE_MILLIS), Verdict::Sent(None));
    }

    #[test]
    fn a_success_ends_a_problem_and_what_says_nothing_of_the_channel_leaves_it() {
        assert_eq!(problem(&Outcome::Sent { external_id: None }), Some(None));
        assert_eq!(problem(&retry(None)), None);
        let message = "Unauthorized".to_owned();
        let found = problem(&Outcome::Unauthorized { message: message.clone() });
        assert_eq!(found, Some(Some((ProblemCode::Unauthorized, message))));
    }
}
