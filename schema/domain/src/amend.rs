//! Amendments: what a client does at the messenger to messages that they sent, and to the channel.
//!
//! What was said stays in the dialog. An amendment adds an event to the latest session, which may be
//! closed: no state, counter, time or preview of the session moves.

use crate::session::ActKind;
use crate::{Actor, Author, Change, ClientId, Kind, Message, Outcome, Refusal, Session};
use crate::{SessionEvent, Timestamp};

/// An act of a client at the messenger, other than a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Amendment<'a> {
    /// The client changed the text of a message.
    Edited {
        /// The message.
        about: &'a Message,
        /// The new text, within its bounds.
        text: &'a str,
    },
    /// The client deleted a message.
    Deleted {
        /// The message.
        about: &'a Message,
    },
    /// The client blocked the channel: no answer reaches them.
    Blocked,
    /// The client unblocked the channel.
    Unblocked,
}

impl Amendment<'_> {
    /// Returns the event of the amendment; none if the message is not one that this client sent in
    /// this session's conversation.
    fn event(&self, latest: &Session, client: &ClientId) -> Option<SessionEvent> {
        let own = |about: &Message| {
            let is_own = about.kind == Kind::Client
                && about.conversation == latest.id.conversation
                && matches!(&about.author, Author::Client { id, .. } if id == client);
            is_own.then_some(about.seq)
        };
        Some(match *self {
            Self::Edited { about, text } => {
                SessionEvent::Edited { about: own(about)?, text: text.to_owned() }
            }
            Self::Deleted { about } => SessionEvent::Deleted { about: own(about)? },
            Self::Blocked => SessionEvent::Blocked,
            Self::Unblocked => SessionEvent::Unblocked,
        })
    }
}

