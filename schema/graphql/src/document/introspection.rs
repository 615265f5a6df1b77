//! The number of values that an introspection query returns, counted on the shapes of the schema.
//!
//! Types lead to fields and fields to types, so a query of 150 bytes can select megabytes. The count
//! takes one step for each value, up to a bound. The standard queries of tools take about a quarter
//! of it.

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, Selection, SelectionSet,
};
use async_graphql::{Positioned, ServerError, Value, Variables};
use async_graphql_value::Value as InputValue;

use super::shape::{FieldShape, Shapes, TypeRef};
use super::too_complex;

/// The most values that the introspection of a document may return.
const MOST_VALUES: usize = 30_000;
/// The most levels of lists of fields and types in each other: the rule that graphql-js calls
/// `MaxIntrospectionDepthRule`, and its bound.
const MOST_LISTS: usize = 3;

/// Returns true if a field begins an introspection.
pub(super) fn is_root(field: &str) -> bool {
    matches!(field, "__schema" | "__type")
}

/// Checks the number of values that the introspection of a document returns, all of its operations
/// together.
///
/// # Errors
/// `TOO_COMPLEX`: there are too many.
pub(super) fn check(
    document: &ExecutableDocument,
    variables: &Variables,
    shapes: &Shapes,
) -> Result<(), ServerError> {
    let mut visitor = Visitor { document, variables, shapes, left: MOST_VALUES };
    match &document.operations {
        DocumentOperations::Single(only) => visitor.outside(&only.node.selection_set.node),
        DocumentOperations::Multiple(named) => named
            .values()
            .try_for_each(|operation| visitor.outside(&operation.node.selection_set.node)),
    }
}

/// A place that an introspection has reached.
#[derive(Clone, Copy)]
enum Place<'s> {
    Schema,
    Type(TypeRef),
    Field(&'s FieldShape),
    Input(TypeRef),
    Directive(&'s [TypeRef]),
    /// A value that leads nowhere.
    Leaf,
}

struct Visitor<'a> {
    document: &'a ExecutableDocument,
    variables: &'a Variables,
    shapes: &'a Shapes,
    left: usize,
}

