//! Documents, measured whole before the library reads them.
//!
//! The library validates every operation of a document and expands fragments wherever they are spread,
//! so a few hundred bytes can keep a function busy until its time is up. [`Operation`] is the only thing
//! that a [`Service`](crate::Service) executes, and reading is the only way to get one: requests over
//! HTTP, messages of a socket and stored subscriptions all pass here.
//!
//! 1. [`text`] scans the text: bytes, tokens, brackets, names. One pass, before the parser.
//! 2. [`extent`] counts the work of the library on the parsed document: fields, aliases, arguments
//!    and levels with fragments expanded, and the comparisons of fields that may overlap.
//! 3. [`introspection`] counts the values that an introspection query returns, on the shapes of
//!    the schema.
//! 4. [`variable`] checks the values of the variables.
//!
//! Each of them stops at its bound, so that measuring costs no more than the bound either. The price: a
//! document that is valid and very large is refused. Trusted documents would be the way out.

mod extent;
mod introspection;
mod shape;
mod text;
mod variable;

use std::sync::Arc;

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType,
};
use async_graphql::{ErrorExtensionValues, Request, ServerError, Variables};

pub(crate) use extent::Extent;
pub(crate) use shape::Shapes;
pub use text::DOCUMENT_BYTES;

use crate::error::Code;
use crate::order::FieldOrder;

/// The operation that a request selects, in a document that was measured whole.
#[derive(Debug)]
pub struct Operation {
    pub(crate) request: Request,
    kind: OperationType,
    name: Option<String>,
    extent: Extent,
}

/// The operation of a subscription, read once and run for every event.
#[derive(Debug)]
pub struct Prepared {
    document: Arc<ExecutableDocument>,
    name: Option<String>,
    variables: Variables,
}

impl Prepared {
    /// Returns the request of one run. The library consumes the document.
    pub(crate) fn request(&self) -> Request {
        let mut request = Request::new(String::new()).variables(self.variables.clone());
        request.operation_name.clone_from(&self.name);
        request.set_parsed_query((*self.document).clone());
        request
    }

    /// Returns the order of the fields in its results.
    pub(crate) fn order(&self) -> FieldOrder {
        FieldOrder::by(Arc::clone(&self.document), self.name.clone())
    }
}

impl Operation {
    /// Returns the operation as it can be run many times.
    ///
    /// # Errors
    /// The document cannot be parsed, which reading it has excluded.
    pub(crate) fn prepare(mut self) -> Result<Prepared, ServerError> {
        let document = Arc::new(self.request.parsed_query()?.clone());
        let Request { operation_name, variables, .. } = self.request;
        Ok(Prepared { document, name: operation_name, variables })
    }

    /// Reads the document of a request. `shapes` are those of the schema; only an introspection
    /// needs them.
    ///
    /// # Errors
    /// `TOO_COMPLEX` for a document over a limit. Otherwise an error without a code: the document
    /// is not GraphQL, there is no such operation, or a variable has no value of its type.
    pub(crate) fn read<'s>(
        mut request: Request,
        shapes: impl Fn() -> &'s Shapes,
    ) -> Result<Self, ServerError> {
        text::check(&request.query)?;
        let variables = request.variables.clone();
        let wanted = request.operation_name.clone();
        let document = request.parsed_query()?;
        let extent = extent::measure(document)?;
        if extent.introspections > 0 {
            introspection::check(document, &variables, shapes())?;
        }
        let (name, operation) = select(document, wanted.as_deref())?;
        for definition in &operation.variable_definitions {
            variable::check(&definition.node, &variables)?;
        }
        let (kind, name) = (operation.ty, name.map(str::to_owned));
        Ok(Self { kind, name, extent, request })
    }

    /// Returns the kind of the operation.
    #[must_use]
    pub const fn kind(&self) -> OperationType {
        self.kind
    }

    /// Returns the name of the operation, if it has one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Returns true if the document introspects the schema.
    pub(crate) const fn introspects(&self) -> bool {
        self.extent.introspections > 0
    }
}

/// Returns the selected operation of a document: the only one, or the one that is named.
fn select<'a>(
    document: &'a ExecutableDocument,
    wanted: Option<&str>,
) -> Result<(Option<&'a str>, &'a OperationDefinition), ServerError> {
    let found = match (&document.operations, wanted) {
        (DocumentOperations::Single(only), None) => Some((None, &only.node)),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(named), Some(wanted)) => named
            .get_key_value(wanted)
            .map(|(name, operation)| (Some(name.as_str()), &operation.node)),
        (DocumentOperations::Multiple(named), None) => {
            let mut all = named.iter();
            let first = all.next().filter(|_| all.next().is_none());
            first.map(|(name, operation)| (Some(name.as_str()), &operation.node))
        }
    };
    found.ok_or_else(|| {
        let message = match wanted {
            Some(wanted) => format!("Unknown operation named \"{}\".", variable::shortened(wanted)),
            None => "The document has several operations: name one.".to_owned(),
        };
        ServerError::new(message, None)
    })
}

/// Builds the error of a document over a limit.
fn too_complex(message: impl Into<String>) -> ServerError {
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", Code::TooComplex.as_str());
    ServerError { extensions: Some(extensions), ..ServerError::new(message, None) }
}

#[cfg(test)]
mod tests {
    use async_graphql::Value;

    use super::*;

    /// Reads a document for a schema without a type that introspection could find.
    pub(super) fn read(query: &str, name: Option<&str>) -> Result<Operation, ServerError> {
        let mut request = Request::new(query);
        request.operation_name = name.map(str::to_owned);
        let shapes = Shapes::of("type Query { x: Int }");
        Operation::read(request, || &shapes)
    }

    pub(super) fn code(query: &str) -> Option<Value> {
        let error = read(query, None).expect_err("too much");
        error.extensions.and_then(|values| values.get("code").cloned())
    }

    pub(super) fn is_too_complex(query: &str) -> bool {
        code(query) == Some(Value::from("TOO_COMPLEX"))
    }

    #[test]
    fn the_operation_that_is_named_says_the_kind() {
        let both = "query a { x } mutation b { x }";
        let kind = |query, name| read(query, name).ok().map(|operation| operation.kind());
        assert_eq!(kind("{ x }", None), Some(OperationType::Query));
        assert_eq!(kind("mutation { x }", None), Some(OperationType::Mutation));
        assert_eq!(kind("subscription s { x }", None), Some(OperationType::Subscription));
        assert_eq!(kind(both, Some("a")), Some(OperationType::Query));
        assert_eq!(kind(both, Some("b")), Some(OperationType::Mutation));
        for (query, name) in [(both, Some("c")), (both, None), ("{ x }", Some("a"))] {
            assert!(read(query, name).is_err(), "{query} {name:?}");
        }
        assert_eq!(read("query a { x }", None).unwrap().name(), Some("a"));
    }

    #[test]
    fn every_operation_is_measured_whichever_is_selected() {
        let doubling: String =
            (0..23).map(|n| format!("fragment F{n} on Query{{...F{0}...F{0}}}", n + 1)).collect();
        let bomb = format!(
            "query A{{__typename}} query B{{...F0}} {doubling} fragment F23 on Query{{__typename}}"
        );
        for name in [Some("A"), Some("B"), Some("C"), None] {
            let error = read(&bomb, name).expect_err("too much");
            let code = error.extensions.and_then(|values| values.get("code").cloned());
            assert_eq!(code, Some(Value::from("TOO_COMPLEX")), "{name:?}");
        }
    }
}
