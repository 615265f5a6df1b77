//! Tokens of a tenant's identity provider (OIDC), verified with its public keys.

use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::claims::{Claims, Employee, Subject};
use super::misconfigured::Misconfigured;
use super::unverified::Unverified;

/// An identity provider. Its tokens are of employees only.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Provider {
    /// The `iss` of its tokens.
    pub issuer: String,
    /// The address of its keys. Without it, the discovery document gives the address.
    #[serde(default)]
    pub jwks_uri: Option<String>,
    /// The only algorithm that is accepted.
    pub algorithm: Algorithm,
    /// The accepted audiences. `aud` has to contain one of them; in a token without `aud`
    /// (Cognito's access tokens), `client_id` has to be one of them.
    pub audiences: Vec<String>,
    /// The tenant whose employees its people are.
    pub tenant: TenantOf,
    /// The tenants that its claim may name; any, without a list.
    #[serde(default, deserialize_with = "listed")]
    pub tenants: Option<Vec<String>>,
    /// The names of the other claims in its tokens.
    #[serde(default)]
    pub claims: ClaimNames,
}

/// Reads a list that is there: null is none, and would let in whom a list keeps out.
fn listed<'de, D: Deserializer<'de>>(list: D) -> Result<Option<Vec<String>>, D::Error> {
    Vec::deserialize(list).map(Some)
}

/// The tenant of a provider's people.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TenantOf {
    /// Always this tenant, whatever a token says: the provider is the tenant's own.
    Fixed(String),
    /// The tenant that this claim names: the provider serves several, and is trusted to name them.
    Claim(String),
}

/// The names of the claims in a token.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ClaimNames {
    /// The claim with the employee's id.
    pub id: String,
    /// The claims where their name may stand, best first.
    pub name: Vec<String>,
    /// The group of administrators. Without it, no token makes an administrator.
    pub administrator: Option<Group>,
}

impl Default for ClaimNames {
    /// As OpenID Connect has it; access tokens of Cognito have only `username`.
    fn default() -> Self {
        Self {
            id: "sub".to_owned(),
            name: ["name", "preferred_username", "username"].map(str::to_owned).to_vec(),
            administrator: None,
        }
    }
}

/// A group of people at the provider.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Group {
    /// The claim that lists a person's groups, as `cognito:groups`.
    pub claim: String,
    /// The name of the group in it.
    pub value: String,
}

/// A provider with the keys of it that we hold.
#[derive(Clone, Debug)]
pub struct Jwks {
    pub(super) provider: Provider,
    keys: Vec<(Option<String>, DecodingKey)>,
}

impl Jwks {
    /// Builds a provider with the keys that it published; none at first is fine.
    ///
    /// # Errors
    /// [`Misconfigured::SymmetricAlgorithm`], [`Misconfigured::NoAudience`] and
    /// [`Misconfigured::TenantsWithoutClaim`].
    pub fn new(provider: Provider, keys: &JwkSet) -> Result<Self, Misconfigured> {
        if provider.algorithm.family() == AlgorithmFamily::Hmac {
            return Err(Misconfigured::SymmetricAlgorithm);
        }
        if provider.audiences.is_empty() {
            return Err(Misconfigured::NoAudience);
        }
        if provider.tenants.is_some() && matches!(provider.tenant, TenantOf::Fixed(_)) {
            return Err(Misconfigured::TenantsWithoutClaim);
        }
        let mut jwks = Self { provider, keys: Vec::new() };
        jwks.replace_keys(keys);
        Ok(jwks)
    }

    /// Replaces the keys by these, as far as they are for the pinned algorithm and for signatures.
    pub(super) fn replace_keys(&mut self, keys: &JwkSet) {
        let algorithm = self.provider.algorithm;
        self.keys = keys.keys.iter().filter_map(|jwk| usable(jwk, algorithm)).collect();
    }

    /// Returns the key of this id. A token may omit the id where there is one key only.
    pub(super) fn key(&self, id: Option<&str>) -> Option<&DecodingKey> {
        match (id, self.keys.as_slice()) {
            (None, [(_, only)]) => Some(only),
            (None, _) => None,
            (Some(_), keys) => {
                keys.iter().find(|(held, _)| held.as_deref() == id).map(|(_, key)| key)
            }
        }
    }

    /// Reads claims whose signature is verified; `expires_at_seconds` was read from them.
    pub(super) fn claims(
        &self,
        body: &Map<String, Value>,
        expires_at_seconds: i64,
    ) -> Result<Claims, Unverified> {
        if !self.is_meant(body) || body.get("use").is_some_and(|kind| kind != "employee") {
            return Err(Unverified::WrongAudience);
        }
        let names = &self.provider.claims;
        let tenant = match &self.provider.tenant {
            TenantOf::Fixed(tenant) => Some(tenant.clone()),
            TenantOf::Claim(claim) => text(body, claim),
        };
        let name = names.name.iter().find_map(|claim| text(body, claim));
        let (Some(tenant), Some(id), Some(name)) = (tenant, text(body, &names.id), name) else {
            return Err(Unverified::Malformed);
        };
        if self.provider.tenants.as_ref().is_some_and(|listed| !listed.contains(&tenant)) {
            return Err(Unverified::WrongAudience);
        }
        let is_administrator = names.administrator.as_ref().is_some_and(|group| {
            body.get(&group.claim).is_some_and(|groups| holds(groups, |held| held == group.value))
        });
        Ok(Claims {
            tenant,
            subject: Subject::Employee(Employee { id, name, is_administrator }),
            expires_at_seconds,
        })
    }

    fn is_meant(&self, body: &Map<String, Value>) -> bool {
        let is_ours = |name: &str| self.provider.audiences.iter().any(|audience| audience == name);
        body.get("aud").or_else(|| body.get("client_id")).is_some_and(|named| holds(named, is_ours))
    }
}

fn usable(jwk: &Jwk, algorithm: Algorithm) -> Option<(Option<String>, DecodingKey)> {
    let common = &jwk.common;
    let is_for_algorithm = common
        .key_algorithm
        .is_none_or(|named| Algorithm::try_from(named).is_ok_and(|a| a == algorithm));
    let is_for_signatures = matches!(common.public_key_use, None | Some(PublicKeyUse::Signature));
    let key = DecodingKey::from_jwk(jwk).ok()?;
    (is_for_algorithm && is_for_signatures && key.family() == algorithm.family())
        .then(|| (common.key_id.clone(), key))
}

fn text(body: &Map<String, Value>, claim: &str) -> Option<String> {
    body.get(claim).and_then(Value::as_str).map(str::to_owned)
}

/// Returns true if a claim, one text or a list of them, has a value that fits.
fn holds(claim: &Value, fits: impl Fn(&str) -> bool) -> bool {
    match claim {
        Value::String(text) => fits(text),
        Value::Array(texts) => texts.iter().filter_map(Value::as_str).any(fits),
        _ => false,
    }
}