impl<'a> Visitor<'a> {
    /// Searches for introspections. The extent of the document already limits the time that this
    /// takes.
    fn outside(&mut self, set: &'a SelectionSet) -> Result<(), ServerError> {
        for Positioned { node, .. } in &set.items {
            match node {
                Selection::Field(field) if is_root(&field.node.name.node) => {
                    let below = &field.node.selection_set.node;
                    let place = match field.node.name.node.as_str() {
                        "__schema" => Place::Schema,
                        _ => self.named(&field.node),
                    };
                    self.within(below, place, 0)?;
                }
                Selection::Field(field) => self.outside(&field.node.selection_set.node)?,
                Selection::InlineFragment(inline) => {
                    self.outside(&inline.node.selection_set.node)?;
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if let Some(fragment) = self.document.fragments.get(name) {
                        self.outside(&fragment.node.selection_set.node)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Returns the type that `__type(name:)` names.
    fn named(&self, field: &Field) -> Place<'a> {
        let name = match field.get_argument("name").map(|name| &name.node) {
            Some(InputValue::String(name)) => Some(name.as_str()),
            Some(InputValue::Variable(variable)) => match self.variables.get(variable) {
                Some(Value::String(name)) => Some(name.as_str()),
                _ => self.default(variable),
            },
            _ => None,
        };
        let found = name.and_then(|name| self.shapes.find(name));
        found.map_or(Place::Leaf, |named| Place::Type(TypeRef { named, wraps: 0 }))
    }

    /// Returns the default text of a variable, in whichever operation declares it.
    fn default(&self, variable: &str) -> Option<&'a str> {
        let mut definitions = self
            .document
            .operations
            .iter()
            .flat_map(|(_, operation)| &operation.node.variable_definitions);
        definitions.find_map(|definition| match definition.node.default_value() {
            Some(Value::String(text)) if definition.node.name.node == variable => {
                Some(text.as_str())
            }
            _ => None,
        })
    }

    fn within(
        &mut self,
        set: &'a SelectionSet,
        place: Place<'a>,
        lists: usize,
    ) -> Result<(), ServerError> {
        for Positioned { node, .. } in &set.items {
            self.left = self.left.checked_sub(1).ok_or_else(|| {
                too_complex(format!("The introspection has more than {MOST_VALUES} values."))
            })?;
            match node {
                Selection::Field(field) => self.field(&field.node, place, lists)?,
                Selection::InlineFragment(inline) => {
                    self.within(&inline.node.selection_set.node, place, lists)?;
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if let Some(fragment) = self.document.fragments.get(name) {
                        self.within(&fragment.node.selection_set.node, place, lists)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn field(
        &mut self,
        field: &'a Field,
        place: Place<'a>,
        lists: usize,
    ) -> Result<(), ServerError> {
        let name = field.name.node.as_str();
        let is_list = matches!(name, "fields" | "interfaces" | "possibleTypes" | "inputFields");
        let lists = lists + usize::from(is_list);
        if lists >= MOST_LISTS {
            return Err(too_complex("Lists of the introspection are nested too deep."));
        }
        let below = &field.selection_set.node;
        if below.items.is_empty() {
            return Ok(());
        }
        let shapes = self.shapes;
        let of = |at: usize| Place::Type(TypeRef { named: at, wraps: 0 });
        match (place, name) {
            (Place::Schema, "types") => {
                (0..shapes.types.len()).try_for_each(|at| self.within(below, of(at), lists))
            }
            (Place::Schema, "queryType" | "mutationType" | "subscriptionType") => {
                let named = match name {
                    "queryType" => "Query",
                    "mutationType" => "Mutation",
                    _ => "Subscription",
                };
                let found = shapes.find(named);
                found.map_or(Ok(()), |at| self.within(below, of(at), lists))
            }
            (Place::Schema, "directives") => shapes
                .directives
                .iter()
                .try_for_each(|of| self.within(below, Place::Directive(of), lists)),
            (Place::Type(TypeRef { named, wraps: wraps @ 1.. }), "ofType") => {
                self.within(below, Place::Type(TypeRef { named, wraps: wraps - 1 }), lists)
            }
            (Place::Type(TypeRef { named, wraps: 0 }), _) => {
                self.of_type(name, named, below, lists)
            }
            (Place::Field(field), "type") => self.within(below, Place::Type(field.of), lists),
            (Place::Field(FieldShape { arguments: of, .. }), "args") => {
                self.inputs(of, below, lists)
            }
            (Place::Directive(of), "args") => self.inputs(of, below, lists),
            (Place::Input(of), "type") => self.within(below, Place::Type(of), lists),
            _ => Ok(()),
        }
    }

    /// Enters a list of a named type.
    fn of_type(
        &mut self,
        name: &str,
        named: usize,
        below: &'a SelectionSet,
        lists: usize,
    ) -> Result<(), ServerError> {
        let shapes = self.shapes;
        let Some(shape) = shapes.types.get(named) else { return Ok(()) };
        let of = |at: &usize| Place::Type(TypeRef { named: *at, wraps: 0 });
        match name {
            "fields" => {
                shape.fields.iter().try_for_each(|of| self.within(below, Place::Field(of), lists))
            }
            "inputFields" => self.inputs(&shape.inputs, below, lists),
            "interfaces" => {
                shape.interfaces.iter().try_for_each(|at| self.within(below, of(at), lists))
            }
            "possibleTypes" => {
                shape.possible.iter().try_for_each(|at| self.within(below, of(at), lists))
            }
            "enumValues" => {
                (0..shape.enum_values).try_for_each(|_| self.within(below, Place::Leaf, lists))
            }
            _ => Ok(()),
        }
    }

    fn inputs(
        &mut self,
        inputs: &'a [TypeRef],
        below: &'a SelectionSet,
        lists: usize,
    ) -> Result<(), ServerError> {
        inputs.iter().try_for_each(|of| self.within(below, Place::Input(*of), lists))
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::Variables;
    use async_graphql::parser::parse_query;

    use super::*;

    const SDL: &str = "
type Query { a(b: Int): A, c: I } type A implements I { a: A!, b: [I!]! } type B implements I { a: A }
interface I { a: A } enum E { X Y Z } input N { e: E!, n: N }";

    /// Returns the number of values that the introspection of a document returns; none where there
    /// are too many.
    fn counted(query: &str) -> Option<usize> {
        let (document, shapes) = (parse_query(query).unwrap(), Shapes::of(SDL));
        let variables = Variables::from_json(serde_json::json!({ "name": "A" }));
        let mut visitor = Visitor {
            document: &document,
            variables: &variables,
            shapes: &shapes,
            left: MOST_VALUES,
        };
        let DocumentOperations::Single(only) = &document.operations else { panic!("one") };
        visitor.outside(&only.node.selection_set.node).ok()?;
        Some(MOST_VALUES - visitor.left)
    }

    #[test]
    fn values_are_counted_as_they_are_answered() {
        for (query, count) in [
            ("{ a { a } }", 0),
            ("{ __schema { queryType { name } } }", 2),
            ("{ __type(name: \"A\") { fields { name } } }", 3),
            ("query($name: String!) { __type(name: $name) { fields { name } } }", 3),
            ("query($n: String = \"A\") { __type(name: $n) { fields { name } } }", 3),
            ("{ __type(name: \"None\") { fields { name } } }", 1),
            ("{ __type(name: \"E\") { enumValues { name } } }", 4),
            ("{ __type(name: \"N\") { inputFields { type { ofType { name } } } } }", 6),
            ("{ __type(name: \"I\") { possibleTypes { interfaces { name } } } }", 5),
            (
                "{ __type(name: \"A\") { fields { type { ofType { ofType { ofType { name } } } } } } }",
                9,
            ),
            ("{ __type(name: \"Query\") { fields { args { type { name } } } } }", 5),
            ("{ a: __type(name: \"A\") { name } b: __type(name: \"B\") { name } }", 2),
            (
                "{ ...F } fragment F on Query { __type(name: \"A\") { ...T } } fragment T on __Type { name }",
                2,
            ),
        ] {
            assert_eq!(counted(query), Some(count), "{query}");
        }
    }

    #[test]
    fn lists_of_lists_of_lists_are_refused() {
        for query in [
            "{ __schema { types { possibleTypes { interfaces { possibleTypes { name } } } } } }",
            "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
            "{ __type(name: \"Query\") { fields { type { fields { type { inputFields { name } } } } } } }",
        ] {
            assert_eq!(counted(query), None, "{query}");
        }
    }
}
