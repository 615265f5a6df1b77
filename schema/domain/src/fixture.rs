//! Test data: people, sessions and dialogs that the tests of the rules share.

use crate::access::{self, Sight};
use crate::actor::Writer;
use crate::arrival::{self, Incoming, Place};
use crate::live_chat::WayOut;
use crate::name::NameTemplate;
use crate::reply::{self, Note, Quote, Reply, Seen};
use crate::{
    Acting, Change, ChannelId, ClientId, ConversationId, EmployeeId, LiveChatId, Message, Outcome,
    Refusal, Roles, Session, SessionEvent, Timestamp, Turn, assignment, closing,
};

/// A moment, so many seconds after the tests begin.
pub(crate) fn at(seconds: u64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + seconds * 1000)
}

pub(crate) fn employee(id: &str) -> EmployeeId {
    EmployeeId::parse(id).unwrap()
}

pub(crate) fn live_chat() -> LiveChatId {
    LiveChatId::parse("support").unwrap()
}

pub(crate) fn conversation() -> ConversationId {
    ConversationId::parse("conversation").unwrap()
}

/// Returns an employee who is online and has no session.
pub(crate) fn person(id: &str, roles: Roles) -> Acting {
    Acting {
        id: employee(id),
        name: id.to_owned(),
        roles,
        is_online: true,
        is_full: false,
        handled: 0,
    }
}

pub(crate) fn ann() -> Acting {
    person("Ann", Roles::OPERATOR)
}

pub(crate) fn bob() -> Acting {
    person("Bob", Roles::OPERATOR)
}

pub(crate) fn sue() -> Acting {
    person("Sue", Roles::SUPERVISOR)
}

pub(crate) fn dan() -> Acting {
    person("Dan", Roles::BOTH)
}

pub(crate) fn offline(who: Acting) -> Acting {
    Acting { is_online: false, ..who }
}

pub(crate) fn full(who: Acting) -> Acting {
    Acting { is_full: true, ..who }
}

/// The turn of an employee on a session that is the conversation's latest.
pub(crate) fn turn<'a>(session: &'a Session, who: &'a Acting, now: Timestamp) -> Turn<'a> {
    Turn { session, sight: sight(session, who), who, now }
}

/// Returns what an employee sees of a session that is the conversation's latest.
pub(crate) fn sight(session: &Session, who: &Acting) -> Sight {
    access::sight(session, &who.id, who.roles, who.handled, None)
}

pub(crate) fn writer() -> Writer {
    Writer {
        id: ClientId::parse("client").unwrap(),
        name: "Carl".to_owned(),
        is_named: true,
        employee: None,
        channel: ChannelId::parse("web").unwrap(),
        contacts: Vec::new(),
        address: None,
    }
}

pub(crate) fn incoming() -> Incoming {
    Incoming {
        attachments: Vec::new(),
        text: "Hello".to_owned(),
        sent_at: None,
        client_message_id: "m".to_owned(),
        reply_to: None,
    }
}

/// A client's message to the conversation whose latest session this is.
pub(crate) fn write(
    latest: Option<&Session>,
    to: &ConversationId,
    now: Timestamp,
) -> Result<Change, Refusal> {
    let place = Place {
        live_chat: &live_chat(),
        live_chat_name: "Support",
        channel_name: "Web",
        template: &NameTemplate::default(),
    };
    arrival::arrive(latest, to, &writer(), &incoming(), &place, now)
}

pub(crate) fn changed(outcome: Outcome) -> Change {
    match outcome {
        Outcome::Changed(change) => *change,
        Outcome::Unchanged => panic!("nothing changed"),
    }
}

pub(crate) fn answer(seen: Seen) -> Reply<'static> {
    let (text, client_message_id) = ("Good day", "r");
    Reply {
        text,
        attachments: Ok(Vec::new()),
        client_message_id,
        quote: Quote::Nothing,
        seen,
        read_up_to: None,
        way_out: WayOut::InPlace,
    }
}

/// A note.
pub(crate) const fn mind_this() -> Note<'static> {
    Note { text: "Mind this.", attachments: Ok(Vec::new()), client_message_id: "n" }
}

/// The events among entries.
pub(crate) fn events(entries: &[Message]) -> Vec<SessionEvent> {
    entries.iter().filter_map(|entry| entry.event.clone()).collect()
}

/// One conversation as it grows; each act comes a second after the one before.
pub(crate) struct Dialog {
    pub session: Session,
    pub entries: Vec<Message>,
    seconds: u64,
}

impl Dialog {
    /// A queued session with so many messages of the client.
    pub(crate) fn queued(messages: u64) -> Self {
        let Change { session, entries } = write(None, &conversation(), at(0)).unwrap();
        let mut dialog = Self { session, entries, seconds: 0 };
        for _ in 1..messages {
            dialog.write();
        }
        dialog
    }

    /// The same, taken by an operator.
    pub(crate) fn held(who: &Acting, messages: u64) -> Self {
        let mut dialog = Self::queued(messages);
        dialog.claim(who);
        dialog
    }

    /// The same, closed by the operator who has it.
    pub(crate) fn closed(who: &Acting, messages: u64) -> Self {
        let mut dialog = Self::held(who, messages);
        dialog.close(who);
        dialog
    }

    pub(crate) fn now(&self) -> Timestamp {
        at(self.seconds)
    }

    /// A second later.
    pub(crate) fn later(&mut self) -> Timestamp {
        self.seconds += 1;
        self.now()
    }

    /// The turn of an employee, now.
    pub(crate) fn turn<'a>(&'a self, who: &'a Acting) -> Turn<'a> {
        turn(&self.session, who, self.now())
    }

    pub(crate) fn apply(&mut self, change: Change) {
        self.session = change.session;
        self.entries.extend(change.entries);
    }

    pub(crate) fn write(&mut self) {
        let now = self.later();
        self.apply(write(Some(&self.session), &conversation(), now).unwrap());
    }

    pub(crate) fn claim(&mut self, who: &Acting) {
        self.later();
        self.apply(changed(assignment::claim(self.turn(who)).unwrap()));
    }

    pub(crate) fn assign(&mut self, who: &Acting, to: &Acting) {
        self.later();
        self.apply(changed(assignment::assign(self.turn(who), Some(to), None).unwrap()));
    }

    pub(crate) fn put_back(&mut self, who: &Acting) {
        self.later();
        self.apply(changed(assignment::put_back(self.turn(who), None).unwrap()));
    }

    pub(crate) fn close(&mut self, who: &Acting) {
        self.later();
        self.apply(changed(closing::close(self.turn(who), None).unwrap()));
    }

    /// An answer of somebody who had seen all.
    pub(crate) fn answer(&mut self, who: &Acting) {
        self.later();
        self.apply(reply::reply(self.turn(who), &answer(self.seen())).unwrap());
    }

    pub(crate) fn note(&mut self, who: &Acting) {
        self.later();
        self.apply(reply::note(self.turn(who), &mind_this()).unwrap());
    }

    /// Everything that stands there now.
    pub(crate) fn seen(&self) -> Seen {
        Seen { incoming: self.session.incoming, seq: self.session.seq }
    }

    pub(crate) fn entry(&self, seq: u64) -> Option<&Message> {
        self.entries.iter().find(|entry| entry.seq == seq)
    }
}
