//! The rights of each actor: a table, held to the schema and tried cell by cell.

mod stage;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};
use futures::future::join_all;
use serde_json::json;
use stage::{Scene, Stage};
use table::{ACTORS, ROWS, Row};
use tests::world::{Person, play};

/// Returns the names that must be in the table: of every root field, and of every type that has an
/// id of its own.
fn asked_of_the_table() -> BTreeSet<String> {
    let sdl = include_str!("../../schema/schema.graphql");
    let mut names = BTreeSet::new();
    for definition in parse_schema(sdl).expect("a schema").definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let name = definition.node.name.node.to_string();
        let TypeKind::Object(object) = definition.node.kind else { continue };
        if object.implements.iter().any(|interface| interface.node == "Node") {
            names.insert(format!("Node.{name}"));
        }
        if ["Query", "Mutation", "Subscription"].contains(&name.as_str()) {
            names.extend(object.fields.iter().map(|field| format!("{name}.{}", field.node.name)));
        }
    }
    names
}

#[test]
fn every_root_field_and_every_node_is_in_the_table_and_nothing_else() {
    let there: BTreeSet<String> = ROWS.iter().map(|row| row.name.to_owned()).collect();
    assert_eq!(there.len(), ROWS.len(), "a row is there twice");
    let asked = asked_of_the_table();
    let missing: Vec<_> = asked.difference(&there).collect();
    let unknown: Vec<_> = there.difference(&asked).collect();
    assert!(missing.is_empty() && unknown.is_empty(), "missing {missing:?}, unknown {unknown:?}");
}

/// Tries the rows that begin so, each cell in a scene of its own, and says which are not so. Those
/// who are to be refused come first, and what is stored is compared before and after them.
fn try_rows(beginnings: &'static [&'static str]) {
    play(async |world| {
        let stage = Stage::set(world).await;
        let mut wrong = Vec::new();
        for row in ROWS.iter().filter(|row| beginnings.iter().any(|b| row.name.starts_with(b))) {
            let expected: Vec<&str> = row.expected.split_whitespace().collect();
            assert_eq!(expected.len(), ACTORS.len(), "{}", row.name);
            let (mut refused, mut done) = (Vec::new(), Vec::new());
            for (actor, expected) in ACTORS.iter().zip(expected) {
                let scene = (stage.scene(row, actor).await, expected);
                if expected == "ok" { done.push(scene) } else { refused.push(scene) }
            }
            let before = stage.stored().await;
            wrong.extend(try_all(&stage, row, &refused).await);
            wrong.extend(differences(row, &before, &stage.stored().await));
            wrong.extend(try_all(&stage, row, &done).await);
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

/// The cells of a row that are not as expected.
async fn try_all(stage: &Stage<'_>, row: &Row, cells: &[(Scene, &str)]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (scene, expected) in cells {
        let found = stage.outcome(scene).await;
        if found != *expected {
            wrong.push(format!("{} by {}: {found}, not {expected}", row.name, scene.actor));
        }
    }
    wrong
}

/// Returns the items that changed although the request was refused.
fn differences(
    row: &Row,
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
) -> Vec<String> {
    assert!(!before.is_empty(), "the tables are read");
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let is_changed = |key: &&&String| before.get(**key) != after.get(**key);
    let changed = keys.iter().filter(is_changed);
    changed.map(|key| format!("{}: refused, and {key} changed", row.name)).collect()
}

#[test]
fn what_is_done_shows_in_what_is_stored() {
    play(async |world| {
        let stage = Stage::set(world).await;
        let rename = ROWS.iter().find(|row| row.name == "Mutation.renameSession").unwrap();
        let scene = stage.scene(rename, "ann").await;
        let before = stage.stored().await;
        assert_eq!(differences(rename, &before, &stage.stored().await), Vec::<String>::new());
        assert_eq!(stage.outcome(&scene).await, "ok");
        let changed = differences(rename, &before, &stage.stored().await);
        for part in ["H#", "M#", "S#demo#l#"] {
            assert!(changed.iter().any(|line| line.contains(part)), "{part}: {changed:?}");
        }
    });
}

#[test]
fn queries_and_nodes_are_answered_as_the_table_says() {
    try_rows(&["Query.", "Node."]);
}

#[test]
fn subscriptions_are_taken_as_the_table_says() {
    try_rows(&["Subscription."]);
}

#[test]
fn mutations_of_sessions_are_done_as_the_table_says() {
    try_rows(&table::OF_SESSIONS);
}

#[test]
fn all_other_mutations_are_done_as_the_table_says() {
    try_rows(&table::OF_OTHERS);
}

#[test]
fn every_mutation_is_tried() {
    let tried = |row: &&Row| {
        let all = table::OF_SESSIONS.iter().chain(&table::OF_OTHERS);
        !row.name.starts_with("Mutation.") || all.clone().any(|begin| row.name.starts_with(begin))
    };
    let missed: Vec<_> = ROWS.iter().filter(|row| !tried(row)).map(|row| row.name).collect();
    assert!(missed.is_empty(), "{missed:?}");
}

/// The answer as it came, without the id of the request.
async fn raw(stage: &Stage<'_>, who: &Person, document: &str) -> String {
    let mut answer = stage.answer(who, document).await;
    for error in answer["errors"].as_array_mut().into_iter().flatten() {
        error["extensions"]["requestId"] = json!(null);
    }
    answer.to_string()
}

#[test]
fn what_one_may_not_see_is_answered_as_what_does_not_exist() {
    play(async |world| {
        let stage = Stage::set(world).await;
        let (eve, bob) = (&stage.people["eve"], &stage.people["bob"]);
        let [mine, theirs, nothing] = stage.ids().await;
        for row in ROWS.iter().filter(|row| row.is_of_something()) {
            let all = [&mine, &theirs, &nothing];
            let answers = all.map(|ids| row.document_with(ids));
            let answers = join_all(answers.iter().map(|document| raw(&stage, eve, document))).await;
            assert!(
                answers.iter().all(|answer| *answer == answers[0]),
                "{}: {answers:?}",
                row.name
            );
        }
        // An operator of the live chat learns of a colleague's session only when they try to take
        // it or to answer.
        let learns = ["Mutation.claimSession", "Mutation.sendMessage", "Mutation.createUpload"];
        for row in ROWS.iter().filter(|row| row.is_of_a_session() && !learns.contains(&row.name)) {
            let hidden = raw(&stage, bob, &row.document_with(&mine)).await;
            let absent = raw(&stage, bob, &row.document_with(&nothing)).await;
            assert_eq!(hidden, absent, "{}", row.name);
        }
    });
}
