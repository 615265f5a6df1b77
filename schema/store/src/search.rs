//! Search over the names of sessions.
//!
//! A row stands for each gram of a session's folded name, in each scope whose viewers see the
//! session: its live chat's, and that of the queue or of the operator who has or had it. So each
//! scope has exactly what one kind of viewer sees. Every hit is checked on its head, so a row that
//! is late shows nothing that is not so.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::{DeleteRequest, PutRequest, WriteRequest};
use domain::access;
use domain::search::{Folded, Query};
use domain::{EmployeeId, LiveChatId, Session, TenantId};
use futures::future::try_join_all;

use crate::attribute::{Build, Read};
use crate::call::{Range, key_item};
use crate::desk::Desk;
use crate::key::{self, Key};
use crate::list::{Page, Window, backwards};
use crate::row::built;
use crate::store::TRIES;
use crate::{Fault, Store};

/// How many halves of a read unit one request spends before it answers with what it has.
const MOST_HALVES: usize = 80;
/// How many lists of rows a request begins with, over all its scopes.
const MOST_LISTS: usize = 32;
/// How many grams of a query are asked for in one scope.
const MOST_GRAMS: usize = 8;
/// How many rows of a list are read at a time.
const STRETCH: usize = 24;
/// How many rows are written at a time: as many as a call takes.
const WRITES: usize = 25;
/// What a row has beside its name, in bytes, about.
const ROW_BYTES: usize = 150;
/// What half a read unit reads, in bytes.
const HALF_BYTES: usize = 4096;

/// Sessions that are found together, because the same people see them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Scope {
    /// All of a live chat: for its supervisors.
    LiveChat(LiveChatId),
    /// Those of a live chat that nobody has: for its operators.
    Queue(LiveChatId),
    /// Those that an operator has, or had when they were closed.
    Operator(EmployeeId),
}

/// One scope of a request, read downwards from the newest.
struct Source {
    scope: Scope,
    grams: Vec<String>,
    /// Rows that match, newest first, that were not looked at yet.
    found: BTreeSet<String>,
    /// Down to here everything was read; from the top, when nothing was.
    read_to: Option<String>,
    is_done: bool,
}

/// A stretch of the rows of one gram.
struct Stretch {
    gram: String,
    matches: Vec<String>,
    /// The last row read; `None` when there are no more.
    end: Option<String>,
    halves: usize,
}

/// The scopes that a session is found in.
fn scopes(session: &Session) -> Vec<Scope> {
    let mut scopes = vec![Scope::LiveChat(session.live_chat.clone())];
    match session.operator() {
        Some(operator) => scopes.push(Scope::Operator(operator.clone())),
        None if session.is_queued() => scopes.push(Scope::Queue(session.live_chat.clone())),
        None => {}
    }
    scopes
}

/// The rows of a session, each with its folded name.
fn rows(tenant: &TenantId, session: &Session) -> BTreeMap<Key, String> {
    let name = Folded::of(&session.name);
    let grams = name.grams();
    let place = key::ordered(session.opened_at, &session.id);
    let mut rows = BTreeMap::new();
    for scope in scopes(session) {
        for gram in &grams {
            let key = Key::of(key::search(tenant, &scope, gram), place.clone());
            rows.insert(key, name.as_str().to_owned());
        }
    }
    rows
}

/// The scopes that hold all that an employee sees.
fn sight(desk: &Desk) -> BTreeSet<Scope> {
    let mut scopes = BTreeSet::new();
    for membership in &desk.memberships {
        if membership.roles.supervisor {
            scopes.insert(Scope::LiveChat(membership.live_chat.clone()));
        } else if membership.roles.operator {
            scopes.insert(Scope::Queue(membership.live_chat.clone()));
            scopes.insert(Scope::Operator(desk.employee.id.clone()));
        }
    }
    scopes
}

