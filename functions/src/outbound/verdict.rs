//! Verdicts: what follows from the outcome of a call. A pure function.

use domain::Timestamp;
use domain::delivery::{DeliveryError, ErrorCode, PATIENCE_MILLIS, is_given_up, pause};
use domain::live_chat::ProblemCode;

use crate::channel::Outcome;

/// The number of calls without an answer, for one message, from which the channel has a problem.
const MANY_ATTEMPTS: u32 = 5;

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
                // It is given up after a day, however long the messenger asks to wait.
                let end = self.due_since.plus_millis(PATIENCE_MILLIS);
                Verdict::Again(pause(self.attempts).max(asked).min(end.millis_since(self.now)))
            }
        }
    }
}

/// Returns the problem that a channel has after such an outcome: none after a success, and `None` if
/// the outcome says nothing about the channel. `attempts` is the number of failed attempts before this
/// one, where the messenger did not answer.
pub(super) fn problem(
    outcome: &Outcome,
    attempts: Option<u32>,
) -> Option<Option<(ProblemCode, String)>> {
    match outcome {
        Outcome::Retry { message, .. } if attempts.is_some_and(|many| many >= MANY_ATTEMPTS) => {
            Some(Some((ProblemCode::Unavailable, message.clone())))
        }
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
        assert_eq!(verdict(retry(Some(u64::MAX)), 1, 0), Verdict::Again(PATIENCE_MILLIS));
        let at = PATIENCE_MILLIS - 5_000;
        assert_eq!(verdict(retry(None), 9, at), Verdict::Again(5_000), "and not beyond the day");
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
        assert_eq!(problem(&Outcome::Sent { external_id: None }, None), Some(None));
        assert_eq!((problem(&retry(None), None), problem(&retry(None), Some(4))), (None, None));
        let unavailable = (ProblemCode::Unavailable, "Busy.".to_owned());
        assert_eq!(problem(&retry(None), Some(5)), Some(Some(unavailable)));
        let message = "Unauthorized".to_owned();
        let found = problem(&Outcome::Unauthorized { message: message.clone() }, None);
        assert_eq!(found, Some(Some((ProblemCode::Unauthorized, message))));
    }
}
