//! Sessions of sixty live chats, and items of an app, as many as are wanted, put there past the wire.

use super::bench::{Bench, live_chat};
use domain::Desk;
use domain::search::{Folded, Query};
use domain::{
    AppId, ConversationId, EmployeeId, LiveChatId, Roles, Session, SessionId, State, Timestamp,
};
use dynoxide::{AttributeValue, ImportOptions, Item};
use store::key::{self, Key};
use store::list::Window;
use store::search::Scope;
use tests::environment::START;
use tests::meter::Usage;

/// The number of live chats.
const LIVE_CHATS: usize = 60;

/// The session that few find: among the oldest, so that all the others come before it.
pub(super) const RARE: usize = 8;

/// The viewers: a supervisor and an operator of the first live chat, and of all.
pub(super) const VIEWERS: [&str; 4] = ["sue", "ann", "max", "tim"];

/// Live chats with their people, and sessions.
pub(super) struct Crowd {
    pub(super) bench: Bench,
    pub(super) sessions: Vec<Session>,
}

fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

impl Crowd {
    /// So many sessions with these names, the oldest first: every other in the first live chat, a third
    /// each waiting, held and closed. Live chats have ids as long as `id` makes them.
    pub(super) async fn new(
        many: usize,
        name: impl Fn(usize) -> String,
        id: impl Fn(usize) -> String,
    ) -> Self {
        let bench = Bench::new().await;
        let mut live_chats = vec![bench.live_chat.id.clone()];
        for number in 1..LIVE_CHATS {
            let chat = live_chat(&format!("chat-{number}"));
            let chat = domain::LiveChat { id: chat_id(&id(number)), ..chat };
            assert!(bench.store.of(&bench.tenant).create_live_chat(&chat, |_| None).await.unwrap());
            live_chats.push(chat.id);
        }
        for chat in &live_chats {
            for (who, roles) in [("max", Roles::SUPERVISOR), ("tim", Roles::OPERATOR)] {
                let who = EmployeeId::parse(who).unwrap();
                bench.store.of(&bench.tenant).set_member(chat, &who, roles).await.unwrap();
            }
        }
        let like = bench.queued("Carl").await;
        let (like, item) =
            (bench.session(&like).await, bench.stored("core", &key::head(&bench.tenant, &like)));
        let session = |number: usize| {
            let chat = if number.is_multiple_of(2) { 0 } else { number % LIVE_CHATS };
            let operator = if chat == 0 && number.is_multiple_of(4) { "ann" } else { "tim" };
            let operator = EmployeeId::parse(operator).unwrap();
            let opened_at = START.plus_millis(1000 * number as u64);
            Session {
                id: session_id(number),
                live_chat: live_chats[chat].clone(),
                name: name(number),
                state: match number % 3 {
                    0 => State::Assigned { operator },
                    1 => State::Closed { operator: Some(operator), at: opened_at },
                    _ => State::Queued,
                },
                opened_at,
                first_message_at: opened_at,
                last_message_at: opened_at,
                last_entry_at: opened_at,
                ..like.clone()
            }
        };
        let sessions: Vec<Session> = (0..many).map(session).collect();
        let crowd = Self { bench, sessions };
        let heads = crowd.sessions.iter().map(|session| crowd.head(session, &item));
        put(&crowd.bench, "core", heads.collect());
        for session in crowd.sessions.iter().step_by(many.div_ceil(10)) {
            assert_eq!(crowd.bench.session(&session.id).await, *session);
        }
        crowd
    }

    /// The head of a session, made of another's.
    fn head(&self, session: &Session, like: &Item) -> Item {
        let tenant = &self.bench.tenant;
        let mut item = like.clone();
        let mut set = |name: &str, value: AttributeValue| drop(item.insert(name.to_owned(), value));
        let key = key::head(tenant, &session.id);
        let place = key::in_live_chat(tenant, session);
        let millis = |at: Timestamp| AttributeValue::N(at.as_millis().to_string());
        for (name, value) in [("pk", key.pk), ("sk", key.sk), ("lp", place.pk), ("ls", place.sk)] {
            set(name, text(value));
        }
        if let Some(place) = key::of_operator(tenant, session) {
            set("op", text(place.pk));
            set("os", text(place.sk));
            set("who", text(session.operator().unwrap().as_str()));
        }
        set("st", text(if session.is_queued() { "q" } else { "a" }));
        if let Some(at) = session.closed_at() {
            set("st", text("c"));
            set("ca", millis(at));
        }
        set("l", text(session.live_chat.as_str()));
        set("nm", text(&*session.name));
        set("oa", millis(session.opened_at));
        set("la", millis(session.last_message_at));
        item
    }

    /// Puts the rows of such grams, and asserts of some sessions that the worker makes the same.
    pub(super) async fn index(&self, is_wanted: impl Fn(&str) -> bool) {
        let of = |session: &Session| {
            let rows = self.rows(session).into_iter();
            rows.filter(|(gram, _)| is_wanted(gram)).map(|(_, row)| row).collect::<Vec<_>>()
        };
        put(&self.bench, "search", self.sessions.iter().flat_map(of).collect());
        let sample = self.sessions.iter().step_by(self.sessions.len().div_ceil(10));
        for session in sample.chain(self.sessions.get(RARE)) {
            self.bench.store.of(&self.bench.tenant).index(None, session).await.unwrap();
            assert_same(&self.bench, of(session));
        }
    }

