//! After a run: the invariants of the state, and the answers and pushes against it.

use super::find;
use super::ledger::{Ledger, Outcome, Sent};
use super::outbound;
use super::world::{BUSY, ELSEWHERE, World};
use domain::session::ActKind;
use domain::{Actor, Refusal, Session, SessionId, TenantId};
use std::collections::{BTreeMap, BTreeSet};
use store::Fault;
use store::amendment::Amended;
use store::list::{Page, Window};
use tests::recount::{Recount, number, text};

/// Everything that does not hold, in words.
pub(super) async fn faults(world: &World) -> Vec<String> {
    let recount = recount(world);
    let mut faults = recount.faults();
    {
        let ledger = world.ledger.borrow();
        faults.extend(ledger.faults.iter().cloned());
        faults.extend(world.followers.borrow().faults.iter().cloned());
        check_sends(&ledger, &recount, &mut faults);
        check_writes(world, &ledger, &mut faults);
        check_steps(world, &ledger, &mut faults);
        check_answers(&ledger, &mut faults);
        check_marks(&ledger, &recount, &mut faults);
        check_edits(&ledger, &recount, &mut faults);
    }
    check_followers(world, &recount, &mut faults);
    outbound::check::add(world, &recount, &mut faults);
    let kept = recount.not_given_back().into_iter().filter(|(_, who)| who != BUSY);
    faults.extend(kept.map(|whose| format!("{whose:?} was removed and keeps sessions")));
    let read = [
        check_counters(world, &mut faults).await,
        check_lists(world, &recount, &mut faults).await,
        find::check(world, &recount, &mut faults).await,
    ];
    faults.extend(read.into_iter().filter_map(Result::err).map(|fault| fault.to_string()));
    faults
}

/// The recount of all items.
pub(super) fn recount(world: &World) -> Recount {
    let mut recount = Recount::of(world.simulation.database().items("core"));
    let company = &world.companies[0];
    let place = (company.tenant.to_string(), company.live_chats[0].id.to_string());
    recount.elsewhere.insert((place, BUSY.to_owned()), ELSEWHERE);
    recount
}

/// A client has seen at least what was acknowledged, and only what they said.
fn check_marks(ledger: &Ledger, recount: &Recount, faults: &mut Vec<String>) {
    for (of, marks) in &ledger.marks {
        let seen = recount.client_reads.get(of).map_or(0, |seen| seen.unsigned_abs());
        let may_be = |(up_to, outcome): &(u64, Outcome<()>)| {
            *up_to == seen && matches!(outcome, Outcome::Done(()) | Outcome::Unknown)
        };
        let is_lost = |(up_to, outcome): &(u64, Outcome<()>)| {
            *up_to > seen && matches!(outcome, Outcome::Done(()))
        };
        if marks.iter().any(is_lost) || (seen > 0 && !marks.iter().any(may_be)) {
            faults.push(format!("{of}: seen up to {seen}, and said {marks:?}"));
        }
    }
}

/// Every acknowledged edit is there once, and none that was refused.
fn check_edits(ledger: &Ledger, recount: &Recount, faults: &mut Vec<String>) {
    for ((tenant, conversation, new), tries) in &ledger.edits {
        let entries = recount.entries.get(&format!("{tenant}#{conversation}"));
        let entries = entries.into_iter().flat_map(BTreeMap::values);
        let there = entries.filter(|entry| text(entry, "ex") == new).count();
        let is = |what: fn(&Outcome<Amended>) -> bool| tries.iter().any(what);
        let is_told = is(|one| matches!(one, Outcome::Done(Amended::Done | Amended::Repeated)));
        let may_be = is_told || is(|one| matches!(one, Outcome::Unknown));
        if there > 1 || (is_told && there == 0) || (there == 1 && !may_be) {
            faults.push(format!("{new} is there {there} times: {tries:?}"));
        }
    }
}

/// Every acknowledged message is there once, with the number that was acknowledged; none is there
/// that was always refused.
fn check_sends(ledger: &Ledger, recount: &Recount, faults: &mut Vec<String>) {
    let mut entries = BTreeMap::new();
    for (of, dialog) in &recount.entries {
        let Some((tenant, conversation)) = of.split_once('#') else { continue };
        for entry in dialog.values().filter(|entry| !text(entry, "id").is_empty()) {
            let kind = text(entry, "a").chars().next().unwrap_or_default();
            let (sender, id) = (text(entry, "ai").to_owned(), text(entry, "id").to_owned());
            let name = (tenant.to_owned(), conversation.to_owned(), kind, sender, id);
            if !ledger.sends.contains_key(&name) {
                faults.push(format!("{name:?} was never sent"));
            }
            entries.insert(name, (number(entry, "s").unsigned_abs(), text(entry, "t").to_owned()));
        }
    }
    for (name, tries) in &ledger.sends {
        let entry = entries.get(name);
        for sent in tries {
            if let Some(fault) = sent.fault(entry) {
                faults.push(format!("{name:?}: {sent:?}, {fault}: {entry:?}"));
            }
        }
        let may_be = |sent: &Sent| {
            matches!(sent.outcome, Outcome::Done(_) | Outcome::Unknown)
                && entry.is_none_or(|(_, text)| sent.content.is_none() || *text == sent.text)
        };
        if entry.is_some() && !tries.iter().any(may_be) {
            faults.push(format!("{name:?} is there and was refused: {tries:?}"));
        }
    }
}

