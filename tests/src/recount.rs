//! Counts again, from all items of the table, what the state says of itself.
//!
//! Reads the items as they stand, by the names of their attributes: nothing of the code that
//! wrote them is trusted but the words of the keys.

mod binding;
mod desk;
mod dialog;

use crate::item::Item;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A live chat of a tenant.
pub type Place = (String, String);

/// All items in the table that a session touches, sorted by kind.
#[derive(Debug, Default)]
pub struct Recount {
    /// Heads by conversation (`tenant#conversation`) and ordinal.
    pub heads: BTreeMap<String, BTreeMap<u64, Item>>,
    /// Entries by conversation and number.
    pub entries: BTreeMap<String, BTreeMap<u64, Item>>,
    receipts: BTreeMap<String, BTreeMap<String, Item>>,
    infos: BTreeMap<String, BTreeMap<u64, Item>>,
    /// Files by conversation and id.
    files: BTreeMap<String, BTreeMap<String, Item>>,
    /// Items of apps (`tenant`, `app.serial`).
    records: BTreeSet<Place>,
    /// Sessions by the item that they are bound to: the time of binding and the session.
    bound: BTreeSet<(Place, String)>,
    positions: BTreeMap<String, BTreeMap<String, Item>>,
    /// The last message that the client has seen, by conversation.
    pub client_reads: BTreeMap<String, i64>,
    queue: BTreeMap<Place, Vec<String>>,
    counts: BTreeMap<Place, i64>,
    desks: BTreeMap<Place, BTreeMap<String, Item>>,
    members: BTreeMap<Place, BTreeMap<String, Item>>,
    /// Open sessions that a desk counts beside those in the table, so that a test can reach their
    /// limit: by live chat and employee.
    pub elsewhere: BTreeMap<(Place, String), i64>,
    faults: Vec<String>,
}

impl Recount {
    /// Sorts the items of the table.
    #[must_use]
    pub fn of(items: Vec<Item>) -> Self {
        let mut recount = Self::default();
        for item in items {
            let (pk, sk) = (text(&item, "pk").to_owned(), text(&item, "sk").to_owned());
            if recount.sort(&pk, &sk, item).is_none() {
                recount.faults.push(format!("{pk} / {sk} is nothing known"));
            }
        }
        recount
    }

    fn sort(&mut self, pk: &str, sk: &str, item: Item) -> Option<()> {
        let (entity, rest) = pk.split_once('#')?;
        let place = || {
            let (tenant, rest) = rest.split_once('#')?;
            Some((tenant.to_owned(), rest.split('#').next()?.to_owned()))
        };
        let (kind, name) = sk.split_once('#').unwrap_or((sk, ""));
        match (entity, kind) {
            ("V", "H") => drop(within(&mut self.heads, rest).insert(name.parse().ok()?, item)),
            ("V", "M") => drop(within(&mut self.entries, rest).insert(name.parse().ok()?, item)),
            ("V", "X") => drop(within(&mut self.receipts, rest).insert(sk.to_owned(), item)),
            ("V", "I") => drop(within(&mut self.infos, rest).insert(name.parse().ok()?, item)),
            ("V", "F") => drop(within(&mut self.files, rest).insert(name.to_owned(), item)),
            ("V", "C") => drop(self.client_reads.insert(rest.to_owned(), number(&item, "s"))),
            ("V", "R") => drop(within(&mut self.positions, rest).insert(name.to_owned(), item)),
            ("Q", _) => self.queue.entry(place()?).or_default().push(sk.to_owned()),
            ("N", "N") => *self.counts.entry(place()?).or_default() += number(&item, "n"),
            ("U", "L") => {
                let (tenant, who) = rest.split_once('#')?;
                let desks = self.desks.entry((tenant.to_owned(), name.to_owned())).or_default();
                desks.insert(who.to_owned(), item);
            }
            ("L", "O") => {
                self.members.entry(place()?).or_default().insert(name.to_owned(), item);
            }
            ("A", _) => {
                let (tenant, app) = rest.split_once('#')?;
                self.records.insert((tenant.to_owned(), format!("{app}.{sk}")));
            }
            ("B", _) => {
                let (tenant, item) = rest.split_once('#')?;
                self.bound.insert(((tenant.to_owned(), item.to_owned()), sk.to_owned()));
            }
            // How far answers have come, and which are due.
            ("V", "D") | ("O", _) => {}
            ("U", "E") | ("Y", _) | ("L", "A" | "C" | "T") | ("K" | "T" | "W", _) => {}
            _ => return None,
        }
        Some(())
    }

    /// Returns the invariants that do not hold, in words; empty when all do.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = self.faults.clone();
        self.check_dialogs(&mut faults);
        self.check_desks(&mut faults);
        self.check_bindings(&mut faults);
        faults
    }

    /// Returns every head with its conversation and ordinal.
    pub fn all_heads(&self) -> impl Iterator<Item = (&String, u64, &Item)> {
        self.heads
            .iter()
            .flat_map(|(of, heads)| heads.iter().map(move |(ordinal, head)| (of, *ordinal, head)))
    }
}

fn within<'a, K: Ord, V>(
    map: &'a mut BTreeMap<String, BTreeMap<K, V>>,
    of: &str,
) -> &'a mut BTreeMap<K, V> {
    map.entry(of.to_owned()).or_default()
}

/// Returns a text attribute; empty when it is missing.
#[must_use]
pub fn text<'a>(item: &'a Item, name: &str) -> &'a str {
    item.get(name).and_then(|value| value.get("S")).and_then(Value::as_str).unwrap_or_default()
}

/// Returns a number attribute; 0 when it is missing.
#[must_use]
pub fn number(item: &Item, name: &str) -> i64 {
    let digits = item.get(name).and_then(|value| value.get("N")).and_then(Value::as_str);
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// Returns the operator who has the session of a head now.
#[must_use]
pub fn assignee(head: &Item) -> Option<&str> {
    (text(head, "st") == "a").then(|| text(head, "who"))
}

/// Notes a fault when two things that must be equal are not.
fn same<T: PartialEq + std::fmt::Debug>(faults: &mut Vec<String>, what: &str, is: T, must: T) {
    if is != must {
        faults.push(format!("{what}: is {is:?}, must be {must:?}"));
    }
}
