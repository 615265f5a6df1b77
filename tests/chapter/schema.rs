//! The schema: as it is committed, as it was promised, and described.

mod shape;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    FieldDefinition, InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition,
};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Config};

/// The schema in its own language. Nothing is asked of the state for it.
fn sdl() -> String {
    let nowhere =
        Client::from_conf(Config::builder().behavior_version(BehaviorVersion::latest()).build());
    let environment = Arc::new(functions::environment::Machine);
    let store = store::Store::new(nowhere, store::Tables::default(), environment);
    let settings = graphql::Settings::new(graphql::Introspection::Everybody);
    graphql::Service::new(store, settings).sdl()
}

fn types(sdl: &str) -> Vec<TypeDefinition> {
    let document = parse_schema(sdl).expect("a schema");
    let definitions = document.definitions.into_iter();
    definitions
        .filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => Some(definition.node),
            _ => None,
        })
        .collect()
}

#[test]
fn the_committed_schema_is_the_one_that_is_served() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/schema.graphql");
    let served = sdl();
    if std::env::var_os("CHATDESK_BLESS").is_some() {
        std::fs::write(&path, &served).expect("to write it");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == served,
        "schema/schema.graphql is not the schema: run this test with CHATDESK_BLESS=1"
    );
}

/// Every part of a schema by its name: `Query.node(id)` is `ID!`.
fn parts(sdl: &str) -> BTreeMap<String, String> {
    let mut parts = BTreeMap::new();
    for definition in types(sdl) {
        let name = &definition.name.node;
        let mut note = |part: String, meaning: String| parts.insert(part, meaning);
        let (kind, fields, implements) = match &definition.kind {
            TypeKind::Object(object) => ("type", &object.fields[..], &object.implements[..]),
            TypeKind::Interface(interface) => ("interface", &interface.fields[..], &[][..]),
            TypeKind::Scalar => ("scalar", &[][..], &[][..]),
            TypeKind::Union(_) => ("union", &[][..], &[][..]),
            TypeKind::Enum(values) => {
                for value in &values.values {
                    note(format!("{name}.{}", value.node.value.node), "a value".to_owned());
                }
                ("enum", &[][..], &[][..])
            }
            TypeKind::InputObject(input) => {
                for field in &input.fields {
                    let (field, ty) = (&field.node.name.node, &field.node.ty.node);
                    note(format!("{name}.{field}"), ty.to_string());
                }
                ("input", &[][..], &[][..])
            }
        };
        note(name.to_string(), kind.to_owned());
        for interface in implements {
            note(format!("{name} implements {}", interface.node), "so".to_owned());
        }
        for field in fields {
            let FieldDefinition { name: field, arguments, ty, .. } = &field.node;
            note(format!("{name}.{}", field.node), ty.node.to_string());
            for argument in arguments {
                let (argument, ty) = (&argument.node.name.node, &argument.node.ty.node);
                note(format!("{name}.{}({argument})", field.node), ty.to_string());
            }
        }
    }
    parts
}

#[test]
fn every_name_argument_and_type_is_as_the_contract_promises() {
    let (served, promised) = (parts(&sdl()), parts(include_str!("contract.graphql")));
    let mut wrong = Vec::new();
    for (part, meaning) in &promised {
        match served.get(part) {
            Some(found) if found == meaning => {}
            Some(found) => wrong.push(format!("{part} is {found}, not {meaning}")),
            None => wrong.push(format!("{part} is missing")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_was_added_to_the_contract_breaks_no_call_of_it() {
    let (served, promised) = (parts(&sdl()), parts(include_str!("contract.graphql")));
    // A further argument that is required would.
    let breaking: Vec<_> = served
        .iter()
        .filter(|(part, ty)| {
            part.contains('(') && ty.ends_with('!') && !promised.contains_key(*part)
        })
        .filter(|(part, _)| promised.contains_key(part.split('(').next().unwrap_or_default()))
        .collect();
    assert!(breaking.is_empty(), "{breaking:?}");
}

#[test]
fn everything_is_described() {
    let mut bare = Vec::new();
    for definition in types(&sdl()) {
        let name = definition.name.node.to_string();
        let mut note = |is_described: bool, part: String| {
            if !is_described {
                bare.push(part);
            }
        };
        note(definition.description.is_some(), name.clone());
        let (fields, inputs) = match definition.kind {
            TypeKind::Object(object) => (object.fields, Vec::new()),
            TypeKind::Interface(interface) => (interface.fields, Vec::new()),
            TypeKind::InputObject(input) => (Vec::new(), input.fields),
            TypeKind::Enum(values) => {
                for value in values.values {
                    let is_described = value.node.description.is_some();
                    note(is_described, format!("{name}.{}", value.node.value.node));
                }
                (Vec::new(), Vec::new())
            }
            TypeKind::Scalar | TypeKind::Union(_) => (Vec::new(), Vec::new()),
        };
        for InputValueDefinition { name: input, description, .. } in
            inputs.into_iter().map(|input| input.node)
        {
            note(description.is_some(), format!("{name}.{}", input.node));
        }
        for field in fields.into_iter().map(|field| field.node) {
            note(field.description.is_some(), format!("{name}.{}", field.name.node));
            for argument in field.arguments.into_iter().map(|argument| argument.node) {
                let part = format!("{name}.{}({})", field.name.node, argument.name.node);
                note(argument.description.is_some(), part);
            }
        }
    }
    assert!(bare.is_empty(), "without a description:\n{}", bare.join("\n"));
}
