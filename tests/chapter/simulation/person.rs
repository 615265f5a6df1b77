//! An employee at the desk, who does anything to any session.

use super::company::Company;
use super::ledger::{Name, Outcome, Sent};
use super::record::Wish;
use super::world::{BUSY, World};
use domain::Person;
use domain::presence::Choice;
use domain::{EmployeeId, LiveChatId, Refusal, SessionId};
use rand::RngExt;
use rand::rngs::StdRng;
use store::act::{Acted, Answer};
use store::attachment::Attaching;
use store::once::Once;
use store::{Failure, Store};

/// A person at the desk, at work.
pub(super) struct AtDesk<'a> {
    pub(super) world: &'a World,
    pub(super) company: &'a Company,
    pub(super) person: &'a Person,
    pub(super) actor: usize,
    pub(super) store: Store,
    pub(super) rng: StdRng,
    /// Their sends, to be sent again: whether a note, session, id and text.
    pub(super) sends: Vec<(bool, SessionId, String, String)>,
    /// Keys that they used.
    pub(super) keys: Vec<(String, Option<LiveChatId>)>,
    /// Items that they wanted to create, each with the item of the answer.
    pub(super) wishes: Vec<Wish>,
}

impl<'a> AtDesk<'a> {
    pub(super) fn new(
        world: &'a World,
        company: &'a Company,
        person: &'a Person,
        actor: usize,
    ) -> Self {
        let (store, rng) = (world.store(actor), world.simulation.random(actor as u64));
        Self {
            world,
            company,
            person,
            actor,
            store,
            rng,
            sends: Vec::new(),
            keys: Vec::new(),
            wishes: Vec::new(),
        }
    }

    /// Does so many things.
    pub(super) async fn work(mut self, times: usize) {
        for turn in 0..times {
            self.world.rest(&mut self.rng).await;
            let who = &self.person.id;
            let (id, seq) = self.world.session(self.company, who, &mut self.rng);
            match self.rng.random_range(0..100) {
                0..14 => self.claim(&id).await,
                14..28 => self.claim_next(turn).await,
                28..46 => self.send(turn, id, seq).await,
                46..56 => self.mark(&id, seq).await,
                56..68 => self.assign(&id, turn).await,
                68..76 => self.put_back(&id, turn).await,
                76..88 => self.close(&id, seq).await,
                88..91 => self.rename(&id, turn).await,
                91..95 => self.bind(&id, turn).await,
                95..98 => self.choose().await,
                _ => self.look(&id).await,
            }
        }
    }

    pub(super) async fn claim(&mut self, id: &SessionId) {
        let work = self.store.claim(self.person, id);
        self.act("claim", id, work).await;
    }

    async fn assign(&mut self, id: &SessionId, turn: usize) {
        let to = self.somebody();
        let comment = self.comment(turn);
        let work = self.store.assign(self.person, id, &to, comment.as_deref());
        self.act(&format!("assign to {to}"), id, work).await;
    }

    async fn put_back(&mut self, id: &SessionId, turn: usize) {
        let comment = self.comment(turn);
        let work = self.store.put_back(self.person, id, comment.as_deref());
        self.act("return", id, work).await;
    }

    async fn rename(&mut self, id: &SessionId, turn: usize) {
        let name = format!("{} {} {turn}", self.person.name, self.actor);
        let work = self.store.rename(self.person, id, &name);
        self.act("rename", id, work).await;
    }

    async fn look(&mut self, id: &SessionId) {
        let work = self.store.look(self.person, id);
        self.act("look", id, work).await;
    }

    async fn mark(&mut self, id: &SessionId, seq: u64) {
        let to = self.rng.random_range(0..=seq + 1);
        if self.rng.random_bool(0.7) {
            let to = if self.rng.random_bool(0.5) { seq } else { to };
            let work = self.store.mark_read(self.person, id, to);
            self.act(&format!("read {to}"), id, work).await;
        } else {
            let work = self.store.mark_unread(self.person, id, to);
            self.act(&format!("unread {to}"), id, work).await;
        }
    }

    async fn close(&mut self, id: &SessionId, seq: u64) {
        let seen =
            self.rng.random_bool(0.7).then(|| seq.saturating_sub(self.rng.random_range(0..3)));
        let work = self.store.close(self.person, id, seen);
        let acted = self.act(&format!("close {seen:?}"), id, work).await;
        self.doubt(&acted, id);
        if let Outcome::Done(acted) = acted {
            if !matches!(&acted.session.last.by, domain::Actor::Employee(by) if *by == self.person.id)
            {
                return;
            }
            let step = (self.person.tenant.clone(), id.clone(), acted.session.version);
            self.world.ledger.borrow_mut().closings.entry(step).or_default().push(seen);
        }
    }