impl Store {
    /// Brings the rows of a session up to date after a change of it. It may be done again, and
    /// late: what is written is what the session is now.
    ///
    /// # Errors
    /// A [`Fault`] of the state: it has to be done again.
    pub async fn index(
        &self,
        tenant: &TenantId,
        before: Option<&Session>,
        after: &Session,
    ) -> Result<(), Fault> {
        let is_elsewhere = |before: &Session| {
            before.name != after.name
                || before.is_queued() != after.is_queued()
                || before.operator() != after.operator()
        };
        if !before.is_none_or(is_elsewhere) {
            return Ok(());
        }
        let old = before.map(|before| rows(tenant, before)).unwrap_or_default();
        let new = rows(tenant, after);
        let now = self.session(tenant, &after.id).await?;
        let now = now.map(|now| rows(tenant, &now)).unwrap_or_default();
        // What is in both was seen to by the change that made it so.
        let touched: BTreeSet<&Key> =
            old.keys().chain(new.keys()).filter(|key| old.get(key) != new.get(key)).collect();
        let writes = touched.into_iter().map(|key| match now.get(key) {
            Some(name) => {
                let item = Build::keyed(key).text("f", name).done();
                let put = PutRequest::builder().set_item(Some(item)).build().map_err(built)?;
                Ok(WriteRequest::builder().put_request(put).build())
            }
            None => {
                let key = Some(key_item(key));
                let delete = DeleteRequest::builder().set_key(key).build().map_err(built)?;
                Ok(WriteRequest::builder().delete_request(delete).build())
            }
        });
        let writes: Vec<WriteRequest> = writes.collect::<Result<_, Fault>>()?;
        try_join_all(writes.chunks(WRITES).map(|chunk| self.write_rows(chunk.to_vec()))).await?;
        Ok(())
    }

    async fn write_rows(&self, mut writes: Vec<WriteRequest>) -> Result<(), Fault> {
        let table = &self.tables.search;
        for tried in 0..TRIES {
            let answer = self
                .answered(|| self.db.batch_write_item().request_items(table, writes.clone()).send())
                .await?;
            writes =
                answer.unprocessed_items.and_then(|mut all| all.remove(table)).unwrap_or_default();
            if writes.is_empty() {
                return Ok(());
            }
            self.pause(tried).await;
        }
        Err(Fault::Unavailable("rows of the search are not written".to_owned()))
    }

