//! Messages of a client, as the protocol allows them. As in the reference server, unknown keys are
//! ignored, the last of a repeated key counts, and `null` means absent wherever a key is optional.

use serde_json::{Map, Value};

use crate::parameters::PERSISTED_QUERY;

/// The longest id of an operation, in code points. (It is part of a key in storage.)
pub const OPERATION_ID_LENGTH: usize = 128;

/// A request for an operation: query, mutation or subscription.
#[derive(Clone, Debug, PartialEq)]
pub struct Subscribe {
    /// The client's id of the operation: 1 to [`OPERATION_ID_LENGTH`] code points, any of them.
    pub id: String,
    /// The text of the document; not parsed yet.
    pub query: String,
    /// The name of the operation in the document.
    pub operation_name: Option<String>,
    /// The values of the variables, empty when there are none.
    pub variables: Map<String, Value>,
    /// The client's extensions of the request, empty when there are none.
    pub extensions: Map<String, Value>,
}

/// A valid message of a client.
pub(super) enum Message {
    ConnectionInit {
        payload: Map<String, Value>,
    },
    Ping {
        payload: Option<Map<String, Value>>,
    },
    Pong,
    Subscribe(Subscribe),
    /// A `subscribe` for a document that the client sent once and has named by its hash since.
    Persisted {
        id: String,
    },
    Complete {
        id: String,
    },
}

/// Reads a message. The error describes the fault in words.
pub(super) fn parse(text: &str) -> Result<Message, String> {
    let message: Value = serde_json::from_str(text)
        .map_err(|fault| format!("Message is not valid JSON: {fault}"))?;
    let Value::Object(mut message) = message else {
        return Err(expected("Message", "an object", Some(&message)));
    };
    let kind = match message.remove("type") {
        None => return Err("Message is missing the 'type' property".to_owned()),
        Some(Value::String(kind)) => kind,
        other => {
            return Err(expected("Message 'type' property", "a string", other.as_ref()));
        }
    };
    match kind.as_str() {
        "connection_init" => {
            let payload = optional_object(&mut message, &kind, "payload")?.unwrap_or_default();
            Ok(Message::ConnectionInit { payload })
        }
        "ping" => Ok(Message::Ping { payload: optional_object(&mut message, &kind, "payload")? }),
        "pong" => optional_object(&mut message, &kind, "payload").map(|_| Message::Pong),
        "subscribe" => subscribe(message, &kind),
        "complete" => Ok(Message::Complete { id: operation_id(&mut message, &kind)? }),
        "connection_ack" | "next" | "error" => {
            Err(format!("Message of type \"{kind}\" is for servers to send"))
        }
        _ => Err(format!("Invalid message 'type' property \"{kind}\"")),
    }
}

fn subscribe(mut message: Map<String, Value>, kind: &str) -> Result<Message, String> {
    let id = operation_id(&mut message, kind)?;
    let mut payload = match message.remove("payload") {
        Some(Value::Object(payload)) => payload,
        other => {
            return Err(expected_property(kind, "payload", "an object", other.as_ref()));
        }
    };
    let place = "subscribe payload";
    let query = match payload.remove("query") {
        Some(Value::String(query)) => query,
        None | Some(Value::Null) if asks_for_persisted(payload.get("extensions")) => {
            return Ok(Message::Persisted { id });
        }
        other => {
            return Err(expected_property(place, "query", "a string", other.as_ref()));
        }
    };
    let operation_name = match payload.remove("operationName") {
        None | Some(Value::Null) => None,
        // As over HTTP: some clients send it for a document without a name.
        Some(Value::String(name)) => Some(name).filter(|name| !name.is_empty()),
        other => {
            return Err(expected_property(place, "operationName", "a string", other.as_ref()));
        }
    };
    let variables = optional_object(&mut payload, place, "variables")?.unwrap_or_default();
    let extensions = optional_object(&mut payload, place, "extensions")?.unwrap_or_default();
    Ok(Message::Subscribe(Subscribe { id, query, operation_name, variables, extensions }))
}

fn asks_for_persisted(extensions: Option<&Value>) -> bool {
    extensions.and_then(|given| given.get(PERSISTED_QUERY)).is_some_and(Value::is_object)
}

fn operation_id(message: &mut Map<String, Value>, kind: &str) -> Result<String, String> {
    let id = match message.remove("id") {
        Some(Value::String(id)) => id,
        other => return Err(expected_property(kind, "id", "a string", other.as_ref())),
    };
    if id.is_empty() {
        return Err(format!("\"{kind}\" message requires a non-empty 'id' property"));
    }
    if id.chars().nth(OPERATION_ID_LENGTH).is_some() {
        return Err(format!(
            "\"{kind}\" message 'id' is longer than {OPERATION_ID_LENGTH} characters"
        ));
    }
    Ok(id)
}

fn optional_object(
    fields: &mut Map<String, Value>,
    place: &str,
    property: &str,
) -> Result<Option<Map<String, Value>>, String> {
    match fields.remove(property) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(object)) => Ok(Some(object)),
        other => Err(expected_property(place, property, "an object", other.as_ref())),
    }
}

fn expected_property(place: &str, property: &str, what: &str, found: Option<&Value>) -> String {
    expected(&format!("\"{place}\" property '{property}'"), what, found)
}

fn expected(subject: &str, what: &str, found: Option<&Value>) -> String {
    let found = match found {
        None => "nothing",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "a boolean",
        Some(Value::Number(_)) => "a number",
        Some(Value::String(_)) => "a string",
        Some(Value::Array(_)) => "an array",
        Some(Value::Object(_)) => "an object",
    };
    format!("{subject} is expected to be {what}, but got {found}")
}
