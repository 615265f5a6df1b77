//! After a run: every answer arrived or failed, in order, once as far as anybody could know, and who
//! follows a dialog was told.

use super::super::world::World;
use super::due;
use super::vendor::{About, Called};
use domain::delivery::State;
use domain::{ConversationId, TenantId};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use tests::item::Item;
use tests::recount::{Recount, number, text};

/// Adds everything about answers that does not hold, in words.
pub(in super::super) fn add(world: &World, recount: &Recount, faults: &mut Vec<String>) {
    faults.extend(due(world).iter().map(|row| format!("{row:?} is due for ever")));
    let (calls, broken) = world.outside.vendor.calls();
    let rows = rows(world);
    let mut answers = BTreeSet::new();
    for (of, entries) in &recount.entries {
        let leaving = entries.iter().filter(|(_, entry)| entry.contains_key("pv"));
        answers.extend(leaving.map(|(seq, _)| (of.clone(), *seq)));
    }
    for answer in &answers {
        match rows.get(answer) {
            Some(row) => check_end(world, answer, row, &calls, faults),
            None => faults.push(format!("{answer:?} is pending for ever")),
        }
    }
    for stray in rows.keys().filter(|key| !answers.contains(key)) {
        faults.push(format!("{stray:?} is delivered and is no answer"));
    }
    check_repetitions(&calls, &broken, faults);
    check_order(&calls, faults);
    check_pushes(world, &rows, faults);
}

/// The rows of deliveries, by conversation and number.
fn rows(world: &World) -> BTreeMap<(String, u64), Item> {
    let items = world.simulation.database().items("core").into_iter();
    let rows = items.filter_map(|item| {
        let of = text(&item, "pk").strip_prefix("V#")?.to_owned();
        let seq = text(&item, "sk").strip_prefix("D#")?.parse().ok()?;
        Some(((of, seq), item))
    });
    rows.collect()
}

/// Checks that there is a reason for the state of an answer.
fn check_end(
    world: &World,
    (of, seq): &(String, u64),
    row: &Item,
    calls: &[Called],
    faults: &mut Vec<String>,
) {
    let conversation = of.split_once('#').map_or("", |of| of.1);
    let is_it = |about: &About| about.conversation == conversation && about.seq == *seq;
    let told = world.outside.vendor.told();
    let was_told =
        |state: State| told.iter().any(|one| is_it(&one.about) && one.progress.state() == state);
    let is_taken = calls.iter().any(|call| is_it(&call.about) && call.fate.is_taken());
    let restarts = number(row, "g");
    let is_refused = calls.iter().any(|call| {
        is_it(&call.about)
            && i64::from(call.about.restarts) == restarts
            && !call.fate.is_taken()
            && call.fate.is_final()
    });
    let holds = match text(row, "st") {
        "SENT" => is_taken,
        "DELIVERED" => is_taken && was_told(State::Delivered),
        "READ" => is_taken && was_told(State::Read),
        "FAILED" => is_refused || was_told(State::Failed),
        _ => false,
    };
    if !holds {
        let calls = calls.iter().filter(|call| is_it(&call.about)).collect::<Vec<_>>();
        faults.push(format!("{of} {seq} is {row:?} without a reason: {calls:?}"));
    }
}

/// A call is repeated only if nobody knew how the one before ended.
fn check_repetitions(calls: &[Called], broken: &BTreeSet<usize>, faults: &mut Vec<String>) {
    let mut last: BTreeMap<&About, &Called> = BTreeMap::new();
    for call in calls {
        let Some(before) = last.insert(&call.about, call) else { continue };
        if before.fate.is_final() && !broken.contains(&before.life) {
            faults.push(format!("{call:?} came after {before:?}"));
        }
    }
}

/// The messenger got the answers of a conversation in their order, those that failed and were begun
/// anew aside.
fn check_order(calls: &[Called], faults: &mut Vec<String>) {
    let mut last: BTreeMap<&str, &About> = BTreeMap::new();
    let mut known: BTreeSet<&About> = BTreeSet::new();
    for Called { about, .. } in calls.iter().filter(|call| call.about.restarts == 0) {
        if !known.insert(about) {
            continue;
        }
        if let Some(before) = last.insert(&about.conversation, about)
            && before.seq > about.seq
        {
            faults.push(format!("{about:?} came after {before:?}"));
        }
    }
    // What was taken for the first time comes after what was called before, and is over.
    let mut latest: BTreeMap<&str, u64> = BTreeMap::new();
    let mut taken: BTreeSet<&About> = BTreeSet::new();
    for call in calls.iter().filter(|call| call.about.restarts == 0 && call.fate.is_taken()) {
        if !taken.insert(&call.about) {
            continue;
        }
        let before = latest.entry(&call.about.conversation).or_default();
        if *before > call.about.seq {
            faults.push(format!("{:?} was taken after {before}", call.about));
        }
        *before = call.about.seq.max(*before);
    }
}

/// The last push of each delivery is as it stands.
fn check_pushes(world: &World, rows: &BTreeMap<(String, u64), Item>, faults: &mut Vec<String>) {
    let followers = world.followers.borrow();
    let name = |tenant: &TenantId, of: &ConversationId| format!("{tenant}#{of}");
    let told: BTreeMap<_, _> = followers
        .deliveries
        .iter()
        .map(|((tenant, of, seq), delivery)| {
            let said = (delivery.state.as_str().to_owned(), delivery.at.as_millis().cast_signed());
            ((name(tenant, of), *seq), said)
        })
        .collect();
    let must: BTreeMap<_, _> = rows
        .iter()
        .map(|(key, row)| (key.clone(), (text(row, "st").to_owned(), number(row, "at"))))
        .collect();
    if told != must {
        faults.push(format!("the last deliveries pushed are {told:?}, there are {must:?}"));
    }
}

/// Checks that each write of a delivery in a batch of the stream is a step that there is.
pub(in super::super) fn steps(world: &World, event: &Value) {
    for record in event["Records"].as_array().into_iter().flatten() {
        let image = |name: &str| record["dynamodb"][name].as_object().cloned();
        let Some(after) = image("NewImage") else { continue };
        let is_delivery =
            text(&after, "pk").starts_with("V#") && text(&after, "sk").starts_with("D#");
        if is_delivery && !is_step(image("OldImage").as_ref(), &after) {
            let fault = format!("{:?} became {after:?}", image("OldImage"));
            world.followers.borrow_mut().faults.push(fault);
        }
    }
}

fn is_step(before: Option<&Item>, after: &Item) -> bool {
    let state = |item: &Item| text(item, "st").to_owned();
    let Some(before) = before else { return state(after) != "PENDING" };
    let (from, to) = (state(before), state(after));
    let restarts = number(after, "g") - number(before, "g");
    if from == "FAILED" && to == "PENDING" {
        return restarts == 1 && number(after, "at") > number(before, "at");
    }
    let is_same = from == to && number(after, "at") == number(before, "at");
    let is_on = matches!(
        (from.as_str(), to.as_str()),
        ("PENDING", "SENT" | "DELIVERED" | "READ" | "FAILED")
            | ("SENT", "DELIVERED" | "READ" | "FAILED")
            | ("DELIVERED" | "FAILED", "READ")
            | ("FAILED", "DELIVERED")
    );
    restarts == 0 && (is_same || (is_on && number(after, "at") > number(before, "at")))
}

/// Returns true if an answer was sent.
pub(super) fn is_sent(world: &World, of: &str, seq: u64) -> bool {
    rows(world).get(&(of.to_owned(), seq)).is_some_and(|row| text(row, "st") == "SENT")
}