/// Adds the event of an amendment to `latest`, the conversation's latest session, open or closed.
/// `name` is the client's display name. A message that the client did not send changes nothing.
///
/// # Errors
/// [`Refusal::Limit`] when the conversation grows too fast.
pub fn amend(
    latest: &Session,
    client: &ClientId,
    name: &str,
    amendment: &Amendment<'_>,
    now: Timestamp,
) -> Result<Outcome, Refusal> {
    let Some(event) = amendment.event(latest, client) else { return Ok(Outcome::Unchanged) };
    let rate = latest.rate.take(now)?;
    let by = Actor::Client { id: client.clone(), employee: latest.internal.clone() };
    let mut change = Change::of(latest, ActKind::Message, by);
    change.session.rate = rate;
    let author = Author::Client { id: client.clone(), name: name.to_owned() };
    change.record(author, event, "", now);
    Ok(change.done())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::alert;
    use crate::fixture::{Dialog, ann, changed, events, sue, writer};
    use crate::{ConversationId, Delta};

    fn amended(dialog: &Dialog, amendment: &Amendment<'_>) -> Result<Outcome, Refusal> {
        amend(&dialog.session, &writer().id, "Carl", amendment, dialog.now())
    }

    fn edited(about: &Message) -> Amendment<'_> {
        Amendment::Edited { about, text: "Hello!" }
    }

    #[test]
    fn each_amendment_is_one_event_by_the_client() {
        let dialog = Dialog::queued(1);
        let about = dialog.entry(1).unwrap();
        let text = "Hello!".to_owned();
        for (amendment, event, sentence) in [
            (edited(about), SessionEvent::Edited { about: 1, text }, "Carl edited a message."),
            (
                Amendment::Deleted { about },
                SessionEvent::Deleted { about: 1 },
                "Carl deleted a message.",
            ),
            (Amendment::Blocked, SessionEvent::Blocked, "Carl blocked the channel."),
            (Amendment::Unblocked, SessionEvent::Unblocked, "Carl unblocked the channel."),
        ] {
            let change = changed(amended(&dialog, &amendment).unwrap());
            assert_eq!(events(&change.entries), [event]);
            let [entry] = &*change.entries else { panic!("{:?}", change.entries) };
            assert_eq!((entry.kind, entry.seq, &*entry.text), (Kind::Event, 2, sentence));
            assert_eq!((entry.channel.as_ref(), entry.sent_at), (None, dialog.now()));
            let author = Author::Client { id: writer().id, name: "Carl".to_owned() };
            assert_eq!(entry.author, author);
        }
    }

    #[test]
    fn in_any_state_only_the_numbers_of_the_write_and_the_rate_move_and_nobody_is_alerted() {
        let returned = || {
            let mut dialog = Dialog::held(&ann(), 2);
            dialog.answer(&ann());
            dialog.put_back(&sue());
            dialog
        };
        for mut dialog in
            [Dialog::queued(2), Dialog::held(&ann(), 2), returned(), Dialog::closed(&ann(), 2)]
        {
            dialog.later();
            let before = dialog.session.clone();
            let about = dialog.entry(1).unwrap();
            let after = changed(amended(&dialog, &edited(about)).unwrap()).session;
            let by = Actor::Client { id: writer().id, employee: None };
            assert_eq!((after.last.kind, &after.last.by), (ActKind::Message, &by));
            assert_eq!((after.seq, after.version), (before.seq + 1, before.version + 1));
            let (seq, version) = (before.seq, before.version);
            let (rate, last, last_entry_at) =
                (before.rate, before.last.clone(), before.last_entry_at);
            assert_ne!(after.rate, rate);
            assert!(after.last_entry_at > last_entry_at);
            let moved = Session { seq, version, rate, last, last_entry_at, ..after.clone() };
            assert_eq!(moved, before);
            assert_eq!(Delta::between(Some(&before), &after), Delta::default());
            assert_eq!(alert(Some(&before), &after), None);
        }
    }

    #[test]
    fn a_message_of_an_earlier_session_is_amended_in_the_latest() {
        let mut dialog = Dialog::closed(&ann(), 1);
        dialog.write();
        let change = changed(amended(&dialog, &edited(dialog.entry(1).unwrap())).unwrap());
        assert_eq!((change.session.id.ordinal, change.entries[0].ordinal), (2, 2));
        assert_eq!(change.entries[0].incoming, dialog.session.incoming);
    }

    #[test]
    fn the_session_that_opens_after_an_amendment_of_a_closed_one_counts_on() {
        let mut dialog = Dialog::closed(&ann(), 1);
        dialog.apply(changed(amended(&dialog, &Amendment::Blocked).unwrap()));
        let (seq, client_seq) = (dialog.session.seq, dialog.session.client_seq);
        assert!(dialog.session.is_closed());
        dialog.write();
        assert_eq!(
            (dialog.session.first_seq, dialog.session.client_seq),
            (seq + 1, client_seq + 1)
        );
    }

    #[test]
    fn what_the_client_did_not_send_is_not_amended() {
        let mut dialog = Dialog::held(&ann(), 1);
        dialog.answer(&ann());
        dialog.note(&ann());
        let own = dialog.entry(1).unwrap();
        let id = ClientId::parse("other").unwrap();
        let others =
            Message { author: Author::Client { id, name: "Eve".to_owned() }, ..own.clone() };
        let conversation = ConversationId::parse("another").unwrap();
        let elsewhere = Message { conversation, ..own.clone() };
        let of_employees = (2..=dialog.session.seq).filter_map(|seq| dialog.entry(seq));
        for about in of_employees.chain([&others, &elsewhere]) {
            assert_eq!(amended(&dialog, &edited(about)), Ok(Outcome::Unchanged));
            let deleted = Amendment::Deleted { about };
            assert_eq!(amended(&dialog, &deleted), Ok(Outcome::Unchanged));
        }
    }

    #[test]
    fn amendments_are_bounded_as_messages_are() {
        let mut dialog = Dialog::queued(1);
        let mut refused = None;
        for _ in 0..21 {
            match amended(&dialog, &Amendment::Unblocked) {
                Ok(outcome) => dialog.apply(changed(outcome)),
                Err(refusal) => refused = Some(refusal),
            }
        }
        assert!(matches!(refused, Some(Refusal::Limit { retry_after_millis: Some(_), .. })));
        assert_eq!(dialog.session.seq, 20, "a message and 19 amendments");
    }
}