    /// The sessions that an employee sees whose names a query finds, last opened first. One
    /// request spends about 40 read units, or half a unit for each scope if those are more; then it
    /// answers with what it has and where it stopped.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn search_sessions(
        &self,
        tenant: &TenantId,
        desk: &Desk,
        query: &Query,
        window: Window<'_>,
    ) -> Result<Page, Fault> {
        let mut page = Page { end: window.after.map(str::to_owned), ..Page::default() };
        if query.is_blank() {
            return Ok(page);
        }
        let scopes = sight(desk);
        let most = (MOST_LISTS / scopes.len().max(1)).clamp(1, MOST_GRAMS);
        let source = |scope| Source {
            scope,
            grams: query.grams(most),
            found: BTreeSet::new(),
            read_to: window.after.map(str::to_owned),
            is_done: false,
        };
        let mut sources: Vec<Source> = scopes.into_iter().map(source).collect();
        let mut spent = 0;
        loop {
            spent += self.read_on(tenant, query, &mut sources).await?;
            let known = take_known(&mut sources, &mut page, window.first, spent);
            spent += 2 * known.len();
            self.keep_seen(tenant, desk, query, &known, &mut page).await?;
            let is_over = sources.iter().all(|source| source.is_done && source.found.is_empty());
            if is_over || page.sessions.len() >= window.first || spent >= MOST_HALVES {
                page.has_next = !is_over;
                return Ok(page);
            }
        }
    }

    /// Reads on where nothing is left to look at; how many halves of a unit that cost.
    async fn read_on(
        &self,
        tenant: &TenantId,
        query: &Query,
        sources: &mut [Source],
    ) -> Result<usize, Fault> {
        let hungry = sources.iter_mut().filter(|s| !s.is_done && s.found.is_empty());
        let read = hungry.map(|source| async move {
            let lists = source.grams.iter().map(|gram| {
                self.stretch(tenant, query, &source.scope, gram, source.read_to.as_deref())
            });
            let mut stretches = try_join_all(lists).await?;
            // All that matches has all grams: the list that reaches furthest back says it all.
            stretches.sort_by(|one, other| one.end.cmp(&other.end));
            let halves = stretches.iter().map(|stretch| stretch.halves).sum::<usize>();
            source.grams = stretches.iter().take(2).map(|stretch| stretch.gram.clone()).collect();
            if let Some(furthest) = stretches.into_iter().next() {
                source.found.extend(furthest.matches);
                source.is_done = furthest.end.is_none();
                source.read_to = furthest.end;
            }
            Ok::<_, Fault>(halves)
        });
        Ok(try_join_all(read).await?.into_iter().sum())
    }

    async fn stretch(
        &self,
        tenant: &TenantId,
        query: &Query,
        scope: &Scope,
        gram: &str,
        after: Option<&str>,
    ) -> Result<Stretch, Fault> {
        let pk = key::search(tenant, scope, gram);
        let window = Window { first: STRETCH, after };
        let range = Range { limit: STRETCH, ..backwards(&pk, window) };
        let items = self.search_range(&range).await?;
        let mut stretch =
            Stretch { gram: gram.to_owned(), matches: Vec::new(), end: None, halves: 0 };
        let mut bytes = 0;
        for item in &items {
            let (place, name) = (Read(item).text("sk")?, Read(item).text("f")?);
            bytes += ROW_BYTES + name.len();
            if query.matches(&Folded::stored(name.to_owned())) {
                stretch.matches.push(place.to_owned());
            }
        }
        stretch.halves = bytes.div_ceil(HALF_BYTES).max(1);
        let last = items.last().filter(|_| items.len() == STRETCH);
        stretch.end = last.map(|item| Read(item).text("sk")).transpose()?.map(str::to_owned);
        Ok(stretch)
    }

    /// Keeps of what was found what is so now, and what the employee sees now.
    async fn keep_seen(
        &self,
        tenant: &TenantId,
        desk: &Desk,
        query: &Query,
        places: &[String],
        page: &mut Page,
    ) -> Result<(), Fault> {
        let ids: Vec<_> =
            places.iter().filter_map(|place| Some(key::read_ordered(place)?.1)).collect();
        let mut heads = self.sessions(tenant, &ids).await?;
        for (place, id) in places.iter().zip(ids) {
            let Some(session) = heads.remove(&id) else { continue };
            let roles = desk.roles(&session.live_chat);
            if access::sees(&session, &desk.employee.id, roles)
                && query.matches(&Folded::of(&session.name))
            {
                page.sessions.push((place.clone(), session));
            }
        }
        Ok(())
    }
}

/// Takes from what was found the newest of which all scopes are read, as many as there is room and
/// units for, and notes how far that is.
fn take_known(sources: &mut [Source], page: &mut Page, first: usize, spent: usize) -> Vec<String> {
    // Down to here every scope is read; a scope of which nothing is read yet holds up all.
    let frontier = sources
        .iter()
        .filter(|source| !source.is_done)
        .map(|source| source.read_to.clone().unwrap_or_else(|| "\u{10FFFF}".to_owned()))
        .max();
    let all: BTreeSet<String> = sources.iter().flat_map(|s| s.found.iter().cloned()).collect();
    let room = first.saturating_sub(page.sessions.len());
    // A head costs a whole unit. At least one is looked at, so that every request gets on.
    let affordable = (MOST_HALVES.saturating_sub(spent) / 2).max(1);
    let is_known = |place: &&String| frontier.as_ref().is_none_or(|frontier| *place >= frontier);
    let known: Vec<String> =
        all.iter().rev().take_while(is_known).take(room.min(affordable)).cloned().collect();
    for source in sources.iter_mut() {
        source.found.retain(|place| known.last().is_none_or(|last| place < last));
    }
    let is_more_known = all.iter().rev().nth(known.len()).is_some_and(|next| is_known(&next));
    page.end = match known.last() {
        Some(last) if is_more_known => Some(last.clone()),
        last => {
            frontier.filter(|f| f != "\u{10FFFF}").or_else(|| last.cloned()).or(page.end.take())
        }
    };
    known
}
