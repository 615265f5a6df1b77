//! The verifier: makes claims of a token, or says why it is not accepted.

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, dangerous, decode, decode_header};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::claims::{Claims, Subject};
use super::jwks::{Jwks, TenantOf};
use super::misconfigured::Misconfigured;
use super::secret::Secret;
use super::token::{TOKEN_BYTES, bearer};
use super::unverified::Unverified;
use super::widget::WidgetKeys;
use super::{bound, secret, ticket, widget};

/// The most seconds that an issuer's clock may be ahead of ours for `nbf`. `exp` has no leeway.
const NOT_BEFORE_LEEWAY_SECONDS: i64 = 30;

/// An issuer whose tokens are accepted.
#[derive(Clone, Debug)]
pub enum Issuer {
    /// Ourselves, on one machine.
    Secret(Secret),
    /// Ourselves, for the widget's clients.
    Widget(WidgetKeys),
    /// An identity provider.
    Jwks(Jwks),
}

impl Issuer {
    fn name(&self) -> &str {
        match self {
            Self::Secret(secret) => &secret.issuer,
            Self::Widget(_) => widget::ISSUER,
            Self::Jwks(jwks) => &jwks.provider.issuer,
        }
    }

    fn algorithm(&self) -> Algorithm {
        match self {
            Self::Secret(_) => Algorithm::HS256,
            Self::Widget(_) => widget::ALGORITHM,
            Self::Jwks(jwks) => jwks.provider.algorithm,
        }
    }

    fn key(&self, id: Option<&str>, now_seconds: i64) -> Option<&DecodingKey> {
        match self {
            Self::Secret(secret) => Some(&secret.key),
            Self::Widget(keys) => keys.key(id, now_seconds),
            Self::Jwks(jwks) => jwks.key(id),
        }
    }
}

/// Verifies tokens of the issuers it knows. The token's `iss` picks the issuer, and the issuer, never
/// the token, says algorithm and keys.
#[derive(Clone, Debug)]
pub struct Verifier {
    issuers: Vec<Issuer>,
}

impl Verifier {
    /// Builds a verifier of these issuers.
    ///
    /// # Errors
    /// [`Misconfigured::DuplicateIssuer`].
    pub fn new(issuers: Vec<Issuer>) -> Result<Self, Misconfigured> {
        let is_duplicate = |(index, issuer): (usize, &Issuer)| {
            issuers.iter().take(index).any(|earlier| earlier.name() == issuer.name())
        };
        if issuers.iter().enumerate().any(is_duplicate) {
            return Err(Misconfigured::DuplicateIssuer);
        }
        Ok(Self { issuers })
    }

    /// Returns the issuer that a token claims to come from, if it is one of ours. Its keys are
    /// needed before the token can be verified.
    #[must_use]
    pub fn claimed_issuer(&self, token: &str) -> Option<&str> {
        if token.len() > TOKEN_BYTES {
            return None;
        }
        self.issuer(token).ok().map(Issuer::name)
    }

    /// Replaces the keys of a provider. Does nothing for an issuer without public keys.
    pub fn replace_keys(&mut self, issuer: &str, keys: &JwkSet) {
        for held in &mut self.issuers {
            if let Issuer::Jwks(jwks) = held
                && jwks.provider.issuer == issuer
            {
                jwks.replace_keys(keys);
            }
        }
    }

    /// Verifies the value of an `Authorization` header or of `authorization` in `connection_init`.
    ///
    /// # Errors
    /// [`Unverified::Missing`] for none, [`Unverified::Malformed`] for another scheme, and all of
    /// [`Verifier::verify`].
    pub fn authenticate(
        &self,
        authorization: Option<&str>,
        now_seconds: i64,
    ) -> Result<Claims, Unverified> {
        let authorization = authorization.ok_or(Unverified::Missing)?;
        self.verify(bearer(authorization).ok_or(Unverified::Malformed)?, now_seconds)
    }

    /// Verifies a token at `now_seconds` (since 1970, UTC).
    ///
    /// # Errors
    /// The reason why it is not accepted. For a token with several faults, a fault other than of
    /// time is reported first.
    pub fn verify(&self, token: &str, now_seconds: i64) -> Result<Claims, Unverified> {
        let claims = self.verify_even_expired(token, now_seconds)?;
        if claims.expires_at_seconds <= now_seconds {
            return Err(Unverified::Expired);
        }
        Ok(claims)
    }