    /// Returns the rows of a session by their grams.
    fn rows(&self, session: &Session) -> Vec<(String, Item)> {
        let name = Folded::of(&session.name);
        let place = key::ordered(session.opened_at, &session.id);
        let last = match session.operator() {
            Some(operator) => Scope::Operator(operator.clone()),
            None => Scope::Queue,
        };
        let scopes = [Scope::Tenant, Scope::LiveChat(session.live_chat.clone()), last];
        let one = |scope: &Scope, gram: String| {
            let pk = key::search(&self.bench.tenant, scope, &gram);
            let mut row = row(pk, &place, name.as_str());
            if matches!(scope, Scope::Tenant | Scope::Queue) {
                row.insert("l".to_owned(), text(session.live_chat.as_str()));
            }
            (gram, row)
        };
        let of =
            |scope| name.grams(Scope::longest_gram(scope)).into_iter().map(move |g| (scope, g));
        scopes.iter().flat_map(of).map(|(scope, gram)| one(scope, gram)).collect()
    }

    /// Returns the names that a viewer finds on a page, the cursor of the next page, and the usage.
    pub(super) async fn page(
        &self,
        desk: &Desk,
        query: &str,
        window: Window<'_>,
    ) -> (Vec<String>, Option<String>, Usage) {
        let query = Query::parse(query).unwrap();
        let mut found = None;
        let asked = self.bench.used(async {
            let store = &self.bench.store;
            found = Some(store.of(&self.bench.tenant).search_sessions(desk, &query, window).await);
        });
        let used = asked.await;
        let page = found.unwrap().unwrap();
        let names = page.sessions.iter().map(|(_, session)| session.name.clone()).collect();
        (names, page.end.filter(|_| page.has_next), used)
    }

    pub(super) async fn desk(&self, viewer: &str) -> Desk {
        let viewer = EmployeeId::parse(viewer).unwrap();
        self.bench.store.of(&self.bench.tenant).desk(&viewer).await.unwrap()
    }

    /// Returns the names that a viewer must find over all pages, by a look at every session.
    pub(super) fn must_find(&self, viewer: &str, query: &str) -> Vec<String> {
        let first = &self.bench.live_chat.id;
        let sees = |session: &&Session| {
            let is_theirs = session.is_queued() || session.operator().unwrap().as_str() == viewer;
            match viewer {
                "sue" => session.live_chat == *first,
                "ann" => session.live_chat == *first && is_theirs,
                "tim" => is_theirs,
                _ => true,
            }
        };
        let has_all = |name: &str| query.split(' ').all(|word| name.to_lowercase().contains(word));
        let seen = self.sessions.iter().rev().filter(sees);
        seen.filter(|session| has_all(&session.name)).map(|one| one.name.clone()).collect()
    }
}

fn chat_id(id: &str) -> LiveChatId {
    LiveChatId::parse(id).unwrap()
}

fn session_id(number: usize) -> SessionId {
    SessionId { conversation: ConversationId::parse(&format!("{number:022}")).unwrap(), ordinal: 1 }
}

fn put(bench: &Bench, table: &str, items: Vec<Item>) {
    bench.engine().import_items(table, items, ImportOptions::default()).unwrap();
}

fn row(pk: String, place: &str, name: &str) -> Item {
    let mut row = vec![("pk", text(pk)), ("sk", text(place))];
    if name.len() <= 192 {
        row.push(("f", text(name)));
    }
    row.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Asserts that the rows are what the worker has made of them.
fn assert_same(bench: &Bench, rows: Vec<Item>) {
    for row in rows {
        let part = |name: &str| match &row[name] {
            AttributeValue::S(text) => text.clone(),
            other => panic!("{other:?} is no text"),
        };
        let key = Key { pk: part("pk"), sk: part("sk") };
        assert_eq!(bench.stored("search", &key), row);
    }
}

/// Puts items of an app, and the rows of these grams of their titles.
pub(super) async fn put_items(bench: &Bench, app: &AppId, items: &[domain::Item], grams: &[&str]) {
    let tenant = &bench.tenant;
    let of = |item: &domain::Item| {
        let title = Folded::of(&item.title);
        let grams = grams.iter().filter(|gram| title.as_str().contains(**gram));
        let pk = |gram: &&str| key::search(tenant, &Scope::App(app.clone()), gram);
        let one = |gram: &&str| row(pk(gram), item.id.serial(), title.as_str());
        grams.map(one).collect::<Vec<_>>()
    };
    put(bench, "search", items.iter().flat_map(of).collect());
    let stored = |item: &domain::Item| {
        let key = key::item(tenant, &item.id);
        let at = AttributeValue::N(START.as_millis().to_string());
        let item =
            [("pk", text(key.pk)), ("sk", text(key.sk)), ("ti", text(&*item.title)), ("at", at)];
        item.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    };
    put(bench, "core", items.iter().map(stored).collect());
    for item in items.iter().step_by(items.len().div_ceil(10)) {
        bench.store.of(tenant).index_item(item).await.unwrap();
        assert_same(bench, of(item));
    }
}
