//! After a run: what everybody finds by typing, against every name and title there is.

use super::company::Company;
use super::world::World;
use domain::Desk;
use domain::search::Query;
use std::collections::BTreeSet;
use store::list::Window;
use store::{Fault, Store};
use tests::recount::{Recount, number, text};

/// The queries: pieces of the names of clients, of those that employees gave, and of titles.
const QUERIES: [&str; 4] = ["a", "do ra", "n 1", "rd 1"];
/// The number of results on a page: so small that there are several pages.
const FIRST: usize = 3;

/// The faults after which rows are not compared: with an answer lost or an actor dead, a write may
/// come so late that it leaves a row of an earlier state.
const LATE: [&str; 3] = ["lost", "died before", "died after"];

pub(super) async fn check(
    world: &World,
    recount: &Recount,
    faults: &mut Vec<String>,
) -> Result<(), Fault> {
    let trace = world.simulation.trace();
    if LATE.iter().all(|word| trace.count(word) == 0) {
        check_rows(world, recount, faults);
    }
    let store = world.calm_store();
    for company in &world.companies {
        for person in &company.people {
            let desk = store.of(&company.tenant).desk(&person.id).await?;
            for query in QUERIES {
                let found = sessions(&store, company, &desk, query).await?;
                let must = must_find(recount, company, &desk, query);
                if found != must {
                    let (tenant, who) = (&company.tenant, &person.id);
                    faults.push(format!("{tenant} {who} finds {query}: {found:?}, not {must:?}"));
                }
            }
        }
        for query in QUERIES {
            let found = items(&store, company, query).await?;
            let must = must_find_items(world, company, query);
            if found != must {
                faults
                    .push(format!("items of {}, {query}: {found:?}, not {must:?}", company.tenant));
            }
        }
    }
    Ok(())
}

async fn sessions(
    store: &Store,
    company: &Company,
    desk: &Desk,
    query: &str,
) -> Result<Vec<String>, Fault> {
    let query = Query::parse(query).unwrap();
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let window = Window { first: FIRST, after: after.as_deref() };
        let page = store.of(&company.tenant).search_sessions(desk, &query, window).await?;
        found.extend(page.sessions.into_iter().map(|(_, session)| session.id.to_string()));
        after = page.end.filter(|_| page.has_next);
        if after.is_none() {
            return Ok(found);
        }
    }
}

async fn items(store: &Store, company: &Company, query: &str) -> Result<Vec<String>, Fault> {
    let query = Query::parse(query).unwrap();
    let app = company.app.get().unwrap();
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let window = Window { first: FIRST, after: after.as_deref() };
        let page = store.of(&company.tenant).search_items(app, &query, window).await?;
        found.extend(page.items.into_iter().map(|(_, item)| item.id.serial().to_owned()));
        after = page.end.filter(|_| page.has_next);
        if after.is_none() {
            return Ok(found);
        }
    }
}

fn has_all(name: &str, query: &str) -> bool {
    let name = name.to_lowercase();
    query.split(' ').all(|word| name.split(' ').any(|part| part.contains(word)))
}

/// The sessions that somebody sees and whose names have all words, last opened first.
fn must_find(recount: &Recount, company: &Company, desk: &Desk, query: &str) -> Vec<String> {
    let (tenant, who) = (company.tenant.as_str(), desk.employee.id.as_str());
    let sees = |head: &tests::item::Item| {
        let of = |m: &&domain::counter::Membership| m.live_chat.as_str() == text(head, "l");
        let Some(membership) = desk.memberships.iter().find(of) else { return false };
        let is_theirs = text(head, "st") == "q" || text(head, "who") == who;
        membership.roles.supervisor || (membership.roles.operator && is_theirs)
    };
    let mut found: Vec<(i64, String)> = recount
        .all_heads()
        .filter(|(of, _, head)| {
            of.split('#').next() == Some(tenant) && sees(head) && has_all(text(head, "nm"), query)
        })
        .map(|(of, n, head)| {
            let conversation = of.split_once('#').map_or("", |of| of.1);
            (number(head, "oa"), format!("{conversation}.{n}"))
        })
        .collect();
    found.sort_by(|one, other| other.cmp(one));
    found.into_iter().map(|(_, id)| id).collect()
}

/// The serials of the items whose titles have all words, newest first.
fn must_find_items(world: &World, company: &Company, query: &str) -> Vec<String> {
    let partition = format!("A#{}#{}", company.tenant, company.app.get().unwrap());
    let items = world.simulation.database().items("core");
    let mut found: Vec<String> = items
        .iter()
        .filter(|item| text(item, "pk") == partition && has_all(text(item, "ti"), query))
        .map(|item| text(item, "sk").to_owned())
        .collect();
    found.sort_by(|one, other| other.cmp(one));
    found
}

/// There is a row of each piece of each name where it is looked for, and no other.
fn check_rows(world: &World, recount: &Recount, faults: &mut Vec<String>) {
    let mut must = BTreeSet::new();
    for (of, n, head) in recount.all_heads() {
        let Some((tenant, conversation)) = of.split_once('#') else { continue };
        let place = format!("{:013}#{conversation}.{n}", number(head, "oa"));
        let mut scopes = vec!["t".to_owned(), format!("l#{}", text(head, "l"))];
        match (text(head, "st"), text(head, "who")) {
            ("q", _) => scopes.push("q".to_owned()),
            (_, "") => {}
            (_, who) => scopes.push(format!("o#{who}")),
        }
        for scope in scopes {
            // A queue and the sessions of an operator have no rows of three letters.
            let longest = if scope.starts_with(['t', 'l']) { 3 } else { 2 };
            let pieces = pieces(text(head, "nm"), longest).into_iter();
            must.extend(pieces.map(|gram| (format!("S#{tenant}#{scope}#{gram}"), place.clone())));
        }
    }
    let items = world.simulation.database().items("core");
    for item in items.iter().filter(|item| text(item, "pk").starts_with("A#")) {
        let partition = text(item, "pk").replacen("A#", "", 1).replacen('#', "#a#", 1);
        let pieces = pieces(text(item, "ti"), 3).into_iter();
        let place = text(item, "sk");
        must.extend(pieces.map(|gram| (format!("S#{partition}#{gram}"), place.to_owned())));
    }
    let rows = world.simulation.database().items("search");
    let there: BTreeSet<(String, String)> =
        rows.iter().map(|row| (text(row, "pk").to_owned(), text(row, "sk").to_owned())).collect();
    let (missing, left): (Vec<_>, Vec<_>) =
        (must.difference(&there).collect(), there.difference(&must).collect());
    if !missing.is_empty() || !left.is_empty() {
        faults.push(format!("rows of the search are missing: {missing:?}, and left: {left:?}"));
    }
}

/// The pieces of two letters to so many of each word, and the empty one of a name that has a word.
fn pieces(name: &str, longest: usize) -> BTreeSet<String> {
    let name = name.to_lowercase();
    let words = name.split(' ').filter(|word| !word.is_empty());
    let of = |word: &str| {
        let letters: Vec<char> = word.chars().collect();
        let all = (2..=longest).flat_map(|length| letters.windows(length));
        all.map(|piece| piece.iter().collect()).chain([String::new()]).collect::<Vec<String>>()
    };
    words.flat_map(of).collect()
}
