//! Strict checks of a request's members.

use serde_json::{Map, Value};

/// The type of a member.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// A text.
    Text,
    /// A whole number.
    Integer,
    /// True or false.
    Boolean,
    /// A text or a whole number.
    TextOrInteger,
    /// A list of texts.
    Texts,
    /// An object with these members.
    Object(&'static [Field]),
}

/// A member.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    /// The name.
    pub(super) name: &'static str,
    /// The type.
    pub(super) kind: Kind,
    /// True if it has to be there.
    pub(super) is_required: bool,
}

/// Returns a member that has to be there.
pub(super) const fn required(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, is_required: true }
}

/// Returns a member that may be missing.
pub(super) const fn optional(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, is_required: false }
}

/// The reason why an object is refused, with the names that lead to the member.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Wrong {
    /// There is no such member.
    Unknown(Vec<String>),
    /// It has another type.
    Type(Vec<String>),
    /// It is missing.
    Missing(Vec<String>),
}

impl Wrong {
    fn within(self, name: &str) -> Self {
        let below = |mut path: Vec<String>| {
            path.insert(0, name.to_owned());
            path
        };
        match self {
            Self::Unknown(path) => Self::Unknown(below(path)),
            Self::Type(path) => Self::Type(below(path)),
            Self::Missing(path) => Self::Missing(below(path)),
        }
    }
}

/// Checks that an object has these members and no others.
///
/// # Errors
/// The first member that is wrong.
pub(super) fn check(object: &Map<String, Value>, fields: &[Field]) -> Result<(), Wrong> {
    for (name, value) in object {
        let field = fields.iter().find(|field| field.name == name);
        let field = field.ok_or_else(|| Wrong::Unknown(vec![name.clone()]))?;
        of_kind(value, field.kind).map_err(|wrong| wrong.within(name))?;
    }
    let missing = fields.iter().find(|field| field.is_required && !object.contains_key(field.name));
    missing.map_or(Ok(()), |field| Err(Wrong::Missing(vec![field.name.to_owned()])))
}

fn of_kind(value: &Value, kind: Kind) -> Result<(), Wrong> {
    let is_right = match kind {
        Kind::Text => value.is_string(),
        Kind::Integer => value.is_i64(),
        Kind::Boolean => value.is_boolean(),
        Kind::TextOrInteger => value.is_string() || value.is_i64(),
        Kind::Texts => {
            value.as_array().is_some_and(|texts| texts.iter().all(|text| text.is_string()))
        }
        Kind::Object(fields) => match value.as_object() {
            Some(object) => return check(object, fields),
            None => false,
        },
    };
    if is_right { Ok(()) } else { Err(Wrong::Type(Vec::new())) }
}
