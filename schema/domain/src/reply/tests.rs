use super::*;
use crate::fixture::{Dialog, ann, answer, bob, dan, events, full, mind_this, offline, sue, turn};
use crate::{Acting, access::Sight};
use crate::{SessionEvent, State};

fn reply_as(dialog: &Dialog, who: &Acting, seen: Seen) -> Result<Change, Refusal> {
    reply(dialog.turn(who), &answer(seen))
}

/// Returns what an operator has seen who read up to this entry.
fn seen_up_to(dialog: &Dialog, seq: u64) -> Seen {
    Seen { incoming: dialog.entry(seq).unwrap().incoming, seq }
}

#[test]
fn only_the_assigned_operator_answers_the_client() {
    let dialog = Dialog::held(&ann(), 1);
    let taken = Err(Refusal::AlreadyClaimed { by: ann().id });
    assert!(reply_as(&dialog, &ann(), dialog.seen()).is_ok());
    assert_eq!(reply_as(&dialog, &bob(), dialog.seen()), taken);
    assert_eq!(reply_as(&dialog, &dan(), dialog.seen()), taken);
    assert_eq!(reply_as(&dialog, &sue(), dialog.seen()), Err(Refusal::Forbidden));
    assert_eq!(reply_as(&dialog, &offline(ann()), dialog.seen()), Err(Refusal::ActorOffline));
    let closed = Dialog::closed(&ann(), 1);
    assert_eq!(reply_as(&closed, &ann(), closed.seen()), Err(Refusal::SessionClosed));
}

#[test]
fn an_answer_goes_out_by_the_clients_channel_and_moves_the_session() {
    let mut dialog = Dialog::held(&ann(), 1);
    let before = dialog.session.clone();
    dialog.answer(&ann());
    let after = &dialog.session;
    assert_eq!((after.seq, after.client_seq), (before.seq + 1, before.client_seq + 1));
    assert_eq!((after.incoming, after.last_message_at), (before.incoming, dialog.now()));
    assert_eq!((&*after.preview.text, after.preview.kind), ("Good day", Kind::Operator));
    let message = dialog.entry(after.seq).unwrap();
    assert_eq!((message.kind, message.author.name()), (Kind::Operator, "Ann"));
    assert_eq!(message.channel, Some(before.channel));
    assert_eq!(message.client_message_id.as_deref(), Some("r"));
}

#[test]
fn an_answer_to_a_queued_session_claims_it_in_one_step() {
    let dialog = Dialog::queued(2);
    let change = reply_as(&dialog, &ann(), dialog.seen()).unwrap();
    assert_eq!(change.session.state, State::Assigned { operator: ann().id });
    assert_eq!(change.session.version, dialog.session.version + 1);
    let kinds: Vec<_> = change.entries.iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [Kind::Event, Kind::Operator]);
    assert_eq!(events(&change.entries), [SessionEvent::Claimed { to: ann().id }]);
    assert_eq!(change.session.unread(), 0);
    assert_eq!(reply_as(&dialog, &full(ann()), dialog.seen()), Err(Refusal::TOO_MANY_SESSIONS));
}

#[test]
fn an_answer_reads_up_to_what_the_answerer_had_seen() {
    for dialog in [Dialog::queued(3), Dialog::held(&ann(), 3)] {
        let change = reply_as(&dialog, &ann(), seen_up_to(&dialog, 2)).unwrap();
        assert_eq!((change.session.read, change.session.read_seq), (2, 2));
        assert_eq!(change.session.unread(), 1);
        let change = reply_as(&dialog, &ann(), dialog.seen()).unwrap();
        assert_eq!((change.session.read, change.session.unread()), (3, 0));
        assert_eq!(change.session.read_seq, change.session.seq, "the answer itself is seen");
    }
}

