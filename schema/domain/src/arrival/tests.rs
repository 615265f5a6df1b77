use super::*;
use crate::alert::{AlertKind, Audience, alert};
use crate::fixture::{Dialog, ann, at, conversation, employee, incoming, live_chat, write, writer};

fn alerts(dialog: &mut Dialog, seconds: u64) -> Option<AlertKind> {
    let before = dialog.session.clone();
    dialog.apply(write(Some(&before), &conversation(), at(seconds)).unwrap());
    alert(Some(&before), &dialog.session).map(|(kind, _)| kind)
}

#[test]
fn the_first_message_opens_an_unassigned_session_named_after_the_client() {
    let Change { session, entries } = write(None, &conversation(), at(0)).unwrap();
    assert_eq!(session.id, SessionId { conversation: conversation(), ordinal: 1 });
    assert_eq!(session.live_chat, live_chat());
    assert_eq!(session.state, State::Queued);
    assert_eq!(session.name, "Carl");
    assert_eq!((session.version, session.incoming, session.read), (1, 1, 0));
    assert_eq!((session.seq, session.client_seq, session.first_seq), (1, 1, 1));
    assert_eq!((session.opened_at, session.last_message_at), (at(0), at(0)));
    assert_eq!((&*session.preview.text, &*session.preview.author_name), ("Hello", "Carl"));
    let [message] = &*entries else { panic!("{entries:?}") };
    assert_eq!((message.seq, message.client_seq, message.incoming), (1, 1, 1));
    assert_eq!((message.kind, message.ordinal), (Kind::Client, 1));
    assert_eq!(message.channel, Some(writer().channel));
    assert_eq!(message.client_message_id.as_deref(), Some("m"));
}

#[test]
fn a_session_is_named_from_the_live_chats_template() {
    let template = NameTemplate::parse("{liveChat}: {client}, {channel}").unwrap();
    let place = Place {
        live_chat: &live_chat(),
        live_chat_name: "Support",
        channel_name: "Web",
        template: &template,
    };
    let arrived = arrive(None, &conversation(), &writer(), &incoming(), &place, at(0));
    assert_eq!(arrived.unwrap().session.name, "Support: Carl, Web");
}

#[test]
fn a_further_message_is_added_to_the_open_session_whoever_has_it() {
    for mut dialog in [Dialog::queued(1), Dialog::held(&ann(), 1)] {
        let before = dialog.session.clone();
        dialog.write();
        let after = &dialog.session;
        assert_eq!((&after.id, &after.state), (&before.id, &before.state));
        assert_eq!(after.version, before.version + 1);
        assert_eq!((after.incoming, after.read), (2, 0));
        assert_eq!((after.seq, after.client_seq), (before.seq + 1, before.client_seq + 1));
        assert_eq!((after.opened_at, &after.name), (before.opened_at, &before.name));
        assert_eq!(after.last_message_at, dialog.now());
    }
}

#[test]
fn a_message_after_the_close_opens_a_new_session_whose_numbers_run_on() {
    let mut dialog = Dialog::closed(&ann(), 2);
    let closed = dialog.session.clone();
    dialog.write();
    let new = &dialog.session;
    assert_eq!(new.id.ordinal, closed.id.ordinal + 1);
    assert_eq!(new.state, State::Queued);
    assert_eq!((new.seq, new.first_seq), (closed.seq + 1, closed.seq + 1));
    assert_eq!(new.client_seq, closed.client_seq + 1);
    assert_eq!((new.incoming, new.read, new.read_seq, new.version), (1, 0, 0, 1));
    assert_eq!((new.opened_at, new.waiting_since), (dialog.now(), Some(dialog.now())));
    assert_eq!(new.unread(), 1);
    let message = dialog.entry(new.seq).unwrap();
    assert_eq!((message.ordinal, message.incoming), (new.id.ordinal, 1));
}

#[test]
fn a_session_waits_since_the_oldest_message_without_an_answer() {
    let mut dialog = Dialog::queued(3);
    assert_eq!(dialog.session.waiting_since, Some(at(0)));
    dialog.claim(&ann());
    dialog.note(&ann());
    assert_eq!(dialog.session.waiting_since, Some(at(0)), "a note is no answer");
    dialog.answer(&ann());
    assert_eq!(dialog.session.waiting_since, None);
    dialog.write();
    let since = dialog.now();
    dialog.write();
    dialog.put_back(&ann());
    assert_eq!(dialog.session.waiting_since, Some(since), "a return is no answer");
    dialog.claim(&ann());
    dialog.close(&ann());
    assert_eq!(dialog.session.waiting_since, None);
}

