//! After a run: what administrators created against the answers that they got, and the tallies of
//! it counted again.

use super::company::Company;
use super::ledger::Outcome;
use super::setup::{Kind, Named, Tried, Wish, is_of_key};
use super::world::World;
use domain::AppId;
use std::collections::{BTreeMap, BTreeSet};
use tests::item::Item;
use tests::recount::{number, text};

/// Returns what does not hold, in words.
pub(super) fn faults(world: &World) -> Vec<String> {
    let items = world.simulation.database().items("core");
    let mut faults = Vec::new();
    for company in &world.companies {
        let there = There::of(&items, company.tenant.as_str());
        there.check_tallies(&mut faults);
        there.check_ways(&mut faults);
        check_keys(company, &there, &mut faults);
        check_templates(company, &there, &mut faults);
        check_apps(company, &there, &mut faults);
    }
    faults
}

/// The items of a tenant.
struct There<'a> {
    tenant: &'a str,
    /// By partition and sort key.
    items: BTreeMap<(&'a str, &'a str), &'a Item>,
}

impl<'a> There<'a> {
    fn of(items: &'a [Item], tenant: &'a str) -> Self {
        let is_theirs = |pk: &str| {
            let of = pk.split('#').nth(1);
            of == Some(tenant) || pk.starts_with("W#")
        };
        let keyed = items.iter().map(|item| ((text(item, "pk"), text(item, "sk")), item));
        Self { tenant, items: keyed.filter(|((pk, _), _)| is_theirs(pk)).collect() }
    }

    /// The items of a partition whose sort keys begin so.
    fn rows(&self, pk: &str, begin: &str) -> Vec<(&'a str, &'a Item)> {
        let of = self.items.iter().filter(|((of, sk), _)| *of == pk && sk.starts_with(begin));
        of.map(|((_, sk), item)| (*sk, *item)).collect()
    }

    fn count(&self, pk: &str, name: &str) -> i64 {
        self.items.get(&(pk, "A")).map_or(0, |item| number(item, name))
    }

    fn check_tallies(&self, faults: &mut Vec<String>) {
        let lists = format!("T#{}", self.tenant);
        let mut same = |what: &str, is: i64, must: usize| {
            if usize::try_from(is) != Ok(must) {
                faults.push(format!("{} {what}: counted {is}, there are {must}", self.tenant));
            }
        };
        same("apps", self.count(&lists, "ac"), self.rows(&lists, "A#").len());
        let live_chats = self.rows(&lists, "L#");
        same("live chats", self.count(&lists, "lc"), live_chats.len());
        let settings = self.items.keys().filter(|(pk, sk)| pk.starts_with("L#") && *sk == "A");
        same("live chats in work", settings.count() as i64, live_chats.len());
        for (pk, must) in self.memberships() {
            let is = self.items.get(&(pk, "E")).map_or(0, |item| number(item, "mb"));
            same(&format!("{pk} live chats"), is, must);
        }
        for (sk, _) in live_chats {
            let pk = format!("L#{}#{}", self.tenant, sk.trim_start_matches("L#"));
            let templates = self.rows(&pk, "T#");
            let bytes = |(_, item): &(_, &Item)| text(item, "ti").len() + text(item, "tx").len();
            for (what, name, must) in [
                ("channels", "cc", self.rows(&pk, "C#").len()),
                ("members", "mc", self.rows(&pk, "O#").len()),
                ("templates", "tc", templates.len()),
                ("bytes of templates", "tb", templates.iter().map(bytes).sum()),
            ] {
                same(&format!("{pk} {what}"), self.count(&pk, name), must);
            }
        }
    }

    /// In how many live chats each employee has a role. Who lost all of them keeps their desks.
    fn memberships(&self) -> BTreeMap<&'a str, usize> {
        let mut memberships = BTreeMap::new();
        for ((pk, sk), item) in &self.items {
            if pk.starts_with("U#") && sk.starts_with("L#") {
                let is_member = number(item, "o") + number(item, "s") > 0;
                *memberships.entry(*pk).or_default() += usize::from(is_member);
            }
        }
        memberships
    }

    /// To each channel there is a way, and none leads to one that is not there.
    fn check_ways(&self, faults: &mut Vec<String>) {
        let is_channel = |(pk, sk): &(&str, &str)| pk.starts_with("L#") && sk.starts_with("C#");
        let channels = self.items.keys().filter(|key| is_channel(key));
        let channels: BTreeSet<&str> =
            channels.map(|(_, sk)| sk.trim_start_matches("C#")).collect();
        let ways = self
            .items
            .iter()
            .filter(|((pk, _), item)| pk.starts_with("W#") && text(item, "t") == self.tenant);
        let ways: BTreeSet<&str> = ways.map(|((pk, _), _)| pk.trim_start_matches("W#")).collect();
        if ways != channels {
            faults.push(format!("{}: ways {ways:?}, channels {channels:?}", self.tenant));
        }
    }

    /// The ids of what was created as a wish says: its name is its own.
    fn made(&self, wish: &Wish) -> Vec<String> {
        let lists = format!("T#{}", self.tenant);
        let place = format!("L#{}#{}", self.tenant, wish.live_chat);
        let (pk, begin, name) = match wish.kind {
            Kind::LiveChat => (&lists, "L#", "nm"),
            Kind::App => (&lists, "A#", "nm"),
            Kind::Channel => (&place, "C#", "nm"),
            Kind::Template => (&place, "T#", "ti"),
        };
        let rows = self.rows(pk, begin).into_iter();
        rows.filter(|(_, item)| text(item, name) == wish.name)
            .map(|(sk, _)| sk.trim_start_matches(begin).to_owned())
            .collect()
    }

    /// The secret of a channel.
    fn secret(&self, channel: &str) -> &'a str {
        let route = format!("W#{channel}");
        self.items.get(&(route.as_str(), "W")).map_or("", |item| text(item, "k"))
    }
}