#[test]
fn a_retry_never_raises_what_an_answer_reads() {
    let mut dialog = Dialog::held(&ann(), 2);
    let seen = dialog.seen();
    dialog.write();
    let change = reply_as(&dialog, &ann(), seen).unwrap();
    assert_eq!((change.session.read, change.session.unread()), (2, 1));
    assert_eq!(change.session.read_seq, seen.seq, "what came between stands above the line");
}

#[test]
fn an_answer_never_reads_less_than_was_read_nor_more_than_there_is() {
    let mut dialog = Dialog::held(&ann(), 3);
    dialog.answer(&ann());
    assert_eq!(dialog.session.read, 3);
    let change = reply_as(&dialog, &ann(), seen_up_to(&dialog, 1)).unwrap();
    assert_eq!((change.session.read, change.session.read_seq), (3, dialog.session.read_seq));
    let all = Seen { incoming: 99, seq: dialog.session.seq };
    let change = reply_as(&dialog, &ann(), all).unwrap();
    assert_eq!(change.session.read, 3);
}

#[test]
fn answers_and_notes_take_from_the_conversations_rate() {
    let mut dialog = Dialog::held(&ann(), 1);
    let now = dialog.later();
    for round in 0..20 {
        let session = &dialog.session;
        let change = if round % 2 == 0 {
            reply(turn(session, &ann(), now), &answer(dialog.seen()))
        } else {
            note(turn(session, &ann(), now), &mind_this())
        };
        dialog.apply(change.unwrap());
    }
    let session = &dialog.session;
    let refused = reply(turn(session, &ann(), now), &answer(dialog.seen()));
    assert!(matches!(refused, Err(Refusal::Limit { retry_after_millis: Some(_), .. })));
    let refused = note(turn(session, &ann(), now), &mind_this());
    assert!(matches!(refused, Err(Refusal::Limit { retry_after_millis: Some(_), .. })));
}

#[test]
fn a_note_is_written_by_the_assignee_or_a_supervisor_and_moves_nothing() {
    for who in [ann(), sue(), dan()] {
        let mut dialog = Dialog::held(&ann(), 1);
        let before = dialog.session.clone();
        dialog.note(&who);
        let after = &dialog.session;
        assert_eq!((after.seq, after.client_seq), (before.seq + 1, before.client_seq));
        assert_eq!((after.incoming, after.read), (before.incoming, before.read));
        assert_eq!(after.last_message_at, before.last_message_at);
        assert_eq!((&after.preview, &after.state), (&before.preview, &before.state));
        let entry = dialog.entry(after.seq).unwrap();
        assert_eq!((entry.kind, &entry.channel), (Kind::Note, &None));
    }
    let queued = Dialog::queued(1);
    let refused = note(queued.turn(&ann()), &mind_this());
    assert_eq!(refused, Err(Refusal::NotAssigned));
}

#[test]
fn an_answer_quotes_messages_of_its_dialog_only_and_never_a_note() {
    let mut dialog = Dialog::closed(&bob(), 1);
    dialog.write();
    dialog.claim(&ann());
    dialog.note(&ann());
    dialog.answer(&ann());
    for entry in &dialog.entries {
        let quoted = quotable(&dialog.session, Quote::Entry(entry));
        match entry.kind {
            Kind::Client | Kind::Operator => assert_eq!(quoted, Ok(Some(entry.seq))),
            Kind::Note | Kind::Event | Kind::Unknown => {
                assert!(matches!(quoted, Err(Refusal::Invalid { field: "replyToId", .. })));
            }
        }
    }
    assert_eq!(quotable(&dialog.session, Quote::Nothing), Ok(None));
    let missing = Err(Refusal::NoSuch { field: "replyToId" });
    let elsewhere = crate::ConversationId::parse("elsewhere").unwrap();
    let stranger = Message { conversation: elsewhere, ..dialog.entries[0].clone() };
    let later = Message { seq: dialog.session.seq + 1, ..dialog.entries[0].clone() };
    for quote in [Quote::Missing, Quote::Entry(&stranger), Quote::Entry(&later)] {
        assert_eq!(quotable(&dialog.session, quote), missing, "{quote:?}");
    }
}

