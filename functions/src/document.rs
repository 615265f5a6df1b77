//! The document of a request, read before it is executed: what kind of operation it asks for, and
//! whether its variables can be what it says.

use async_graphql::parser::types::{
    BaseType, DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Type,
    VariableDefinition,
};
use async_graphql::{ErrorExtensionValues, Request, ServerError, Value, Variables};

use crate::extent;

/// The longest document, in bytes.
pub const DOCUMENT_BYTES: usize = 100_000;
/// How deep brackets may stand in each other. The parser is recursive: without a bound a document
/// could use up the stack. Below the parser's own bound of 64, whose error does not say what it is.
const NESTING: usize = 60;

/// Parses the document, which the request keeps, and tells what kind of operation it asks for;
/// `None` where that cannot be told, which is an error when it is executed.
///
/// # Errors
/// Too long, too deep or asking for too much, not GraphQL, or a variable without a value that it can have.
pub fn read(request: &mut Request) -> Result<Option<OperationType>, ServerError> {
    if request.query.len() > DOCUMENT_BYTES {
        return Err(too_complex(format!("The document has more than {DOCUMENT_BYTES} bytes.")));
    }
    if is_nested_too_deep(&request.query) {
        return Err(too_complex("The document is nested too deep.".to_owned()));
    }
    let name = request.operation_name.clone();
    let document = request.parsed_query()?;
    let Some(operation) = operation(document, name.as_deref()).cloned() else { return Ok(None) };
    extent::check(document, &operation.selection_set.node).map_err(too_complex)?;
    for definition in &operation.variable_definitions {
        check(&definition.node, &request.variables)?;
    }
    Ok(Some(operation.ty))
}

/// The name of the operation that a request asks for, if it has one.
pub fn name(request: &mut Request) -> Option<String> {
    if request.operation_name.is_some() {
        return request.operation_name.clone();
    }
    match &request.parsed_query().ok()?.operations {
        DocumentOperations::Multiple(named) if named.len() == 1 => {
            named.keys().next().map(ToString::to_string)
        }
        _ => None,
    }
}

fn too_complex(message: String) -> ServerError {
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", "TOO_COMPLEX");
    ServerError { extensions: Some(extensions), ..ServerError::new(message, None) }
}

fn operation<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Option<&'a OperationDefinition> {
    match (&document.operations, name) {
        (DocumentOperations::Single(only), None) => Some(&only.node),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(named), Some(name)) => {
            named.get(name).map(|operation| &operation.node)
        }
        (DocumentOperations::Multiple(named), None) => {
            let mut all = named.values();
            all.next().filter(|_| all.next().is_none()).map(|operation| &operation.node)
        }
    }
}

/// The executor looks at a variable where it is used, and not before: too late for a request error.
fn check(definition: &VariableDefinition, variables: &Variables) -> Result<(), ServerError> {
    let (name, expected) = (&definition.name, &definition.var_type.node);
    let problem = match variables.get(&name.node) {
        None if definition.default_value.is_some() || expected.nullable => return Ok(()),
        None => "is required".to_owned(),
        Some(value) if fits(value, expected) => return Ok(()),
        Some(value) => format!("cannot be {}", shortened(value)),
    };
    let message = format!("The variable ${} of type {expected} {problem}.", name.node);
    Err(ServerError::new(message, Some(name.pos)))
}

