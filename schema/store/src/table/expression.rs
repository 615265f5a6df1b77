//! Expressions: what a write changes and on which condition, in DynamoDB's language.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};

use super::attribute::{Item, number, text};

/// A write's change of an item, its guard, and the values of both. In either, `#name` stands for the
/// attribute `name`, because DynamoDB reserves some words.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Expression {
    pub(super) update: Option<String>,
    pub(super) condition: Option<String>,
    pub(super) returns: Option<ReturnValue>,
    values: Item,
}

impl Expression {
    /// Returns a change without a guard.
    pub(crate) fn update(update: impl Into<String>) -> Self {
        Self { update: Some(update.into()), ..Self::default() }
    }

    /// Returns the change that sets all attributes of an item, except its key, and removes those
    /// named in `absent`. All others stay.
    pub(crate) fn replace(item: Item, absent: &[String]) -> Self {
        let removed: Vec<String> = absent.iter().map(|name| format!("#{name}")).collect();
        let is_key = |name: &str| ["pk", "sk"].contains(&name);
        let sets: BTreeMap<_, _> = item.into_iter().filter(|(name, _)| !is_key(name)).collect();
        let set: Vec<String> = sets.keys().map(|name| format!("#{name} = :{name}")).collect();
        let mut update = format!("SET {}", set.join(", "));
        if !removed.is_empty() {
            update = format!("{update} REMOVE {}", removed.join(", "));
        }
        let values = sets.into_iter().map(|(name, value)| (format!(":{name}"), value)).collect();
        Self { values, ..Self::update(update) }
    }

    /// Returns a guard without a change.
    pub(crate) fn guard(condition: impl Into<String>) -> Self {
        Self::default().when(condition)
    }

    /// Sets the change.
    pub(crate) fn set(mut self, update: impl Into<String>) -> Self {
        self.update = Some(update.into());
        self
    }

    /// Sets the guard.
    pub(crate) fn when(mut self, condition: impl Into<String>) -> Self {
        self.condition = Some(condition.into());
        self
    }

    /// Requests the item as it was before.
    pub(crate) fn returning_old(mut self) -> Self {
        self.returns = Some(ReturnValue::AllOld);
        self
    }

    /// Requests the item as it is afterwards.
    pub(crate) fn returning_new(mut self) -> Self {
        self.returns = Some(ReturnValue::AllNew);
        self
    }

    pub(crate) fn text(self, name: &str, value: impl Into<String>) -> Self {
        self.value(name, text(value))
    }

    pub(crate) fn number(self, name: &str, value: impl ToString) -> Self {
        self.value(name, number(value))
    }

    /// Adds a set of texts, which must not be empty.
    pub(crate) fn texts<T: Into<String>>(
        self,
        name: &str,
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        self.value(name, AttributeValue::Ss(values.into_iter().map(Into::into).collect()))
    }

    /// Sets a value to a set of numbers.
    pub(crate) fn numbers(self, name: &str, values: &BTreeSet<u64>) -> Self {
        self.value(name, AttributeValue::Ns(values.iter().map(ToString::to_string).collect()))
    }

    fn value(mut self, name: &str, value: AttributeValue) -> Self {
        self.values.insert(name.to_owned(), value);
        self
    }

    /// Returns the values, if there are any.
    pub(super) fn values(&self) -> Option<Item> {
        (!self.values.is_empty()).then(|| self.values.clone())
    }

    /// Returns the attributes that the expression names by `#name`, if it names any.
    pub(super) fn names(&self) -> Option<HashMap<String, String>> {
        let texts = [&self.update, &self.condition].into_iter().flatten();
        let named = texts.flat_map(|text| text.split('#').skip(1)).map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            rest.split_at(end.unwrap_or(rest.len())).0
        });
        let names: HashMap<_, _> =
            named.map(|name| (format!("#{name}"), name.to_owned())).collect();
        (!names.is_empty()).then_some(names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_from_the_change_and_the_guard() {
        let one = Expression::update("SET #until = :u, ws = :w, #pk_=:p").when("#ttl < :t");
        let mut names: Vec<_> = one.names().into_iter().flatten().collect();
        names.sort();
        let expected = [("#pk_", "pk_"), ("#ttl", "ttl"), ("#until", "until")]
            .map(|(one, other)| (one.to_owned(), other.to_owned()));
        assert_eq!(names, expected);
        assert_eq!(Expression::update("ADD n :one").names(), None);
    }
}
