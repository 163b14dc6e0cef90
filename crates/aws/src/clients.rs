//! Clients, settings and the base credentials.

use crate::sessions::Sessions;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_sdk_rekognition::config::{IdentityCache, Region as SdkRegion};
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use domain::{AccountNumber, Clock, Region};
use operations::ports::aws::{AwsError, Turns};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// How to reach AWS.
#[derive(Clone, Debug)]
pub struct AwsSettings {
    /// Where all services answer instead of AWS's own endpoints; for the emulator.
    pub endpoint_url: Option<String>,
    /// The Region that the credential chain works in.
    pub home_region: Region,
    /// What roles are assumed with.
    pub credentials: BaseCredentials,
    /// Longest wait for a connection, in milliseconds.
    pub connect_timeout_ms: u64,
    /// Longest wait for one attempt of a call, in milliseconds.
    pub attempt_timeout_ms: u64,
}

/// Where the credentials come from that roles are assumed with.
#[derive(Clone)]
pub enum BaseCredentials {
    /// The SDK's credential chain: environment, profile, container, instance.
    Chain,
    /// A fixed key pair, for tests.
    Fixed {
        /// The access key's id.
        access_key_id: String,
        /// The secret that belongs to it.
        secret_access_key: String,
    },
}

impl std::fmt::Debug for BaseCredentials {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Chain => "Chain",
            Self::Fixed { .. } => "Fixed(…)",
        })
    }
}

/// AWS through its SDK. Implements [`operations::ports::aws::AwsReads`] and
/// [`operations::ports::aws::AwsWrites`]; cheap to clone.
#[derive(Clone)]
pub struct Aws {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) sessions: Sessions,
    /// Asked before the second and each later request of one read.
    pub(crate) turns: OnceLock<Arc<dyn Turns>>,
    base: SdkConfig,
    path_style: bool,
    sts: Mutex<HashMap<Region, aws_sdk_sts::Client>>,
    rekognition: Mutex<HashMap<(AccountNumber, Region), aws_sdk_rekognition::Client>>,
    s3: Mutex<HashMap<(AccountNumber, Region), aws_sdk_s3::Client>>,
}

/// Attempts of a call to STS, the first one included. Reads of other services are repeated by those
/// who count the calls, see [`operations::ports::aws::Turns`].
const STS_ATTEMPTS: u32 = 3;

impl Aws {
    /// Prepares the adapter; nothing is sent yet. `clock` decides when sessions are renewed.
    pub async fn new(settings: AwsSettings, clock: Arc<dyn Clock>) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_millis(settings.connect_timeout_ms))
            .operation_attempt_timeout(Duration::from_millis(settings.attempt_timeout_ms))
            .build();
        let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
            .region(SdkRegion::new(settings.home_region.to_string()))
            .retry_config(RetryConfig::standard().with_max_attempts(STS_ATTEMPTS))
            .timeout_config(timeouts);
        if let BaseCredentials::Fixed {
            access_key_id,
            secret_access_key,
        } = &settings.credentials
        {
            let fixed = Credentials::new(access_key_id, secret_access_key, None, None, "Fixed");
            loader = loader.credentials_provider(fixed);
        }
        let path_style = settings.endpoint_url.is_some();
        if let Some(endpoint) = settings.endpoint_url {
            loader = loader.endpoint_url(endpoint);
        }
        let base = loader.load().await;
        Self {
            inner: Arc::new(Inner {
                clock,
                sessions: Sessions::default(),
                turns: OnceLock::new(),
                base,
                path_style,
                sts: Mutex::default(),
                rekognition: Mutex::default(),
                s3: Mutex::default(),
            }),
        }
    }

    /// Whether there are credentials to assume roles with. Asks the chain, which may ask the machine
    /// it runs on, and not AWS: whether AWS takes them is not known.
    pub async fn finds_credentials(&self) -> bool {
        let Some(provider) = self.inner.base.credentials_provider() else {
            return false;
        };
        provider.provide_credentials().await.is_ok()
    }
}

impl Inner {
    /// Waits for a turn before one more request of a call that is under way.
    pub(crate) async fn turn(
        &self,
        account: &AccountNumber,
        region: &Region,
        operation: &'static str,
    ) -> Result<(), AwsError> {
        match self.turns.get() {
            Some(turns) => turns.turn(account, region, operation).await,
            None => Ok(()),
        }
    }

    /// The client that assumes roles; it uses the base credentials and the SDK's cache for them.
    pub(crate) fn sts(&self, region: &Region) -> aws_sdk_sts::Client {
        let mut clients = self.sts.lock().unwrap_or_else(PoisonError::into_inner);
        let client = clients.entry(region.clone()).or_insert_with(|| {
            let config = aws_sdk_sts::config::Builder::from(&self.base)
                .region(SdkRegion::new(region.to_string()));
            aws_sdk_sts::Client::from_conf(config.build())
        });
        client.clone()
    }

    pub(crate) fn rekognition(
        &self,
        account: &AccountNumber,
        region: &Region,
    ) -> aws_sdk_rekognition::Client {
        let mut clients = self
            .rekognition
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let client = clients
            .entry((account.clone(), region.clone()))
            .or_insert_with(|| {
                let config = aws_sdk_rekognition::config::Builder::from(&self.base)
                    .identity_cache(IdentityCache::no_cache())
                    .retry_config(RetryConfig::disabled())
                    .region(SdkRegion::new(region.to_string()));
                aws_sdk_rekognition::Client::from_conf(config.build())
            });
        client.clone()
    }

    pub(crate) fn s3(&self, account: &AccountNumber, region: &Region) -> aws_sdk_s3::Client {
        let mut clients = self.s3.lock().unwrap_or_else(PoisonError::into_inner);
        let client = clients
            .entry((account.clone(), region.clone()))
            .or_insert_with(|| {
                let config = aws_sdk_s3::config::Builder::from(&self.base)
                    .identity_cache(IdentityCache::no_cache())
                    .retry_config(RetryConfig::disabled())
                    .force_path_style(self.path_style)
                    .region(SdkRegion::new(region.to_string()));
                aws_sdk_s3::Client::from_conf(config.build())
            });
        client.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_do_not_print() {
        let settings = AwsSettings {
            endpoint_url: None,
            home_region: "eu-west-1".parse().unwrap(),
            credentials: BaseCredentials::Fixed {
                access_key_id: "AKIDPRINTED".to_owned(),
                secret_access_key: "secret-printed".to_owned(),
            },
            connect_timeout_ms: 1,
            attempt_timeout_ms: 1,
        };
        let text = format!("{settings:?} {settings:#?}");
        assert!(!text.to_lowercase().contains("printed"), "{text}");
    }
}
