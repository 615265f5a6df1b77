//! The work of the library on a document, counted without doing it.
//!
//! The library walks through every operation with its fragments expanded (limits, execution), through
//! every fragment by itself (validation), and compares the fields of each selection set with those that
//! stand beside them, fragments included. The same walks are made here one step at a time, and end at
//! the first bound that is reached.

mod comparison;

use async_graphql::parser::types::{Directive, ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql::{Name, Positioned, ServerError};
use async_graphql_value::Value;

use super::{introspection, too_complex};

/// The most steps of all operations and fragments. A step is a field, an argument, a value in an
/// argument, a directive or a fragment, as often as it is used.
const MOST_STEPS: u64 = 20_000;
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
    // Last: by now no fragment spreads itself.
    Ok(Extent { comparisons: comparison::count(document)?, ..visitor.extent })
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
mod tests;