    /// Verifies a token that may have expired, and returns its claims.
    ///
    /// # Errors
    /// All of [`Verifier::verify`] but [`Unverified::Expired`].
    pub fn verify_even_expired(&self, token: &str, now_seconds: i64) -> Result<Claims, Unverified> {
        let (issuer, body) = self.signed(token, now_seconds)?;
        let expires_at_seconds = seconds(&body, "exp")?.ok_or(Unverified::Malformed)?;
        let starts_at_seconds = seconds(&body, "nbf")?;
        let claims = match issuer {
            Issuer::Secret(_) => secret::claims(body)?,
            Issuer::Widget(_) => match secret::claims(body)? {
                claims if matches!(claims.subject, Subject::Client(_)) => claims,
                _ => return Err(Unverified::WrongAudience),
            },
            Issuer::Jwks(jwks) => jwks.claims(&body, expires_at_seconds)?,
        };
        if !bound::is_within(&claims) {
            return Err(Unverified::Malformed);
        }
        if self.is_of_another(issuer, &claims) {
            return Err(Unverified::WrongAudience);
        }
        let latest = now_seconds.saturating_add(NOT_BEFORE_LEEWAY_SECONDS);
        if starts_at_seconds.is_some_and(|start| start > latest) {
            return Err(Unverified::NotYetValid);
        }
        Ok(claims)
    }

    /// Verifies a ticket for a socket at `now_seconds` (since 1970, UTC). Only we ourselves issue
    /// any.
    ///
    /// # Errors
    /// The reason why it is not accepted.
    pub fn verify_ticket(&self, ticket: &str, now_seconds: i64) -> Result<(), Unverified> {
        match self.signed(ticket, now_seconds)? {
            (Issuer::Jwks(_), _) => Err(Unverified::WrongAudience),
            (_, body) => ticket::check(body, now_seconds),
        }
    }

    /// Returns the issuer of a token, and the body that it signed.
    fn signed(
        &self,
        token: &str,
        now_seconds: i64,
    ) -> Result<(&Issuer, Map<String, Value>), Unverified> {
        if token.is_empty() {
            return Err(Unverified::Missing);
        }
        if token.len() > TOKEN_BYTES {
            return Err(Unverified::Malformed);
        }
        let header = header(token)?;
        let issuer = self.issuer(token)?;
        if header.alg != issuer.algorithm() {
            return Err(Unverified::WrongAlgorithm);
        }
        Ok((issuer, body(token, &header, issuer, now_seconds)?))
    }

    /// Returns true if a provider that names tenants names one that has a provider of its own.
    fn is_of_another(&self, issuer: &Issuer, claims: &Claims) -> bool {
        let names_tenants = matches!(
            issuer,
            Issuer::Jwks(Jwks { provider, .. }) if matches!(provider.tenant, TenantOf::Claim(_))
        );
        names_tenants
            && self.issuers.iter().any(|other| match other {
                Issuer::Jwks(Jwks { provider, .. }) => {
                    matches!(&provider.tenant, TenantOf::Fixed(tenant) if *tenant == claims.tenant)
                }
                _ => false,
            })
    }

    /// Reads the claim before the signature is checked, to choose the key for the check, and for
    /// nothing else.
    fn issuer(&self, token: &str) -> Result<&Issuer, Unverified> {
        #[derive(Deserialize)]
        struct Selector {
            iss: String,
        }
        let Selector { iss } =
            dangerous::insecure_decode_claims(token).map_err(|_| Unverified::Malformed)?;
        self.issuers.iter().find(|issuer| issuer.name() == iss).ok_or(Unverified::UnknownIssuer)
    }
}

fn header(token: &str) -> Result<Header, Unverified> {
    let header = decode_header(token).map_err(|_| Unverified::Malformed)?;
    let is_known_type = header
        .typ
        .as_deref()
        .is_none_or(|kind| kind.eq_ignore_ascii_case("JWT") || kind.eq_ignore_ascii_case("at+jwt"));
    // `crit` names extensions without which the token must not be understood; we know none.
    if header.crit.is_some() || !is_known_type {
        return Err(Unverified::Malformed);
    }
    Ok(header)
}

fn body(
    token: &str,
    header: &Header,
    issuer: &Issuer,
    now_seconds: i64,
) -> Result<Map<String, Value>, Unverified> {
    let key = issuer
        .key(header.kid.as_deref(), now_seconds)
        .ok_or_else(|| Unverified::UnknownKey { issuer: issuer.name().to_owned() })?;
    let mut validation = Validation::new(issuer.algorithm());
    validation.set_issuer(&[issuer.name()]);
    validation.set_required_spec_claims(&["iss"]);
    // The library asks the system's clock; here time is an argument. The audience is the issuer's rule.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    decode(token, key, &validation).map(|data| data.claims).map_err(|fault| match fault.kind() {
        ErrorKind::InvalidSignature => Unverified::WrongSignature,
        _ => Unverified::Malformed,
    })
}

/// Returns a time in seconds, rounded down from one that may have a fraction. A value out of range
/// becomes the nearest limit.
fn seconds(body: &Map<String, Value>, claim: &str) -> Result<Option<i64>, Unverified> {
    match body.get(claim) {
        None => Ok(None),
        Some(value) => match (value.as_i64(), value.as_f64()) {
            (Some(whole), _) => Ok(Some(whole)),
            (None, Some(fraction)) => Ok(Some(fraction.floor() as i64)),
            (None, None) => Err(Unverified::Malformed),
        },
    }
}
