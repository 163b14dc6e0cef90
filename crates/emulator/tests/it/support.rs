//! An emulator of the demo world and the SDK's clients for it.

mod look;

use aws_config::BehaviorVersion;
use aws_config::retry::RetryConfig;
use aws_credential_types::Credentials;
use aws_sdk_rekognition::error::ProvideErrorMetadata;
use aws_sdk_rekognition::types::OutputConfig;
use domain::{Clock, Millis};
use emulator::{Emulator, Handle, World};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::net::TcpListener;

pub(crate) const DEV: &str = "111111111111";
pub(crate) const STAGING: &str = "222222222222";
pub(crate) const PROD: &str = "333333333333";
pub(crate) const REGION: &str = "eu-west-1";
pub(crate) const PROD_KEY: &str = "7c2e9a14-5b36-4d80-9f1e-6a0b3c8d2e57";

/// How long a copy takes here, in seconds: much longer than any test, so that a slow machine
/// ends none by itself.
pub(crate) const COPY_SECONDS: f64 = 1000.0;

/// The world of `cargo xtask demo` with [`COPY_SECONDS`], and with more calls per second than AWS
/// allows: tests of the quota set their own.
pub(crate) fn demo() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../xtask/demo/world.toml");
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains("quota_tps = 5"), "the demo has AWS's quota");
    text.replace("quota_tps = 5", "quota_tps = 0").replace(
        "copy_seconds = 8.0",
        &format!("copy_seconds = {COPY_SECONDS:.1}"),
    )
}

/// A running emulator.
pub(crate) struct Aws {
    handle: Handle,
    http: reqwest::Client,
}

/// The demo world, running.
pub(crate) async fn start() -> Aws {
    start_world(&demo()).await
}

/// The demo world under some assumptions, in TOML.
pub(crate) async fn start_assuming(assumptions: &str) -> Aws {
    start_world(&format!("{}\n", demo()).replacen(
        "quota_tps = 0",
        &format!("quota_tps = 0\n[assumptions]\n{assumptions}"),
        1,
    ))
    .await
}

pub(crate) async fn start_world(text: &str) -> Aws {
    let world = World::parse(text).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let handle = Emulator::new(world).serve(listener).unwrap();
    Aws::around(handle)
}

/// A clock that stands still at the moment of its making, near enough for signatures.
pub(crate) struct StoppedClock(Millis);

impl StoppedClock {
    pub(crate) fn new() -> Self {
        Self(emulator::SystemClock.now())
    }
}

impl Clock for StoppedClock {
    fn now(&self) -> Millis {
        self.0
    }
}

/// A world whose time moves by [`Aws::advance`] alone.
pub(crate) async fn start_stopped(text: &str) -> Aws {
    let emulator = Emulator::new(World::parse(text).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let emulator = emulator.with_clock(Arc::new(StoppedClock::new()));
    Aws::around(emulator.serve(listener).unwrap())
}

/// The ExternalId of the demo's roles in `account`.
pub(crate) fn external_id(account: &str) -> &'static str {
    match account {
        DEV => "ch-8c1f0a6d3b5e47929d0e4f1a2b3c4d5e",
        STAGING => "ch-2e7b9c4f1d6a48308b5f6e7d8c9b0a1f",
        _ => "ch-5d3a7e1c9f2b46c48a6d1e0f3b7c5a92",
    }
}

pub(crate) fn home() -> Credentials {
    home_with("customhouse-emulator-secret-0000000000001")
}

pub(crate) fn home_with(secret: &str) -> Credentials {
    Credentials::new("CHEMULATORDEV0000001", secret, None, None, "test")
}

pub(crate) fn role(account: &str, name: &str) -> String {
    format!("arn:aws:iam::{account}:role/customhouse-{name}")
}

/// A code as the SDK reads it, whatever the operation.
pub(crate) fn code<E, R>(error: &aws_sdk_rekognition::error::SdkError<E, R>) -> String
where
    aws_sdk_rekognition::error::SdkError<E, R>: ProvideErrorMetadata,
{
    error.code().unwrap_or("no code").to_owned()
}

/// "accepted", or the error's code.
pub(crate) fn outcome<T, E, R>(
    result: Result<T, aws_sdk_rekognition::error::SdkError<E, R>>,
) -> String
where
    aws_sdk_rekognition::error::SdkError<E, R>: ProvideErrorMetadata,
{
    result.map_or_else(|error| code(&error), |_| "accepted".to_owned())
}

impl Aws {
    pub(crate) fn around(handle: Handle) -> Self {
        Self {
            handle,
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
        }
    }

    pub(crate) fn url(&self) -> String {
        self.handle.url()
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.http
    }

