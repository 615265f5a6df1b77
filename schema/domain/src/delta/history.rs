//! Random histories: proves that the deltas of a history add up to what a recount finds.

use std::collections::{BTreeMap, BTreeSet};

use super::{Delta, Queue};
use crate::access;
use crate::amend::{Amendment, amend};
use crate::fixture::{answer, at, mind_this, person, write, writer};
use crate::reading::{self, Mark};
use crate::reply::{self, Seen};
use crate::{
    Acting, Author, Change, ConversationId, EmployeeId, Kind, Message, Outcome, Refusal, Roles,
    Session, SessionId, Timestamp, Turn, assignment, closing,
};

const SEEDS: u64 = 300;
const STEPS: u64 = 150;
const CONVERSATIONS: u64 = 4;
/// So low that it is reached.
const MOST: i64 = 3;
const PEOPLE: [(&str, Roles); 4] = [
    ("Ann", Roles::OPERATOR),
    ("Bob", Roles::OPERATOR),
    ("Sue", Roles::SUPERVISOR),
    ("Dan", Roles::BOTH),
];

/// Chance from a seed: xorshift.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }
}

/// A live chat as the state stores it: rows, and counts that only deltas change.
struct World {
    dice: Dice,
    now: Timestamp,
    sessions: BTreeMap<SessionId, Session>,
    entries: BTreeMap<ConversationId, Vec<Message>>,
    queue: BTreeSet<SessionId>,
    count: i64,
    /// Unread and open sessions of each operator.
    desks: BTreeMap<EmployeeId, (i64, i64)>,
    handled: BTreeMap<(EmployeeId, ConversationId), u32>,
    removed: BTreeSet<EmployeeId>,
}

