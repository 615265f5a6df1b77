//! Binding a session to items, and unbinding it.
//!
//! Bindings are stored twice: as a list of at most 50 in the session's information, and as a row with
//! each item, by which the sessions of an item are found. One transaction writes both together with the
//! head, and the version of the head is their only guard. So bindings are read after the head, and
//! everything is read again from the start when the guard fails. A recount in the tests compares the
//! two.

use domain::binding::{self, Binding, Bindings};
use domain::{
    AppId, Change, Item, ItemId, Outcome, Person, Refusal, Session, SessionId, Timestamp, Turn,
};

use serde_json::Value;

use super::{Acted, Snapshot, Wanted, acted};
use crate::change::Writing;
use crate::dialog::{decode_bindings, encode_bindings, kept_bindings};
use crate::once::{Finished, Once, understood};
use crate::table::{Expression, Part, Row, Table, key};
use crate::{Failure, Fault, Store, TenantStore, app, item};

/// The result of binding or unbinding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bound {
    /// The session.
    pub acted: Acted,
    /// The item.
    pub item: Item,
}

/// A rule of binding.
type Rule = fn(Turn<'_>, &[Binding], Option<&Item>) -> Result<Outcome, Refusal>;

/// The change of bindings that is requested.
enum Wish<'a> {
    /// Binds an existing item.
    Bind(&'a ItemId),
    /// Creates an item and binds it.
    Create(&'a Item),
    /// Unbinds an item.
    Unbind(&'a ItemId),
}

impl Wish<'_> {
    fn rule(&self) -> Rule {
        match self {
            Self::Bind(_) | Self::Create(_) => binding::bind,
            Self::Unbind(_) => binding::unbind,
        }
    }
}

/// The bindings of a session, and the item if it exists or is created.
struct Surroundings {
    bindings: Bindings,
    /// The bindings as they are stored.
    kept: Vec<Vec<Value>>,
    item: Option<Item>,
}

impl Store {
    /// Binds a session to an item.
    ///
    /// # Errors
    /// The refusals of [`binding::bind`]; a [`Fault`] of the state.
    pub async fn bind(
        &self,
        person: &Person,
        id: &SessionId,
        item: &ItemId,
    ) -> Result<Bound, Failure> {
        Box::pin(self.rebind(person, id, &Wish::Bind(item), None)).await
    }

    /// Unbinds a session from an item.
    ///
    /// # Errors
    /// The refusals of [`binding::unbind`]; a [`Fault`] of the state.
    pub async fn unbind(
        &self,
        person: &Person,
        id: &SessionId,
        item: &ItemId,
    ) -> Result<Bound, Failure> {
        Box::pin(self.rebind(person, id, &Wish::Unbind(item), None)).await
    }

    /// Creates an item and binds a session to it, in one transaction. Idempotent under its key.
    ///
    /// # Errors
    /// `KeyReused`, the refusals of [`binding::bind`]; a [`Fault`] of the state.
    pub async fn create_and_bind(
        &self,
        person: &Person,
        id: &SessionId,
        app: &AppId,
        title: &str,
        once: Option<&Once>,
    ) -> Result<Bound, Failure> {
        if let Some(first) = self.first_answer(once, ItemId::parse).await? {
            return self.bound_first(person, id, first).await;
        }
        let new = ItemId::new(app.clone(), self.now(), self.random());
        let item = Item { id: new, title: title.to_owned() };
        match Box::pin(self.rebind(person, id, &Wish::Create(&item), once)).await {
            // The item is new, so the missing record is its app.
            Err(Failure::Refused(Refusal::NoSuch { .. })) => {
                Err(Refusal::NoSuch { field: "appId" }.into())
            }
            done => done,
        }
    }

    /// Returns the result of the first act with the same key, as it is now.
    async fn bound_first(
        &self,
        person: &Person,
        id: &SessionId,
        first: ItemId,
    ) -> Result<Bound, Failure> {
        let found = self.of(&person.tenant).items_by_id(std::slice::from_ref(&first)).await?;
        let missing = || Fault::Corrupt(format!("the item {first} of a kept answer is missing"));
        let item = found.into_values().next().ok_or_else(missing)?;
        Ok(Bound { acted: self.look(person, id).await?, item })
    }

    /// Reads, applies the rule and commits. Starts again from the read after a conflict, because a
    /// failed guard does not return the session's bindings.
    async fn rebind(
        &self,
        person: &Person,
        id: &SessionId,
        wish: &Wish<'_>,
        once: Option<&Once>,
    ) -> Result<Bound, Failure> {
        let mut attempts = self.attempts();
        loop {
            attempts.next().await?;
            let mut read = self.read(person, id, &Wanted::default()).await?;
            // Read after the head: if the bindings are newer than the head, the head's guard fails.
            let Surroundings { bindings, kept, item } =
                self.of(&person.tenant).surroundings(&read.session, wish).await?;
            let now = self.now();
            let outcome = wish.rule()(read.turn(now), &bindings.bound, item.as_ref())?;
            let item = item.ok_or(Refusal::NotFound)?;
            let change = match outcome {
                Outcome::Unchanged => {
                    return Ok(Bound { acted: acted(&read, None), item });
                }
                Outcome::Changed(change) => *change,
            };
            let mut rows = binding_rows(person, &read, &change, (bindings, &kept), &item, now);
            if let Wish::Create(item) = wish {
                let new = item::encode(&person.tenant, item, now);
                rows.push(Row::put_new(Table::Core, Part::Other, new));
            }
            match self.commit_once(once, &item.id.to_string(), rows).await? {
                Finished::Done => {
                    read.session = change.session;
                    return Ok(Bound { acted: acted(&read, None), item });
                }
                Finished::Repeated(answer) => {
                    let first = understood(&answer, ItemId::parse)?;
                    return self.bound_first(person, id, first).await;
                }
                Finished::Guarded(_) => {}
            }
        }
    }
}

impl TenantStore<'_> {
    async fn surroundings(self, session: &Session, wish: &Wish<'_>) -> Result<Surroundings, Fault> {
        let info = key::info(self.tenant, &session.id);
        let settings = key::settings(self.tenant, &session.live_chat);
        let known = match wish {
            Wish::Bind(id) | Wish::Unbind(id) => Some(key::item(self.tenant, id)),
            Wish::Create(_) => None,
        };
        let keys = [info.clone(), settings.clone()].into_iter().chain(known.clone());
        let items = self.items(Table::Core, keys).await?;
        let bindings = items.get(&info).map(decode_bindings).transpose()?.unwrap_or_default();
        let kept = items.get(&info).and_then(kept_bindings).unwrap_or_default();
        let named = items.get(&settings).map(app::decode_named).unwrap_or_default();
        let item = match wish {
            Wish::Bind(_) | Wish::Unbind(_) => {
                known.and_then(|key| items.get(&key)).map(item::decode).transpose()?
            }
            Wish::Create(item) => Some((*item).clone()),
        };
        let item = item.filter(|item| match wish {
            Wish::Bind(_) | Wish::Create(_) => bindings.can_be_bound(&item.id, &named),
            Wish::Unbind(_) => bindings.can_be_unbound(&item.id, &named),
        });
        Ok(Surroundings { bindings, kept, item })
    }
}

/// Returns the rows of a change of bindings: those of the session, its new bindings, and its row in
/// the item's partition.
fn binding_rows(
    person: &Person,
    read: &Snapshot,
    change: &Change,
    (mut bindings, kept): (Bindings, &[Vec<Value>]),
    item: &Item,
    now: Timestamp,
) -> Vec<Row> {
    let (tenant, before) = (&person.tenant, &read.session);
    let (trail, shard) = (&read.trail, 0);
    // The stream pushes it.
    let pushes_until = None;
    let mut rows =
        Writing { tenant, before: Some(before), trail, change, shard, pushes_until, received: &[] }
            .rows();
    let with_item = match bindings.remove(&item.id) {
        Some(old) => {
            let key = key::bound(tenant, &item.id, old.at, &before.id);
            Row::delete(Table::Core, Part::Other, &key)
        }
        None => {
            bindings.add(Binding { item: item.id.clone(), at: now, by: person.id.clone() });
            let key = key::bound(tenant, &item.id, now, &before.id);
            Row::put_new(Table::Core, Part::Other, key.item())
        }
    };
    let (bound, unbound) = encode_bindings(&bindings, kept);
    let update = Expression::update("SET bd = :bound, ub = :unbound")
        .when("attribute_exists(pk)")
        .text(":bound", bound)
        .text(":unbound", unbound);
    let info = key::info(tenant, &before.id);
    rows.push(Row::update(Table::Core, Part::Other, &info, update));
    rows.push(with_item);
    rows
}
