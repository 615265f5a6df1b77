//! The order of the fields of a response: that of the document.
//!
//! The library runs fields side by side and keeps the order in which they are done. GraphQL asks for
//! the order of the document, and a person who reads the response expects it.

use std::sync::Arc;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql::{Name, Request, Response, Value};

/// The document of a request, by which its response is put in order.
pub(crate) struct FieldOrder {
    document: Option<Arc<ExecutableDocument>>,
    operation: Option<String>,
}

/// The selections under one key of a response, in the order of the document.
type Keys<'a> = IndexMap<&'a str, Vec<&'a SelectionSet>>;

impl FieldOrder {
    /// Reads the document of a request. Where it cannot be read, the response keeps its order.
    pub(crate) fn of(request: &mut Request) -> Self {
        let document = request.parsed_query().ok().cloned().map(Arc::new);
        Self { document, operation: request.operation_name.clone() }
    }

    /// Returns the order of an operation of a document.
    pub(crate) const fn by(document: Arc<ExecutableDocument>, operation: Option<String>) -> Self {
        Self { document: Some(document), operation }
    }

    /// Puts the fields of a response into the order of the request.
    pub(crate) fn arrange(&self, response: &mut Response) {
        let Some(document) = &self.document else { return };
        let mut operations = document.operations.iter();
        let operation = match &self.operation {
            None => operations.next(),
            Some(name) => operations.find(|(known, _)| known.is_some_and(|k| *k == **name)),
        };
        if let Some((_, operation)) = operation {
            arrange(document, &[&operation.node.selection_set.node], &mut response.data);
        }
    }
}

fn arrange(document: &ExecutableDocument, sets: &[&SelectionSet], value: &mut Value) {
    match value {
        Value::List(values) => {
            values.iter_mut().for_each(|value| arrange(document, sets, value));
        }
        Value::Object(fields) => {
            let mut keys = Keys::new();
            sets.iter().for_each(|set| collect(document, set, &mut keys));
            let mut arranged: IndexMap<Name, Value> = IndexMap::with_capacity(fields.len());
            for (key, sets) in keys {
                if let Some((name, mut value)) = fields.shift_remove_entry(key) {
                    arrange(document, &sets, &mut value);
                    arranged.insert(name, value);
                }
            }
            arranged.append(fields);
            *fields = arranged;
        }
        _ => {}
    }
}

/// Collects the keys that a selection set can give a response. Conditions on types are ignored: the
/// response itself has the keys that apply. Documents were validated: they are bounded and have no
/// cycles.
fn collect<'a>(document: &'a ExecutableDocument, set: &'a SelectionSet, keys: &mut Keys<'a>) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => {
                let key = field.node.response_key().node.as_str();
                keys.entry(key).or_default().push(&field.node.selection_set.node);
            }
            Selection::InlineFragment(fragment) => {
                collect(document, &fragment.node.selection_set.node, keys);
            }
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                    collect(document, &fragment.node.selection_set.node, keys);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::*;

    #[test]
    fn fields_stand_in_the_order_of_the_document() {
        let query = "{ b ...F a { y x } ... on Query { c } } fragment F on Query { d a { z } }";
        let order = FieldOrder::of(&mut Request::new(query));
        let mut response = Response::new(value!({
            "c": 1, "a": [{ "x": 1, "z": 2, "y": 3 }], "d": 4, "b": 5,
        }));
        order.arrange(&mut response);
        let text = serde_json::to_string(&response.data).unwrap();
        assert_eq!(text, r#"{"b":5,"d":4,"a":[{"z":2,"y":3,"x":1}],"c":1}"#);
    }
}
