use super::*;
use crate::fixture::{Dialog, ann, bob, changed, dan, events, full, offline, sue, turn};
use crate::reading::{self, Mark};
use crate::{Kind, Roles};

fn claim_as(session: &Session, who: &Acting, now: Timestamp) -> Result<Outcome, Refusal> {
    claim(turn(session, who, now))
}

fn assign_as(session: &Session, who: &Acting, to: &Acting) -> Result<Outcome, Refusal> {
    assign(turn(session, who, session.last_message_at), Some(to), None)
}

/// Reads up to an entry, as the operator who has the session.
fn read(dialog: &mut Dialog, who: &Acting, seq: u64) {
    let marked = reading::mark_read(dialog.turn(who), seq, dialog.entry(seq));
    let Ok(Mark::Operators(outcome)) = marked else { panic!("{marked:?}") };
    dialog.apply(changed(outcome));
}

#[test]
fn an_operator_takes_a_queued_session_and_that_reads_nothing() {
    let mut dialog = Dialog::queued(3);
    let before = dialog.session.clone();
    dialog.claim(&ann());
    let after = &dialog.session;
    assert_eq!(after.assignee(), Some(&ann().id));
    assert_eq!((after.incoming, after.read, after.unread()), (3, 0, 3));
    assert_eq!((after.seq, after.client_seq), (before.seq + 1, before.client_seq));
    assert_eq!(after.last_message_at, before.last_message_at, "an event moves no session");
    assert_eq!(after.preview, before.preview);
    let event = dialog.entry(after.seq).unwrap();
    assert_eq!((event.kind, &event.channel), (Kind::Event, &None));
    assert_eq!(event.event, Some(SessionEvent::Claimed { to: ann().id }));
}

#[test]
fn a_session_is_claimed_only_once_and_the_loser_learns_by_whom() {
    let dialog = Dialog::held(&ann(), 1);
    let lost = Err(Refusal::AlreadyClaimed { by: ann().id });
    assert_eq!(claim_as(&dialog.session, &bob(), dialog.now()), lost);
    assert_eq!(claim_as(&dialog.session, &dan(), dialog.now()), lost);
}

#[test]
fn claiming_ones_own_session_changes_nothing_even_with_a_full_desk() {
    let dialog = Dialog::held(&ann(), 1);
    for who in [ann(), full(ann())] {
        assert_eq!(claim_as(&dialog.session, &who, dialog.now()), Ok(Outcome::Unchanged));
    }
}

#[test]
fn nobody_takes_or_is_given_more_sessions_than_one_may_hold() {
    let limit = Err(Refusal::TOO_MANY_SESSIONS);
    let queued = Dialog::queued(1);
    assert_eq!(claim_as(&queued.session, &full(ann()), queued.now()), limit);
    assert_eq!(assign_as(&queued.session, &sue(), &full(ann())), limit);
    let held = Dialog::held(&bob(), 1);
    let lost = Err(Refusal::AlreadyClaimed { by: bob().id });
    assert_eq!(claim_as(&held.session, &full(ann()), held.now()), lost, "the limit comes last");
    let not_an_operator = Acting { roles: Roles::SUPERVISOR, ..full(ann()) };
    assert_eq!(assign_as(&queued.session, &sue(), &not_an_operator), Err(Refusal::NotAnOperator));
}

#[test]
fn operators_hand_on_their_own_sessions_and_supervisors_any() {
    let held = Dialog::held(&ann(), 1).session;
    let queued = Dialog::queued(1).session;
    for (session, who) in [(&held, ann()), (&held, sue()), (&held, dan()), (&queued, sue())] {
        let change = changed(assign_as(session, &who, &bob()).unwrap());
        assert_eq!(change.session.assignee(), Some(&bob().id));
        let from = session.assignee().cloned();
        assert_eq!(events(&change.entries), [SessionEvent::Assigned { from, to: bob().id }]);
    }
    assert_eq!(assign_as(&held, &bob(), &bob()), Err(Refusal::NotFound));
    assert_eq!(assign_as(&queued, &ann(), &bob()), Err(Refusal::NotAssigned));
}

#[test]
fn reassignment_carries_over_what_is_read_and_what_is_unread() {
    let mut dialog = Dialog::held(&ann(), 3);
    read(&mut dialog, &ann(), 2);
    assert_eq!((dialog.session.read, dialog.session.read_seq), (2, 2));
    dialog.assign(&sue(), &bob());
    assert_eq!((dialog.session.read, dialog.session.read_seq), (2, 2));
    assert_eq!(dialog.session.unread(), 1);
}

#[test]
fn assigning_from_the_queue_reads_nothing() {
    let mut dialog = Dialog::queued(2);
    dialog.assign(&sue(), &ann());
    assert_eq!((dialog.session.read, dialog.session.read_seq, dialog.session.unread()), (0, 0, 2));
}

