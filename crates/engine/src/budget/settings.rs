//! How much of AWS's quotas is used, and how long is waited.

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precedence {
    /// A person waits for the answer. Goes first, and is never kept from asking by a refusal of
    /// before: that is how a mended role is found at once.
    Interactive,
    /// Looks at running copies. One tells about all copies into a project, and looks keep within a
    /// part of the budget by themselves: they wait in one line with people. A refusal of before
    /// keeps them from asking.
    Look,
    /// Jobs and reconcilers.
    Background,
}

/// The settings of a [`super::Budget`]. Durations are milliseconds on the injected clock.
#[derive(Clone, Debug)]
pub struct BudgetSettings {
    /// The share of AWS's quotas that is used, more than 0 and at most 1. Each process on one
    /// database uses this share: give two of them half each.
    pub share: f64,
    /// AWS's quota of calls a second for most operations, per account and Region.
    pub quota: f64,
    /// AWS's quota of calls a second for the operations on tags.
    pub tag_quota: f64,
    /// How long a read waits for its turn before it is given up.
    pub longest_wait_ms: i64,
    /// How long a write waits for its turn. Less than a call may take as a whole, so that one
    /// that was never sent is known not to have been sent.
    pub longest_write_wait_ms: i64,
    /// How often a read is sent that AWS throttles or does not answer clearly.
    pub attempts: u32,
    /// The first pause after a refusal for lack of a permission; it doubles with each.
    pub shut_ms: i64,
    /// The longest such pause.
    pub longest_shut_ms: i64,
}

impl Default for BudgetSettings {
    fn default() -> Self {
        Self {
            share: 0.7,
            quota: 5.0,
            tag_quota: 10.0,
            longest_wait_ms: 10_000,
            longest_write_wait_ms: 4_000,
            attempts: 3,
            shut_ms: 15_000,
            longest_shut_ms: 120_000,
        }
    }
}

impl BudgetSettings {
    /// AWS's quota for the operation in calls a second; none for the services whose quotas are far
    /// beyond what is asked here (STS, S3, KMS, IAM).
    pub(super) fn quota_of(&self, operation: &str) -> Option<f64> {
        match operation {
            "TagResource" | "UntagResource" | "ListTagsForResource" => Some(self.tag_quota),
            "DescribeProjects"
            | "DescribeProjectVersions"
            | "ListProjectPolicies"
            | "PutProjectPolicy"
            | "DeleteProjectPolicy"
            | "CopyProjectVersion" => Some(self.quota),
            _ => None,
        }
    }
}
