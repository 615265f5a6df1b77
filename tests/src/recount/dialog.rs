//! Dialogs: both runs, receipts, and what each head says of its own.

use super::{Recount, number, same, text};
use crate::item::Item;
use domain::id::digest;
use serde_json::Value;
use std::collections::BTreeMap;

impl Recount {
    pub(super) fn check_dialogs(&self, faults: &mut Vec<String>) {
        for (of, heads) in &self.heads {
            let entries = self.entries.get(of);
            check_runs(of, heads, entries, faults);
            check_sessions(of, heads, faults);
            self.check_receipts(of, faults);
            self.check_files(of, faults);
            self.check_infos(of, heads, faults);
            self.check_positions(of, heads, faults);
        }
        for of in self.entries.keys().chain(self.receipts.keys()).chain(self.infos.keys()) {
            if !self.heads.contains_key(of) {
                faults.push(format!("{of} has no session"));
            }
        }
    }

    /// Checks that each entry with an id of its sender has one receipt, and each receipt its entry.
    /// The id of an amendment stands in its receipt alone.
    fn check_receipts(&self, of: &str, faults: &mut Vec<String>) {
        let mut expected: BTreeMap<String, u64> = BTreeMap::new();
        let mut amendments = Vec::new();
        for (seq, entry) in self.entries.get(of).into_iter().flatten() {
            if text(entry, "a") == "c" && text(entry, "k") == "e" {
                amendments.push(*seq);
            }
            let id = text(entry, "id");
            if !id.is_empty() {
                let kind = text(entry, "a");
                let key = format!("X#{kind}#{}#{}", text(entry, "ai"), digest(&[id]));
                if let Some(first) = expected.insert(key, *seq) {
                    faults.push(format!("{of}: entries {first} and {seq} are one message"));
                }
            }
        }
        let receipts = self.receipts.get(of).into_iter().flatten();
        let receipts = receipts.map(|(key, item)| (key.clone(), number(item, "s").unsigned_abs()));
        let (amended, found): (Vec<_>, BTreeMap<String, u64>) = {
            let (amended, found): (Vec<_>, Vec<_>) =
                receipts.partition(|(_, seq)| amendments.contains(seq));
            (amended, found.into_iter().collect())
        };
        let mut amended: Vec<u64> = amended.into_iter().map(|(_, seq)| seq).collect();
        amended.sort_unstable();
        same(faults, &format!("{of}: receipts of amendments"), amended, amendments);
        same(faults, &format!("{of}: receipts"), found, expected);
    }

    /// Checks that each file of an entry is attached to it, by its author and to nothing else, and that
    /// no other file is attached.
    fn check_files(&self, of: &str, faults: &mut Vec<String>) {
        let mut named: BTreeMap<String, (i64, &str)> = BTreeMap::new();
        for entry in self.entries.get(of).into_iter().flatten().map(|(_, entry)| entry) {
            let files: Vec<Value> = serde_json::from_str(text(entry, "fs")).unwrap_or_default();
            for id in files.iter().filter_map(|file| file.get(0).and_then(Value::as_str)) {
                let place = (number(entry, "s"), text(entry, "ai"));
                if let Some(first) = named.insert(id.to_owned(), place) {
                    faults.push(format!("{of}: {id} stands in {first:?} and {place:?}"));
                }
            }
        }
        let rows = self.files.get(of).into_iter().flatten();
        let attached = rows
            .map(|(id, row)| (id.clone(), (number(row, "s"), text(row, "ai"))))
            .filter(|(_, (seq, _))| *seq != 0)
            .collect();
        same(faults, &format!("{of}: files"), attached, named);
    }

    fn check_infos(&self, of: &str, heads: &BTreeMap<u64, Item>, faults: &mut Vec<String>) {
        let infos: Vec<_> = self.infos.get(of).into_iter().flatten().map(|(n, _)| n).collect();
        same(faults, &format!("{of}: infos"), infos, heads.keys().collect());
    }

    /// Checks that each operator's line names the last session that they had at its close.
    fn check_positions(&self, of: &str, heads: &BTreeMap<u64, Item>, faults: &mut Vec<String>) {
        let mut handled: BTreeMap<&str, i64> = BTreeMap::new();
        for (ordinal, head) in heads.iter().filter(|(_, head)| text(head, "st") == "c") {
            let who = text(head, "who");
            if !who.is_empty() {
                handled.insert(who, ordinal.cast_signed());
            }
        }
        let lines = self.positions.get(of).into_iter().flatten();
        let found = lines
            .map(|(who, line)| (who.as_str(), number(line, "h")))
            .filter(|(_, ordinal)| *ordinal != 0)
            .collect();
        same(faults, &format!("{of}: handled"), handled, found);
    }
}

