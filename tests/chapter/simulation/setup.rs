//! An administrator who sets a company up, on two devices at once: live chats, apps, channels and
//! templates, each under a key that both devices use.

use super::company::Company;
use super::ledger::Outcome;
use super::world::World;
use domain::AppKind;
use domain::Person;
use domain::{AppId, LiveChatId, Refusal, TemplateId};
use rand::RngExt;
use rand::rngs::StdRng;
use std::collections::BTreeMap;
use store::once::Once;
use store::{Failure, Store};

/// The kind of a thing that is created.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Kind {
    LiveChat,
    App,
    Channel,
    Template,
}

/// A thing that is to be created, in a live chat if it belongs to one. Its name is its own.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Wish {
    pub(super) kind: Kind,
    pub(super) live_chat: LiveChatId,
    pub(super) name: String,
}

/// A try of a wish under a key, and its outcome with the answer.
pub(super) type Tried = (Wish, Outcome<String>);

/// The apps that a live chat was to name, and the outcome.
pub(super) type Named = (Vec<AppId>, Outcome<()>);

/// The wishes and their outcomes, on all devices of a company.
#[derive(Debug, Default)]
pub(super) struct Wishes {
    /// All tries under each key.
    pub(super) by_key: BTreeMap<String, Vec<Tried>>,
    /// The outcomes of the deletions of each template.
    pub(super) deleted: BTreeMap<String, Vec<Outcome<()>>>,
    /// The apps that each live chat was to name, and the outcomes.
    pub(super) named: BTreeMap<LiveChatId, Vec<Named>>,
}

impl Wishes {
    /// Returns the ids of one kind that answers named, with their live chats.
    fn told(&self, kind: Kind) -> Vec<(LiveChatId, String)> {
        let tries = self.by_key.values().flatten().filter(|(wish, _)| wish.kind == kind);
        tries
            .filter_map(|(wish, outcome)| match outcome {
                Outcome::Done(answer) => Some((wish.live_chat.clone(), answer.clone())),
                _ => None,
            })
            .collect()
    }
}

/// The administrator at one of their devices.
pub(super) struct SetUp<'a> {
    world: &'a World,
    company: &'a Company,
    person: Person,
    actor: usize,
    store: Store,
    rng: StdRng,
}

impl<'a> SetUp<'a> {
    pub(super) fn new(world: &'a World, company: &'a Company, actor: usize) -> Self {
        let person = Person { name: "ada".to_owned(), ..company.people[0].clone() };
        let (store, rng) = (world.store(actor), world.simulation.random(actor as u64));
        Self { world, company, person, actor, store, rng }
    }

    /// Does so many things.
    pub(super) async fn work(mut self, times: usize) {
        for turn in 0..times {
            self.world.rest(&mut self.rng).await;
            match self.rng.random_range(0..10) {
                0..6 => self.create(turn).await,
                6..8 => self.delete().await,
                _ => self.name_apps().await,
            }
        }
    }

    /// Creates something under a key: often what some device wanted before, and sometimes another
    /// thing under the same key.
    async fn create(&mut self, turn: usize) {
        let known: Vec<(String, Wish)> = {
            let wishes = self.company.wishes.borrow();
            let first = |(key, tries): (&String, &Vec<Tried>)| {
                tries.first().map(|(wish, _)| (key.clone(), wish.clone()))
            };
            wishes.by_key.iter().filter_map(first).collect()
        };
        let (key, mut wish) = if !known.is_empty() && self.rng.random_bool(0.5) {
            known[self.rng.random_range(0..known.len())].clone()
        } else {
            let kind = match self.rng.random_range(0..6) {
                0 => Kind::LiveChat,
                1 => Kind::App,
                2 | 3 => Kind::Channel,
                _ => Kind::Template,
            };
            let name = format!("{kind:?} {turn} of {}", self.actor);
            (format!("{} {turn}", self.actor), Wish { kind, live_chat: self.live_chat(), name })
        };
        if self.rng.random_bool(0.1) {
            wish.name.push_str(" else");
        }
        // Before it is done: the other device may do the same meanwhile.
        let place = self.note(&key, &wish);
        let outcome = self.attempt(&key, &wish).await;
        let mut wishes = self.company.wishes.borrow_mut();
        if let Some(tries) = wishes.by_key.get_mut(&key) {
            tries[place].1 = outcome;
        }
    }

