use super::*;
use crate::fixture::{Dialog, ann, answer, at, bob, changed, conversation, sue, write};
use crate::reading::{self, Mark};
use crate::reply::{self, Seen};
use crate::{Acting, assignment, closing};

fn desk(who: &Acting, unread: i32, open: i32) -> Desk {
    Desk { operator: who.id.clone(), unread, open }
}

/// Returns the delta of an act on a dialog.
fn moved(dialog: &mut Dialog, act: impl FnOnce(&mut Dialog)) -> Delta {
    let before = dialog.session.clone();
    act(dialog);
    Delta::between(Some(&before), &dialog.session)
}

fn delta(queue: Option<Queue>, desks: &[Desk]) -> Delta {
    Delta { queue, desks: desks.to_vec(), handled: None }
}

fn read_all(dialog: &mut Dialog, who: &Acting) {
    let seq = dialog.session.seq;
    let mark = reading::mark_read(dialog.turn(who), seq, dialog.entry(seq));
    let Ok(Mark::Operators(outcome)) = mark else { panic!("{mark:?}") };
    dialog.apply(changed(outcome));
}

#[test]
fn an_opened_session_enters_the_queue() {
    let opened = write(None, &conversation(), at(0)).unwrap().session;
    assert_eq!(Delta::between(None, &opened), delta(Some(Queue::Enter), &[]));
}

#[test]
fn a_message_of_the_client_moves_counts_only_where_unread_flips() {
    assert_eq!(moved(&mut Dialog::queued(1), Dialog::write), Delta::default());
    let mut dialog = Dialog::held(&ann(), 1);
    assert_eq!(moved(&mut dialog, Dialog::write), Delta::default());
    read_all(&mut dialog, &ann());
    assert_eq!(moved(&mut dialog, Dialog::write), delta(None, &[desk(&ann(), 1, 0)]));
    assert_eq!(moved(&mut dialog, Dialog::write), Delta::default());
}

#[test]
fn a_claim_and_an_assignment_take_from_the_queue_and_bring_what_is_unread() {
    let claimed = moved(&mut Dialog::queued(1), |dialog| dialog.claim(&ann()));
    assert_eq!(claimed, delta(Some(Queue::Leave), &[desk(&ann(), 1, 1)]));
    let assigned = moved(&mut Dialog::queued(1), |dialog| dialog.assign(&sue(), &bob()));
    assert_eq!(assigned, delta(Some(Queue::Leave), &[desk(&bob(), 1, 1)]));
}

#[test]
fn a_claim_by_answering_brings_only_what_the_answerer_had_not_seen() {
    let claimed = moved(&mut Dialog::queued(2), |dialog| dialog.answer(&ann()));
    assert_eq!(claimed, delta(Some(Queue::Leave), &[desk(&ann(), 0, 1)]));
    let claimed = moved(&mut Dialog::queued(2), |dialog| {
        let reply = answer(Seen { incoming: 1, seq: 1 });
        let change = reply::reply(dialog.turn(&ann()), &reply);
        dialog.apply(change.unwrap());
    });
    assert_eq!(claimed, delta(Some(Queue::Leave), &[desk(&ann(), 1, 1)]));
}

#[test]
fn reading_and_answering_move_the_unread_sessions_once() {
    let mut dialog = Dialog::held(&ann(), 2);
    let flipped = moved(&mut dialog, |dialog| read_all(dialog, &ann()));
    assert_eq!(flipped, delta(None, &[desk(&ann(), -1, 0)]));
    assert_eq!(moved(&mut dialog, |dialog| dialog.answer(&ann())), Delta::default());
    dialog.write();
    let flipped = moved(&mut dialog, |dialog| dialog.answer(&ann()));
    assert_eq!(flipped, delta(None, &[desk(&ann(), -1, 0)]));
    assert_eq!(moved(&mut dialog, |dialog| dialog.note(&ann())), Delta::default());
}

#[test]
fn a_reassignment_moves_both_desks() {
    let mut dialog = Dialog::held(&ann(), 1);
    let given = moved(&mut dialog, |dialog| dialog.assign(&ann(), &bob()));
    assert_eq!(given, delta(None, &[desk(&ann(), -1, -1), desk(&bob(), 1, 1)]));
    read_all(&mut dialog, &bob());
    let given = moved(&mut dialog, |dialog| dialog.assign(&bob(), &ann()));
    assert_eq!(given, delta(None, &[desk(&bob(), 0, -1), desk(&ann(), 0, 1)]));
}

#[test]
fn a_return_and_a_withdrawal_enter_the_queue_and_clear_the_desk() {
    let mut dialog = Dialog::held(&ann(), 1);
    let returned = moved(&mut dialog, |dialog| dialog.put_back(&ann()));
    assert_eq!(returned, delta(Some(Queue::Enter), &[desk(&ann(), -1, -1)]));
    dialog.answer(&ann());
    let withdrawn = moved(&mut dialog, |dialog| {
        let withdrawn = assignment::withdraw(&dialog.session, &ann().id, dialog.now());
        dialog.apply(changed(withdrawn));
    });
    assert_eq!(withdrawn, delta(Some(Queue::Enter), &[desk(&ann(), 0, -1)]));
}

#[test]
fn a_close_clears_the_desk_and_remembers_whose_it_was() {
    let mut dialog = Dialog::held(&ann(), 1);
    let closed = moved(&mut dialog, |dialog| dialog.close(&sue()));
    let handled = Some(ann().id);
    assert_eq!(closed, Delta { handled, ..delta(None, &[desk(&ann(), -1, -1)]) });
    let mut dialog = Dialog::queued(1);
    let closed = moved(&mut dialog, |dialog| dialog.close(&sue()));
    assert_eq!(closed, delta(Some(Queue::Leave), &[]));
}

#[test]
fn a_name_moves_nothing_before_and_after_the_close() {
    let dialogs = [Dialog::queued(1), Dialog::held(&ann(), 1), Dialog::closed(&ann(), 1)];
    for mut dialog in dialogs {
        let renamed = moved(&mut dialog, |dialog| {
            dialog.later();
            let renamed = closing::rename(dialog.turn(&sue()), "Order 7");
            dialog.apply(changed(renamed.unwrap()));
        });
        assert_eq!(renamed, Delta::default());
    }
}