    fn config(&self, credentials: Credentials, region: &str) -> aws_config::SdkConfig {
        aws_config::SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(self.url())
            .region(aws_config::Region::new(region.to_owned()))
            .retry_config(RetryConfig::disabled())
            .credentials_provider(
                aws_credential_types::provider::SharedCredentialsProvider::new(credentials),
            )
            .build()
    }

    pub(crate) fn sts(&self, credentials: Credentials) -> aws_sdk_sts::Client {
        aws_sdk_sts::Client::new(&self.config(credentials, REGION))
    }

    pub(crate) fn rekognition_in(
        &self,
        credentials: Credentials,
        region: &str,
    ) -> aws_sdk_rekognition::Client {
        aws_sdk_rekognition::Client::new(&self.config(credentials, region))
    }

    pub(crate) fn rekognition(&self, credentials: Credentials) -> aws_sdk_rekognition::Client {
        self.rekognition_in(credentials, REGION)
    }

    pub(crate) fn s3(&self, credentials: Credentials) -> aws_sdk_s3::Client {
        let config = aws_sdk_s3::config::Builder::from(&self.config(credentials, REGION))
            .force_path_style(true)
            .build();
        aws_sdk_s3::Client::from_conf(config)
    }

    pub(crate) fn kms_in(&self, credentials: Credentials, region: &str) -> aws_sdk_kms::Client {
        aws_sdk_kms::Client::new(&self.config(credentials, region))
    }

    pub(crate) fn iam(&self, credentials: Credentials) -> aws_sdk_iam::Client {
        aws_sdk_iam::Client::new(&self.config(credentials, REGION))
    }

    /// Credentials of a session of one of the demo's roles.
    pub(crate) async fn session(&self, account: &str, name: &str) -> Credentials {
        self.narrowed_session(account, name, None).await
    }

    pub(crate) async fn narrowed_session(
        &self,
        account: &str,
        name: &str,
        policy: Option<&str>,
    ) -> Credentials {
        let answer = self
            .sts(home())
            .assume_role()
            .role_arn(role(account, name))
            .role_session_name("test")
            .external_id(external_id(account))
            .set_policy(policy.map(str::to_owned))
            .send()
            .await
            .unwrap();
        credentials(answer.credentials().unwrap())
    }

    /// A Rekognition client as one of the demo's roles.
    pub(crate) async fn as_role(&self, account: &str, name: &str) -> aws_sdk_rekognition::Client {
        self.rekognition(self.session(account, name).await)
    }

    /// The grant that lets prod's promoter copy one version, put as dev's promoter.
    pub(crate) async fn grant(&self, version: &str) -> String {
        let document = grant_document(&role(PROD, "promoter"), version);
        self.put_policy(&document).await.unwrap()
    }

    /// Puts a document as the policy `grant` of dev's project `inspector`.
    pub(crate) async fn put_policy(&self, document: &str) -> Result<String, String> {
        let project = self.project(DEV, "inspector").await;
        let answer = self
            .as_role(DEV, "promoter")
            .await
            .put_project_policy()
            .project_arn(project)
            .policy_name("grant")
            .policy_document(document)
            .send()
            .await;
        answer
            .map(|answer| answer.policy_revision_id().unwrap().to_owned())
            .map_err(|error| code(&error))
    }

    /// A copy of dev's `inspector` to prod's, ready to be changed and sent.
    pub(crate) async fn copy(
        &self,
        client: &aws_sdk_rekognition::Client,
        source: &str,
        name: &str,
    ) -> aws_sdk_rekognition::operation::copy_project_version::builders::CopyProjectVersionFluentBuilder
    {
        client
            .copy_project_version()
            .source_project_arn(self.project(DEV, "inspector").await)
            .source_project_version_arn(source)
            .destination_project_arn(self.project(PROD, "inspector").await)
            .version_name(name)
            .output_config(output("vision-prod-models", "inspector/p1/"))
    }
}

pub(crate) fn credentials(from: &aws_sdk_sts::types::Credentials) -> Credentials {
    Credentials::new(
        from.access_key_id(),
        from.secret_access_key(),
        Some(from.session_token().to_owned()),
        None,
        "test",
    )
}

pub(crate) fn output(bucket: &str, prefix: &str) -> OutputConfig {
    OutputConfig::builder()
        .s3_bucket(bucket)
        .s3_key_prefix(prefix)
        .build()
}

/// A policy that allows `actions` on `resources`.
pub(crate) fn allow(actions: &[&str], resources: &[&str]) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{ "Sid": "Allow", "Effect": "Allow", "Action": actions, "Resource": resources }],
    })
}

pub(crate) fn grant_document(principal: &str, resource: &str) -> String {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "Grant",
            "Effect": "Allow",
            "Principal": { "AWS": principal },
            "Action": "rekognition:CopyProjectVersion",
            "Resource": resource,
        }],
    })
    .to_string()
}
