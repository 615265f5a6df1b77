//! Rows of the search: computes which ones a name has, and writes and deletes them.

use std::collections::{BTreeMap, BTreeSet};

use domain::search::Folded;
use domain::{LiveChatId, Session, SessionId, TenantId};

use super::{NAME_BYTES, Scope};
use crate::record::company::Gram;
use crate::table::{Item, Key, TRIES, Table, encode, key};
use crate::{Fault, Store, TenantStore};

/// Rows by their keys.
type Rows = BTreeMap<Key, Item>;

/// Returns the scopes that contain a session.
fn scopes(session: &Session) -> Vec<Scope> {
    let mut scopes = vec![Scope::Tenant, Scope::LiveChat(session.live_chat.clone())];
    match session.operator() {
        Some(operator) => scopes.push(Scope::Operator(operator.clone())),
        None if session.is_queued() => scopes.push(Scope::Queue),
        None => {}
    }
    scopes
}

fn rows_of_session(tenant: &TenantId, session: &Session) -> Rows {
    let place = key::ordered(session.opened_at, &session.id);
    let scopes = scopes(session);
    rows(tenant, &scopes, &session.name, &place, Some(&session.live_chat))
}

fn rows_of_item(tenant: &TenantId, item: &domain::Item) -> Rows {
    let scope = Scope::App(item.id.app.clone());
    rows(tenant, &[scope], &item.title, item.id.serial(), None)
}

/// Returns the rows of a name at a place, for each of these scopes.
fn rows(
    tenant: &TenantId,
    scopes: &[Scope],
    name: &str,
    place: &str,
    live_chat: Option<&LiveChatId>,
) -> Rows {
    let name = Folded::of(name);
    let stored = (name.as_str().len() <= NAME_BYTES).then(|| name.as_str().to_owned());
    let mut rows = Rows::new();
    for scope in scopes {
        for gram in name.grams(scope.longest_gram()) {
            let key = key::gram(tenant, scope, &gram, place);
            let live_chat = live_chat.filter(|_| scope.is_mixed());
            let row = Gram { name: stored.clone(), live_chat: live_chat.cloned() };
            let row = encode(&key, &row);
            rows.insert(key, row);
        }
    }
    rows
}

impl TenantStore<'_> {
    /// Updates the search rows of a session after a change of it. It may be repeated, and may run
    /// late: it always writes the session's current state.
    ///
    /// # Errors
    /// A [`Fault`] of the state: the worker has to repeat it.
    pub async fn index(self, before: Option<&Session>, after: &Session) -> Result<(), Fault> {
        let is_elsewhere = |before: &Session| {
            before.name != after.name
                || before.is_queued() != after.is_queued()
                || before.operator() != after.operator()
        };
        if !before.is_none_or(is_elsewhere) {
            return Ok(());
        }
        let old = before.map(|before| rows_of_session(self.tenant, before)).unwrap_or_default();
        let new = rows_of_session(self.tenant, after);
        let now = self.session(&after.id).await?;
        let now = now.map(|now| rows_of_session(self.tenant, &now)).unwrap_or_default();
        // A row in both was written by the change that caused it.
        let touched = old.keys().chain(new.keys()).filter(|key| old.get(key) != new.get(key));
        self.write_rows(touched.collect(), &now).await
    }

    /// Writes the rows of an item, which never changes.
    ///
    /// # Errors
    /// A [`Fault`] of the state: the worker has to repeat it.
    pub async fn index_item(self, item: &domain::Item) -> Result<(), Fault> {
        let rows = rows_of_item(self.tenant, item);
        self.write_rows(rows.keys().collect(), &rows).await
    }

    /// Writes all rows of a session, including those that exist. Reads the session again after the
    /// write, until it matches the rows, because a concurrent change could leave old rows behind.
    pub(crate) async fn index_again(self, id: &SessionId) -> Result<(), Fault> {
        let mut written: Option<Rows> = None;
        for _ in 0..TRIES {
            let now = self.session(id).await?;
            let now = now.map(|now| rows_of_session(self.tenant, &now)).unwrap_or_default();
            if written.as_ref() == Some(&now) {
                return Ok(());
            }
            let old = written.unwrap_or_default();
            let touched = old.keys().chain(now.keys()).filter(|key| old.get(key) != now.get(key));
            self.write_rows(touched.collect(), &now).await?;
            written = Some(now);
        }
        Err(Fault::Conflict)
    }
}

impl Store {
    /// Deletes these rows.
    pub(crate) async fn delete_rows(&self, keys: BTreeSet<&Key>) -> Result<(), Fault> {
        self.write_rows(keys, &Rows::new()).await
    }

    /// Puts the keys that have a row now, and deletes the others.
    async fn write_rows(&self, mut keys: BTreeSet<&Key>, now: &Rows) -> Result<(), Fault> {
        let puts: Vec<Item> = keys.iter().filter_map(|key| now.get(key).cloned()).collect();
        keys.retain(|key| !now.contains_key(key));
        self.write_batch(Table::Search, puts, keys).await
    }
}
