//! The source of the issuers' settings: a secret, a file, or none.

use std::path::PathBuf;
use std::time::Duration;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::config::timeout::TimeoutConfig;
use aws_sdk_secretsmanager::config::{BehaviorVersion, Config, Credentials, Region};
use aws_sdk_secretsmanager::error::DisplayErrorContext;

use super::settings::Settings;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const OPERATION_TIMEOUT: Duration = Duration::from_secs(3);

/// The source of the issuers' settings.
#[derive(Clone, Debug)]
pub enum Source {
    /// No source: the settings given at the start are all.
    Nowhere,
    /// In a secret of AWS Secrets Manager.
    Secret {
        /// A client of it.
        client: Client,
        /// The secret's ARN, or its name.
        id: String,
    },
    /// In a file of this machine.
    File(PathBuf),
}

impl Source {
    /// Builds a source from a secret of AWS Secrets Manager, at the region's own endpoint or
    /// another.
    #[must_use]
    pub fn secret(
        region: Region,
        credentials: Credentials,
        endpoint: Option<String>,
        id: String,
    ) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .operation_timeout(OPERATION_TIMEOUT)
            .build();
        let mut config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(region)
            .credentials_provider(credentials)
            .timeout_config(timeouts);
        config.set_endpoint_url(endpoint);
        Self::Secret { client: Client::from_conf(config.build()), id }
    }

    /// Reads the settings, where there is a source. The error is for the log, and contains no
    /// secret.
    pub(super) async fn read(&self) -> Result<Option<Settings>, String> {
        let text = match self {
            Self::Nowhere => return Ok(None),
            Self::Secret { client, id } => {
                let got = client.get_secret_value().secret_id(id).send().await;
                let got = got.map_err(|why| DisplayErrorContext(why).to_string())?;
                got.secret_string.ok_or("the secret is not a text")?
            }
            Self::File(path) => tokio::fs::read_to_string(path)
                .await
                .map_err(|why| format!("{}: {why}", path.display()))?,
        };
        Settings::parse(&text).map(Some).map_err(|why| why.to_string())
    }
}
