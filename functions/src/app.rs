//! The app: everything that the functions share, built once in the init phase of each.

use std::env;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{
    BehaviorVersion, Config, Credentials, IdentityCache, Region, StalledStreamProtectionConfig,
};
use graphql::Introspection;
use store::{Fault, Store, Tables};

use crate::bucket::Bucket;
use crate::channel::connect::Connector;
use crate::connections::Connections;
use crate::environment::Machine;
use crate::fanout::{Older, Pushed, at_once};
use crate::identity::{self, Identity, Source};
use crate::lease::Leases;
use crate::operation::Documents;
use crate::outside::Outside;
use crate::rate::{Limiter, Rates};

/// The time limits of a connection to DynamoDB and of one attempt at a request. DynamoDB answers in
/// milliseconds; the store retries a slower request.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(3);
/// The longest time that [`App::warm`] may take of the init phase. Lambda allows ten seconds.
const WARM: Duration = Duration::from_secs(4);

/// The state that the functions share. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The state.
    pub store: Store,
    /// The schema.
    pub graphql: graphql::Service,
    /// The issuers whose tokens are accepted, and the keys that sign ours.
    pub identity: Arc<Identity>,
    /// The employees that this instance has seen lately.
    pub leases: Arc<Leases>,
    /// The documents of subscriptions that this instance knows.
    pub documents: Arc<Documents>,
    /// The moments when the fan-out looked for subscriptions of an older version.
    pub older: Arc<Older>,
    /// The records that the fan-out has pushed and that may come again.
    pub pushed: Arc<Pushed>,
    /// The limits on requests.
    pub limiter: Arc<Limiter>,
    /// The gateway's connections, on which subscribers listen.
    pub connections: Connections,
    /// The pages that may open a socket; any, when there is none.
    pub origins: Arc<[String]>,
    /// True if a socket opens with a ticket only.
    pub needs_ticket: bool,
    /// The bucket of files; none in functions that have nothing to do with files.
    pub files: Option<Bucket>,
    /// The queue, the vault and the messengers; none in functions that have nothing to do with them.
    pub outside: Option<Arc<Outside>>,
}

/// The reason why a function cannot start.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Misconfigured {
    /// An environment variable is not set, or is not text.
    Missing(&'static str),
    /// An environment variable is not a whole number.
    NoNumber(&'static str),
    /// An environment variable is none of the words that it may be.
    NoChoice(&'static str),
    /// The settings of an issuer are wrong.
    Identity(identity::Misconfigured),
}

impl fmt::Display for Misconfigured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(name) => write!(f, "the environment variable {name} is not set"),
            Self::NoNumber(name) => {
                write!(f, "the environment variable {name} is not a whole number")
            }
            Self::NoChoice(name) => {
                write!(f, "the environment variable {name} is none of the words that it may be")
            }
            Self::Identity(why) => why.fmt(f),
        }
    }
}

impl std::error::Error for Misconfigured {}

impl App {
    /// Builds the app from its parts, without limits on requests.
    #[must_use]
    pub fn new(store: Store, identity: Identity, connections: Connections) -> Self {
        Self {
            graphql: schema(&store, Introspection::Everybody),
            store,
            identity: Arc::new(identity),
            leases: Arc::default(),
            documents: Arc::default(),
            older: Arc::default(),
            pushed: Arc::default(),
            limiter: Arc::new(Limiter::new(Rates::NONE)),
            connections,
            origins: Arc::default(),
            needs_ticket: false,
            files: None,
            outside: None,
        }
    }

