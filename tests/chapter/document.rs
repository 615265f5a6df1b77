//! Documents that mean harm: measured whole before the library reads them, by every way in.

mod bounds;

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql::{Request, Value};
use domain::Caller;
use functions::app::App;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;
use tests::hostile::{Choices, document};
use tests::world::{Heard, Wire, play};

/// The documents that stopped the service for everybody.
fn bombs() -> Vec<(String, Option<&'static str>)> {
    let doubling = |levels: usize, spread: &dyn Fn(usize) -> String| -> String {
        (0..levels).map(|n| format!("fragment F{n} on Query{{{}}}", spread(n + 1))).collect()
    };
    let twice = doubling(22, &|n| format!("...F{n}...F{n}"));
    let end = "fragment F22 on Query{__typename}";
    let introspection = |levels: usize| {
        let open = "possibleTypes{interfaces{".repeat(levels);
        format!("{{__schema{{types{{{open}name{}}}}}}}", "}}".repeat(levels))
    };
    let aliases: String = (0..99)
        .map(|n| {
            format!("a{n}: __schema {{ types {{ fields {{ type {{ fields {{ name }} }} }} }} }}")
        })
        .collect();
    vec![
        (format!("query A{{__typename}} query B{{...F0}} {twice} {end}"), Some("A")),
        (format!("query A{{__typename}} query B{{...F0}} {twice} {end}"), Some("None")),
        (format!("query A{{__typename}} query B{{...F0}} {twice} {end}"), None),
        (format!("{{__typename}} {twice} {end}"), None),
        (format!("mutation{{__typename}} {twice} {end}"), None),
        (format!("subscription{{...F0}} {twice} {end}"), None),
        (introspection(5), None),
        (introspection(2), None),
        (format!("{{ {aliases} }}"), None),
        ("{__schema{types{fields{type{fields{type{fields{name}}}}}}}}".to_owned(), None),
    ]
}

#[test]
fn a_document_that_would_keep_the_service_busy_is_refused_by_every_way_in() {
    play(async |world| {
        let ann = world.employee("ann").await;
        let nobody = world.holder("nobody", None);
        let mut wire = Wire::open(world.address(), Some("graphql-transport-ws")).await.unwrap();
        let authorization = format!("Bearer {}", ann.token.clone().unwrap());
        let payload = json!({ "authorization": authorization });
        wire.say(&json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(wire.hear().await, Heard::Message(json!({ "type": "connection_ack" })));
        for (document, name) in bombs() {
            let payload = json!({ "query": document, "operationName": name });
            let posted = world.http().post(world.url("/graphql")).json(&payload);
            let posted: serde_json::Value = posted.send().await.unwrap().json().await.unwrap();
            assert_eq!(posted["errors"][0]["extensions"]["code"], "TOO_COMPLEX", "{document}");
            if name.is_none() {
                for person in [&ann, &nobody] {
                    let answer = person.send_document(&document, json!({})).await;
                    assert_eq!(answer.code(), "TOO_COMPLEX", "{document}");
                }
            }
            wire.say(&json!({ "id": "1", "type": "subscribe", "payload": payload })).await;
            let Heard::Message(error) = wire.hear().await else { panic!("closed") };
            assert_eq!(error["payload"][0]["extensions"]["code"], "TOO_COMPLEX", "{document}");
        }
    });
}

#[test]
fn the_introspection_of_stock_tools_passes() {
    // As graphql-js writes it, with everything that it can ask for.
    let of_type = "kind name ofType { ".repeat(9) + "kind name" + &" }".repeat(9);
    let standard = format!(
        "query IntrospectionQuery {{ __schema {{ description queryType {{ name kind }}
            mutationType {{ name kind }} subscriptionType {{ name kind }} types {{ ...FullType }}
            directives {{ name description isRepeatable locations args {{ ...InputValue }} }} }} }}
        fragment FullType on __Type {{ kind name description specifiedByURL
            fields(includeDeprecated: true) {{ name description args {{ ...InputValue }}
                type {{ ...TypeRef }} isDeprecated deprecationReason }}
            inputFields {{ ...InputValue }} interfaces {{ ...TypeRef }}
            enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }}
            possibleTypes {{ ...TypeRef }} }}
        fragment InputValue on __InputValue {{ name description type {{ ...TypeRef }} defaultValue }}
        fragment TypeRef on __Type {{ {of_type} }}"
    );
    play(async |world| {
        let ann = world.employee("ann").await;
        let data = ann.get(&standard).await;
        let types = data["__schema"]["types"].as_array().unwrap();
        assert!(types.iter().any(|of| of["name"] == "Session"), "{}", types.len());
        // Five times that is more than anybody needs.
        let often = standard.replacen(
            "{ __schema",
            "{ ...S ...S ...S ...S ...S } fragment S on Query { __schema",
            1,
        );
        assert_eq!(ann.send_document(&often, json!({})).await.code(), "TOO_COMPLEX");
    });
}

/// The most steps that [`expanded`] counts to.
const PLENTY: u64 = 100_000;

/// Counts the selections of a set with its fragments expanded. The count is written without a look
/// at the service's own.
fn expanded(document: &ExecutableDocument, set: &SelectionSet, so_far: &mut u64) {
    for selection in &set.items {
        *so_far += 1;
        if *so_far > PLENTY {
            return;
        }
        match &selection.node {
            Selection::Field(field) => {
                expanded(document, &field.node.selection_set.node, so_far);
            }
            Selection::InlineFragment(inline) => {
                expanded(document, &inline.node.selection_set.node, so_far);
            }
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                    expanded(document, &fragment.node.selection_set.node, so_far);
                }
            }
        }
    }
}

/// Returns the number of values of an answer.
fn values(value: &Value) -> usize {
    match value {
        Value::List(list) => 1 + list.iter().map(values).sum::<usize>(),
        Value::Object(fields) => 1 + fields.values().map(values).sum::<usize>(),
        _ => 1,
    }
}

/// Asserts that a document is refused, or costs the library no more than is allowed.
async fn is_bounded(app: &App, text: &str) -> bool {
    let Ok(operation) = app.graphql.read(Request::new(text), &Caller::Nobody) else { return false };
    let parsed = async_graphql::parser::parse_query(text).unwrap();
    let mut selections = 0;
    for (_, operation) in parsed.operations.iter() {
        expanded(&parsed, &operation.node.selection_set.node, &mut selections);
    }
    assert!(selections <= 20_000, "{selections} selections: {text}");
    let executed = app.graphql.execute(operation, Caller::Nobody, "r").await;
    let count = values(&executed.response.data);
    assert!(count <= 60_000, "{count} values: {text}");
    let errors = executed.response.errors.len();
    assert!(errors <= 200, "{errors} errors: {text}");
    true
}

#[test]
fn whatever_a_document_says_the_work_that_it_makes_is_bounded() {
    play(async |world| {
        let mut chance = StdRng::seed_from_u64(17);
        let mut executed = 0;
        for _ in 0..1_500 {
            let length = chance.random_range(1..400);
            let bytes: Vec<u8> = (0..length).map(|_| chance.random()).collect();
            let text = document(&mut Choices::new(&bytes));
            executed += usize::from(is_bounded(&world.running.app, &text).await);
        }
        // Neither are all refused, nor all let through: the generator finds both sides.
        assert!((20..1_450).contains(&executed), "{executed} were executed");
    });
}
