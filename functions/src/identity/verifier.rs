//! From a token to its claims.

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, dangerous, decode, decode_header};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Claims, Jwks, Misconfigured, Secret, TOKEN_BYTES, Unverified, bearer, bound};

/// How far ahead of ours an issuer's clock may be for `nbf`, in seconds. `exp` has no leeway.
const NOT_BEFORE_LEEWAY_SECONDS: i64 = 30;

/// Someone whose tokens are accepted.
#[derive(Clone, Debug)]
pub enum Issuer {
    /// Ourselves.
    Secret(Secret),
    /// The identity provider of a tenant.
    Jwks(Jwks),
}

impl Issuer {
    fn name(&self) -> &str {
        match self {
            Self::Secret(secret) => &secret.issuer,
            Self::Jwks(jwks) => &jwks.provider.issuer,
        }
    }

    fn algorithm(&self) -> Algorithm {
        match self {
            Self::Secret(_) => Algorithm::HS256,
            Self::Jwks(jwks) => jwks.provider.algorithm,
        }
    }

    fn key(&self, id: Option<&str>) -> Option<&DecodingKey> {
        match self {
            Self::Secret(secret) => Some(&secret.key),
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
    /// A verifier of these issuers.
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

    /// Holds other keys of a provider from now on. Does nothing for an issuer without public keys.
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
    /// Why it is not accepted. Of a token with several faults the one that is no fault of time.
    pub fn verify(&self, token: &str, now_seconds: i64) -> Result<Claims, Unverified> {
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
        let body = body(token, &header, issuer)?;
        let expires_at_seconds = seconds(&body, "exp")?.ok_or(Unverified::Malformed)?;
        let starts_at_seconds = seconds(&body, "nbf")?;
        let claims = match issuer {
            Issuer::Secret(secret) => secret.claims(body)?,
            Issuer::Jwks(jwks) => jwks.claims(&body, expires_at_seconds)?,
        };
        if !bound::is_within(&claims) {
            return Err(Unverified::Malformed);
        }
        if expires_at_seconds <= now_seconds {
            return Err(Unverified::Expired);
        }
        let latest = now_seconds.saturating_add(NOT_BEFORE_LEEWAY_SECONDS);
        if starts_at_seconds.is_some_and(|start| start > latest) {
            return Err(Unverified::NotYetValid);
        }
        Ok(claims)
    }

    /// The claim is read before the signature is checked, to know whose key to check it with, and for
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

fn body(token: &str, header: &Header, issuer: &Issuer) -> Result<Map<String, Value>, Unverified> {
    let key = issuer
        .key(header.kid.as_deref())
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

/// A time in seconds, which may have a fraction; what is beyond the numbers of seconds is their end.
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