/// Checks that under one key one thing was created at most, that every answer names it, and that it
/// is there.
fn check_keys(company: &Company, there: &There<'_>, faults: &mut Vec<String>) {
    let wishes = company.wishes.borrow();
    for (key, tries) in &wishes.by_key {
        let answers: BTreeSet<(&Wish, &String)> = tries
            .iter()
            .filter_map(|(wish, outcome)| match outcome {
                Outcome::Done(answer) => Some((wish, answer)),
                _ => None,
            })
            .collect();
        if answers.len() > 1 {
            faults.push(format!("{key} was answered with {answers:?}"));
        }
        let made: BTreeSet<(&Wish, String)> =
            tries.iter().flat_map(|(wish, _)| each(wish, there)).collect();
        if made.len() > 1 {
            faults.push(format!("under {key} there are {made:?}"));
        }
        for (wish, answer) in &answers {
            let (id, secret) = answer.split_once(' ').unwrap_or((answer, ""));
            let is_there = made.contains(&(*wish, id.to_owned()));
            let may_be_gone = wish.kind == Kind::Template && wishes.deleted.contains_key(id);
            if !is_there && !may_be_gone {
                faults.push(format!("{wish:?} under {key} is not there: {answer}"));
            }
            if wish.kind == Kind::Channel && there.secret(id) != secret {
                faults.push(format!("{wish:?} under {key} has another secret"));
            }
        }
        faults.extend(refusal(key, tries));
    }
}

fn each<'a>(wish: &'a Wish, there: &There<'_>) -> Vec<(&'a Wish, String)> {
    there.made(wish).into_iter().map(|id| (wish, id)).collect()
}

/// A creation is refused only because its key was used for something else.
fn refusal(key: &str, tries: &[Tried]) -> Option<String> {
    let refused = tries.iter().find(|(wish, outcome)| {
        let is_refused = matches!(outcome, Outcome::Refused(_));
        let is_other = tries.iter().any(|(other, outcome)| {
            other != wish && matches!(outcome, Outcome::Done(_) | Outcome::Unknown)
        });
        is_refused && !(is_of_key(outcome) && is_other)
    });
    refused.map(|refused| format!("{key}: {refused:?} of {tries:?}"))
}

/// Checks that a deleted template is gone, and that one that is gone was deleted or may have been.
fn check_templates(company: &Company, there: &There<'_>, faults: &mut Vec<String>) {
    let wishes = company.wishes.borrow();
    let live_chats =
        company.live_chats.iter().map(|chat| format!("L#{}#{}", there.tenant, chat.id));
    let left: BTreeSet<&str> =
        live_chats.flat_map(|pk| there.rows(&pk, "T#")).map(|(sk, _)| &sk[2..]).collect();
    for (id, outcomes) in &wishes.deleted {
        let may_have =
            |outcome: &Outcome<()>| matches!(outcome, Outcome::Done(()) | Outcome::Unknown);
        let was_told = outcomes.iter().any(|outcome| matches!(outcome, Outcome::Done(())));
        let is_left = left.contains(id.as_str());
        if is_left && was_told {
            faults.push(format!("the template {id} was deleted and is there"));
        }
        if !is_left && !outcomes.iter().any(may_have) {
            faults.push(format!("the template {id} is gone after {outcomes:?}"));
        }
    }
}

/// Checks that a live chat names the apps that one of the requests gave it, and no app that does
/// not exist.
fn check_apps(company: &Company, there: &There<'_>, faults: &mut Vec<String>) {
    let lists = format!("T#{}", there.tenant);
    for (live_chat, named) in &company.wishes.borrow().named {
        let pk = format!("L#{}#{live_chat}", there.tenant);
        let is = there.items.get(&(pk.as_str(), "A")).map_or("", |item| text(item, "ap"));
        let is: Vec<&str> = is.split_whitespace().collect();
        let may_be = |(apps, outcome): &Named| {
            apps.iter().map(AppId::as_str).eq(is.iter().copied())
                && matches!(outcome, Outcome::Done(()) | Outcome::Unknown)
        };
        let is_first = company.app.get().is_some_and(|app| is == [app.as_str()]);
        let was_told = named.iter().any(|(_, outcome)| matches!(outcome, Outcome::Done(())));
        let may_stay = is_first && !was_told;
        if !may_stay && !named.iter().any(may_be) {
            faults.push(format!("{live_chat} names {is:?}, of {named:?}"));
        }
        if named.iter().any(|(_, outcome)| matches!(outcome, Outcome::Refused(_))) {
            faults.push(format!("{live_chat} may not name apps that are there: {named:?}"));
        }
        for app in is {
            if !there.items.contains_key(&(lists.as_str(), format!("A#{app}").as_str())) {
                faults.push(format!("{live_chat} names {app}, which is not there"));
            }
        }
    }
}
