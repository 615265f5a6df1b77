//! Every field of every type with an id, as the schema has them.

use std::collections::HashMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{FieldDefinition, TypeKind, TypeSystemDefinition};
use serde_json::json;
use tests::world::{code, play};

type Types = HashMap<String, TypeKind>;

/// The depth to which the schema is walked.
const LEVELS: usize = 3;

fn types() -> Types {
    let sdl = include_str!("../../../schema/schema.graphql");
    let mut types = Types::new();
    for definition in parse_schema(sdl).unwrap().definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        types.insert(definition.node.name.node.to_string(), definition.node.kind);
    }
    types
}

/// Returns true if a field has the same value for all who see the object, and needs no argument.
/// The path that another system posts to and the problem of a channel are for administrators.
fn is_shared(field: &FieldDefinition) -> bool {
    let name = field.name.node.to_string();
    let is_needed = field.arguments.iter().map(|argument| &argument.node).any(|argument| {
        argument.ty.node.to_string().ends_with('!') || argument.name.node == "first"
    });
    let is_personal = name.starts_with("viewer") || ["inboundPath", "problem"].contains(&&*name);
    !is_personal && !is_needed
}

/// The selection of all shared fields of a type.
fn selection(types: &Types, of: &str, levels: usize) -> String {
    let fields = match types.get(of) {
        Some(TypeKind::Object(object)) => &object.fields,
        Some(TypeKind::Interface(interface)) => &interface.fields,
        _ => return String::new(),
    };
    let shown = fields.iter().map(|field| &field.node).filter(|field| is_shared(field));
    let shown = shown.filter_map(|field| {
        let (name, ty) = (&field.name.node, field.ty.node.to_string());
        let ty = ty.trim_matches(['[', ']', '!']);
        if matches!(types.get(ty), None | Some(TypeKind::Scalar | TypeKind::Enum(_))) {
            return Some(name.to_string());
        }
        let inner = levels.checked_sub(1).map(|levels| selection(types, ty, levels))?;
        (!inner.is_empty()).then(|| format!("{name} {{ __typename {inner} }}"))
    });
    shown.collect::<Vec<_>>().join(" ")
}

#[test]
fn what_no_field_calls_the_viewers_is_the_same_for_everybody() {
    play(async |world| {
        let (ada, ann) = (world.employee("ada").await, world.online("ann").await);
        let others = [world.online("sue").await, world.online("dan").await];
        let app = world.app("Orders").await;
        let support = world.live_chat("Support").await;
        assert_eq!(
            code(&ada.create_template(&support, "Greeting", "Dear {client}", None).await),
            ""
        );
        world.client("Zoe").await.post("Hello").await;
        let session = ann.waiting().await;
        assert_eq!(code(&ann.reply(&session, "Good day").await), "");
        assert_eq!(code(&ann.note(&session, "A regular").await), "");
        assert_eq!(code(&ann.create_and_bind(&session, &app, "Order 7", None).await), "");
        let document = "query($id: ID!) { viewer { employee { id } session(id: $id) {
            id client { id } channel { id } liveChat { id apps { id } } bindings { item { id } }
            messages(first: 100) { nodes { id kind } } templates(first: 1) { nodes { id } } } } }";
        let viewer = ann.get_with(document, json!({ "id": session })).await["viewer"].clone();
        let seen = &viewer["session"];
        let mut things = vec![
            ("Employee", &viewer["employee"]["id"]),
            ("LiveChat", &seen["liveChat"]["id"]),
            ("Channel", &seen["channel"]["id"]),
            ("Session", &seen["id"]),
            ("Client", &seen["client"]["id"]),
            ("App", &seen["liveChat"]["apps"][0]["id"]),
            ("Item", &seen["bindings"][0]["item"]["id"]),
            ("Template", &seen["templates"]["nodes"][0]["id"]),
        ];
        let entries = seen["messages"]["nodes"].as_array().unwrap();
        for kind in ["CLIENT", "OPERATOR", "NOTE", "EVENT"] {
            let entry = entries.iter().find(|entry| entry["kind"] == kind).expect(kind);
            things.push(("Message", &entry["id"]));
        }

        let types = types();
        for (of, id) in things {
            let fields = selection(&types, of, LEVELS);
            assert!(fields.contains(' '), "{of}: {fields}");
            let document =
                format!("query($id: ID!) {{ node(id: $id) {{ ... on {of} {{ {fields} }} }} }}");
            let hers = ann.act(&document, json!({ "id": id })).await;
            assert_eq!(hers["id"], *id, "{of}");
            for other in &others {
                assert_eq!(other.act(&document, json!({ "id": id })).await, hers, "{of}");
            }
            // An administrator sees it so, or not at all.
            let seen = ada.act(&document, json!({ "id": id })).await;
            assert!(seen.is_null() || seen == hers, "{of}: {seen}, not {hers}");
        }
    });
}