impl Sent {
    fn fault(&self, entry: Option<&(u64, String)>) -> Option<&'static str> {
        match (&self.outcome, entry) {
            (Outcome::Done(_), None) => Some("it is lost"),
            (Outcome::Done(seq), Some((at, _))) if seq != at => Some("it is elsewhere"),
            (Outcome::Done(_), Some((_, text))) if self.content.is_some() && *text != self.text => {
                Some("it is another")
            }
            (Outcome::Refused(Refusal::KeyReused), None) => Some("its id was not used"),
            _ => None,
        }
    }
}

/// Every write of a session by an employee was acknowledged to them, or they do not know; and
/// what was acknowledged was written, by them alone.
fn check_writes(world: &World, ledger: &Ledger, faults: &mut Vec<String>) {
    let followers = world.followers.borrow();
    let mut unexplained: BTreeMap<_, Vec<String>> = BTreeMap::new();
    let mut written = BTreeSet::new();
    for ((tenant, id), writes) in &followers.heads {
        for (version, (_, after)) in writes {
            let Actor::Employee(by) = &after.last.by else { continue };
            let key = (tenant.clone(), id.clone(), *version, by.clone());
            written.insert(key.clone());
            if ledger.written.contains(&key) {
                continue;
            }
            let what = format!("{id} version {version} {:?}", after.last.kind);
            unexplained.entry((tenant.clone(), by.clone())).or_default().push(what);
        }
    }
    for (whose, writes) in unexplained {
        let unknown = ledger.unknown.get(&whose).copied().unwrap_or(0);
        if writes.len() > unknown {
            faults
                .push(format!("{whose:?} wrote unknowingly, {unknown} times at most: {writes:?}"));
        }
    }
    for key in ledger.written.difference(&written) {
        faults.push(format!("{key:?} was acknowledged and never written"));
    }
}

/// Checks what each kind of act does to the read count and to the operator of a session.
fn check_steps(world: &World, ledger: &Ledger, faults: &mut Vec<String>) {
    let followers = world.followers.borrow();
    for ((tenant, id), writes) in &followers.heads {
        for (before, after) in writes.values() {
            if let Some(fault) = step_fault(before.as_ref(), after) {
                faults.push(format!("{tenant} {id}: {fault}: {before:?} became {after:?}"));
            }
        }
    }
    let is_known =
        |tenant: &TenantId, id: &SessionId| !ledger.blind.contains(&(tenant.clone(), id.clone()));
    for ((tenant, id, version), claims) in &ledger.closings {
        let Some((Some(before), _)) = followers.step(tenant, id, *version) else { continue };
        let incoming = |seq| followers.incoming(tenant, id, seq);
        let may_close =
            |seen: &Option<u64>| seen.is_none_or(|seq| incoming(seq) == before.incoming);
        if is_known(tenant, id) && !before.is_closed() && !claims.iter().any(may_close) {
            faults.push(format!("{id} was closed over a message after {claims:?}"));
        }
    }
    for ((tenant, id, version), claims) in &ledger.seen {
        let Some((Some(before), after)) = followers.step(tenant, id, *version) else { continue };
        let is_answer = after.client_seq > before.client_seq && after.incoming == before.incoming;
        let may_read = |seen: &Option<u64>| {
            seen.is_none_or(|seq| {
                after.read == before.read.max(followers.incoming(tenant, id, seq))
            })
        };
        if is_known(tenant, id) && is_answer && !claims.iter().any(may_read) {
            faults.push(format!("{id}: an answer read not what was seen, {claims:?}: {after:?}"));
        }
    }
}

fn step_fault(before: Option<&Session>, after: &Session) -> Option<&'static str> {
    let Some(before) = before else {
        return (after.last.kind != ActKind::Opened || after.read != 0).then_some("opened wrongly");
    };
    if before.is_closed() && before.state != after.state {
        return Some("closed is terminal");
    }
    // What a client does to their messages is an event of a closed session too.
    let is_amended = after.last.kind == ActKind::Message
        && matches!(after.last.by, Actor::Client { .. })
        && (after.seq, after.incoming) == (before.seq + 1, before.incoming);
    if before.is_closed() && before.seq != after.seq && !is_amended {
        return Some("closed is terminal");
    }
    let is_same = |fault| (before.read != after.read).then_some(fault);
    match after.last.kind {
        ActKind::Opened => Some("opened twice"),
        ActKind::Unknown => Some("of no known kind"),
        ActKind::Claimed if !before.is_queued() => Some("claimed from somebody"),
        ActKind::Assigned => is_same("an assignment reads"),
        ActKind::Renamed | ActKind::Bound => is_same("a name reads"),
        ActKind::Returned => (after.read != 0 || !after.is_queued()).then_some("returned wrongly"),
        ActKind::Closed => (after.read != after.incoming).then_some("closed wrongly"),
        ActKind::Message if after.incoming > before.incoming => is_same("a client reads"),
        ActKind::Message | ActKind::Read | ActKind::Claimed => None,
    }
}

