//! Parameters of a GraphQL request: reads them from a query string or from a JSON body.

use std::fmt;

use async_graphql::{Extensions, Request, Variables};
use lambda_http::aws_lambda_events::query_map::QueryMap;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The extension with which a client asks for a document by its hash (automatic persisted queries).
pub const PERSISTED_QUERY: &str = "persistedQuery";
/// The message to clients that ask for a persisted query: stock clients then send the whole
/// document, and go on so.
pub const PERSISTED_QUERY_MESSAGE: &str = "PersistedQueryNotSupported";

/// The reason why the parameters contain no request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Malformed {
    /// The parameters are wrong; the message says in English how.
    Wrong(String),
    /// They name a document by its hash alone.
    Persisted,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Wrong(message) => message,
            Self::Persisted => PERSISTED_QUERY_MESSAGE,
        })
    }
}

impl std::error::Error for Malformed {}

fn malformed<T>(message: impl Into<String>) -> Result<T, Malformed> {
    Err(Malformed::Wrong(message.into()))
}

/// Reads the request of a JSON body.
///
/// # Errors
/// [`Malformed`]: no JSON object, no `query`, or a parameter of a wrong type.
pub fn from_body(body: &[u8]) -> Result<Request, Malformed> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(parameters)) => request(parameters),
        Ok(Value::Array(_)) => malformed("Batches are not supported: send one request."),
        Ok(_) => malformed("The body is not a JSON object."),
        Err(error) => malformed(format!("The body is not JSON: {error}.")),
    }
}

/// Reads the request of a query string.
///
/// # Errors
/// [`Malformed`]: no `query`, a parameter given twice, or one that is not the JSON it should be.
pub fn from_query(query: Option<&QueryMap>) -> Result<Request, Malformed> {
    let mut parameters = Map::new();
    for name in ["query", "operationName", "variables", "extensions"] {
        let given = query.and_then(|query| query.all(name)).unwrap_or_default();
        let text = match given.as_slice() {
            [] => continue,
            [text] => *text,
            _ => return malformed(format!("`{name}` is given twice.")),
        };
        let value = match name {
            "query" | "operationName" => Value::from(text),
            _ => match serde_json::from_str(text) {
                Ok(value) => value,
                Err(error) => return malformed(format!("`{name}` is not JSON: {error}.")),
            },
        };
        parameters.insert(name.to_owned(), value);
    }
    request(parameters)
}

/// Null is as good as not given; other names are reserved and ignored.
fn request(mut parameters: Map<String, Value>) -> Result<Request, Malformed> {
    let mut take = |name: &str| parameters.remove(name).filter(|value| !value.is_null());
    let extensions = take("extensions");
    let mut request = match take("query") {
        None if extensions.as_ref().and_then(|given| given.get(PERSISTED_QUERY)).is_some() => {
            return Err(Malformed::Persisted);
        }
        None => return malformed("`query` is missing."),
        Some(Value::String(query)) => Request::new(query),
        Some(_) => return malformed("`query` is not a string."),
    };
    match take("operationName") {
        None => {}
        Some(Value::String(name)) if name.is_empty() => {}
        Some(Value::String(name)) => request.operation_name = Some(name),
        Some(_) => return malformed("`operationName` is not a string."),
    }
    if let Some(variables) = take("variables") {
        request.variables = object::<Variables>("variables", variables)?;
    }
    if let Some(extensions) = extensions {
        request.extensions = object::<Extensions>("extensions", extensions)?;
    }
    Ok(request)
}

fn object<T: DeserializeOwned>(name: &str, value: Value) -> Result<T, Malformed> {
    if !value.is_object() {
        return malformed(format!("`{name}` is not an object."));
    }
    serde_json::from_value(value).or_else(|error| malformed(format!("`{name}`: {error}.")))
}