impl World {
    fn new(seed: u64) -> Self {
        Self {
            // Xorshift stands still at zero, and small seeds are alike at first.
            dice: Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1),
            now: at(0),
            sessions: BTreeMap::new(),
            entries: BTreeMap::new(),
            queue: BTreeSet::new(),
            count: 0,
            desks: BTreeMap::new(),
            handled: BTreeMap::new(),
            removed: BTreeSet::new(),
        }
    }

    fn conversation(&mut self) -> ConversationId {
        let number = self.dice.below(CONVERSATIONS);
        ConversationId::parse(&format!("conversation-{number}")).unwrap()
    }

    fn latest(&self, conversation: &ConversationId) -> Option<&Session> {
        self.sessions.values().rfind(|session| session.id.conversation == *conversation)
    }

    fn somebody(&mut self, about: &ConversationId) -> Acting {
        let (name, roles) = PEOPLE[self.dice.below(4) as usize];
        let who = person(name, roles);
        let handled = self.handled.get(&(who.id.clone(), about.clone())).copied();
        Acting {
            roles: if self.removed.contains(&who.id) { Roles::NONE } else { roles },
            is_online: self.dice.below(10) > 0,
            is_full: self.desks.get(&who.id).is_some_and(|(_, open)| *open >= MOST),
            handled: handled.unwrap_or(0),
            ..who
        }
    }

    /// Picks a session, mostly a conversation's latest.
    fn session(&mut self) -> Option<Session> {
        let conversation = self.conversation();
        let latest = self.latest(&conversation)?.clone();
        let ordinal = match self.dice.below(5) {
            0 => 1 + self.dice.below(u64::from(latest.id.ordinal)) as u32,
            _ => latest.id.ordinal,
        };
        self.sessions.get(&SessionId { conversation, ordinal }).cloned()
    }

    fn entry(&self, conversation: &ConversationId, seq: u64) -> Option<&Message> {
        self.entries.get(conversation)?.iter().find(|entry| entry.seq == seq)
    }

    /// Does one random act. Returns true when it changed something.
    fn step(&mut self) -> bool {
        self.now = self.now.plus_millis(self.dice.below(2000));
        if self.dice.below(3) == 0 {
            return self.write();
        }
        if self.dice.below(12) == 0 {
            return self.amend();
        }
        let Some(session) = self.session() else { return false };
        let who = self.somebody(&session.id.conversation);
        match self.decide(&session, &who) {
            Ok(Outcome::Changed(change)) => {
                self.commit(Some(&session), *change);
                true
            }
            Ok(Outcome::Unchanged) | Err(_) => false,
        }
    }

    fn write(&mut self) -> bool {
        let conversation = self.conversation();
        let latest = self.latest(&conversation).cloned();
        let Ok(change) = write(latest.as_ref(), &conversation, self.now) else { return false };
        self.commit(latest.filter(|session| session.id == change.session.id).as_ref(), change);
        true
    }

    fn amend(&mut self) -> bool {
        let conversation = self.conversation();
        let Some(latest) = self.latest(&conversation).cloned() else { return false };
        let seq = 1 + self.dice.below(latest.seq);
        let Some(about) = self.entry(&conversation, seq) else { return false };
        let amendment = Amendment::Edited { about, text: "Good day" };
        let amended = amend(&latest, &writer().id, "Carl", &amendment, self.now);
        let Ok(Outcome::Changed(change)) = amended else { return false };
        self.commit(Some(&latest), *change);
        true
    }

    fn decide(&mut self, session: &Session, who: &Acting) -> Result<Outcome, Refusal> {
        let latest = self.latest(&session.id.conversation);
        let sight = access::sight(session, &who.id, who.roles, who.handled, latest);
        let seq = self.dice.below(session.seq + 2);
        let entry = self.entry(&session.id.conversation, seq).cloned();
        let turn = Turn { session, sight, who, now: self.now };
        match self.dice.below(9) {
            0 => assignment::claim(turn),
            1 => {
                let to = self.somebody(&session.id.conversation);
                assignment::assign(turn, Some(&to), Some("Yours."))
            }
            2 => assignment::put_back(turn, None),
            3 => closing::close(turn, None),
            4 => closing::rename(turn, &format!("Order {seq}")),
            5 => {
                // A read of an earlier moment, as a retry sends it.
                let incoming = entry.map_or(session.incoming, |entry| entry.incoming);
                let reply = answer(Seen { incoming, seq: seq.min(session.seq) });
                reply::reply(turn, &reply).map(changed)
            }
            6 => reply::note(turn, &mind_this()).map(changed),
            7 => self.mark(turn, seq, entry.as_ref()),
            _ => Ok(self.remove(session, who)),
        }
    }

    fn mark(
        &mut self,
        turn: Turn<'_>,
        seq: u64,
        entry: Option<&Message>,
    ) -> Result<Outcome, Refusal> {
        let mark = match self.dice.below(3) {
            0 => reading::mark_unread(turn, seq, entry),
            _ => reading::mark_read(turn, seq, entry),
        };
        match mark? {
            Mark::Operators(outcome) => Ok(outcome),
            Mark::OnLookers { .. } => Ok(Outcome::Unchanged),
        }
    }

    /// Removes an operator, or adds them again. A removed operator loses their sessions one by one.
    fn remove(&mut self, session: &Session, who: &Acting) -> Outcome {
        if !self.removed.contains(&who.id) {
            if self.dice.below(4) == 0 {
                self.removed.insert(who.id.clone());
            }
            return Outcome::Unchanged;
        }
        if self.desks.get(&who.id).is_none_or(|(_, open)| *open == 0) {
            self.removed.remove(&who.id);
        }
        assignment::withdraw(session, &who.id, self.now)
    }

    /// Commits one transaction: the head, the entries, and the changes of the delta, under its
    /// guards.
    fn commit(&mut self, before: Option<&Session>, change: Change) {
        let after = change.session;
        assert_eq!(after.version, before.map_or(1, |before| before.version + 1));
        let conversation = after.id.conversation.clone();
        if let Some(before) = before {
            assert_eq!((&before.id, before.opened_at), (&after.id, after.opened_at));
            if before.is_closed() {
                assert_eq!(before.state, after.state, "closed is terminal");
                let is_client = |author: &Author| matches!(author, Author::Client { .. });
                let mut entries = change.entries.iter();
                assert!(entries.all(|entry| entry.kind == Kind::Event && is_client(&entry.author)));
            }
        }
        let delta = Delta::between(before, &after);
        match delta.queue {
            Some(Queue::Enter) => assert!(self.queue.insert(after.id.clone())),
            Some(Queue::Leave) => assert!(self.queue.remove(&after.id)),
            None => {}
        }
        self.count += delta.queue.map_or(0, |queue| if queue == Queue::Enter { 1 } else { -1 });
        for desk in delta.desks {
            assert!(desk.open <= 0 || !self.removed.contains(&desk.operator));
            let (unread, open) = self.desks.entry(desk.operator).or_default();
            assert!(desk.open <= 0 || *open < MOST);
            *unread += i64::from(desk.unread);
            *open += i64::from(desk.open);
        }
        if let Some(operator) = delta.handled {
            self.handled.insert((operator, conversation.clone()), after.id.ordinal);
        }
        self.entries.entry(conversation).or_default().extend(change.entries);
        self.sessions.insert(after.id.clone(), after);
    }

    /// Checks the invariants of the state by recounting everything.
    fn recount(&self) {
        let queued = self.sessions.values().filter(|session| session.is_queued());
        let queued: BTreeSet<_> = queued.map(|session| session.id.clone()).collect();
        assert_eq!(self.queue, queued);
        assert_eq!(self.count, queued.len() as i64);
        let mut desks: BTreeMap<EmployeeId, (i64, i64)> = BTreeMap::new();
        for session in self.sessions.values() {
            if let Some(operator) = session.assignee() {
                let (unread, open) = desks.entry(operator.clone()).or_default();
                *unread += i64::from(session.incoming > session.read);
                *open += 1;
            }
        }
        let kept = self.desks.iter().filter(|(_, counts)| **counts != (0, 0));
        assert_eq!(
            kept.map(|(who, counts)| (who.clone(), *counts)).collect::<BTreeMap<_, _>>(),
            desks
        );
        for session in self.sessions.values() {
            self.recount_session(session);
        }
        for (conversation, entries) in &self.entries {
            recount_runs(entries, self.latest(conversation).unwrap());
        }
    }

    fn recount_session(&self, session: &Session) {
        let latest = self.latest(&session.id.conversation).unwrap();
        assert!(session.is_closed() || session.id == latest.id, "only the latest is open");
        let own = || {
            let entries = self.entries[&session.id.conversation].iter();
            entries.filter(|entry| entry.ordinal == session.id.ordinal)
        };
        let incoming = own().filter(|entry| entry.kind == Kind::Client).count();
        assert_eq!(session.incoming as usize, incoming);
        assert!(session.read <= session.incoming && session.read_seq <= session.seq);
        if session.is_queued() {
            assert_eq!((session.read, session.read_seq), (0, 0));
        }
        if session.is_closed() {
            assert_eq!(session.read, session.incoming);
        }
        assert_eq!(own().map(|entry| entry.seq).next(), Some(session.first_seq));
        assert_eq!(own().map(|entry| entry.seq).next_back(), Some(session.seq));
        let messages = || own().filter(|entry| entry.kind.is_for_clients());
        // Here everything is sent the moment it arrives.
        let last = messages().next_back().map(|entry| entry.sent_at);
        assert_eq!(Some(session.last_message_at), last);
        let unanswered = messages().rev().take_while(|entry| entry.kind == Kind::Client);
        let waiting = unanswered.last().map(|entry| entry.sent_at);
        assert_eq!(session.waiting_since, waiting.filter(|_| !session.is_closed()));
    }
}

