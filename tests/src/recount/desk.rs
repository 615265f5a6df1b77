//! Queues and desks: rows and counts against the heads.

use super::{Place, Recount, assignee, number, same, text};
use crate::item::Item;
use std::collections::{BTreeMap, BTreeSet};

/// The most open sessions of one operator in one live chat.
const MOST_OPEN: i64 = 200;

/// Unread and open sessions of employees.
type Held = BTreeMap<(Place, String), (i64, i64)>;

impl Recount {
    pub(super) fn check_desks(&self, faults: &mut Vec<String>) {
        self.check_queues(faults);
        let held = self.held();
        let desks = self.desks.iter().flat_map(|(place, desks)| {
            desks.iter().map(move |(who, desk)| ((place.clone(), who.clone()), desk))
        });
        let mut known = BTreeSet::new();
        for (whose, desk) in desks {
            let (unread, open) = held.get(&whose).copied().unwrap_or_default();
            let open = open + self.elsewhere.get(&whose).copied().unwrap_or(0);
            let is = (number(desk, "u"), number(desk, "m"));
            same(faults, &format!("{whose:?}: unread and open"), is, (unread, open));
            if open > MOST_OPEN {
                faults.push(format!("{whose:?} holds {open}"));
            }
            known.insert(whose);
        }
        for whose in held.keys().filter(|whose| !known.contains(whose)) {
            faults.push(format!("{whose:?} holds sessions without a desk"));
        }
        self.check_members(faults);
    }

    /// Returns, for each employee in each live chat, the sessions with unread messages, and the
    /// open sessions.
    #[must_use]
    pub fn held(&self) -> Held {
        let mut held = Held::new();
        for (of, _, head) in self.all_heads() {
            if let Some(who) = assignee(head) {
                let place = (tenant(of), text(head, "l").to_owned());
                let (unread, open) = held.entry((place, who.to_owned())).or_default();
                *unread += i64::from(number(head, "i") > number(head, "r"));
                *open += 1;
            }
        }
        held
    }

    /// Returns the employees who have open sessions and are no longer operators. There are none
    /// once the worker is done.
    #[must_use]
    pub fn not_given_back(&self) -> Vec<(Place, String)> {
        let held = self.held();
        let is_operator = |(place, who): &(Place, String)| {
            let desk = self.desks.get(place).and_then(|desks| desks.get(who));
            desk.is_some_and(|desk| number(desk, "o") == 1)
        };
        held.into_keys().filter(|whose| !is_operator(whose)).collect()
    }

    /// Returns the queued sessions of each live chat.
    #[must_use]
    pub fn queued(&self) -> BTreeMap<Place, i64> {
        let mut queued = BTreeMap::new();
        for (of, _, head) in self.all_heads().filter(|(_, _, head)| text(head, "st") == "q") {
            *queued.entry((tenant(of), text(head, "l").to_owned())).or_default() += 1;
        }
        queued
    }

    fn check_queues(&self, faults: &mut Vec<String>) {
        let mut rows: BTreeMap<Place, BTreeSet<String>> = BTreeMap::new();
        for (of, ordinal, head) in self.all_heads().filter(|(_, _, h)| text(h, "st") == "q") {
            let conversation = of.split_once('#').map_or("", |(_, conversation)| conversation);
            let row = format!("{:013}#{conversation}.{ordinal}", number(head, "oa"));
            rows.entry((tenant(of), text(head, "l").to_owned())).or_default().insert(row);
        }
        let found = self.queue.iter().map(|(p, rows)| (p.clone(), rows.iter().cloned().collect()));
        same(faults, "rows of queues", found.collect(), rows);
        let counts: BTreeMap<&Place, i64> =
            self.counts.iter().filter(|(_, n)| **n != 0).map(|(place, n)| (place, *n)).collect();
        let queued = self.queued();
        same(faults, "counts of queues", counts, queued.iter().map(|(p, n)| (p, *n)).collect());
    }

    /// Checks that the list of members agrees with the members' desks.
    fn check_members(&self, faults: &mut Vec<String>) {
        let roles = |item: &Item| (number(item, "o"), number(item, "s"));
        let listed = |all: &BTreeMap<Place, BTreeMap<String, Item>>| {
            let mut listed = BTreeMap::new();
            for (place, people) in all {
                for (who, item) in people {
                    if roles(item) != (0, 0) {
                        listed.insert((place.clone(), who.clone()), roles(item));
                    }
                }
            }
            listed
        };
        same(faults, "members", listed(&self.members), listed(&self.desks));
    }
}

fn tenant(of: &str) -> String {
    of.split('#').next().unwrap_or_default().to_owned()
}