#[test]
fn of_several_reasons_against_an_answer_the_contract_s_first_is_given() {
    let dialog = Dialog::closed(&ann(), 1);
    let session = &dialog.session;
    let seen = dialog.seen();
    let wrong = Reply { quote: Quote::Missing, read_up_to: Some(session.seq + 1), ..answer(seen) };
    let refused = |sight, who: &Acting, reply: &Reply<'_>| {
        super::reply(Turn { sight, ..dialog.turn(who) }, reply).unwrap_err()
    };
    // An employee who may not read the session learns nothing of its dialog.
    assert_eq!(refused(Sight::Nothing, &ann(), &wrong), Refusal::NotFound);
    let missing = Refusal::NoSuch { field: "replyToId" };
    assert_eq!(refused(Sight::Whole, &offline(ann()), &wrong), missing);
    let wrong = Reply { quote: Quote::Nothing, ..wrong };
    assert_eq!(refused(Sight::Whole, &offline(ann()), &wrong), Refusal::ActorOffline);
    assert_eq!(refused(Sight::Whole, &ann(), &wrong), Refusal::SessionClosed);
    let open = Dialog::held(&ann(), 1);
    let beyond = Reply { read_up_to: Some(open.session.seq + 1), ..answer(open.seen()) };
    let refused = reply(open.turn(&ann()), &beyond);
    assert!(matches!(refused, Err(Refusal::Invalid { field: "readUpToSeq", .. })), "{refused:?}");
    let stuck = Reply { way_out: WayOut::Nowhere, ..answer(open.seen()) };
    assert_eq!(reply(open.turn(&ann()), &stuck), Err(Refusal::CannotDeliver));
    assert_eq!(reply(open.turn(&offline(ann())), &stuck), Err(Refusal::ActorOffline));
    // An operator who has lost the session to another learns nothing of its dialog either.
    let bobs = Dialog::held(&bob(), 1);
    let quoting = Reply { quote: Quote::Missing, ..answer(bobs.seen()) };
    let refused = reply(bobs.turn(&ann()), &quoting);
    assert_eq!(refused, Err(Refusal::AlreadyClaimed { by: bob().id }));
}

#[test]
fn answers_to_a_messenger_say_after_which_one_they_leave() {
    let mut dialog = Dialog::held(&ann(), 1);
    let way_out = WayOut::Messenger(None);
    let mut after = Vec::new();
    for way_out in [way_out, WayOut::InPlace, way_out] {
        let answer = Reply { way_out, ..answer(dialog.seen()) };
        let change = reply(dialog.turn(&ann()), &answer).expect("an answer");
        let entry = change.entries.last().expect("an entry");
        after.push((entry.seq, entry.leaves_after));
        dialog.session = change.session;
    }
    let first = after[0].0;
    assert_eq!(after, [(first, Some(0)), (first + 1, None), (first + 2, Some(first))]);
}

#[test]
fn a_messenger_with_a_window_takes_answers_until_it_closes() {
    let dialog = Dialog::held(&ann(), 1);
    let wrote_at = dialog.session.client_wrote_at.expect("a client's message");
    let way_out = WayOut::Messenger(Some(60_000));
    let answer = Reply { way_out, ..answer(dialog.seen()) };
    let at = |millis| {
        let who = ann();
        let turn = Turn { now: wrote_at.plus_millis(millis), ..dialog.turn(&who) };
        reply(turn, &answer).map(|_| ())
    };
    assert_eq!(dialog.session.reply_until(way_out), Some(wrote_at.plus_millis(60_000)));
    assert_eq!(at(59_999), Ok(()));
    assert_eq!(at(60_000), Err(Refusal::ReplyWindowClosed));
}
