//! The client's side: types of its own, and one's own conversations.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};
use serde_json::{Value, json};
use tests::world::play;

/// The fields of each type of the schema, with the names of their types. A type without fields of
/// its own has none here; scalars are left out.
fn fields() -> BTreeMap<String, Vec<(String, String)>> {
    let sdl = include_str!("../../../schema/schema.graphql");
    let mut types = BTreeMap::new();
    for definition in parse_schema(sdl).unwrap().definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let fields = match &definition.node.kind {
            TypeKind::Scalar | TypeKind::InputObject(_) => continue,
            TypeKind::Object(object) => &object.fields[..],
            TypeKind::Interface(interface) => &interface.fields[..],
            TypeKind::Union(_) | TypeKind::Enum(_) => &[][..],
        };
        let fields = fields.iter().map(|field| {
            let ty = field.node.ty.node.to_string();
            (field.node.name.node.to_string(), ty.trim_matches(['[', ']', '!']).to_owned())
        });
        types.insert(definition.node.name.node.to_string(), fields.collect());
    }
    types
}

#[test]
fn nothing_of_the_desk_is_reached_from_the_types_of_the_client() {
    let fields = fields();
    let roots = ["Conversation", "ConversationMessage", "ConversationTyping"];
    let (mut open, mut seen) = (roots.map(str::to_owned).to_vec(), BTreeSet::new());
    while let Some(name) = open.pop() {
        let Some(of) = fields.get(&name) else { continue };
        if seen.insert(name) {
            open.extend(of.iter().map(|(_, ty)| ty.clone()));
        }
    }
    assert!(seen.contains("ConversationAuthor") && seen.contains("PageInfo"), "{seen:?}");
    // A file is the same on both sides, and leads to nothing else.
    let shared = ["PageInfo", "Attachment", "AttachmentState"];
    seen.retain(|name| !name.starts_with("Conversation") && !shared.contains(&name.as_str()));
    assert!(seen.is_empty(), "{seen:?}");
    let of_file: BTreeSet<_> = fields["Attachment"].iter().map(|(_, ty)| ty.as_str()).collect();
    assert_eq!(of_file, BTreeSet::from(["AttachmentState", "ID", "Int", "String"]));
    let author: Vec<_> = fields["ConversationAuthor"].iter().map(|(name, _)| name).collect();
    assert_eq!(author, ["name", "viewerIsAuthor"]);
}

#[test]
fn an_internal_client_writes_to_any_live_chat_and_sees_their_own_conversations_alone() {
    play(async |world| {
        let (ann, kim) = (world.employee("ann").await, world.employee("kim").await);
        let [support, sales] = [world.live_chat("Support").await, world.live_chat("Sales").await];
        let data = kim.get("{ viewer { liveChats { id } internalLiveChats { id name } } }").await;
        assert_eq!(data["viewer"]["liveChats"], json!([]));
        let mut places = data["viewer"]["internalLiveChats"].as_array().unwrap().clone();
        places.sort_by_key(|place| place["name"].to_string());
        let wanted = [("Sales", &sales), ("Support", &support)];
        assert_eq!(places, wanted.map(|(name, id)| json!({ "id": id, "name": name })));

        kim.post_to(&support, "From inside").await;
        let seen = kim.conversation(Some(&support)).await;
        assert_eq!(seen.len(), 1);
        assert_eq!((&seen[0]["seq"], &seen[0]["text"]), (&json!(1), &json!("From inside")));
        assert_eq!(seen[0]["author"], json!({ "name": "Kim", "viewerIsAuthor": true }));
        assert!(kim.conversation(Some(&sales)).await.is_empty());
        // The session behind it is the desk's.
        let session = ann.waiting().await;
        assert_eq!(kim.session(&session).await, Value::Null);
        let node = "query($id: ID!) { node(id: $id) { id } }";
        assert_eq!(kim.act(node, json!({ "id": session })).await, Value::Null);
    });
}
