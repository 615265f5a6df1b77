//! The client that calls messengers, with a guard against calls into the service's own network.

mod address;
mod answer;
mod guard;
mod reply_url;
#[cfg(test)]
mod tests;

use std::time::Duration;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::{Connector, default_connector};
use aws_smithy_runtime_api::client::http::{
    HttpConnector as _, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use http::Uri;
use tokio::time::{Instant, timeout_at};

use crate::channel::Call;

pub use self::answer::{Answer, Unanswered};
use self::guard::Guard;
pub use self::reply_url::check_reply_url;

/// The longest time that a call may take, from the name to the last byte of the answer.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The same for a call with a file, which is one of more than so many bytes.
const FILE_TIMEOUT: Duration = Duration::from_secs(25);
const FEW_BYTES: usize = 256 * 1024;
/// The longest time until a connection stands, TLS included.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// The longest time that a connection to a customer's server waits for its next call.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);
/// The most connections that wait so for one server.
const IDLE_CONNECTIONS: usize = 4;

/// The owner of a URL that is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// The URL of a messenger's API, set by the operator of the service. It is not guarded.
    Vendor,
    /// A URL that an administrator of a customer gave. The rule for reply URLs applies, and the
    /// address that its name resolves to must be public.
    Public,
}

/// Calls messengers, over the SDK's own HTTP and TLS. It follows no redirects and uses no proxy.
///
/// Connections are kept and used again. A kept connection was checked when it was made, and leads
/// where it led then, whatever its name resolves to now. The two kinds of targets share no
/// connections, because those to vendors are not checked.
#[derive(Clone, Debug)]
pub struct Messengers {
    vendor: SharedHttpConnector,
    public: SharedHttpConnector,
    is_local: bool,
    timeout: Duration,
}

impl Messengers {
    /// None if the SDK was built without TLS.
    ///
    /// On one machine, `is_local` allows `http://127.0.0.1:PORT` as a public target as well.
    pub fn new(is_local: bool) -> Option<Self> {
        Self::with(is_local, Guard::new(), TIMEOUT)
    }

    /// Builds one that sends every call over this connector: for a test that stands in for all
    /// messengers. The rule for reply URLs applies; addresses are not looked at.
    #[must_use]
    pub fn over(connector: SharedHttpConnector, timeout: Duration) -> Self {
        Self { vendor: connector.clone(), public: connector, is_local: false, timeout }
    }

    /// Checks the form of a reply URL, when an administrator enters it.
    ///
    /// # Errors
    ///
    /// The reason against it: a sentence for administrators.
    pub fn check(&self, url: &str) -> Result<(), &'static str> {
        check_reply_url(url, self.is_local)
    }

    fn with(is_local: bool, guard: Guard, timeout: Duration) -> Option<Self> {
        let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT_TIMEOUT).build();
        let vendor = default_connector(&settings, None)?;
        let public = SharedHttpConnector::new(guarded(settings, guard));
        Some(Self { vendor, public, is_local, timeout })
    }

    /// Sends a call once and reads the answer, whatever its status.
    ///
    /// # Errors
    ///
    /// The reason why there is no answer. Except for [`Unanswered::Forbidden`], the messenger may
    /// have got the call all the same.
    pub async fn call(&self, call: &Call, target: Target) -> Result<Answer, Unanswered> {
        let until = self.until(call.body.len());
        let response = self.answer(call, target, until).await?;
        Ok(Answer::read(response, until).await)
    }

    /// Fetches a file. None if it is longer than so many bytes.
    ///
    /// # Errors
    ///
    /// The reason why there is no answer, or no end of it.
    pub async fn fetch(
        &self,
        call: &Call,
        target: Target,
        most: u64,
    ) -> Result<Option<Answer>, Unanswered> {
        let until = self.until(usize::MAX);
        let response = self.answer(call, target, until).await?;
        Answer::read_file(response, until, most).await
    }

    /// Returns the end of a call with so many bytes.
    fn until(&self, bytes: usize) -> Instant {
        let has_file = bytes > FEW_BYTES;
        Instant::now() + if has_file { self.timeout.max(FILE_TIMEOUT) } else { self.timeout }
    }

    async fn answer(
        &self,
        call: &Call,
        target: Target,
        until: Instant,
    ) -> Result<HttpResponse, Unanswered> {
        let (connector, uri) = match target {
            Target::Vendor => (&self.vendor, vendor_uri(&call.url).ok_or_else(unsendable)?),
            Target::Public => {
                let uri = reply_url::allowed(&call.url, self.is_local);
                (&self.public, uri.map_err(Unanswered::Forbidden)?)
            }
        };
        let request = request(call, uri).ok_or_else(unsendable)?;
        let response = timeout_at(until, connector.call(request)).await;
        Ok(response.map_err(|_| Unanswered::TimedOut)??)
    }
}

/// Returns a client that connects to what the guard lets through. It is not asked about an address
/// that stands in a URL itself: the rule for reply URLs checks that.
fn guarded(settings: HttpConnectorSettings, guard: Guard) -> Connector {
    Connector::builder()
        .connector_settings(settings)
        // A proxy would resolve the name by itself.
        .proxy_config(ProxyConfig::disabled())
        .pool_idle_timeout(IDLE_TIMEOUT)
        .pool_max_idle_per_host(IDLE_CONNECTIONS)
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .build_with_resolver(guard)
}

/// Returns the URL of a vendor; none with user info, because the client traces the host with it.
fn vendor_uri(url: &str) -> Option<Uri> {
    let uri: Uri = url.parse().ok()?;
    let has_user = uri.authority()?.as_str().contains('@');
    (!has_user).then_some(uri)
}

fn request(call: &Call, uri: Uri) -> Option<HttpRequest> {
    let mut request = http::Request::builder().method(call.method.clone()).uri(uri);
    for (name, value) in &call.headers {
        request = request.header(*name, value);
    }
    HttpRequest::try_from(request.body(SdkBody::from(call.body.clone())).ok()?).ok()
}

fn unsendable() -> Unanswered {
    Unanswered::Unreachable("The URL or a header of the call is malformed.".to_owned())
}