    /// Answers the client or writes a note, sometimes the same again or another under its id.
    pub(super) async fn send(&mut self, turn: usize, mut id: SessionId, seq: u64) {
        let mut is_note = self.rng.random_bool(0.25);
        let mut message = format!("{} {turn}", self.actor);
        let mut text = format!("{} says {turn}", self.person.name);
        if !self.sends.is_empty() && self.rng.random_bool(0.3) {
            let old = &self.sends[self.rng.random_range(0..self.sends.len())];
            (is_note, id, message, text) = old.clone();
            match self.rng.random_range(0..8) {
                0 => text.push_str(" else"),
                1 => is_note = !is_note,
                _ => {}
            }
        }
        self.sends.push((is_note, id.clone(), message.clone(), text.clone()));
        let read_up_to = self.rng.random_bool(0.4).then(|| self.rng.random_range(0..=seq));
        let what = if is_note { "note" } else { "reply" };
        let content = Some(format!("{what} {id} {text}"));
        let work = async {
            if is_note {
                return self
                    .store
                    .note(self.person, &id, &text, &Attaching::default(), &message)
                    .await;
            }
            let answer = Answer {
                text: &text,
                attaching: &Attaching::default(),
                client_message_id: &message,
                reply_to: None,
                read_up_to,
            };
            self.store.reply(self.person, &id, &answer).await
        };
        let ended = self.world.attempt(self.actor, what, work).await;
        self.learn(&ended);
        self.doubt(&ended, &id);
        let outcome = match ended {
            Outcome::Done(acted) => {
                let Some(wrote) = acted.message else {
                    let fault = format!("{what} {message}: done without a message");
                    return self.world.ledger.borrow_mut().faults.push(fault);
                };
                if !is_note {
                    let step = (self.person.tenant.clone(), id.clone(), acted.session.version);
                    self.world.ledger.borrow_mut().seen.entry(step).or_default().push(read_up_to);
                }
                Outcome::Done(wrote.seq)
            }
            Outcome::Refused(refusal) => Outcome::Refused(refusal),
            Outcome::NotDone => Outcome::NotDone,
            Outcome::Unknown => Outcome::Unknown,
        };
        let name: Name = (
            self.person.tenant.to_string(),
            id.conversation.to_string(),
            'e',
            self.person.id.to_string(),
            message,
        );
        let sent = Sent { text, content, outcome };
        self.world.ledger.borrow_mut().sends.entry(name).or_default().push(sent);
    }

    async fn claim_next(&mut self, turn: usize) {
        let chats = &self.company.live_chats;
        let mut chat = match self.rng.random_range(0..4) {
            0 | 1 => None,
            other => Some(chats[other - 2].id.clone()),
        };
        let mut key = self.rng.random_bool(0.5).then(|| format!("{} {turn}", self.actor));
        let mut is_other = false;
        if !self.keys.is_empty() && self.rng.random_bool(0.4) {
            let (old, with) = self.keys[self.rng.random_range(0..self.keys.len())].clone();
            is_other = with != chat && self.rng.random_bool(0.2);
            chat = if is_other { chat } else { with };
            key = Some(old);
        }
        if let Some(key) = key.clone().filter(|_| !is_other) {
            self.keys.push((key, chat.clone()));
        }
        let arguments: Vec<&str> = chat.iter().map(LiveChatId::as_str).collect();
        let once = Once::of(self.person, key.as_deref(), "claimNextSession", &arguments);
        let work = self.store.claim_next(self.person, chat.as_ref(), once.as_ref());
        let ended = self.world.attempt(self.actor, "next", work).await;
        let answer = match &ended {
            Outcome::Done(answer) => answer.clone(),
            Outcome::Unknown => return self.learn(&Outcome::Unknown),
            Outcome::Refused(_) | Outcome::NotDone => return,
        };
        if let Some(key) = key {
            let name = (self.person.tenant.clone(), self.person.id.clone(), key);
            let id = answer.as_ref().map(|acted| acted.session.id.clone());
            let mut ledger = self.world.ledger.borrow_mut();
            ledger.answers.entry(name).or_default().push(id);
        }
        if let Some(acted) = answer {
            self.learn(&Outcome::Done(acted));
        }
    }

    async fn choose(&mut self) {
        let choice = if self.rng.random_bool(0.2) { Choice::Offline } else { Choice::Online };
        let work = async {
            self.store.choose_presence(self.person, choice).await?;
            self.store.of(&self.person.tenant).renew_lease(&self.person.id).await?;
            Ok::<_, Failure>(())
        };
        self.world.attempt(self.actor, "presence", work).await;
    }

    /// Does an act on a session, and keeps what came of it.
    async fn act(
        &self,
        what: &str,
        id: &SessionId,
        work: impl Future<Output = Result<Acted, Failure>>,
    ) -> Outcome<Acted> {
        let ended = self.world.attempt(self.actor, what, work).await;
        if let Outcome::Done(acted) = &ended
            && acted.session.id != *id
        {
            self.world.ledger.borrow_mut().faults.push(format!("{what} {id}: another session"));
        }
        self.learn(&ended);
        ended
    }

    pub(super) fn learn(&self, ended: &Outcome<Acted>) {
        let (tenant, who) = (&self.person.tenant, &self.person.id);
        match ended {
            Outcome::Done(acted) => {
                self.world.hear(tenant, &acted.session);
                self.world.ledger.borrow_mut().told(tenant, who, &acted.session);
            }
            Outcome::Unknown => self.world.ledger.borrow_mut().wonder(tenant, who),
            Outcome::Refused(Refusal::AlreadyClaimed { by }) if by == who => {
                let fault = format!("{who} is told to have claimed before themselves");
                self.world.ledger.borrow_mut().faults.push(fault);
            }
            Outcome::Refused(_) | Outcome::NotDone => {}
        }
    }

    /// Notes that the state of a session is unknown from here on, if the end of the operation is.
    fn doubt(&self, ended: &Outcome<Acted>, id: &SessionId) {
        if matches!(ended, Outcome::Unknown) {
            let whose = (self.person.tenant.clone(), id.clone());
            self.world.ledger.borrow_mut().blind.insert(whose);
        }
    }

    fn somebody(&mut self) -> EmployeeId {
        let busy = self.company.people.iter().find(|person| person.id.as_str() == BUSY);
        let any = &self.company.people[self.rng.random_range(0..self.company.people.len())];
        busy.filter(|_| self.rng.random_bool(0.25)).unwrap_or(any).id.clone()
    }

    fn comment(&mut self, turn: usize) -> Option<String> {
        let text = || format!("comment {} {turn}", self.actor);
        self.rng.random_bool(0.4).then(text)
    }
}