    /// Builds the app of a Lambda function that has no signed-in callers. Needs the variables
    /// `CORE_TABLE`, `LIVE_TABLE` and `SEARCH_TABLE` beside those that Lambda sets.
    /// `DYNAMODB_ENDPOINT` or `AWS_ENDPOINT_URL_DYNAMODB` may name another DynamoDB;
    /// `CONNECTIONS_ENDPOINT` is the address where the WebSocket API takes posts. Functions that have
    /// to do with files have the variables of [`Bucket::from_environment`].
    ///
    /// # Errors
    /// [`Misconfigured`]: the function must not start.
    pub fn from_environment() -> Result<Self, Misconfigured> {
        let tables = Tables {
            core: variable("CORE_TABLE")?,
            live: variable("LIVE_TABLE")?,
            search: variable("SEARCH_TABLE")?,
        };
        let (region, credentials) = (region()?, credentials()?);
        let endpoint =
            variable("DYNAMODB_ENDPOINT").or_else(|_| variable("AWS_ENDPOINT_URL_DYNAMODB")).ok();
        let posts = variable("CONNECTIONS_ENDPOINT").ok();
        let connections = Connections::at(region.to_string(), credentials.clone(), posts);
        let db = client(region, credentials, endpoint);
        let nobody = Identity::nobody().map_err(Misconfigured::Identity)?;
        let app = Self::new(Store::new(db, tables, Arc::new(Machine)), nobody, connections);
        Ok(match variable("FILES_URL") {
            Ok(_) => app.keeping(Bucket::from_environment()?),
            Err(_) => app,
        })
    }

    /// Builds the app of a Lambda function with signed-in callers. Beside the variables of
    /// [`App::from_environment`] it needs `IDENTITY_SECRET`, the ARN of the secret with the
    /// settings of the issuers. Optional variables: `SECRETS_ENDPOINT` names another Secrets
    /// Manager. `SOCKET_ORIGINS` lists the origins of the pages that may open a socket, separated
    /// by commas. `INTROSPECTION` is `everybody`, `signed-in` (the default) or `nobody`: the
    /// callers that may introspect the schema. `SOCKET_TICKETS` is `optional` (the default) or
    /// `required`: with the latter, a socket opens with a ticket only. `PUSH_AT_ONCE` is `enabled` (the
    /// default) or `disabled`: with the latter, everything is pushed from the stream. The variables of
    /// [`Rates::from_environment`] set the limits on requests.
    ///
    /// # Errors
    /// [`Misconfigured`]: the function must not start.
    pub fn with_people_from_environment() -> Result<Self, Misconfigured> {
        let id = variable("IDENTITY_SECRET")?;
        let source =
            Source::secret(region()?, credentials()?, variable("SECRETS_ENDPOINT").ok(), id);
        let identity = Identity::new(None, source).map_err(Misconfigured::Identity)?;
        let origins = variable("SOCKET_ORIGINS").unwrap_or_default();
        let origins = origins.split(',').map(str::trim).filter(|origin| !origin.is_empty());
        let rates = Rates::CLOUD.from_environment().map_err(Misconfigured::NoNumber)?;
        let introspection = introspection()?;
        let (app, pushes_at_once) = (Self::from_environment()?, pushes_at_once()?);
        let app = Self {
            graphql: app.graphql.introspected_by(introspection),
            identity: Arc::new(identity),
            limiter: Arc::new(Limiter::new(rates)),
            origins: origins.map(str::to_owned).collect(),
            needs_ticket: choice("SOCKET_TICKETS", ["optional", "required"])? == 1,
            ..app
        };
        Ok(app.pushing_at_once(pushes_at_once))
    }

    /// Returns the app with what the environment says about the outside.
    ///
    /// # Errors
    /// [`Misconfigured`]: the function must not start.
    pub fn with_outside(self) -> Result<Self, Misconfigured> {
        Ok(self.reaching(Outside::from_environment()?))
    }

    /// Returns the app with this outside.
    #[must_use]
    pub fn reaching(self, outside: Arc<Outside>) -> Self {
        let graphql = self.graphql.reaching(Arc::new(Connector(Arc::clone(&outside))));
        Self { outside: Some(outside), graphql, ..self }
    }

    /// Returns the app with this bucket of files.
    #[must_use]
    pub fn keeping(self, files: Bucket) -> Self {
        let graphql = self.graphql.keeping(Arc::new(files.clone()));
        Self { files: Some(files), graphql, ..self }
    }

    /// Returns the bucket of files.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] in a function that has none.
    pub fn files(&self) -> Result<&Bucket, Fault> {
        let none = || Fault::Unavailable("this function keeps no files".to_owned());
        self.files.as_ref().ok_or_else(none)
    }

    /// Returns the app whose requests push what they have committed, if it concerns few, for at most this
    /// time from their beginning; none to leave everything to the stream.
    #[must_use]
    pub fn pushing_at_once(self, patience: Option<Duration>) -> Self {
        let millis = patience.map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
        Self { graphql: self.graphql.pushing_for(millis), ..self }
    }

