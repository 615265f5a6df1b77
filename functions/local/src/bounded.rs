//! An HTTP client with a bound on concurrent requests: each takes a socket at both ends, and a process
//! has a limited number.

use std::sync::Arc;

use aws_smithy_http_client::default_connector;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use tokio::sync::Semaphore;

/// The client. Clones share the bound and the sockets.
#[derive(Clone, Debug)]
pub(super) struct Bounded {
    connector: Option<SharedHttpConnector>,
    room: Arc<Semaphore>,
}

impl Bounded {
    /// Builds a client with at most this number of requests under way.
    pub(super) fn client(most: usize) -> SharedHttpClient {
        let connector = Self::connector(most);
        http_client_fn(move |_, _| connector.clone())
    }

    /// Builds a connector with at most this number of requests under way.
    pub(super) fn connector(most: usize) -> SharedHttpConnector {
        let settings = HttpConnectorSettings::builder().build();
        let connector = default_connector(&settings, None);
        let bounded = Self { connector, room: Arc::new(Semaphore::new(most)) };
        SharedHttpConnector::new(bounded)
    }
}

impl HttpConnector for Bounded {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let this = self.clone();
        HttpConnectorFuture::new(async move {
            let connector = this.connector.as_ref();
            let connector = connector.ok_or_else(|| ConnectorError::user("no client".into()))?;
            let _room =
                this.room.acquire().await.map_err(|shut| ConnectorError::user(shut.into()))?;
            let mut response = connector.call(request).await?;
            // Its socket is free for another once the answer is read whole.
            let body = ByteStream::new(response.take_body()).collect().await;
            let body = body.map_err(|error| ConnectorError::io(error.into()))?;
            *response.body_mut() = SdkBody::from(body.into_bytes());
            Ok(response)
        })
    }
}