/// Checks that both runs are dense over all sessions of a conversation, and that each number has
/// its entry.
fn check_runs(
    of: &str,
    heads: &BTreeMap<u64, Item>,
    entries: Option<&BTreeMap<u64, Item>>,
    faults: &mut Vec<String>,
) {
    let (mut seq, mut visible, mut incoming, mut ordinal) = (0, 0, 0, 0);
    let mut last_of: BTreeMap<u64, (i64, i64, i64, i64)> = BTreeMap::new();
    for (key, entry) in entries.into_iter().flatten() {
        seq += 1;
        visible += i64::from(matches!(text(entry, "k"), "c" | "o"));
        if number(entry, "n") != ordinal {
            (ordinal, incoming) = (ordinal + 1, 0);
        }
        incoming += i64::from(text(entry, "k") == "c");
        let is = ["s", "c", "i", "n"].map(|name| number(entry, name));
        same(faults, &format!("{of}: entry {key}"), is, [seq, visible, incoming, ordinal]);
        let first = last_of.get(&ordinal.unsigned_abs()).map_or(seq, |known| known.0);
        last_of.insert(ordinal.unsigned_abs(), (first, seq, visible, incoming));
    }
    let counted: BTreeMap<u64, _> = heads
        .iter()
        .map(|(n, head)| {
            let count = |name| number(head, name);
            (*n, (count("f"), count("s"), count("c"), count("i")))
        })
        .collect();
    same(faults, &format!("{of}: first, seq, c and i of heads"), counted, last_of);
}

fn check_sessions(of: &str, heads: &BTreeMap<u64, Item>, faults: &mut Vec<String>) {
    let latest = heads.keys().next_back().copied();
    let ordinals: Vec<u64> = heads.keys().copied().collect();
    same(faults, &format!("{of}: ordinals"), ordinals, (1..=heads.len() as u64).collect());
    for (ordinal, head) in heads {
        let about = format!("{of}.{ordinal}");
        let state = text(head, "st");
        let (read, read_seq) = (number(head, "r"), number(head, "rs"));
        let (incoming, seq) = (number(head, "i"), number(head, "s"));
        if state != "c" && Some(*ordinal) != latest {
            faults.push(format!("{about} is open and not the latest"));
        }
        match state {
            "q" => same(faults, &format!("{about}: read while queued"), (read, read_seq), (0, 0)),
            "a" => {
                if text(head, "who").is_empty() {
                    faults.push(format!("{about} is assigned to nobody"));
                }
            }
            _ => same(faults, &format!("{about}: read when closed"), read, incoming),
        }
        if read > incoming || read_seq > seq {
            faults.push(format!("{about}: read {read} of {incoming}, up to {read_seq} of {seq}"));
        }
        check_index(of, *ordinal, head, faults);
    }
}

/// Checks that the keys of the indexes agree with the head.
fn check_index(of: &str, ordinal: u64, head: &Item, faults: &mut Vec<String>) {
    let Some((tenant, conversation)) = of.split_once('#') else { return };
    let (live_chat, who) = (text(head, "l"), text(head, "who"));
    let id = format!("{conversation}.{ordinal}");
    let of_live_chat = format!("L#{tenant}#{live_chat}");
    let of_operator = format!("U#{tenant}#{who}#{live_chat}");
    let closed = format!("{:013}#{id}", number(head, "ca"));
    let last = format!("{:013}#{id}", number(head, "la"));
    let none = || (String::new(), String::new());
    let (chat, operator) = match text(head, "st") {
        "q" => ((format!("{of_live_chat}#A"), last), none()),
        "a" => ((format!("{of_live_chat}#A"), last), (format!("{of_operator}#A"), id.clone())),
        _ if who.is_empty() => ((format!("{of_live_chat}#C"), closed), none()),
        _ => {
            let at = closed.clone();
            ((format!("{of_live_chat}#C"), closed), (format!("{of_operator}#C"), at))
        }
    };
    let key = |pk, sk| (text(head, pk).to_owned(), text(head, sk).to_owned());
    same(faults, &format!("{id}: place in the live chat"), key("lp", "ls"), chat);
    same(faults, &format!("{id}: place with the operator"), key("op", "os"), operator);
}
