//! `[aws]`: how AWS is reached. Credentials come from the SDK's ordinary chain.

use customhouse_aws::{AwsSettings, BaseCredentials};
use domain::Region;
use engine::BudgetSettings;
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
    /// The share of AWS's quotas of calls a second that is used, more than 0 and at most 1: others
    /// use the accounts too. It counts for one process; two on one database take half each.
    pub quota_share: f64,
    /// AWS's quota of calls a second for each Rekognition operation, per account and Region. AWS's
    /// default is 5 and can be raised; the operations on tags have twice as many.
    pub calls_per_second: f64,
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
            quota_share: 0.7,
            calls_per_second: 5.0,
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

    /// Whether the AWS that is asked is one of this machine: an emulated one.
    pub fn is_on_this_machine(&self) -> bool {
        let host = self.endpoint_url.as_ref().and_then(|url| url.host());
        match host {
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            Some(url::Host::Domain(name)) => name == "localhost",
            None => false,
        }
    }

    /// How much AWS is asked.
    pub fn budget(&self) -> BudgetSettings {
        BudgetSettings {
            share: self.quota_share,
            quota: self.calls_per_second,
            tag_quota: self.calls_per_second * 2.0,
            ..BudgetSettings::default()
        }
    }

    pub(super) fn validate(&self, findings: &mut Findings) {
        if !(0.05..=1.0).contains(&self.quota_share) {
            findings.add("aws.quota_share", "must lie between 0.05 and 1");
        }
        if !(1.0..=1_000.0).contains(&self.calls_per_second) {
            findings.add("aws.calls_per_second", "must lie between 1 and 1000");
        }
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
