//! The comparisons of fields that may overlap: those of one selection set, and of the fragments in it.

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql::{Positioned, ServerError};

use super::super::too_complex;
use super::weight;

/// The most steps for the comparison of fields that may overlap.
const MOST_COMPARISONS: u64 = 200_000;

/// Counts the steps of comparing fields in all operations and fragments of a document. No fragment may
/// spread itself.
///
/// # Errors
/// `TOO_COMPLEX`: there are too many.
pub(super) fn count(document: &ExecutableDocument) -> Result<u64, ServerError> {
    let mut comparison = Comparison { document, steps: 0 };
    for (_, operation) in document.operations.iter() {
        comparison.within(&operation.node.selection_set.node)?;
    }
    for fragment in document.fragments.values() {
        comparison.within(&fragment.node.selection_set.node)?;
    }
    Ok(comparison.steps)
}

/// The steps that were counted so far.
struct Comparison<'a> {
    document: &'a ExecutableDocument,
    steps: u64,
}

impl Comparison<'_> {
    /// Counts the comparisons of a selection set and of all those inside it.
    fn within(&mut self, set: &SelectionSet) -> Result<(), ServerError> {
        self.side_by_side(set)?;
        for Positioned { node, .. } in &set.items {
            match node {
                Selection::Field(field) => self.within(&field.node.selection_set.node)?,
                Selection::InlineFragment(inline) => {
                    self.within(&inline.node.selection_set.node)?;
                }
                Selection::FragmentSpread(_) => {}
            }
        }
        Ok(())
    }

    /// Counts the fields of one selection set, with those of its fragments.
    fn side_by_side(&mut self, set: &SelectionSet) -> Result<(), ServerError> {
        for Positioned { node, .. } in &set.items {
            let weight = match node {
                Selection::Field(field) => 1 + weight(&field.node.arguments),
                _ => 1,
            };
            self.steps = self.steps.saturating_add(weight);
            if self.steps > MOST_COMPARISONS {
                return Err(too_complex("The document has too many fields that may overlap."));
            }
            match node {
                Selection::Field(_) => {}
                Selection::InlineFragment(inline) => {
                    self.side_by_side(&inline.node.selection_set.node)?;
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = self.document.fragments.get(&spread.node.fragment_name.node);
                    if let Some(fragment) = fragment {
                        self.side_by_side(&fragment.node.selection_set.node)?;
                    }
                }
            }
        }
        Ok(())
    }
}
