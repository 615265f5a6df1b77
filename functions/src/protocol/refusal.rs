//! Refusals of a whole connection, with their codes.

/// The longest reason a WebSocket close frame can carry, in bytes. Ours travels in the payload of a
/// frame instead, but clients hand it on to `close(code, reason)`, which throws beyond this.
const REASON_BYTES: usize = 123;

/// The close codes of the protocol that this server uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseCode {
    /// A message of a type or format that the protocol does not know.
    BadRequest,
    /// An operation before the acknowledgement.
    Unauthorized,
    /// `connection_init` without a valid token.
    Forbidden,
    /// No `connection_init` in time.
    InitialisationTimeout,
    /// A second active operation with the same id.
    SubscriberExists,
    /// A second `connection_init`, or a newer connection of a person who has too many.
    TooManyInitialisations,
}

impl CloseCode {
    /// Returns the number of the code.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Self::BadRequest => 4400,
            Self::Unauthorized => 4401,
            Self::Forbidden => 4403,
            Self::InitialisationTimeout => 4408,
            Self::SubscriberExists => 4409,
            Self::TooManyInitialisations => 4429,
        }
    }

    /// Returns true if the client did nothing wrong and should come back: it slept between open and
    /// init.
    ///
    /// The close frame ends the client for good. For such a code the gateway's DELETE, on which the
    /// client reconnects at once, is the kinder answer, and cannot spin: by then the connection is
    /// older than the time to initialise.
    #[must_use]
    pub const fn invites_retry(self) -> bool {
        matches!(self, Self::InitialisationTimeout)
    }
}

/// The end of a connection: a code, and the reason that the client receives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    code: CloseCode,
    reason: String,
}

impl Refusal {
    /// 4400: the message is invalid.
    #[must_use]
    pub fn bad_request(reason: &str) -> Self {
        Self::new(CloseCode::BadRequest, reason)
    }

    /// 4401: an operation before the acknowledgement.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::new(CloseCode::Unauthorized, "Unauthorized")
    }

    /// 4403: the token was not accepted, or is no longer.
    #[must_use]
    pub fn forbidden(reason: &str) -> Self {
        Self::new(CloseCode::Forbidden, reason)
    }

    /// 4408: no `connection_init` in time.
    #[must_use]
    pub fn initialisation_timeout() -> Self {
        Self::new(CloseCode::InitialisationTimeout, "Connection initialisation timeout")
    }

    /// 4409: an operation with this id is active.
    #[must_use]
    pub fn subscriber_exists(id: &str) -> Self {
        const WORDS: (&str, &str) = ("Subscriber for ", " already exists");
        let room = REASON_BYTES.saturating_sub(WORDS.0.len() + WORDS.1.len());
        // The id gives way, not the words around it.
        let reason = format!("{}{}{}", WORDS.0, cut(id, room), WORDS.1);
        Self::new(CloseCode::SubscriberExists, &reason)
    }

    /// 4429: `connection_init` came twice.
    #[must_use]
    pub fn too_many_initialisations() -> Self {
        Self::new(CloseCode::TooManyInitialisations, "Too many initialisation requests")
    }

    /// 4429: its person opened newer connections, as many as they may have.
    #[must_use]
    pub fn too_many_connections() -> Self {
        Self::new(
            CloseCode::TooManyInitialisations,
            "Too many connections: newer ones took its place",
        )
    }

    fn new(code: CloseCode, reason: &str) -> Self {
        Self { code, reason: cut(reason, REASON_BYTES).to_owned() }
    }

    /// Returns the close code.
    #[must_use]
    pub fn code(&self) -> CloseCode {
        self.code
    }

    /// Returns the reason that the client receives; at most 123 bytes.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

/// Returns the longest start of the text that fits, never half a character.
fn cut(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or_default()
}