    fn note(&self, key: &str, wish: &Wish) -> usize {
        let mut wishes = self.company.wishes.borrow_mut();
        let tries = wishes.by_key.entry(key.to_owned()).or_default();
        push(tries, (wish.clone(), Outcome::Unknown))
    }

    async fn attempt(&self, key: &str, wish: &Wish) -> Outcome<String> {
        let Wish { kind, live_chat, name } = wish;
        let (act, arguments) = (format!("{kind:?}"), [live_chat.as_str(), name.as_str()]);
        let once = Once::of(&self.person, Some(key), &act, &arguments);
        let (store, tenant, once) = (&self.store, &self.person.tenant, once.as_ref());
        let work = async {
            Ok::<_, Failure>(match kind {
                Kind::LiveChat => store.of(tenant).open_live_chat(name, once).await?.to_string(),
                Kind::App => {
                    store.of(tenant).create_app(name, AppKind::Account, once).await?.to_string()
                }
                Kind::Channel => {
                    let (id, secret) =
                        store.of(tenant).create_webhook(live_chat, name, once).await?;
                    format!("{id} {secret}")
                }
                Kind::Template => {
                    store.of(tenant).create_template(live_chat, name, name, once).await?.to_string()
                }
            })
        };
        self.world.attempt(self.actor, &format!("create{kind:?}"), work).await
    }

    /// Deletes a template that an answer named.
    async fn delete(&mut self) {
        let told = self.company.wishes.borrow().told(Kind::Template);
        if told.is_empty() {
            return;
        }
        let (live_chat, id) = &told[self.rng.random_range(0..told.len())];
        let template = TemplateId::parse(id).unwrap();
        let place = {
            let mut wishes = self.company.wishes.borrow_mut();
            push(wishes.deleted.entry(id.clone()).or_default(), Outcome::Unknown)
        };
        let work = self.store.of(&self.person.tenant).delete_template(live_chat, &template);
        let outcome = self.world.attempt(self.actor, "deleteTemplate", work).await;
        if let Some(outcomes) = self.company.wishes.borrow_mut().deleted.get_mut(id) {
            outcomes[place] = outcome;
        }
    }

    /// Says which apps a live chat names: some of those that an answer named.
    async fn name_apps(&mut self) {
        let live_chat = self.live_chat();
        let told = self.company.wishes.borrow().told(Kind::App);
        let mut apps: Vec<AppId> = told.iter().map(|(_, id)| AppId::parse(id).unwrap()).collect();
        apps.sort();
        apps.dedup();
        apps.retain(|_| self.rng.random_bool(0.5));
        // That of the items stays as a rule, so that there is something to bind.
        apps.extend(self.company.app.get().filter(|_| self.rng.random_bool(0.8)).cloned());
        let place = {
            let mut wishes = self.company.wishes.borrow_mut();
            let named = wishes.named.entry(live_chat.clone()).or_default();
            push(named, (apps.clone(), Outcome::Unknown))
        };
        let work = self.store.of(&self.person.tenant).name_apps(&live_chat, &apps);
        let outcome = self.world.attempt(self.actor, "setLiveChatApps", work).await;
        if let Some(named) = self.company.wishes.borrow_mut().named.get_mut(&live_chat) {
            named[place].1 = outcome;
        }
    }

    fn live_chat(&mut self) -> LiveChatId {
        let live_chats = &self.company.live_chats;
        live_chats[self.rng.random_range(0..live_chats.len())].id.clone()
    }
}

/// Adds to a list, and says where.
fn push<T>(list: &mut Vec<T>, one: T) -> usize {
    list.push(one);
    list.len() - 1
}

/// Returns true if a creation was refused for its key, the only refusal that there can be.
pub(super) fn is_of_key(outcome: &Outcome<String>) -> bool {
    matches!(outcome, Outcome::Refused(Refusal::KeyReused))
}