fn changed(change: Change) -> Outcome {
    Outcome::Changed(Box::new(change))
}

/// Checks that both runs of numbers are dense over all sessions of a conversation.
fn recount_runs(entries: &[Message], latest: &Session) {
    let (mut seq, mut client_seq, mut incoming, mut ordinal) = (0, 0, 0, 0);
    for entry in entries {
        seq += 1;
        client_seq += u64::from(entry.kind.is_for_clients());
        if entry.ordinal != ordinal {
            assert_eq!(entry.ordinal, ordinal + 1, "sessions follow each other");
            (ordinal, incoming) = (entry.ordinal, 0);
        }
        incoming += u32::from(entry.kind == Kind::Client);
        assert_eq!((entry.seq, entry.client_seq, entry.incoming), (seq, client_seq, incoming));
    }
    assert_eq!((latest.seq, latest.client_seq, latest.id.ordinal), (seq, client_seq, ordinal));
}

#[test]
fn whatever_happens_the_counts_are_what_a_recount_finds() {
    let mut changes = 0;
    for seed in 1..=SEEDS {
        let mut world = World::new(seed);
        for _ in 0..STEPS {
            if world.step() {
                changes += 1;
                world.recount();
            }
        }
    }
    assert!(changes > SEEDS * STEPS / 4, "only {changes} steps changed anything");
}
