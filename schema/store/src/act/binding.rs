//! Binding sessions to items. The bindings stand in the information of the session, under the
//! guard of its head, and once more with each item, so that its sessions are found.

use aws_sdk_dynamodb::types::{Delete, TransactWriteItem};
use domain::access::Sight;
use domain::binding::{self, Binding};
use domain::{
    Acting, AppId, Change, Item, ItemId, Outcome, Refusal, Session, SessionId, TenantId, Timestamp,
};

use super::{Acted, Person, Wanted, acted};
use crate::attribute::Build;
use crate::call::{Table, key_item};
use crate::dialog::{decode_bindings, encode_bindings};
use crate::key::Key;
use crate::once::{Finished, Once};
use crate::row::{Part, Row, Writing, built, put_new};
use crate::settings::kept;
use crate::store::TRIES;
use crate::{Failure, Fault, Store, app, item, key};

/// What came of binding or unbinding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bound {
    /// The session.
    pub acted: Acted,
    /// The item.
    pub item: Item,
}

/// A rule of binding.
type Rule =
    fn(&Session, Sight, &Acting, &[Binding], Option<&Item>, Timestamp) -> Result<Outcome, Refusal>;

/// The item of an act.
enum Which<'a> {
    /// One that there is.
    Known(&'a ItemId),
    /// One that comes to be with the act.
    New(&'a Item),
}

/// What a session is bound to, and the item if it exists for the session.
struct Surroundings {
    bound: Vec<Binding>,
    item: Option<Item>,
}

impl Store {
    /// Somebody binds a session to an item.
    ///
    /// # Errors
    /// The refusals of [`binding::bind`]; a [`Fault`] of the state.
    pub async fn bind(
        &self,
        person: &Person,
        id: &SessionId,
        item: &ItemId,
    ) -> Result<Bound, Failure> {
        Box::pin(self.rebind(person, id, &Which::Known(item), binding::bind, None)).await
    }

    /// Somebody unbinds a session from an item.
    ///
    /// # Errors
    /// The refusals of [`binding::unbind`]; a [`Fault`] of the state.
    pub async fn unbind(
        &self,
        person: &Person,
        id: &SessionId,
        item: &ItemId,
    ) -> Result<Bound, Failure> {
        Box::pin(self.rebind(person, id, &Which::Known(item), binding::unbind, None)).await
    }

    /// Somebody creates an item and binds a session to it, in one transaction. The same `key`
    /// gives the first one.
    ///
    /// # Errors
    /// `KeyReused`, the refusals of [`binding::bind`]; a [`Fault`] of the state.
    pub async fn create_and_bind(
        &self,
        person: &Person,
        id: &SessionId,
        app: &AppId,
        title: &str,
        key: Option<&str>,
    ) -> Result<Bound, Failure> {
        let arguments = [&*id.to_string(), app.as_str(), title];
        let once = Once::of(person, key, "createAndBindItem", &arguments);
        if let Some(answer) = self.first_answer(once.as_ref()).await? {
            return self.bound_first(person, id, &answer).await;
        }
        let new = ItemId::new(app.clone(), self.now(), self.random());
        let item = Item { id: new, title: title.to_owned() };
        let which = Which::New(&item);
        Box::pin(self.rebind(person, id, &which, binding::bind, once.as_ref())).await
    }

    /// What an act with the same key came to, as it is now.
    async fn bound_first(
        &self,
        person: &Person,
        id: &SessionId,
        answer: &str,
    ) -> Result<Bound, Failure> {
        let first = ItemId::parse(answer).ok_or_else(|| kept(answer))?;
        let found = self.items_by_id(&person.tenant, std::slice::from_ref(&first)).await?;
        let item = found.into_values().next().ok_or_else(|| kept(answer))?;
        Ok(Bound { acted: self.look(person, id).await?, item })
    }

    /// Reads, lets the rule decide, commits; and again from the start when another came between,
    /// because a failed guard does not say what the session is bound to by then.
    async fn rebind(
        &self,
        person: &Person,
        id: &SessionId,
        which: &Which<'_>,
        rule: Rule,
        once: Option<&Once>,
    ) -> Result<Bound, Failure> {
        for tried in 0..TRIES {
            let mut read = self.read(person, id, &Wanted::default()).await?;
            // After the head: whatever is newer than the head fails with its guard.
            let Surroundings { bound, item } =
                self.surroundings(&person.tenant, &read.session, which).await?;
            let now = self.now();
            let outcome = rule(&read.session, read.sight(), &read.who, &bound, item.as_ref(), now)?;
            let item = item.ok_or(Refusal::NotFound)?;
            let change = match outcome {
                Outcome::Unchanged => return Ok(Bound { acted: acted(read, None), item }),
                Outcome::Changed(change) => *change,
            };
            let mut rows = self.binding_rows(person, &read.session, &change, &bound, &item, now)?;
            if let Which::New(item) = which {
                let new = item::encode(&person.tenant, item, now);
                rows.push(put_new(&self.tables.core, Part::Other, new)?);
            }
            match self.commit_once(once, &item.id.to_string(), rows).await? {
                Finished::Done => {
                    read.session = change.session;
                    return Ok(Bound { acted: acted(read, None), item });
                }
                Finished::Repeated(answer) => return self.bound_first(person, id, &answer).await,
                Finished::Guarded(_) => self.pause(tried).await,
            }
        }
        Err(Fault::Conflict.into())
    }

    async fn surroundings(
        &self,
        tenant: &TenantId,
        session: &Session,
        which: &Which<'_>,
    ) -> Result<Surroundings, Fault> {
        let info = key::info(tenant, &session.id);
        let settings = key::settings(tenant, &session.live_chat);
        let known = match which {
            Which::Known(id) => Some(key::item(tenant, id)),
            Which::New(_) => None,
        };
        let keys = [info.clone(), settings.clone()].into_iter().chain(known.clone());
        let items = self.items(Table::Core, keys).await?;
        let bound = items.get(&info).map(decode_bindings).transpose()?.unwrap_or_default();
        let named = items.get(&settings).map(app::decode_named).unwrap_or_default();
        let item = match which {
            Which::Known(_) => {
                known.and_then(|key| items.get(&key)).map(item::decode).transpose()?
            }
            Which::New(item) => Some((*item).clone()),
        };
        let item = item.filter(|item| binding::is_here(&item.id, &named, &bound));
        Ok(Surroundings { bound, item })
    }

    /// The rows of a change of bindings: those of the session, what it is bound to from now on, and
    /// its row with the item.
    fn binding_rows(
        &self,
        person: &Person,
        before: &Session,
        change: &Change,
        bound: &[Binding],
        item: &Item,
        now: Timestamp,
    ) -> Result<Vec<Row>, Fault> {
        let (tenant, table) = (&person.tenant, self.tables.core.as_str());
        let mut rows = Writing { tenant, before: Some(before), change, shard: 0, table }.rows()?;
        let mut after = bound.to_vec();
        let with_item = match after.iter().position(|binding| binding.item == item.id) {
            Some(place) => {
                let old = after.remove(place);
                self.unbound(&key::bound(tenant, &item.id, old.at, &before.id))?
            }
            None => {
                after.push(Binding { item: item.id.clone(), at: now, by: person.id.clone() });
                let key = key::bound(tenant, &item.id, now, &before.id);
                put_new(table, Part::Other, Build::keyed(&key).done())?
            }
        };
        rows.push(self.set(&key::info(tenant, &before.id), "bd", &encode_bindings(&after))?);
        rows.push(with_item);
        Ok(rows)
    }

    fn unbound(&self, key: &Key) -> Result<Row, Fault> {
        let delete = Delete::builder()
            .table_name(&self.tables.core)
            .set_key(Some(key_item(key)))
            .build()
            .map_err(built)?;
        let write = TransactWriteItem::builder().delete(delete).build();
        Ok(Row { part: Part::Other, write })
    }
}