fn shortened(value: &Value) -> String {
    let text = value.to_string();
    let short = domain::text::cut(&text, 40);
    if short.len() < text.len() { format!("{short}...") } else { text }
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

/// Types of the schema itself are left to the executor.
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

/// Looks at brackets outside of strings and comments only.
fn is_nested_too_deep(document: &str) -> bool {
    let mut bytes = document.as_bytes();
    let mut depth = 0_usize;
    while let Some((byte, rest)) = bytes.split_first() {
        bytes = match byte {
            b'"' => after_string(rest),
            b'#' => after_comment(rest),
            _ => rest,
        };
        match byte {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > NESTING {
            return true;
        }
    }
    false
}

fn after_string(bytes: &[u8]) -> &[u8] {
    match bytes {
        [b'"', b'"', block @ ..] => after(block, |rest| match rest {
            [b'\\', b'"', b'"', b'"', ..] => Step::Over(4),
            [b'"', b'"', b'"', ..] => Step::End(3),
            _ => Step::Over(1),
        }),
        line => after(line, |rest| match rest {
            [b'\\', ..] => Step::Over(2),
            [b'"' | b'\n' | b'\r', ..] => Step::End(1),
            _ => Step::Over(1),
        }),
    }
}

fn after_comment(bytes: &[u8]) -> &[u8] {
    after(bytes, |rest| match rest {
        [b'\n' | b'\r', ..] => Step::End(1),
        _ => Step::Over(1),
    })
}

/// What stands next in a string or a comment, and how many bytes it has.
enum Step {
    Over(usize),
    End(usize),
}

fn after(mut bytes: &[u8], step: impl Fn(&[u8]) -> Step) -> &[u8] {
    while !bytes.is_empty() {
        match step(bytes) {
            Step::Over(length) => bytes = bytes.get(length..).unwrap_or_default(),
            Step::End(length) => return bytes.get(length..).unwrap_or_default(),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn kind(query: &str, name: Option<&str>) -> Option<OperationType> {
        let mut request = Request::new(query);
        request.operation_name = name.map(str::to_owned);
        read(&mut request).expect("a document")
    }

    #[test]
    fn the_operation_that_is_named_says_the_kind() {
        let both = "query a { x } mutation b { x }";
        assert_eq!(kind("{ x }", None), Some(OperationType::Query));
        assert_eq!(kind("mutation { x }", None), Some(OperationType::Mutation));
        assert_eq!(kind("subscription s { x }", None), Some(OperationType::Subscription));
        assert_eq!(kind(both, Some("a")), Some(OperationType::Query));
        assert_eq!(kind(both, Some("b")), Some(OperationType::Mutation));
        assert_eq!(kind(both, Some("c")), None);
        assert_eq!(kind(both, None), None);
        assert_eq!(kind("{ x }", Some("a")), None);
    }

    #[test]
    fn a_variable_is_checked_before_anything_is_executed() {
        for (declared, value, is_fine) in [
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
            let mut request = Request::new(query).variables(variables);
            assert_eq!(read(&mut request).is_ok(), is_fine, "{declared} {value}");
        }
    }

    #[test]
    fn a_variable_may_be_left_out_only_where_the_document_says_so() {
        let is_fine = |declared: &str| {
            read(&mut Request::new(format!("query ($v: {declared}) {{ x }}"))).is_ok()
        };
        assert!(is_fine("Int"));
        assert!(is_fine("Int! = 1"));
        assert!(!is_fine("Int!"));
    }

    #[test]
    fn what_would_use_up_the_stack_or_the_time_is_refused() {
        let code = |query: String| {
            let error = read(&mut Request::new(query)).expect_err("too much");
            error.extensions.and_then(|values| values.get("code").cloned())
        };
        let too_complex = Some(Value::from("TOO_COMPLEX"));
        for open in
            ["{a", "[", "(", "{a(b:[", "\"\"{", "#{\n{", "\"\"\"\\\"\"\"\"\"\"{", "\"\\\"\"{"]
        {
            assert_eq!(code(open.repeat(10_000)), too_complex, "{open}");
        }
        assert_eq!(code(" ".repeat(DOCUMENT_BYTES + 1)), too_complex);
        // What is let through, the parser takes: what it asks for is measured after that.
        let (open, close) = ("{a".repeat(NESTING), "}".repeat(NESTING));
        assert_eq!(code(format!("{open}{close}")), too_complex);
        let list = format!("{{a(b:{}{})}}", "[".repeat(NESTING - 2), "]".repeat(NESTING - 2));
        assert!(read(&mut Request::new(list)).is_ok());
    }

    #[test]
    fn brackets_in_texts_and_comments_do_not_count() {
        let many = "{".repeat(NESTING + 1);
        for query in [
            format!("{{ x(y: \"{many}\") }}"),
            format!("{{ x(y: \"\\\"{many}\") }}"),
            format!("{{ x(y: \"\"\"{many}\"\n\\\"\"\"{many}\"\"\") }}"),
            format!("# {many}\n{{ x }}"),
        ] {
            assert!(read(&mut Request::new(query.clone())).is_ok(), "{query}");
        }
    }
}
