//! The identity of callers: verifies tokens, and signs our own, with the settings and keys that there are
//! now.

use super::claims::{Claims, Subject};
use super::held::PAUSE_SECONDS;
use super::keyring::Keyring;
use super::misconfigured::Misconfigured;
use super::secret::Secret;
use super::signer::Signer;
use super::source::Source;
use super::token::bearer;
use super::unverified::{Unidentified, Unverified};
use super::verifier::Verifier;

/// The time for which the settings are used after a reading, in seconds.
const SETTINGS_SECONDS: i64 = 5 * 60;
/// The time for which the fetched keys of a provider are valid. A key that the provider withdrew is
/// refused after that.
const KEYS_SECONDS: i64 = 60 * 60;
/// The `iss` of the tokens that are signed with a shared secret, on one machine.
const OURS: &str = "chatdesk";

/// The issuers whose tokens are accepted, and the keys that sign ours.
#[derive(Debug)]
pub struct Identity {
    keyring: Keyring,
    /// Signs with the shared secret.
    signer: Option<Signer>,
    /// The tenants that are served whatever the settings say.
    always: &'static [&'static str],
}

impl Identity {
    /// Builds an identity that accepts no token: for functions that have no callers.
    ///
    /// # Errors
    /// None that can occur without an issuer.
    pub fn nobody() -> Result<Self, Misconfigured> {
        Self::new(None, Source::Nowhere)
    }

    /// Builds an identity that accepts our own tokens only, of employees and of clients, with one
    /// secret of at least 32 bytes.
    ///
    /// # Errors
    /// [`Misconfigured::WeakSecret`].
    pub fn with_secret(secret: &[u8]) -> Result<Self, Misconfigured> {
        Self::new(Some(secret), Source::Nowhere)
    }

    /// Builds an identity with settings that are read when they are needed, and our own issuer
    /// beside them, when there is a shared secret of at least 32 bytes.
    ///
    /// # Errors
    /// [`Misconfigured::WeakSecret`].
    pub fn new(shared: Option<&[u8]>, source: Source) -> Result<Self, Misconfigured> {
        let signer = shared.map(|secret| Signer::new(OURS, secret)).transpose()?;
        let shared = shared.map(|secret| Secret::new(OURS, secret)).transpose()?;
        Ok(Self { keyring: Keyring::new(shared, source)?, signer, always: &[] })
    }

    /// Returns the same identity, where these tenants are served whatever the settings say.
    #[must_use]
    pub fn serving(self, always: &'static [&'static str]) -> Self {
        Self { always, ..self }
    }

    /// Checks that a tenant is served, which means that the settings have a provider for it.
    /// Messages from clients of other tenants are refused.
    ///
    /// # Errors
    /// [`Unverified::TenantIsOff`]; [`Unidentified::Unavailable`] while the settings were never
    /// read.
    pub async fn serves(&self, tenant: &str, now_seconds: i64) -> Result<(), Unidentified> {
        self.keyring.read_settings(now_seconds, SETTINGS_SECONDS).await;
        self.serves_now(tenant)
    }

    fn serves_now(&self, tenant: &str) -> Result<(), Unidentified> {
        if !self.keyring.has_source() || self.always.contains(&tenant) {
            return Ok(());
        }
        let held = self.keyring.held();
        match (held.is_read, held.settings.tenants.have(tenant)) {
            (_, true) => Ok(()),
            (true, false) => Err(Unverified::TenantIsOff.into()),
            (false, false) => Err(Unidentified::Unavailable),
        }
    }

    /// Returns the claims of the token in an `Authorization` header, or in `authorization` of
    /// `connection_init`.
    ///
    /// # Errors
    /// [`Unidentified`].
    pub async fn authenticate(
        &self,
        authorization: Option<&str>,
        now_seconds: i64,
    ) -> Result<Claims, Unidentified> {
        let authorization = authorization.ok_or(Unverified::Missing)?;
        let token = bearer(authorization).ok_or(Unverified::Malformed)?;
        let claims = self.verified(token, now_seconds, Verifier::verify).await?;
        self.of_served(claims)
    }

    /// Returns the claims of a token that may have expired.
    ///
    /// # Errors
    /// [`Unidentified`].
    pub async fn holder(&self, token: &str, now_seconds: i64) -> Result<Claims, Unidentified> {
        let claims = self.verified(token, now_seconds, Verifier::verify_even_expired).await?;
        self.of_served(claims)
    }

    /// Returns the claims, unless they are of a client of a tenant that is not served.
    fn of_served(&self, claims: Claims) -> Result<Claims, Unidentified> {
        if let Subject::Client(_) = claims.subject {
            self.serves_now(&claims.tenant)?;
        }
        Ok(claims)
    }

    /// Checks a ticket for a socket.
    ///
    /// # Errors
    /// [`Unidentified`].
    pub async fn admit(&self, ticket: Option<&str>, now_seconds: i64) -> Result<(), Unidentified> {
        let ticket = ticket.ok_or(Unverified::Missing)?;
        self.verified(ticket, now_seconds, Verifier::verify_ticket).await
    }

    /// Returns the signer for the tokens of the widget's clients, or `None` when no key signs now.
    pub async fn client_signer(&self, now_seconds: i64) -> Option<Signer> {
        self.keyring.read_settings(now_seconds, SETTINGS_SECONDS).await;
        let widget = self.keyring.held().widget.signer(now_seconds);
        widget.or_else(|| self.signer.clone())
    }

    /// Returns the signer with the shared secret, on one machine.
    #[must_use]
    pub fn signer(&self) -> Option<&Signer> {
        self.signer.as_ref()
    }

    /// Reads the settings before the first request. A failure is reported when a request needs
    /// them.
    pub async fn warm(&self, now_seconds: i64) {
        self.keyring.read_settings(now_seconds, SETTINGS_SECONDS).await;
    }

    async fn verified<T>(
        &self,
        token: &str,
        now_seconds: i64,
        verify: fn(&Verifier, &str, i64) -> Result<T, Unverified>,
    ) -> Result<T, Unidentified> {
        self.keyring.read_settings(now_seconds, SETTINGS_SECONDS).await;
        let held = self.keyring.held();
        if let Some(issuer) = held.verifier.claimed_issuer(token) {
            self.keyring.fetch_keys(issuer, now_seconds, KEYS_SECONDS).await;
        }
        let mut verified = verify(&self.keyring.held().verifier, token, now_seconds);
        // An unknown issuer or key may be new: neither the settings nor the keys are asked for
        // twice a minute.
        match &verified {
            Err(Unverified::UnknownKey { issuer }) => {
                self.keyring.read_settings(now_seconds, PAUSE_SECONDS).await;
                self.keyring.fetch_keys(issuer, now_seconds, PAUSE_SECONDS).await;
                verified = verify(&self.keyring.held().verifier, token, now_seconds);
            }
            Err(Unverified::UnknownIssuer) => {
                self.keyring.read_settings(now_seconds, PAUSE_SECONDS).await;
                if let Some(issuer) = self.keyring.held().verifier.claimed_issuer(token) {
                    self.keyring.fetch_keys(issuer, now_seconds, KEYS_SECONDS).await;
                    verified = verify(&self.keyring.held().verifier, token, now_seconds);
                }
            }
            _ => {}
        }
        verified.map_err(|unverified| match self.keyring.held().lacks_what_clears_up(&unverified) {
            true => Unidentified::Unavailable,
            false => unverified.into(),
        })
    }
}
