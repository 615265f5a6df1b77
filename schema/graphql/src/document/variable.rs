//! The values of variables, checked before anything is executed: the library looks at a variable where
//! it is used, and not before, which is too late for a request error.

use async_graphql::parser::types::{BaseType, Type, VariableDefinition};
use async_graphql::{ServerError, Value, Variables};

/// The longest part of a value that is shown in a message, in code points.
const SHOWN: usize = 40;

/// Checks the value of a variable against the type that the document declares.
///
/// # Errors
/// It has no value, or one of another type.
pub(super) fn check(
    definition: &VariableDefinition,
    variables: &Variables,
) -> Result<(), ServerError> {
    let (name, expected) = (&definition.name, &definition.var_type.node);
    let problem = match variables.get(&name.node) {
        None if definition.default_value.is_some() || expected.nullable => return Ok(()),
        None => "is required".to_owned(),
        Some(value) if fits(value, expected) => return Ok(()),
        Some(value) => format!("cannot be {}", shortened(&value.to_string())),
    };
    let message = format!("The variable ${} of type {expected} {problem}.", name.node);
    Err(ServerError::new(message, Some(name.pos)))
}

/// Returns the beginning of a text from outside, for a message.
pub(super) fn shortened(text: &str) -> String {
    let short = domain::text::cut(text, SHOWN);
    if short.len() < text.len() { format!("{short}...") } else { text.to_owned() }
}

fn fits(value: &Value, expected: &Type) -> bool {
    match (value, &expected.base) {
        (Value::Null, _) => expected.nullable,
        (Value::List(values), BaseType::List(inner)) => values.iter().all(|v| fits(v, inner)),
        // One value stands for a list of it.
        (value, BaseType::List(inner)) => fits(value, inner),
        (value, BaseType::Named(name)) => may_be(value, name),
    }
}

/// Returns true if a value can be of a scalar type. Types of the schema itself are left to the
/// executor.
fn may_be(value: &Value, scalar: &str) -> bool {
    match (scalar, value) {
        ("Int", Value::Number(number)) => {
            number.as_i64().is_some_and(|number| i32::try_from(number).is_ok())
        }
        ("ID", Value::Number(number)) => number.is_i64() || number.is_u64(),
        ("Float", Value::Number(_)) | ("String" | "ID", Value::String(_)) => true,
        ("Boolean", Value::Boolean(_)) => true,
        ("Int" | "ID" | "Float" | "String" | "Boolean", _) => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::Request;
    use serde_json::json;

    use super::super::{Operation, Shapes};
    use super::*;

    fn is_fine(request: Request) -> bool {
        let shapes = Shapes::of("type Query { x: Int }");
        Operation::read(request, || &shapes).is_ok()
    }

    #[test]
    fn a_variable_is_checked_before_anything_is_executed() {
        for (declared, value, expected) in [
            ("ID!", json!(null), false),
            ("ID!", json!("x"), true),
            ("ID!", json!(7), true),
            ("ID!", json!(1.5), false),
            ("ID", json!(null), true),
            ("Int!", json!(2_147_483_647), true),
            ("Int!", json!(2_147_483_648_i64), false),
            ("Int", json!("1"), false),
            ("Float!", json!(1), true),
            ("String!", json!(1), false),
            ("Boolean", json!("true"), false),
            ("[ID!]!", json!(["a", "b"]), true),
            ("[ID!]!", json!(["a", null]), false),
            ("[ID!]!", json!("a"), true),
            ("Presence!", json!("ONLINE"), true),
        ] {
            let query = format!("query ($v: {declared}) {{ x }}");
            let variables = Variables::from_json(json!({ "v": value }));
            let request = Request::new(query).variables(variables);
            assert_eq!(is_fine(request), expected, "{declared} {value}");
        }
    }

    #[test]
    fn a_variable_may_be_left_out_only_where_the_document_says_so() {
        let is_fine =
            |declared: &str| is_fine(Request::new(format!("query ($v: {declared}) {{ x }}")));
        assert!(is_fine("Int"));
        assert!(is_fine("Int! = 1"));
        assert!(!is_fine("Int!"));
    }
}