    /// Returns the outside.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] in a function that has none.
    pub fn outside(&self) -> Result<&Outside, Fault> {
        let none = || Fault::Unavailable("this function reaches no messenger".to_owned());
        self.outside.as_deref().ok_or_else(none)
    }

    /// Opens, in the init phase, where the processor is free, the connection to DynamoDB and reads
    /// the settings of the issuers, so that the first request need not wait for them. A failure is
    /// only logged here: it occurs again when the connection or the settings are needed, and is
    /// reported then.
    pub async fn warm(self) -> Self {
        let reached = async {
            if let Err(fault) = self.store.reach().await {
                tracing::warn!(%fault, "the state is not reached while starting");
            }
        };
        let known = self.identity.warm(self.now_seconds());
        let both = async { tokio::join!(reached, known) };
        if tokio::time::timeout(WARM, both).await.is_err() {
            tracing::warn!("starting took longer than it may");
        }
        self
    }

    /// Returns the current time as tokens have it: in seconds since 1970, UTC.
    #[must_use]
    pub fn now_seconds(&self) -> i64 {
        i64::try_from(self.store.now().as_seconds()).unwrap_or(i64::MAX)
    }
}

fn schema(store: &Store, introspection: Introspection) -> graphql::Service {
    graphql::Service::new(store.clone(), graphql::Settings::new(introspection))
}

fn introspection() -> Result<Introspection, Misconfigured> {
    const NAME: &str = "INTROSPECTION";
    match variable(NAME) {
        Err(_) => Ok(Introspection::SignedIn),
        Ok(text) => Introspection::parse(&text).ok_or(Misconfigured::NoChoice(NAME)),
    }
}

/// Returns what `PUSH_AT_ONCE` says: see [`App::with_people_from_environment`].
///
/// # Errors
/// [`Misconfigured::NoChoice`].
pub fn pushes_at_once() -> Result<Option<Duration>, Misconfigured> {
    let is_enabled = choice("PUSH_AT_ONCE", ["enabled", "disabled"])? == 0;
    Ok(is_enabled.then_some(at_once::PATIENCE))
}

/// Returns true if files are shown only after a scanner for malware has spoken: `SCAN_FILES` is `disabled` (the
/// default) or `enabled`.
///
/// # Errors
/// [`Misconfigured::NoChoice`].
pub fn scans_files() -> Result<bool, Misconfigured> {
    Ok(choice("SCAN_FILES", ["disabled", "enabled"])? == 1)
}

/// Returns which of these words a variable is; the first, where it is not set.
fn choice(name: &'static str, words: [&str; 2]) -> Result<usize, Misconfigured> {
    let Ok(word) = variable(name) else { return Ok(0) };
    words.iter().position(|one| *one == word).ok_or(Misconfigured::NoChoice(name))
}

pub(crate) fn region() -> Result<Region, Misconfigured> {
    variable("AWS_REGION").map(Region::new)
}

/// Loads the credentials of the function's role, which Lambda sets for the life of the process.
pub(crate) fn credentials() -> Result<Credentials, Misconfigured> {
    Ok(Credentials::new(
        variable("AWS_ACCESS_KEY_ID")?,
        variable("AWS_SECRET_ACCESS_KEY")?,
        variable("AWS_SESSION_TOKEN").ok(),
        None,
        "environment",
    ))
}

pub(crate) fn variable(name: &'static str) -> Result<String, Misconfigured> {
    env::var(name).ok().filter(|value| !value.is_empty()).ok_or(Misconfigured::Missing(name))
}

/// Builds a client of DynamoDB that does not retry: only the store knows which requests may be sent
/// again.
#[must_use]
pub fn client(region: Region, credentials: Credentials, endpoint: Option<String>) -> Client {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .build();
    let mut config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(region)
        .credentials_provider(credentials)
        // The credentials are those of the process, and the time limit covers slow answers.
        .identity_cache(IdentityCache::no_cache())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .retry_config(RetryConfig::disabled())
        .timeout_config(timeouts);
    config.set_endpoint_url(endpoint);
    Client::from_conf(config.build())
}