/// One key has one answer.
fn check_answers(ledger: &Ledger, faults: &mut Vec<String>) {
    for (key, answers) in &ledger.answers {
        if answers.windows(2).any(|two| two[0] != two[1]) {
            faults.push(format!("{key:?} was answered with {answers:?}"));
        }
    }
}

/// Checks that the subscribers got every entry of each dialog, and the last version of each
/// session.
fn check_followers(world: &World, recount: &Recount, faults: &mut Vec<String>) {
    let followers = world.followers.borrow();
    let has = |tenant: &TenantId, conversation: &dyn std::fmt::Display| {
        let entries = recount.entries.get(&format!("{tenant}#{conversation}"));
        entries.map_or(0, BTreeMap::len)
    };
    for ((tenant, conversation), dialog) in &followers.dialogs {
        let numbers: Vec<u64> = dialog.keys().copied().collect();
        let must: Vec<u64> = (1..=has(tenant, conversation) as u64).collect();
        if numbers != must {
            faults.push(format!("{tenant} {conversation}: heard {numbers:?} of {must:?}"));
        }
    }
    let heard: usize = followers.dialogs.values().map(BTreeMap::len).sum();
    let there: usize = recount.entries.values().map(BTreeMap::len).sum();
    if heard != there {
        faults.push(format!("{heard} entries of {there} were heard"));
    }
    let last = followers.heads.iter().map(|((tenant, id), writes)| {
        let name = (format!("{tenant}#{}", id.conversation), u64::from(id.ordinal));
        (name, writes.keys().next_back().copied().unwrap_or(0).cast_signed())
    });
    let there = recount.all_heads().map(|(of, n, head)| ((of.clone(), n), number(head, "w")));
    let (last, there): (BTreeMap<_, _>, BTreeMap<_, _>) = (last.collect(), there.collect());
    if last != there {
        faults.push(format!("the last versions heard are {last:?}, there are {there:?}"));
    }
}

/// Checks that the last counters that each person got are those of now.
async fn check_counters(world: &World, faults: &mut Vec<String>) -> Result<(), Fault> {
    let store = world.calm_store();
    for company in &world.companies {
        for person in &company.people {
            let desk = store.of(&company.tenant).desk(&person.id).await?;
            let now = store.of(&company.tenant).counters(&desk).await?;
            let key = (company.tenant.clone(), person.id.clone());
            let told = world.followers.borrow().counters.get(&key).cloned();
            if told.as_ref() != Some(&now) {
                faults.push(format!("{key:?} was told {told:?}, it is {now:?}"));
            }
        }
    }
    Ok(())
}

/// The lists have the sessions that are there, once the indexes have caught up.
async fn check_lists(
    world: &World,
    recount: &Recount,
    faults: &mut Vec<String>,
) -> Result<(), Fault> {
    let store = world.calm_store();
    let window = Window { first: 100, after: None };
    for company in &world.companies {
        let tenant = &company.tenant;
        for chat in &company.live_chats {
            let chat = &chat.id;
            let heads = |state: &str, who: &str| -> BTreeSet<String> {
                let there = recount.all_heads().filter(|(of, _, head)| {
                    of.split('#').next() == Some(tenant.as_str())
                        && text(head, "l") == chat.as_str()
                        && state.contains(text(head, "st"))
                        && (who.is_empty() || text(head, "who") == who)
                });
                let id = |of: &str, n| format!("{}.{n}", of.split_once('#').map_or("", |s| s.1));
                there.map(|(of, n, _)| id(of, n)).collect()
            };
            let mut compare = |what: &str, page: BTreeSet<String>, must: BTreeSet<String>| {
                if page != must {
                    faults.push(format!("{what} of {tenant} {chat}: {page:?}, there: {must:?}"));
                }
            };
            let queued = store.of(tenant).queued(chat, window).await?;
            compare("QUEUE", ids(queued), heads("q", ""));
            let active = store.of(tenant).active(chat, window).await?;
            compare("ACTIVE", ids(active), heads("qa", ""));
            let closed = store.of(tenant).closed(chat, None, window).await?;
            compare("CLOSED", ids(closed), heads("c", ""));
            for person in &company.people {
                let who = &person.id;
                let must = heads("a", who.as_str());
                let open = u32::try_from(must.len()).unwrap();
                let mine = store.of(tenant).mine(chat, who, open).await?;
                let mine = mine.into_iter().map(|(_, session)| session.id.to_string()).collect();
                compare("MY", mine, must);
                let closed = store.of(tenant).closed(chat, Some(who), window).await?;
                compare("my CLOSED", ids(closed), heads("c", who.as_str()));
            }
        }
    }
    Ok(())
}

fn ids(page: Page) -> BTreeSet<String> {
    page.sessions.into_iter().map(|(_, session)| session.id.to_string()).collect()
}
