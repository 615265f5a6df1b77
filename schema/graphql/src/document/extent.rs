//! The work of the library on a document, counted without doing it.
//!
//! The library walks through every operation with its fragments expanded (limits, execution), through
//! every fragment by itself (validation), and compares the fields of each selection set with those that
//! stand beside them, fragments included. The same walks are made here one step at a time, and end at
//! the first bound that is reached.

use async_graphql::parser::types::{Directive, ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql::{Name, Positioned, ServerError};
use async_graphql_value::Value;

use super::{introspection, too_complex};

/// The most steps of all operations and fragments. A step is a field, an argument, a value in an
/// argument, a directive or a fragment, as often as it is used.
const MOST_STEPS: u64 = 20_000;
/// The most steps for the comparison of fields that may overlap.
const MOST_COMPARISONS: u64 = 200_000;
/// The most fields of an operation with another name in the answer.
const MOST_ALIASES: u64 = 100;
/// The most fields at the root of an operation, and the most with arguments. Each is executed by
/// itself, even the same field twice.
const MOST_ROOTS: u64 = 100;
const MOST_CALLS: u64 = 200;
/// The most levels of selections and fragments in each other.
const MOST_LEVELS: usize = 30;
/// The most operations of a document. Tools send a whole file and name the operation they mean.
const MOST_OPERATIONS: usize = 50;
/// The most variables of an operation.
const MOST_VARIABLES: usize = 100;
/// The most arguments of a field or a directive, and the most directives in one place.
const MOST_ARGUMENTS: usize = 50;
const MOST_DIRECTIVES: usize = 10;

/// The measure of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extent {
    /// The steps of all operations and fragments.
    pub(crate) steps: u64,
    /// The steps of comparing fields.
    pub(crate) comparisons: u64,
    /// The fields that introspect the schema.
    pub(crate) introspections: u64,
}

/// Measures a document.
///
/// # Errors
/// `TOO_COMPLEX`, with the limit that it exceeds; an error without a code for a fragment that
/// spreads itself.
pub(super) fn measure(document: &ExecutableDocument) -> Result<Extent, ServerError> {
    if document.operations.iter().count() > MOST_OPERATIONS {
        return Err(too_complex(format!(
            "The document has more than {MOST_OPERATIONS} operations."
        )));
    }
    let mut visitor =
        Visitor { document, open: Vec::new(), extent: Extent::default(), of: Counts::default() };
    for (_, operation) in document.operations.iter() {
        if operation.node.variable_definitions.len() > MOST_VARIABLES {
            return Err(too_complex(format!(
                "An operation has more than {MOST_VARIABLES} variables."
            )));
        }
        for definition in &operation.node.variable_definitions {
            visitor.directives(&definition.node.directives)?;
            visitor.step(1)?;
        }
        visitor.directives(&operation.node.directives)?;
        visitor.root(&operation.node.selection_set.node, true)?;
    }
    for (name, fragment) in &document.fragments {
        visitor.directives(&fragment.node.directives)?;
        visitor.open.push(name);
        visitor.root(&fragment.node.selection_set.node, false)?;
        visitor.open.pop();
    }
    for (_, operation) in document.operations.iter() {
        visitor.compare_within(&operation.node.selection_set.node)?;
    }
    for fragment in document.fragments.values() {
        visitor.compare_within(&fragment.node.selection_set.node)?;
    }
    Ok(visitor.extent)
}

/// The counts of one operation.
#[derive(Default)]
struct Counts {
    aliases: u64,
    roots: u64,
    calls: u64,
}

struct Visitor<'a> {
    document: &'a ExecutableDocument,
    /// The fragments that are being expanded.
    open: Vec<&'a Name>,
    extent: Extent,
    of: Counts,
}

impl<'a> Visitor<'a> {
    fn step(&mut self, weight: u64) -> Result<(), ServerError> {
        self.extent.steps = self.extent.steps.saturating_add(weight);
        match self.extent.steps > MOST_STEPS {
            true => Err(too_complex(format!("The document takes more than {MOST_STEPS} steps."))),
            false => Ok(()),
        }
    }

    fn root(&mut self, set: &'a SelectionSet, is_operation: bool) -> Result<(), ServerError> {
        self.of = Counts::default();
        self.selections(set, 1, is_operation)
    }