#[test]
fn assigning_to_who_has_it_changes_nothing_and_is_no_error() {
    let held = Dialog::held(&ann(), 1).session;
    for who in [ann(), sue(), dan()] {
        for to in [ann(), full(ann()), offline(ann())] {
            assert_eq!(assign_as(&held, &who, &to), Ok(Outcome::Unchanged));
        }
    }
}

#[test]
fn nothing_is_assigned_to_who_is_offline_or_no_operator() {
    let held = Dialog::held(&ann(), 1).session;
    assert_eq!(assign_as(&held, &sue(), &offline(bob())), Err(Refusal::AssigneeOffline));
    assert_eq!(assign_as(&held, &sue(), &sue()), Err(Refusal::NotAnOperator));
    assert_eq!(assign_as(&held, &sue(), &offline(sue())), Err(Refusal::AssigneeOffline));
}

#[test]
fn an_offline_assignee_comes_after_ones_own_absence_and_before_the_sessions_state() {
    let to = offline(bob());
    let held = Dialog::held(&ann(), 1).session;
    assert_eq!(assign_as(&held, &offline(sue()), &to), Err(Refusal::ActorOffline));
    let queued = Dialog::queued(1).session;
    assert_eq!(assign_as(&queued, &ann(), &to), Err(Refusal::AssigneeOffline));
    let closed = Dialog::closed(&ann(), 1).session;
    assert_eq!(assign_as(&closed, &sue(), &to), Err(Refusal::AssigneeOffline));
    assert_eq!(assign_as(&closed, &sue(), &bob()), Err(Refusal::SessionClosed));
    assert_eq!(assign_as(&closed, &bob(), &to), Err(Refusal::NotFound));
}

#[test]
fn a_comment_becomes_a_note_after_the_event() {
    let held = Dialog::held(&ann(), 1);
    let (session, now) = (&held.session, held.now());
    let given = assign(turn(session, &ann(), now), Some(&bob()), Some("Yours.")).unwrap();
    let returned = put_back(turn(session, &ann(), now), Some("Yours.")).unwrap();
    for change in [changed(given), changed(returned)] {
        let [event, note] = &*change.entries else { panic!("{:?}", change.entries) };
        assert_eq!((event.kind, note.kind), (Kind::Event, Kind::Note));
        assert_eq!((event.seq, note.seq), (session.seq + 1, session.seq + 2));
        assert_eq!((&*note.text, note.author.name()), ("Yours.", "Ann"));
        assert_eq!(change.session.client_seq, session.client_seq, "no client sees either");
        assert_eq!(change.session.version, session.version + 1, "it is one step");
    }
}

#[test]
fn a_return_makes_the_whole_session_unread_again_at_its_old_place() {
    for who in [ann(), sue()] {
        let mut dialog = Dialog::held(&ann(), 3);
        read(&mut dialog, &ann(), 3);
        let opened_at = dialog.session.opened_at;
        dialog.put_back(&who);
        let session = &dialog.session;
        assert!(session.is_queued());
        assert_eq!((session.read, session.read_seq, session.unread()), (0, 0, 3));
        assert_eq!(session.opened_at, opened_at);
        let event = &dialog.entry(session.seq).unwrap().event;
        assert_eq!(event, &Some(SessionEvent::Returned { from: ann().id }));
    }
}

#[test]
fn returning_a_queued_session_changes_nothing_and_is_no_error() {
    let queued = Dialog::queued(1);
    let returned = put_back(queued.turn(&sue()), Some("Why?"));
    assert_eq!(returned, Ok(Outcome::Unchanged));
    let returned = put_back(queued.turn(&ann()), None);
    assert_eq!(returned, Err(Refusal::NotAssigned));
}

#[test]
fn the_system_withdraws_a_session_from_its_operator_and_from_nobody_else() {
    let dialog = Dialog::held(&ann(), 2);
    assert_eq!(withdraw(&dialog.session, &bob().id, dialog.now()), Outcome::Unchanged);
    let change = changed(withdraw(&dialog.session, &ann().id, dialog.now()));
    assert!(change.session.is_queued());
    assert_eq!(change.session.unread(), 2);
    assert_eq!(change.session.last.by, Actor::System);
    assert_eq!(change.entries[0].author, Author::System);
    assert_eq!(events(&change.entries), [SessionEvent::Returned { from: ann().id }]);
    let again = withdraw(&change.session, &ann().id, dialog.now());
    assert_eq!(again, Outcome::Unchanged);
    let closed = Dialog::closed(&ann(), 1);
    assert_eq!(withdraw(&closed.session, &ann().id, closed.now()), Outcome::Unchanged);
}
