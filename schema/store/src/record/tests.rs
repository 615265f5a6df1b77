//! Tests of records: every letter comes back, and what cannot be read is named.

use std::fmt::Debug;

use domain::session::ActKind;
use domain::{AppKind, ChannelKind, ClientId, Kind};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::letter::{ActLetter, KindLetter, Phase, is_unknown, is_unknown_act};
use super::{Right, company, connection};
use crate::Fault;
use crate::table::{Item, Key, decode, encode, from_json};

#[derive(Serialize, Deserialize, Debug)]
struct Letters {
    #[serde(with = "KindLetter", skip_serializing_if = "is_unknown")]
    kind: Kind,
    #[serde(with = "ActLetter", skip_serializing_if = "is_unknown_act")]
    act: ActKind,
}

#[derive(Serialize, Deserialize)]
struct One<T> {
    one: T,
}

fn key() -> Key {
    Key { pk: "V#demo#abc".to_owned(), sk: "H#00000001".to_owned() }
}

fn item(json: serde_json::Value) -> Item {
    from_json(&json).unwrap()
}

/// Returns the variant after this one; exhaustive, so that none can be forgotten.
const fn kind_after(kind: Kind) -> Option<Kind> {
    match kind {
        Kind::Client => Some(Kind::Operator),
        Kind::Operator => Some(Kind::Note),
        Kind::Note => Some(Kind::Event),
        Kind::Event => Some(Kind::Unknown),
        Kind::Unknown => None,
    }
}

const fn act_after(act: ActKind) -> Option<ActKind> {
    match act {
        ActKind::Opened => Some(ActKind::Message),
        ActKind::Message => Some(ActKind::Read),
        ActKind::Read => Some(ActKind::Claimed),
        ActKind::Claimed => Some(ActKind::Assigned),
        ActKind::Assigned => Some(ActKind::Returned),
        ActKind::Returned => Some(ActKind::Renamed),
        ActKind::Renamed => Some(ActKind::Bound),
        ActKind::Bound => Some(ActKind::Closed),
        ActKind::Closed => Some(ActKind::Unknown),
        ActKind::Unknown => None,
    }
}

#[test]
fn every_kind_and_every_act_is_read_as_it_was_written_and_an_unknown_one_is_not_written() {
    for kind in std::iter::successors(Some(Kind::Client), |kind| kind_after(*kind)) {
        for act in std::iter::successors(Some(ActKind::Opened), |act| act_after(*act)) {
            let item = encode(&key(), &Letters { kind, act });
            assert_eq!(item.contains_key("kind"), kind != Kind::Unknown);
            assert_eq!(item.contains_key("act"), act != ActKind::Unknown);
            if kind != Kind::Unknown && act != ActKind::Unknown {
                let read: Letters = decode(&item).unwrap();
                assert_eq!((read.kind, read.act), (kind, act));
            }
        }
    }
    let newer = serde_json::json!({ "kind": { "S": "poll" }, "act": { "S": "escalated" } });
    let read: Letters = decode(&item(newer)).unwrap();
    assert_eq!((read.kind, read.act), (Kind::Unknown, ActKind::Unknown));
}

fn back<T: Serialize + DeserializeOwned + PartialEq + Debug + Copy>(all: &[T], unknown: T) {
    for one in all {
        let item = encode(&key(), &One { one: *one });
        assert_eq!(decode::<One<T>>(&item).unwrap().one, *one);
    }
    let newer = item(serde_json::json!({ "one": { "S": "of a newer version" } }));
    assert_eq!(decode::<One<T>>(&newer).unwrap().one, unknown);
}

#[test]
fn kinds_of_a_newer_version_are_unknown_and_its_phases_answer_nothing() {
    let channels = [ChannelKind::Web, ChannelKind::Internal, ChannelKind::Webhook];
    back(&channels, ChannelKind::Unknown);
    back(&[AppKind::Account, AppKind::Request], AppKind::Unknown);
    back(&[Phase::Opened, Phase::Acknowledged, Phase::Refused], Phase::Refused);
}

#[test]
fn a_right_is_granted_by_one_and_by_nothing_else() {
    let granted = item(serde_json::json!({ "one": { "N": "1" } }));
    assert_eq!(decode::<One<Right>>(&granted).unwrap().one, Right(true));
    for other in [r#"{"N":"2"}"#, r#"{"N":"300"}"#, r#"{"N":"-1"}"#, r#"{"S":"1"}"#] {
        let other: serde_json::Value = serde_json::from_str(other).unwrap();
        let item = item(serde_json::json!({ "one": other }));
        assert_eq!(decode::<One<Right>>(&item).unwrap().one, Right(false), "{item:?}");
    }
}

#[test]
fn a_fault_names_the_item_and_the_attribute() {
    let channel = company::Channel {
        kind: ChannelKind::Web,
        name: "Page".to_owned(),
        disabled: None,
        address: None,
        way_out: None,
        problem: None,
        problem_message: None,
        problem_since: None,
    };
    let whole = encode(&key(), &channel);
    let mut missing = whole.clone();
    missing.remove("nm");
    let mut wrong = whole.clone();
    wrong.extend(item(serde_json::json!({ "nm": { "N": "7" } })));
    for item in [missing, wrong] {
        let Err(Fault::Corrupt(what)) = decode::<company::Channel>(&item) else { panic!("read") };
        assert!(what.starts_with("V#demo#abc / H#00000001: ") && what.contains("nm"), "{what}");
    }
    let bad = item(serde_json::json!({ "one": { "S": "no id" } }));
    let Err(Fault::Corrupt(what)) = decode::<One<ClientId>>(&bad) else { panic!("read") };
    assert!(what.contains("one: "), "{what}");
}

#[test]
fn what_a_record_has_not_is_not_stored_and_what_it_does_not_know_is_skipped() {
    let tombstone = connection::Operation { done: Some(9), ttl: 7, ..Default::default() };
    let mut item = encode(&key(), &tombstone);
    let mut names: Vec<_> = item.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["done", "pk", "sk", "ttl"]);
    item.extend(from_json(&serde_json::json!({ "newer": { "S": "more" } })).unwrap());
    assert_eq!(decode::<connection::Operation>(&item).unwrap().done, Some(9));
}