#[test]
fn a_message_from_the_future_is_sent_now_and_an_old_one_when_it_says() {
    let sent = |sent_at: Timestamp| {
        let incoming = Incoming { sent_at: Some(sent_at), ..incoming() };
        let place = Place {
            live_chat: &live_chat(),
            live_chat_name: "Support",
            channel_name: "Web",
            template: &NameTemplate::default(),
        };
        arrive(None, &conversation(), &writer(), &incoming, &place, at(50)).unwrap()
    };
    assert_eq!(sent(at(90)).entries[0].sent_at, at(50));
    let old = sent(at(10));
    assert_eq!((old.entries[0].sent_at, old.session.preview.sent_at), (at(10), at(10)));
    assert_eq!(old.session.opened_at, at(50), "the queue goes by arrival");
    assert_eq!(old.session.last_message_at, at(50));
    assert_eq!(old.session.waiting_since, Some(at(50)));
}

#[test]
fn a_queued_session_alerts_for_new_messages_at_most_once_in_ten_seconds() {
    let mut dialog = Dialog::queued(1);
    assert_eq!(alert(None, &dialog.session), Some((AlertKind::NewSession, Audience::Operators)),);
    // The alert of the opening does not count towards the interval.
    assert_eq!(alerts(&mut dialog, 1), Some(AlertKind::NewMessage));
    assert_eq!(alerts(&mut dialog, 2), None);
    assert_eq!(alerts(&mut dialog, 10), None);
    assert_eq!(alerts(&mut dialog, 11), Some(AlertKind::NewMessage));
    assert_eq!(alerts(&mut dialog, 20), None);
    assert_eq!(alerts(&mut dialog, 21), Some(AlertKind::NewMessage));
}

#[test]
fn an_alert_noted_an_hour_ahead_holds_up_none_and_the_interval_counts_from_then_on() {
    let mut dialog = Dialog::queued(1);
    dialog.session.last_alert_at = Some(at(3600));
    assert_eq!(alerts(&mut dialog, 1), Some(AlertKind::NewMessage));
    assert_eq!(dialog.session.last_alert_at, Some(at(1)));
    assert_eq!(alerts(&mut dialog, 10), None);
    assert_eq!(alerts(&mut dialog, 11), Some(AlertKind::NewMessage));
    // A clock that is a little ahead delays the alert by at most a second interval.
    dialog.session.last_alert_at = Some(at(30));
    assert_eq!(alerts(&mut dialog, 20), None);
    assert_eq!(alerts(&mut dialog, 40), Some(AlertKind::NewMessage));
}

#[test]
fn alerts_to_its_operator_do_not_count_towards_the_interval_of_the_queue() {
    let mut dialog = Dialog::held(&ann(), 1);
    for second in 2..5 {
        assert_eq!(alerts(&mut dialog, second), Some(AlertKind::NewMessage));
    }
    dialog.put_back(&ann());
    assert_eq!(alerts(&mut dialog, 6), Some(AlertKind::NewMessage));
    assert_eq!(alerts(&mut dialog, 7), None);
}

#[test]
fn the_rate_runs_over_both_sides_and_over_the_sessions_of_a_conversation() {
    let mut session = write(None, &conversation(), at(0)).unwrap().session;
    for _ in 1..20 {
        session = write(Some(&session), &conversation(), at(0)).unwrap().session;
    }
    assert!(write(Some(&session), &conversation(), at(0)).is_err());
    let closed = State::Closed { operator: None, at: at(0) };
    let closed = Session { state: closed, ..session };
    let refused = write(Some(&closed), &conversation(), at(0));
    assert!(matches!(refused, Err(Refusal::Limit { retry_after_millis: Some(200), .. })));
    let session = write(Some(&closed), &conversation(), at(1)).unwrap().session;
    assert_eq!(session.id.ordinal, 2);
    for _ in 1..5 {
        write(Some(&session), &conversation(), at(1)).unwrap();
    }
}

#[test]
fn an_internal_client_is_remembered_as_the_employee_they_are() {
    let kim = Writer { employee: Some(employee("Kim")), ..writer() };
    let place = Place {
        live_chat: &live_chat(),
        live_chat_name: "Support",
        channel_name: "Internal",
        template: &NameTemplate::default(),
    };
    let arrived = arrive(None, &conversation(), &kim, &incoming(), &place, at(0)).unwrap();
    assert_eq!(arrived.session.internal, Some(employee("Kim")));
    assert!(arrived.session.last.by.is_person(&employee("Kim")));
    assert!(!arrived.session.last.by.is_person(&employee("Ann")));
}

#[test]
fn a_client_quotes_what_they_can_see_and_nothing_else_exists_for_them() {
    let mut dialog = Dialog::held(&ann(), 1);
    dialog.note(&ann());
    dialog.answer(&ann());
    for entry in &dialog.entries {
        let expected = match entry.kind {
            Kind::Client | Kind::Operator => Ok(entry.seq),
            Kind::Note | Kind::Event | Kind::Unknown => Err(Refusal::NoSuch { field: "replyToId" }),
        };
        assert_eq!(quotable(Some(entry)), expected);
    }
    assert_eq!(quotable(None), Err(Refusal::NoSuch { field: "replyToId" }));
}
