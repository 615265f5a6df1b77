//! Attributes: encodes and decodes the items of DynamoDB, whole or by the names of their attributes.

use std::collections::HashMap;
use std::str::FromStr;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::Timestamp;
use serde::de::DeserializeOwned;
use serde_dynamo::Deserializer;
use serde_json::Value;

use crate::Fault;

/// An item as it is stored.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// A text attribute.
pub(crate) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

/// A number attribute.
pub(crate) fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// Decodes an image of a stream record from DynamoDB's JSON. This crate writes only text and numbers to
/// the table with the stream. Attributes of other types belong to a newer version: they are skipped, and
/// reported as missing where one is needed.
pub(crate) fn from_json(image: &Value) -> Result<Item, Fault> {
    let corrupt = || Fault::Corrupt("the image of a stream record".to_owned());
    let attributes = image.as_object().ok_or_else(corrupt)?;
    let mut item = HashMap::with_capacity(attributes.len());
    for (name, value) in attributes {
        let value = match (value.get("S"), value.get("N")) {
            (Some(Value::String(value)), _) => text(value),
            (_, Some(Value::String(digits))) => number(digits),
            _ if value.is_object() => continue,
            _ => return Err(corrupt()),
        };
        item.insert(name.clone(), value);
    }
    Ok(item)
}

/// Decodes an item as a record. Attributes that the record does not know are skipped.
///
/// # Errors
/// [`Fault::Corrupt`] names the item and the attribute that cannot be read.
pub(crate) fn decode<T: DeserializeOwned>(item: &Item) -> Result<T, Fault> {
    decode_owned(item.clone())
}

/// Decodes an item as [`decode`] does, without a copy of it.
///
/// # Errors
/// As [`decode`].
pub(crate) fn decode_owned<T: DeserializeOwned>(item: Item) -> Result<T, Fault> {
    let key = |name| Read(&item).maybe_text(name).unwrap_or_default().to_owned();
    let (pk, sk) = (key("pk"), key("sk"));
    let map = serde_dynamo::Item::from(item).into();
    let from = Deserializer::from_attribute_value(serde_dynamo::AttributeValue::M(map));
    serde_path_to_error::deserialize(from)
        .map_err(|error| Fault::Corrupt(format!("{pk} / {sk}: {error}")))
}

/// A reader of an item. A missing attribute, or one of another type, is [`Fault::Corrupt`].
#[derive(Clone, Copy)]
pub(crate) struct Read<'a>(pub(crate) &'a Item);

impl<'a> Read<'a> {
    /// Returns the fault of an item without this attribute, or with one that cannot be read.
    pub(crate) fn corrupt(self, name: &str) -> Fault {
        let part = |name: &str| self.maybe_text(name).unwrap_or_default();
        Fault::Corrupt(format!("{} / {}: {name}", part("pk"), part("sk")))
    }

    /// Returns the size of the item as DynamoDB counts it, or a little more where it has numbers.
    pub(crate) fn bytes(self) -> usize {
        let size = |value: &AttributeValue| match value {
            AttributeValue::S(text) | AttributeValue::N(text) => text.len(),
            _ => 0,
        };
        self.0.iter().map(|(name, value)| name.len() + size(value)).sum()
    }

    pub(crate) fn maybe_text(self, name: &str) -> Option<&'a str> {
        self.0.get(name)?.as_s().ok().map(String::as_str)
    }

    /// Returns a set of texts; empty without one.
    pub(crate) fn texts(self, name: &str) -> &'a [String] {
        self.0.get(name).and_then(|set| set.as_ss().ok()).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn text(self, name: &str) -> Result<&'a str, Fault> {
        self.maybe_text(name).ok_or_else(|| self.corrupt(name))
    }

    pub(crate) fn maybe_number<T: FromStr>(self, name: &str) -> Result<Option<T>, Fault> {
        match self.0.get(name) {
            None => Ok(None),
            Some(value) => value
                .as_n()
                .ok()
                .and_then(|digits| digits.parse().ok())
                .map(Some)
                .ok_or_else(|| self.corrupt(name)),
        }
    }

    pub(crate) fn number<T: FromStr>(self, name: &str) -> Result<T, Fault> {
        self.maybe_number(name)?.ok_or_else(|| self.corrupt(name))
    }

    pub(crate) fn time(self, name: &str) -> Result<Timestamp, Fault> {
        self.number(name).map(Timestamp::from_millis)
    }

    pub(crate) fn maybe_time(self, name: &str) -> Result<Option<Timestamp>, Fault> {
        Ok(self.maybe_number(name)?.map(Timestamp::from_millis))
    }

    /// Returns the attribute parsed, as an id for example.
    pub(crate) fn parsed<T>(
        self,
        name: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, Fault> {
        self.maybe_text(name).and_then(parse).ok_or_else(|| self.corrupt(name))
    }

    /// Returns what the key of the item says.
    pub(crate) fn keyed<T>(self, read: impl Fn(&str, &str) -> Option<T>) -> Result<T, Fault> {
        let (pk, sk) = (self.text("pk")?, self.text("sk")?);
        read(pk, sk).ok_or_else(|| self.corrupt("its key"))
    }
}
