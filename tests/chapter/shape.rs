//! The shape of what is stored: one of each kind of item, attribute by attribute.
//!
//! The listing is what versions that run side by side agree on. A line that changes here is a change of
//! the format: see the store's README on data of another version.

mod story;

use serde_json::Value;
use tests::item::Item;
use tests::scheduler::paused;

const LISTING: &str = include_str!("shape/items.txt");

#[test]
fn every_kind_of_item_is_stored_as_listed() {
    let found = paused(story::played()).unwrap();
    let (found, listed): (Vec<_>, Vec<_>) = (found.lines().collect(), LISTING.lines().collect());
    for line in &found {
        assert!(listed.contains(line), "not listed:\n{line}\n\nfound:\n{}", found.join("\n"));
    }
    assert_eq!(found.len(), listed.len(), "found:\n{}", found.join("\n"));
}

/// Formats an item as a line: table, key, then its attributes by name, each with its type.
fn line(table: &str, item: &Item) -> String {
    let key = |name: &str| item[name]["S"].as_str().unwrap();
    // Which shards of a queue's count were drawn, and how often, is chance.
    let shards = key("pk").rsplit_once('#').filter(|_| key("pk").starts_with("N#"));
    let mut attributes: Vec<String> = item
        .iter()
        .filter(|(name, _)| !["pk", "sk"].contains(&name.as_str()))
        .map(|(name, value)| attribute(name, value, shards.is_some()))
        .collect();
    attributes.sort();
    let pk = shards.map_or(key("pk").to_owned(), |(queue, _)| format!("{queue}#shard"));
    format!("{table} {pk} / {} {}", key("sk"), attributes.join(" "))
}

fn attribute(name: &str, value: &Value, is_chance: bool) -> String {
    let (kind, content) = value.as_object().unwrap().iter().next().unwrap();
    let content = content.as_str().map_or_else(|| content.to_string(), str::to_owned);
    let shown = match name {
        _ if is_chance => "chance".to_owned(),
        // Marks of writes: six characters each, a point for none.
        "tr" => content.replace(|c: char| c != '.', "m").replace("mmmmmm", "M"),
        // The mark of a note, which is chance.
        "nb" => "mark".to_owned(),
        "m1" | "m2" | "m3" if content != "-" => format!("{} characters", content.len()),
        _ => content,
    };
    format!("{name}={kind}:{shown:?}")
}
