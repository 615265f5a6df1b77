//! Signs tokens: those of the widget's clients, and, with a shared secret, those of employees.

use std::fmt;

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::Serialize;

use super::bound;
use super::claims::{Claims, Client, Employee, Subject};
use super::misconfigured::Misconfigured;
use super::secret::{Body, check_strength};
use super::ticket::Ticket;
use super::token::TOKEN_BYTES;

/// Signs tokens that a [`super::Secret`] of the same name and secret accepts, or
/// [`super::WidgetKeys`] with the same key.
#[derive(Clone, Debug)]
pub struct Signer {
    issuer: String,
    header: Header,
    key: EncodingKey,
}

/// The reason why a token was not signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsigned {
    /// A text is missing, too long or has control characters; see [`Claims`].
    OutOfBounds,
    /// All texts together are more than a token may carry.
    TooLong,
    /// The signature failed, which a secret of the right size never does.
    Fault(String),
}

impl fmt::Display for Unsigned {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfBounds => formatter.write_str("a claim is out of its bounds"),
            Self::TooLong => formatter.write_str("the claims are too long for a token"),
            Self::Fault(fault) => write!(formatter, "the signature failed: {fault}"),
        }
    }
}

impl std::error::Error for Unsigned {}

impl Signer {
    /// Builds a signer of this name (`iss`) and secret.
    ///
    /// # Errors
    /// [`Misconfigured::WeakSecret`] for less than 32 bytes.
    pub fn new(issuer: &str, secret: &[u8]) -> Result<Self, Misconfigured> {
        check_strength(secret)?;
        let key = EncodingKey::from_secret(secret);
        Ok(Self { issuer: issuer.to_owned(), header: Header::new(Algorithm::HS256), key })
    }

    /// Builds a signer with a key of this id.
    pub(super) fn with_key(issuer: &str, algorithm: Algorithm, id: &str, key: EncodingKey) -> Self {
        let header = Header { kid: Some(id.to_owned()), ..Header::new(algorithm) };
        Self { issuer: issuer.to_owned(), header, key }
    }

    /// Signs a token of an employee.
    ///
    /// # Errors
    /// A token that would not be verified is not signed.
    pub fn sign_employee(
        &self,
        tenant: &str,
        employee: Employee,
        expires_at_seconds: i64,
    ) -> Result<String, Unsigned> {
        self.sign(tenant, Subject::Employee(employee), expires_at_seconds)
    }

    /// Signs a token of a client of the widget.
    ///
    /// # Errors
    /// A token that would not be verified is not signed.
    pub fn sign_client(
        &self,
        tenant: &str,
        client: Client,
        expires_at_seconds: i64,
    ) -> Result<String, Unsigned> {
        self.sign(tenant, Subject::Client(client), expires_at_seconds)
    }

    /// Signs a ticket for a socket.
    ///
    /// # Errors
    /// [`Unsigned::Fault`].
    pub fn sign_ticket(&self, expires_at_seconds: i64) -> Result<String, Unsigned> {
        self.issue(Ticket { exp: expires_at_seconds })
    }

    fn sign(
        &self,
        tenant: &str,
        subject: Subject,
        expires_at_seconds: i64,
    ) -> Result<String, Unsigned> {
        let claims = Claims { tenant: tenant.to_owned(), subject, expires_at_seconds };
        if !bound::is_within(&claims) {
            return Err(Unsigned::OutOfBounds);
        }
        let token = self.issue(Body::from(claims))?;
        if token.len() > TOKEN_BYTES { Err(Unsigned::TooLong) } else { Ok(token) }
    }

    fn issue(&self, body: impl Serialize) -> Result<String, Unsigned> {
        #[derive(Serialize)]
        struct Issued<'a, T> {
            iss: &'a str,
            #[serde(flatten)]
            body: T,
        }
        let issued = Issued { iss: &self.issuer, body };
        encode(&self.header, &issued, &self.key).map_err(|fault| Unsigned::Fault(fault.to_string()))
    }
}
