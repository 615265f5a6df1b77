//! How much a document asks for, measured without executing it: what stands in fragments counts
//! wherever it is used, and each fragment is looked at once, so that a small document cannot keep
//! anybody busy.

use std::collections::HashMap;

use async_graphql::Name;
use async_graphql::Positioned;
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};

/// How many fields an operation may select, its fragments as often as they are used.
const MOST_FIELDS: u64 = 10_000;
/// How many of them may have another name in the answer.
const MOST_ALIASES: u64 = 100;
/// How deep selections and fragments may stand in each other.
const MOST_LEVELS: usize = 30;

/// What is too much about an operation, in English.
pub type TooMuch = String;

/// Checks what an operation asks for.
///
/// # Errors
/// [`TooMuch`]: what it has too many of.
pub fn check(document: &ExecutableDocument, selected: &SelectionSet) -> Result<(), TooMuch> {
    let extent = Measure { document, known: HashMap::new() }.of(selected, 1)?;
    if extent.fields > MOST_FIELDS {
        return Err(format!("The document selects more than {MOST_FIELDS} fields."));
    }
    if extent.aliases > MOST_ALIASES {
        return Err(format!("The document has more than {MOST_ALIASES} aliases."));
    }
    Ok(())
}

#[derive(Clone, Copy, Default)]
struct Extent {
    fields: u64,
    aliases: u64,
    /// How many levels it has below itself.
    levels: usize,
}

impl Extent {
    fn plus(self, other: Self) -> Self {
        Self {
            fields: self.fields.saturating_add(other.fields),
            aliases: self.aliases.saturating_add(other.aliases),
            levels: self.levels.max(other.levels),
        }
    }
}

struct Measure<'a> {
    document: &'a ExecutableDocument,
    /// Fragments that were looked at. One that is being looked at counts nothing: whoever goes
    /// round in circles is refused by the executor.
    known: HashMap<&'a Name, Extent>,
}

impl<'a> Measure<'a> {
    fn of(&mut self, selected: &'a SelectionSet, level: usize) -> Result<Extent, TooMuch> {
        if level > MOST_LEVELS {
            return Err(too_deep());
        }
        let mut sum = Extent::default();
        for Positioned { node, .. } in &selected.items {
            sum = sum.plus(self.of_selection(node, level)?);
        }
        Ok(sum)
    }

    fn of_selection(&mut self, selection: &'a Selection, level: usize) -> Result<Extent, TooMuch> {
        match selection {
            Selection::Field(field) => {
                let below = self.of(&field.node.selection_set.node, level + 1)?;
                let itself = Extent {
                    fields: 1,
                    aliases: field.node.alias.is_some().into(),
                    levels: below.levels + 1,
                };
                Ok(itself.plus(below))
            }
            Selection::InlineFragment(inline) => {
                let below = self.of(&inline.node.selection_set.node, level + 1)?;
                Ok(Extent { levels: below.levels + 1, ..below })
            }
            Selection::FragmentSpread(spread) => {
                let below = self.of_fragment(&spread.node.fragment_name.node, level)?;
                // It may have been measured higher up, where there was more room below it.
                match level + below.levels >= MOST_LEVELS {
                    true => Err(too_deep()),
                    false => Ok(Extent { levels: below.levels + 1, ..below }),
                }
            }
        }
    }

    fn of_fragment(&mut self, name: &'a Name, level: usize) -> Result<Extent, TooMuch> {
        if let Some(known) = self.known.get(name) {
            return Ok(*known);
        }
        // One that is missing is the executor's to refuse.
        let Some(fragment) = self.document.fragments.get(name) else {
            return Ok(Extent::default());
        };
        self.known.insert(name, Extent::default());
        let extent = self.of(&fragment.node.selection_set.node, level + 1)?;
        self.known.insert(name, extent);
        Ok(extent)
    }
}

fn too_deep() -> TooMuch {
    format!("The document has more than {MOST_LEVELS} levels.")
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use async_graphql::parser::types::DocumentOperations;

    use super::*;

    fn checked(query: &str) -> Result<(), TooMuch> {
        let document = parse_query(query).expect("GraphQL");
        match &document.operations {
            DocumentOperations::Single(only) => check(&document, &only.node.selection_set.node),
            DocumentOperations::Multiple(_) => panic!("one operation"),
        }
    }

    fn fragments(count: usize, spread: impl Fn(usize) -> String) -> String {
        (0..count).map(|n| format!("fragment F{n} on Q {{ {} }} ", spread(n))).collect()
    }

    #[test]
    fn aliases_are_counted_wherever_they_are_used() {
        let aliases =
            |count: usize| -> String { (0..count).map(|n| format!("a{n}: b ")).collect() };
        assert_eq!(checked(&format!("{{ {} }}", aliases(100))), Ok(()));
        assert!(checked(&format!("{{ {} }}", aliases(101))).is_err());
        let twice = format!("{{ ...F x {{ ...F }} }} fragment F on Q {{ {} }}", aliases(51));
        assert!(checked(&twice).is_err());
    }

    #[test]
    fn fragments_that_double_are_refused_at_once() {
        let doubling = fragments(25, |n| format!("...F{0} ...F{0}", n + 1));
        let query = format!("{{ ...F0 }} {doubling} fragment F25 on Q {{ b }}");
        assert!(checked(&query).is_err());
    }

    #[test]
    fn levels_are_counted_through_fragments_in_whatever_order_they_are_met() {
        let chain = fragments(20, |n| format!("b {{ ...F{} }}", n + 1));
        let end = "fragment F20 on Q { b }";
        assert!(checked(&format!("{{ ...F0 }} {chain} {end}")).is_err());
        // Known from higher up, and too deep where it is used again.
        let again = "b { b { b { b { b { b { b { b { b { ...F10 } } } } } } } } }";
        assert!(checked(&format!("{{ ...F10 {again} }} {chain} {end}")).is_err());
        assert_eq!(checked(&format!("{{ ...F10 }} {chain} {end}")), Ok(()));
    }

    #[test]
    fn what_goes_round_or_is_missing_is_left_to_the_executor() {
        assert_eq!(checked("{ ...A } fragment A on Q { ...B } fragment B on Q { ...A }"), Ok(()));
        assert_eq!(checked("{ ...Nowhere }"), Ok(()));
    }
}
