//! Tokens that the service issues itself: reads their claims, and accepts those with a shared secret
//! (HS256) on one machine only.

use jsonwebtoken::DecodingKey;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::claims::{Claims, Client, Contact, Employee, Subject};
use super::misconfigured::Misconfigured;
use super::unverified::Unverified;

/// HS256 is no stronger than its secret.
const SECRET_BYTES: usize = 32;

/// An issuer that shares a secret with us: ourselves, on one machine. It issues tokens for
/// employees and for clients.
#[derive(Clone, Debug)]
pub struct Secret {
    pub(super) issuer: String,
    pub(super) key: DecodingKey,
}

impl Secret {
    /// Builds an issuer of this name (`iss`) and secret.
    ///
    /// # Errors
    /// [`Misconfigured::WeakSecret`] for less than 32 bytes.
    pub fn new(issuer: &str, secret: &[u8]) -> Result<Self, Misconfigured> {
        check_strength(secret)?;
        Ok(Self { issuer: issuer.to_owned(), key: DecodingKey::from_secret(secret) })
    }
}

/// Reads the claims of a token of ours whose signature is verified.
pub(super) fn claims(body: Map<String, Value>) -> Result<Claims, Unverified> {
    let body = serde_json::from_value::<Body>(Value::Object(body));
    Ok(body.map_err(|_| Unverified::Malformed)?.into())
}

pub(super) fn check_strength(secret: &[u8]) -> Result<(), Misconfigured> {
    if secret.len() < SECRET_BYTES { Err(Misconfigured::WeakSecret) } else { Ok(()) }
}

/// The claims as they are signed.
#[derive(Serialize, Deserialize)]
pub(super) struct Body {
    tenant: String,
    exp: i64,
    #[serde(flatten)]
    person: Person,
}

/// The two kinds of token. `use` keeps them apart: neither can pass for the other.
#[derive(Serialize, Deserialize)]
#[serde(tag = "use", rename_all = "lowercase")]
enum Person {
    Employee {
        sub: String,
        name: String,
        #[serde(default)]
        administrator: bool,
    },
    Client {
        sub: String,
        live_chat: String,
        channel: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        contacts: Vec<Contact>,
    },
}

impl From<Body> for Claims {
    fn from(body: Body) -> Self {
        let subject = match body.person {
            Person::Employee { sub, name, administrator } => {
                Subject::Employee(Employee { id: sub, name, is_administrator: administrator })
            }
            Person::Client { sub, live_chat, channel, name, contacts } => {
                Subject::Client(Client { live_chat, channel, external_id: sub, name, contacts })
            }
        };
        Self { tenant: body.tenant, subject, expires_at_seconds: body.exp }
    }
}

impl From<Claims> for Body {
    fn from(claims: Claims) -> Self {
        let person = match claims.subject {
            Subject::Employee(Employee { id, name, is_administrator }) => {
                Person::Employee { sub: id, name, administrator: is_administrator }
            }
            Subject::Client(Client { live_chat, channel, external_id, name, contacts }) => {
                Person::Client { sub: external_id, live_chat, channel, name, contacts }
            }
        };
        Self { tenant: claims.tenant, exp: claims.expires_at_seconds, person }
    }
}
