//! Answers that leave by a messenger, with another act in between.

use std::collections::BTreeSet;

use domain::delivery::{DeliveryError, ErrorCode, Progress, State};
use domain::{Message, SessionId, Timestamp};
use store::TenantStore;
use store::act::Answer;
use store::attachment::Attaching;
use store::delivery::{End, Report};

use super::{At, Stage, play};

impl Stage {
    /// Answers in a session, and returns the answer.
    async fn answer(&self, id: &SessionId, message: &str) -> Message {
        let answer = Answer {
            text: "Hi",
            attaching: &Attaching::default(),
            client_message_id: message,
            reply_to: None,
            read_up_to: None,
        };
        let acted = self.quick.reply(self.person("ann"), id, &answer).await.unwrap();
        acted.message.unwrap()
    }
}

/// Notes that an answer is due, as the worker does.
async fn note(store: TenantStore<'_>, answer: &Message) {
    store.note_due(&answer.conversation, &BTreeSet::from([answer.seq])).await.unwrap();
}

async fn fail(store: TenantStore<'_>, answer: &Message) {
    let error = DeliveryError { code: ErrorCode::Unavailable, message: "no".to_owned() };
    let progress = Progress::Failed(error);
    let end = End { progress, external_ids: Vec::new(), pace: Timestamp::default() };
    store.end_delivery(answer, None, &end).await.unwrap();
}

#[test]
fn an_answer_that_is_begun_anew_while_its_failure_is_settled_stays_due() {
    for at in [At::Write, At::Answer, At::Loss] {
        play(async |stage| {
            let tenant = &stage.company().tenant;
            let id = stage.session(1, 1).await;
            let answer = stage.answer(&id, "1").await;
            let (of, store) = (&answer.conversation, stage.quick.of(tenant));
            note(store, &answer).await;
            fail(store, &answer).await;
            // The function died before it took the answer out: the next invocation does.
            let settle = async {
                let store = stage.slow.of(tenant);
                let mut due = store.due(of).await.unwrap().unwrap();
                store.next_outgoing(&mut due).await.unwrap()
            };
            let again = async {
                stage.quick.retry_delivery(stage.person("ann"), of, answer.seq).await.unwrap();
                note(store, &answer).await;
            };
            let (next, ()) = stage.stop.between(at, settle, again).await;
            // Either this invocation sends it, or the next one finds it.
            assert!(next.is_none_or(|next| next.answer.seq == answer.seq), "{at:?}");
            let due = store.due(of).await.unwrap().expect("nothing is due");
            assert_eq!(due.seqs, BTreeSet::from([answer.seq]), "{at:?}");
        });
    }
}

#[test]
fn the_parts_that_have_left_are_known_after_an_earlier_answer_was_begun_anew() {
    play(async |stage| {
        let id = stage.session(1, 1).await;
        let (one, two) = (stage.answer(&id, "1").await, stage.answer(&id, "2").await);
        let (of, store) = (&one.conversation, stage.quick.of(&stage.company().tenant));
        note(store, &two).await;
        let mut due = store.due(of).await.unwrap().unwrap();
        store.note_part(&mut due, two.seq, "x".to_owned(), Timestamp::default()).await.unwrap();
        note(store, &one).await;
        let mut due = store.due(of).await.unwrap().unwrap();
        store.settle(&mut due, one.seq, None).await.unwrap();
        let known = store.due(of).await.unwrap().unwrap();
        assert_eq!((known.split, &*known.parts), (two.seq, &["x".to_owned()][..]));
        assert_eq!((due.split, due.parts), (known.split, known.parts));
    });
}

#[test]
fn what_an_earlier_try_brings_ends_no_later_one() {
    play(async |stage| {
        let tenant = &stage.company().tenant;
        let id = stage.session(1, 1).await;
        let answer = stage.answer(&id, "1").await;
        let (of, store) = (&answer.conversation, stage.quick.of(tenant));
        let state = async || {
            let tracked = store.tracked(of, answer.seq).await.unwrap().unwrap();
            (tracked.delivery.state, tracked.restarts)
        };
        let report = async |restarts: u32, is_whole: bool, progress: Progress| {
            let channel = answer.channel.as_ref().unwrap();
            let report = Report { restarts, is_whole, progress };
            store.report(channel, of, answer.seq, &report, |_| true).await.unwrap()
        };
        // The call was under way when it failed by a receipt and was begun anew.
        fail(store, &answer).await;
        stage.quick.retry_delivery(stage.person("ann"), of, answer.seq).await.unwrap();
        let end =
            End { progress: Progress::Sent, external_ids: Vec::new(), pace: Timestamp::default() };
        store.end_delivery(&answer, None, &end).await.unwrap();
        assert_eq!(state().await, (State::Pending, 1));
        assert!(!report(0, true, Progress::Sent).await);
        assert!(!report(0, false, Progress::Delivered).await, "one of its parts");
        assert_eq!(state().await, (State::Pending, 1));
        assert!(report(0, true, Progress::Delivered).await, "it has arrived after all");
        assert_eq!(state().await, (State::Delivered, 1));
    });
}

#[test]
fn a_part_that_arrived_does_not_disprove_that_another_failed() {
    play(async |stage| {
        let id = stage.session(1, 1).await;
        let answer = stage.answer(&id, "1").await;
        let (of, store) = (&answer.conversation, stage.quick.of(&stage.company().tenant));
        fail(store, &answer).await;
        let channel = answer.channel.as_ref().unwrap();
        let report = Report { restarts: 0, is_whole: false, progress: Progress::Delivered };
        assert!(!store.report(channel, of, answer.seq, &report, |_| true).await.unwrap());
    });
}
