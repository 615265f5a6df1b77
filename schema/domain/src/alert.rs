//! Alerts: decides which alert a write of a session raises, and for whom.

use crate::session::ActKind;
use crate::{EmployeeId, Session};

/// The kinds of alerts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AlertKind {
    /// A session opened.
    NewSession,
    /// The client wrote a further message.
    NewMessage,
    /// A session went back to the queue.
    Returned,
    /// Another employee assigned a session to the recipient.
    AssignedToMe,
}

/// The recipients of an alert.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Audience {
    /// Every operator of the live chat.
    Operators,
    /// One operator.
    Operator(EmployeeId),
}

/// Returns the alert that one write of a session raises. An employee gets no alert for their own
/// act: the fan-out compares the recipient with the actor, `after.last.by`.
#[must_use]
pub fn alert(before: Option<&Session>, after: &Session) -> Option<(AlertKind, Audience)> {
    match after.last.kind {
        ActKind::Opened => Some((AlertKind::NewSession, Audience::Operators)),
        ActKind::Returned => Some((AlertKind::Returned, Audience::Operators)),
        ActKind::Assigned => after
            .assignee()
            .map(|operator| (AlertKind::AssignedToMe, Audience::Operator(operator.clone()))),
        ActKind::Message => message_alert(before?, after),
        ActKind::Read
        | ActKind::Claimed
        | ActKind::Renamed
        | ActKind::Bound
        | ActKind::Closed
        | ActKind::Unknown => None,
    }
}

fn message_alert(before: &Session, after: &Session) -> Option<(AlertKind, Audience)> {
    if after.incoming == before.incoming {
        return None;
    }
    match after.assignee() {
        Some(operator) => Some((AlertKind::NewMessage, Audience::Operator(operator.clone()))),
        None if after.last_alert_at != before.last_alert_at => {
            Some((AlertKind::NewMessage, Audience::Operators))
        }
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Dialog, ann, at, bob, changed, conversation, dan, sue, write};
    use crate::{Acting, assignment, reading};

    /// Returns the alert that an act on a dialog raises.
    fn after(dialog: &mut Dialog, act: impl FnOnce(&mut Dialog)) -> Option<(AlertKind, Audience)> {
        let before = dialog.session.clone();
        act(dialog);
        alert(Some(&before), &dialog.session)
    }

    fn to(who: &Acting) -> Audience {
        Audience::Operator(who.id.clone())
    }

    #[test]
    fn a_new_session_alerts_every_operator() {
        let opened = write(None, &conversation(), at(0)).unwrap().session;
        assert_eq!(alert(None, &opened), Some((AlertKind::NewSession, Audience::Operators)));
        let mut closed = Dialog::closed(&ann(), 1);
        let alerted = after(&mut closed, Dialog::write);
        assert_eq!(alerted, Some((AlertKind::NewSession, Audience::Operators)));
    }

    #[test]
    fn every_message_of_the_client_alerts_the_assigned_operator_and_nobody_else() {
        let mut dialog = Dialog::held(&ann(), 1);
        for _ in 0..3 {
            let alerted = after(&mut dialog, Dialog::write);
            assert_eq!(alerted, Some((AlertKind::NewMessage, to(&ann()))));
        }
        dialog.assign(&ann(), &bob());
        let alerted = after(&mut dialog, Dialog::write);
        assert_eq!(alerted, Some((AlertKind::NewMessage, to(&bob()))));
    }

    #[test]
    fn a_return_alerts_all_operators_whoever_returned_it() {
        for who in [ann(), sue()] {
            let mut dialog = Dialog::held(&ann(), 1);
            let alerted = after(&mut dialog, |dialog| dialog.put_back(&who));
            assert_eq!(alerted, Some((AlertKind::Returned, Audience::Operators)));
        }
        let mut dialog = Dialog::held(&ann(), 1);
        let alerted = after(&mut dialog, |dialog| {
            let withdrawn = assignment::withdraw(&dialog.session, &ann().id, dialog.now());
            dialog.apply(changed(withdrawn));
        });
        assert_eq!(alerted, Some((AlertKind::Returned, Audience::Operators)));
    }

    #[test]
    fn an_assignment_alerts_the_new_operator_and_names_who_did_it() {
        let mut dialog = Dialog::queued(1);
        let alerted = after(&mut dialog, |dialog| dialog.assign(&sue(), &ann()));
        assert_eq!(alerted, Some((AlertKind::AssignedToMe, to(&ann()))));
        assert!(dialog.session.last.by.is_person(&sue().id));
        // An operator assigns to themselves: the fan-out recognises that recipient and actor are
        // the same.
        let alerted = after(&mut dialog, |dialog| dialog.assign(&dan(), &dan()));
        assert_eq!(alerted, Some((AlertKind::AssignedToMe, to(&dan()))));
        assert!(dialog.session.last.by.is_person(&dan().id));
    }

    #[test]
    fn nothing_else_alerts_anybody() {
        let mut dialog = Dialog::queued(1);
        assert_eq!(after(&mut dialog, |dialog| dialog.note(&sue())), None);
        assert_eq!(after(&mut dialog, |dialog| dialog.claim(&ann())), None);
        assert_eq!(after(&mut dialog, |dialog| dialog.note(&ann())), None);
        assert_eq!(after(&mut dialog, |dialog| dialog.answer(&ann())), None);
        dialog.write();
        let alerted = after(&mut dialog, |dialog| {
            let seq = dialog.session.seq;
            let mark = reading::mark_read(dialog.turn(&ann()), seq, dialog.entry(seq));
            let Ok(reading::Mark::Operators(outcome)) = mark else { panic!("{mark:?}") };
            dialog.apply(changed(outcome));
        });
        assert_eq!(alerted, None);
        assert_eq!(after(&mut dialog, |dialog| dialog.close(&ann())), None);
        let mut queued = Dialog::queued(1);
        assert_eq!(after(&mut queued, |dialog| dialog.answer(&ann())), None, "it claims");
    }
}
