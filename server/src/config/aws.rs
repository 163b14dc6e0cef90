//! `[aws]`: how AWS is reached. Credentials come from the SDK's ordinary chain.

use customhouse_aws::{AwsSettings, BaseCredentials};
use domain::Region;
use serde::{Deserialize, Serialize};

use super::address::Address;
use super::error::Findings;

/// How AWS is reached.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct AwsSection {
    /// One address for every service and Region, for an emulator. Without it AWS's own addresses.
    pub endpoint_url: Option<Address>,
    /// The Region in which `customhouse roles` asks who it is.
    pub home_region: Region,
    /// How long a connection may take, in milliseconds.
    pub connect_timeout_ms: u64,
    /// How long one attempt of a call may take, in milliseconds.
    pub call_timeout_ms: u64,
    /// The ARN of the user or role that Customhouse runs as, for the trust policies that it
    /// suggests. `customhouse roles` asks AWS when it is not set.
    pub principal: Option<String>,
}

impl Default for AwsSection {
    fn default() -> Self {
        Self {
            endpoint_url: None,
            home_region: "us-east-1".parse().expect("us-east-1 is a Region"),
            connect_timeout_ms: 3_000,
            call_timeout_ms: 10_000,
            principal: None,
        }
    }
}

impl AwsSection {
    /// What the adapter is told. Credentials come from the SDK's chain.
    pub fn settings(&self) -> AwsSettings {
        AwsSettings {
            endpoint_url: self
                .endpoint_url
                .as_ref()
                .map(|url| url.as_str().to_owned()),
            home_region: self.home_region.clone(),
            credentials: BaseCredentials::Chain,
            connect_timeout_ms: self.connect_timeout_ms,
            attempt_timeout_ms: self.call_timeout_ms,
        }
    }

    pub(super) fn validate(&self, findings: &mut Findings) {
        if let Some(url) = &self.endpoint_url
            && !(matches!(url.scheme(), "http" | "https") && url.has_host())
        {
            findings.add("aws.endpoint_url", "must be an http:// or https:// address");
        }
        if self
            .principal
            .as_deref()
            .is_some_and(|arn| !is_principal(arn))
        {
            let problem = "must be the ARN of an IAM user or role, such as \
                           arn:aws:iam::999999999999:role/customhouse";
            findings.add("aws.principal", problem);
        }
        for (key, value) in [
            ("aws.connect_timeout_ms", self.connect_timeout_ms),
            ("aws.call_timeout_ms", self.call_timeout_ms),
        ] {
            if !(100..=60_000).contains(&value) {
                findings.add(key, "must lie between 100 and 60000 milliseconds");
            }
        }
    }
}

/// Whether a trust policy can name it: an IAM user or role, not a session.
pub fn is_principal(arn: &str) -> bool {
    let parts: Vec<_> = arn.splitn(6, ':').collect();
    let ["arn", partition, "iam", "", account, resource] = parts.as_slice() else {
        return false;
    };
    partition.starts_with("aws")
        && account.len() == 12
        && account.bytes().all(|byte| byte.is_ascii_digit())
        && ["user/", "role/"].iter().any(|kind| {
            resource.strip_prefix(kind).is_some_and(|name| {
                !name.is_empty()
                    && name
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || b"_+=,.@/-".contains(&b))
            })
        })
}
