//! Shapes that all types of a kind have.

use std::collections::BTreeMap;

use async_graphql::parser::types::TypeKind;

use super::{sdl, types};

/// The types of the fields of each object.
fn objects() -> BTreeMap<String, BTreeMap<String, String>> {
    let mut objects = BTreeMap::new();
    for definition in types(&sdl()) {
        let TypeKind::Object(object) = definition.kind else { continue };
        let fields = object.fields.iter().map(|field| &field.node);
        let fields = fields.map(|field| (field.name.node.to_string(), field.ty.node.to_string()));
        objects.insert(definition.name.node.to_string(), fields.collect());
    }
    objects
}

#[test]
fn connections_and_page_info_are_relays() {
    let objects = objects();
    let connections = objects.iter().filter(|(name, _)| name.ends_with("Connection"));
    assert!(connections.clone().count() >= 8, "{:?}", objects.keys());
    for (name, fields) in connections {
        let edge = fields["edges"].trim_matches(['[', ']', '!']);
        assert_eq!(fields["edges"], format!("[{edge}!]!"), "{name}");
        assert_eq!(fields["pageInfo"], "PageInfo!", "{name}");
        let node = &objects[edge]["node"];
        assert!(node.ends_with('!'), "{edge}");
        assert_eq!(fields["nodes"], format!("[{node}]!"), "{name}");
        assert_eq!(objects[edge]["cursor"], "String!", "{edge}");
    }
    for (field, ty) in [
        ("hasNextPage", "Boolean!"),
        ("hasPreviousPage", "Boolean!"),
        ("startCursor", "String"),
        ("endCursor", "String"),
    ] {
        assert_eq!(objects["PageInfo"][field], ty);
    }
}

#[test]
fn each_payload_is_of_its_own_type_and_all_in_it_may_be_null() {
    let objects = objects();
    assert!(!objects["Mutation"].is_empty());
    for (name, ty) in &objects["Mutation"] {
        let payload = format!("{}{}Payload", name[..1].to_uppercase(), &name[1..]);
        assert_eq!(*ty, format!("{payload}!"));
        for (field, ty) in &objects[&payload] {
            match field.as_str() {
                "userErrors" => assert_eq!(ty, "[UserError!]!", "{payload}"),
                _ => assert!(!ty.ends_with('!'), "{payload}.{field} is {ty}"),
            }
        }
        assert!(objects[&payload].contains_key("userErrors"), "{payload}");
    }
}