    fn selections(
        &mut self,
        set: &'a SelectionSet,
        level: usize,
        is_root: bool,
    ) -> Result<(), ServerError> {
        if level > MOST_LEVELS {
            return Err(too_complex(format!("The document has more than {MOST_LEVELS} levels.")));
        }
        for Positioned { node, .. } in &set.items {
            match node {
                Selection::Field(field) => {
                    self.field(&field.node, is_root)?;
                    self.selections(&field.node.selection_set.node, level + 1, false)?;
                }
                Selection::InlineFragment(inline) => {
                    self.step(1)?;
                    self.directives(&inline.node.directives)?;
                    self.selections(&inline.node.selection_set.node, level + 1, is_root)?;
                }
                Selection::FragmentSpread(spread) => {
                    self.step(1)?;
                    self.directives(&spread.node.directives)?;
                    self.spread(&spread.node.fragment_name.node, level + 1, is_root)?;
                }
            }
        }
        Ok(())
    }

    fn spread(&mut self, name: &'a Name, level: usize, is_root: bool) -> Result<(), ServerError> {
        // One that is missing is the library's to refuse.
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return Ok(());
        };
        if self.open.contains(&name) {
            return Err(ServerError::new(format!("The fragment \"{name}\" spreads itself."), None));
        }
        self.open.push(name);
        self.selections(&fragment.node.selection_set.node, level, is_root)?;
        self.open.pop();
        Ok(())
    }

    fn field(&mut self, field: &'a Field, is_root: bool) -> Result<(), ServerError> {
        self.step(1)?;
        self.arguments(&field.arguments)?;
        self.directives(&field.directives)?;
        self.extent.introspections += u64::from(introspection::is_root(&field.name.node));
        self.of.aliases += u64::from(field.alias.is_some());
        self.of.roots += u64::from(is_root);
        self.of.calls += u64::from(!field.arguments.is_empty());
        for (count, most, what) in [
            (self.of.aliases, MOST_ALIASES, "aliases"),
            (self.of.roots, MOST_ROOTS, "fields at its root"),
            (self.of.calls, MOST_CALLS, "fields with arguments"),
        ] {
            if count > most {
                return Err(too_complex(format!("An operation has more than {most} {what}.")));
            }
        }
        Ok(())
    }

    fn arguments(
        &mut self,
        arguments: &[(Positioned<Name>, Positioned<Value>)],
    ) -> Result<(), ServerError> {
        if arguments.len() > MOST_ARGUMENTS {
            return Err(too_complex(format!("A field has more than {MOST_ARGUMENTS} arguments.")));
        }
        self.step(weight(arguments))
    }

    fn directives(&mut self, directives: &[Positioned<Directive>]) -> Result<(), ServerError> {
        if directives.len() > MOST_DIRECTIVES {
            return Err(too_complex(format!(
                "More than {MOST_DIRECTIVES} directives stand in one place."
            )));
        }
        for Positioned { node, .. } in directives {
            self.step(1)?;
            self.arguments(&node.arguments)?;
        }
        Ok(())
    }

    /// Counts the comparisons of a selection set and of all those inside it.
    fn compare_within(&mut self, set: &'a SelectionSet) -> Result<(), ServerError> {
        self.compare(set)?;
        for Positioned { node, .. } in &set.items {
            match node {
                Selection::Field(field) => self.compare_within(&field.node.selection_set.node)?,
                Selection::InlineFragment(inline) => {
                    self.compare_within(&inline.node.selection_set.node)?;
                }
                Selection::FragmentSpread(_) => {}
            }
        }
        Ok(())
    }

    /// Counts the fields of one selection set, with those of its fragments.
    fn compare(&mut self, set: &'a SelectionSet) -> Result<(), ServerError> {
        for Positioned { node, .. } in &set.items {
            let weight = match node {
                Selection::Field(field) => 1 + weight(&field.node.arguments),
                _ => 1,
            };
            self.extent.comparisons = self.extent.comparisons.saturating_add(weight);
            if self.extent.comparisons > MOST_COMPARISONS {
                return Err(too_complex("The document has too many fields that may overlap."));
            }
            match node {
                Selection::Field(_) => {}
                Selection::InlineFragment(inline) => {
                    self.compare(&inline.node.selection_set.node)?;
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = self.document.fragments.get(&spread.node.fragment_name.node);
                    if let Some(fragment) = fragment {
                        self.compare(&fragment.node.selection_set.node)?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// The number of values in arguments, each argument counted as one more.
fn weight(arguments: &[(Positioned<Name>, Positioned<Value>)]) -> u64 {
    arguments.iter().map(|(_, value)| 1 + values(&value.node)).sum()
}

/// Returns the number of values in a value. The check of the text's brackets limits the recursion.
fn values(value: &Value) -> u64 {
    match value {
        Value::List(list) => 1 + list.iter().map(values).sum::<u64>(),
        Value::Object(fields) => 1 + fields.values().map(values).sum::<u64>(),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn measured(query: &str) -> Result<Extent, ServerError> {
        measure(&parse_query(query).expect("GraphQL"))
    }

    fn is_too_much(query: &str) -> bool {
        measured(query).is_err_and(|error| error.extensions.is_some())
    }

    fn fragments(count: usize, spread: impl Fn(usize) -> String) -> String {
        (0..count).map(|n| format!("fragment F{n} on Q {{ {} }} ", spread(n))).collect()
    }

    fn many(count: usize, text: impl Fn(usize) -> String) -> String {
        (0..count).map(text).collect()
    }

    #[test]
    fn aliases_are_counted_wherever_they_are_used() {
        let aliases = |count| many(count, |n| format!("a{n}: b "));
        assert!(measured(&format!("{{ {} }}", aliases(100))).is_ok());
        assert!(is_too_much(&format!("{{ {} }}", aliases(101))));
        let twice = format!("{{ ...F x {{ ...F }} }} fragment F on Q {{ {} }}", aliases(51));
        assert!(is_too_much(&twice));
        // Each operation has its own: only one of them is executed.
        let apart = format!("query A {{ {0} }} query B {{ {0} }}", aliases(60));
        assert!(measured(&apart).is_ok());
    }

    #[test]
    fn the_same_field_many_times_counts_as_aliases_do() {
        assert!(measured(&format!("{{ {} }}", "a { b } ".repeat(100))).is_ok());
        assert!(is_too_much(&format!("{{ {} }}", "a { b } ".repeat(101))));
        assert!(measured(&format!("{{ a {{ {} }} }}", "b(c: 1) ".repeat(200))).is_ok());
        assert!(is_too_much(&format!("{{ a {{ {} }} }}", "b(c: 1) ".repeat(201))));
    }

    #[test]
    fn fragments_that_double_are_refused_at_once() {
        let doubling = fragments(25, |n| format!("...F{0} ...F{0}", n + 1));
        assert!(is_too_much(&format!("{{ ...F0 }} {doubling} fragment F25 on Q {{ b }}")));
        // Not even used: the library looks at them all the same.
        assert!(is_too_much(&format!("{{ b }} {doubling} fragment F25 on Q {{ b }}")));
    }

    #[test]
    fn levels_are_counted_through_fragments_in_whatever_order_they_are_met() {
        let chain = fragments(20, |n| format!("b {{ ...F{} }}", n + 1));
        let end = "fragment F20 on Q { b }";
        assert!(is_too_much(&format!("{{ ...F0 }} {chain} {end}")));
        let chain = fragments(10, |n| format!("b {{ ...F{} }}", n + 1));
        let end = "fragment F10 on Q { b }";
        let again = "b { b { b { b { b { b { b { b { b { ...F0 } } } } } } } } }";
        assert!(is_too_much(&format!("{{ ...F0 {again} }} {chain} {end}")));
        assert!(measured(&format!("{{ ...F0 }} {chain} {end}")).is_ok());
    }

    #[test]
    fn a_fragment_that_spreads_itself_is_refused_however_often_it_does() {
        for round in [
            "{ ...A } fragment A on Q { ...A ...A }",
            "{ ...A } fragment A on Q { ...B } fragment B on Q { c { ...A ...A } }",
            "{ c } fragment A on Q { ...A ...A }",
        ] {
            let error = measured(round).expect_err("a circle");
            assert!(error.message.contains("spreads itself"), "{}", error.message);
        }
        assert!(measured("{ ...Nowhere }").is_ok());
    }

    #[test]
    fn what_stands_in_many_places_is_counted_in_each() {
        let wide = format!("fragment F on Q {{ {} }}", "b ".repeat(100));
        assert!(is_too_much(&format!("{{ {} }} {wide}", "c { ...F } ".repeat(99).repeat(3))));
        // Comparing is quadratic in what stands side by side: fields of many sets in one.
        let nested = "... { ".repeat(25) + &"b ".repeat(9_000) + &"} ".repeat(25);
        assert!(is_too_much(&format!("{{ a {{ {nested} }} }}")));
    }

    #[test]
    fn operations_variables_arguments_and_directives_are_bounded() {
        assert!(measured(&many(50, |n| format!("query Q{n} {{ b }} "))).is_ok());
        assert!(is_too_much(&many(51, |n| format!("query Q{n} {{ b }} "))));
        assert!(is_too_much(&format!("query ({}) {{ b }}", many(101, |n| format!("$a{n}: Int ")))));
        assert!(is_too_much(&format!("{{ b({}) }}", many(51, |n| format!("a{n}: 1 ")))));
        assert!(is_too_much(&format!("{{ b {} }}", "@a ".repeat(11))));
        assert!(is_too_much(&format!("{{ ... {} {{ b }} }}", "@a ".repeat(11))));
        assert!(is_too_much(&format!("{{ b(c: [{}]) }}", "1 ".repeat(20_000))));
    }
}
