//! Changes of a channel: its name, whether it is enabled, and the other end.

use domain::{ChannelId, LiveChatId, Refusal};

use super::problem;
use crate::live_chat::{FarEnd, Route};
use crate::table::{Committed, Expression, Part, Row, Table, key};
use crate::{Failure, Fault, TenantStore};

/// A change of a channel. What is none stays.
#[derive(Clone, Copy, Default)]
pub struct ChannelChange<'a> {
    /// The new name.
    pub name: Option<&'a str>,
    /// True enables the channel, which also removes its problem; false disables it.
    pub is_enabled: Option<bool>,
    /// The new other end.
    pub reconnected: Option<Reconnected<'a>>,
}

/// A new other end of a channel, which was told the channel's present secret.
#[derive(Clone, Copy)]
pub struct Reconnected<'a> {
    /// The route as it was read before the other end was told.
    pub before: &'a Route,
    /// The address that clients write to, as they know it.
    pub address: Option<&'a str>,
    /// The other end.
    pub far_end: &'a FarEnd,
}

/// What becomes of an attribute.
enum Set<'a> {
    Text(&'a str),
    One,
    Removed,
}

impl TenantStore<'_> {
    /// Changes a channel. A new other end removes its problem.
    ///
    /// # Errors
    /// `NotFound`; [`Fault::Conflict`] if the secret or the other end has changed since the route
    /// was read, so that the new other end must be told again; another [`Fault`] of the state.
    pub async fn update_channel(
        self,
        live_chat: &LiveChatId,
        channel: &ChannelId,
        change: ChannelChange<'_>,
    ) -> Result<(), Failure> {
        let ChannelChange { name, is_enabled, reconnected } = change;
        let mut sets: Vec<(&str, Set<'_>)> =
            name.map(|name| ("nm", Set::Text(name))).into_iter().collect();
        sets.extend(is_enabled.map(|is| ("ds", if is { Set::Removed } else { Set::One })));
        if let Some(Reconnected { address, far_end, .. }) = reconnected {
            sets.push(("ad", text(address)));
            sets.push(("wo", if far_end.is_known() { Set::One } else { Set::Removed }));
        }
        if is_enabled == Some(true) || reconnected.is_some() {
            sets.extend(problem::ATTRIBUTES.map(|name| (name, Set::Removed)));
        }
        if sets.is_empty() {
            return Ok(());
        }
        let update = update(sets).when("attribute_exists(pk)");
        let key = key::channel(self.tenant, live_chat, channel);
        let mut rows = vec![Row::update(Table::Core, Part::Other, &key, update)];
        if let Some(Reconnected { before, far_end, .. }) = reconnected {
            let update = guarded(connected(far_end), before);
            rows.push(Row::update(Table::Core, Part::Other, &key::route(channel), update));
        }
        match self.commit(|| rows.clone()).await? {
            Committed::Done => Ok(()),
            Committed::Guarded(failed) if failed.iter().any(|(_, item)| item.is_none()) => {
                Err(Refusal::NotFound.into())
            }
            Committed::Guarded(_) => Err(Fault::Conflict.into()),
        }
    }
}

fn text(value: Option<&str>) -> Set<'_> {
    value.map_or(Set::Removed, Set::Text)
}

/// Returns the change of a route that has a new other end, which knows the secret.
fn connected(far_end: &FarEnd) -> Expression {
    let FarEnd { reply_url, vendor_id, sealed } = far_end;
    update(vec![
        ("ru", text(reply_url.as_deref())),
        ("vi", text(vendor_id.as_deref())),
        ("sc", text(sealed.as_deref())),
        ("kp", Set::Removed),
    ])
}

/// Adds the guard that a route's secret and other end are still as they were read.
pub(super) fn guarded(mut update: Expression, before: &Route) -> Expression {
    let FarEnd { reply_url, vendor_id, sealed } = &before.far_end;
    let secret = before.secrets.first();
    let mut guard = String::from("attribute_exists(pk)");
    for (name, value) in [
        ("k", secret),
        ("ru", reply_url.as_ref()),
        ("vi", vendor_id.as_ref()),
        ("sc", sealed.as_ref()),
    ] {
        match value {
            Some(value) => {
                guard.push_str(&format!(" AND #{name} = :was_{name}"));
                update = update.text(&format!(":was_{name}"), value);
            }
            None => guard.push_str(&format!(" AND attribute_not_exists(#{name})")),
        }
    }
    update.when(guard)
}

/// Returns the change that sets and removes these attributes.
fn update(sets: Vec<(&str, Set<'_>)>) -> Expression {
    let is_removed = |set: &Set<'_>| matches!(set, Set::Removed);
    let (removed, set): (Vec<_>, Vec<_>) = sets.into_iter().partition(|(_, set)| is_removed(set));
    let each: Vec<_> = set.iter().map(|(name, _)| format!("#{name} = :{name}")).collect();
    let none: Vec<_> = removed.iter().map(|(name, _)| format!("#{name}")).collect();
    let clauses = [("SET", each), ("REMOVE", none)];
    let clauses = clauses.iter().filter(|(_, names)| !names.is_empty());
    let clauses: Vec<_> =
        clauses.map(|(clause, names)| format!("{clause} {}", names.join(", "))).collect();
    let mut update = Expression::update(clauses.join(" "));
    for (name, set) in set {
        let name = format!(":{name}");
        update = match set {
            Set::Text(value) => update.text(&name, value),
            Set::One => update.number(&name, 1),
            Set::Removed => update,
        };
    }
    update
}
