//! Plans: everything a proposal will do, and the digest that approvals are given for.

use crate::arn::{ProjectArn, ProjectVersionArn, RoleArn};
use crate::canonical::to_canonical_json;
use crate::clock::Millis;
use crate::environment::RuleRef;
use crate::id::ProposalId;
use crate::name::{BucketName, InvalidText, KeyPrefix, KmsKeyRef, PolicyName, VersionName};
use crate::proposal::ProposalKind;
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// Everything a proposal will do. Two plans with the same digest do the same.
///
/// Evidence, revision ids, ages and aliases are not part of it: they may change without changing
/// what is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Plan {
    /// Copies one model version into another project.
    Promotion(Box<PromotionPlan>),
    /// Attaches or removes one project policy.
    PolicyChange(Box<PolicyChangePlan>),
}

/// What a promotion will do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromotionPlan {
    /// The proposal that asks for it.
    pub proposal: ProposalId,
    /// The project that the version leaves.
    pub source_project: ProjectArn,
    /// The version that is copied.
    pub source_version: ProjectVersionArn,
    /// The project that receives the copy.
    pub destination_project: ProjectArn,
    /// The name that the copy gets.
    pub version_name: VersionName,
    /// Where AWS writes the copy's training results. The prefix ends in the proposal's id.
    pub output: Output,
    /// The key that encrypts these results; as typed. AWS's own key when absent.
    pub kms_key: Option<KmsKeyRef>,
    /// The requester's tags; two of ours are added at the call.
    pub tags: Tags,
    /// The grant that permits the copy.
    pub grant: PlannedGrant,
    /// The role that puts and removes the grant.
    pub grantor: RoleArn,
    /// What the copy is compared with afterwards.
    pub verification: Verification,
    /// The rule that decides on approval.
    pub rule: RuleRef,
    /// After this moment the plan is not run any more.
    pub run_before: Millis,
}

/// An S3 location.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// The bucket; must be in the Region of the copy.
    pub bucket: BucketName,
    /// The prefix of all keys.
    pub prefix: KeyPrefix,
}

/// One statement of a project policy, put for one copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedGrant {
    /// The statement's id: `Ch` and the proposal's ULID.
    pub sid: String,
    /// The role that may copy: the destination account's promoter.
    pub principal: RoleArn,
    /// The one version that it may copy.
    pub resource: ProjectVersionArn,
    /// The statement allows nothing from this moment on, where AWS accepts conditions.
    pub ends: Millis,
}

/// How the copy is read back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verification {
    /// Status and source must match; evaluation, tags, key and output are reported.
    ReadBack,
}

/// What a policy change will do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyChangePlan {
    /// The proposal that asks for it.
    pub proposal: ProposalId,
    /// The project whose policies change.
    pub project: ProjectArn,
    /// The role that makes the change.
    pub grantor: RoleArn,
    /// The policy that is attached or removed.
    pub policy: PolicyName,
    /// What happens to it.
    pub change: PolicyChange,
    /// The rule that decides on approval.
    pub rule: RuleRef,
    /// After this moment the plan is not run any more.
    pub run_before: Millis,
}

/// What happens to one project policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum PolicyChange {
    /// It is attached with exactly this document, byte for byte.
    Attach {
        /// The JSON text as AWS receives it.
        document: String,
    },
    /// It is removed, as long as it still has exactly this document.
    Remove {
        /// The JSON text as AWS showed it.
        document: String,
    },
}

impl PolicyChange {
    /// The document that is attached, or that must still be there to be removed.
    pub fn document(&self) -> &str {
        match self {
            Self::Attach { document } | Self::Remove { document } => document,
        }
    }
}

impl PlannedGrant {
    /// The statement id for `proposal`; letters and digits only, as IAM asks of a `Sid`.
    pub fn sid_for(proposal: ProposalId) -> String {
        format!("Ch{}", proposal.ulid())
    }
}

impl Plan {
    /// The proposal that asks for it.
    pub fn proposal(&self) -> ProposalId {
        match self {
            Self::Promotion(plan) => plan.proposal,
            Self::PolicyChange(plan) => plan.proposal,
        }
    }

    /// The kind of proposal that carries such a plan.
    pub fn kind(&self) -> ProposalKind {
        match self {
            Self::Promotion(_) => ProposalKind::Promotion,
            Self::PolicyChange(_) => ProposalKind::PolicyChange,
        }
    }

    /// The rule that decides on approval.
    pub fn rule(&self) -> &RuleRef {
        match self {
            Self::Promotion(plan) => &plan.rule,
            Self::PolicyChange(plan) => &plan.rule,
        }
    }

    /// After this moment the plan is not run any more.
    pub fn run_before(&self) -> Millis {
        match self {
            Self::Promotion(plan) => plan.run_before,
            Self::PolicyChange(plan) => plan.run_before,
        }
    }

    /// The plan as canonical JSON (RFC 8785): the bytes that are stored and hashed.
    pub fn canonical_json(&self) -> String {
        to_canonical_json(self)
            .expect("a plan holds only texts, and numbers and moments within the safe integers")
    }

    /// The SHA-256 of [`Plan::canonical_json`].
    pub fn digest(&self) -> PlanDigest {
        PlanDigest::of(&self.canonical_json())
    }
}

/// The SHA-256 of a plan's canonical JSON: 64 lower-case hexadecimal digits.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PlanDigest(String);

impl PlanDigest {
    /// Hashes text that already is canonical JSON.
    pub fn of(canonical_json: &str) -> Self {
        Self(hex::encode(Sha256::digest(canonical_json.as_bytes())))
    }

    /// All 64 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first six digits, for people.
    pub fn short(&self) -> &str {
        &self.0[..6]
    }
}

impl TryFrom<String> for PlanDigest {
    type Error = InvalidText;

    fn try_from(text: String) -> Result<Self, InvalidText> {
        let good = text.len() == 64
            && text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        if good {
            Ok(Self(text))
        } else {
            let allowed = "64 lower-case hexadecimal digits";
            Err(InvalidText::Characters {
                what: "a plan digest",
                allowed,
            })
        }
    }
}

impl From<PlanDigest> for String {
    fn from(digest: PlanDigest) -> Self {
        digest.0
    }
}

impl fmt::Display for PlanDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for PlanDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> PromotionPlan {
        let proposal: ProposalId = "prp_01KATTTTTTTTTTTTTTTTTTTTTT".parse().unwrap();
        let source = "arn:aws:rekognition:eu-west-1:111111111111:project/inspector";
        let source_version: ProjectVersionArn = format!("{source}/version/v7/1656611123456")
            .parse()
            .unwrap();
        PromotionPlan {
            proposal,
            source_project: format!("{source}/1656565123456").parse().unwrap(),
            source_version: source_version.clone(),
            destination_project:
                "arn:aws:rekognition:eu-west-1:333333333333:project/inspector/1656705098765"
                    .parse()
                    .unwrap(),
            version_name: "v7".parse().unwrap(),
            output: Output {
                bucket: "vision-prod-models".parse().unwrap(),
                prefix: KeyPrefix::new("inspector")
                    .unwrap()
                    .for_proposal(proposal)
                    .unwrap(),
            },
            kms_key: None,
            tags: Tags::from_lines("team=vision").unwrap(),
            grant: PlannedGrant {
                sid: PlannedGrant::sid_for(proposal),
                principal: "arn:aws:iam::333333333333:role/customhouse-promoter"
                    .parse()
                    .unwrap(),
                resource: source_version,
                ends: Millis::new(1_795_601_654_000),
            },
            grantor: "arn:aws:iam::111111111111:role/customhouse-promoter"
                .parse()
                .unwrap(),
            verification: Verification::ReadBack,
            rule: RuleRef {
                environment: "prod".parse().unwrap(),
                version: 1,
            },
            run_before: Millis::new(1_795_515_254_000),
        }
    }

    #[test]
    fn the_canonical_form_of_a_promotion_stays_as_it_is() {
        insta::assert_snapshot!(Plan::Promotion(Box::new(plan())).canonical_json(), @r#"{"destination_project":"arn:aws:rekognition:eu-west-1:333333333333:project/inspector/1656705098765","grant":{"ends":1795601654000,"principal":"arn:aws:iam::333333333333:role/customhouse-promoter","resource":"arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v7/1656611123456","sid":"Ch01KATTTTTTTTTTTTTTTTTTTTTT"},"grantor":"arn:aws:iam::111111111111:role/customhouse-promoter","kind":"promotion","kms_key":null,"output":{"bucket":"vision-prod-models","prefix":"inspector/prp_01KATTTTTTTTTTTTTTTTTTTTTT/"},"proposal":"prp_01KATTTTTTTTTTTTTTTTTTTTTT","rule":{"environment":"prod","version":1},"run_before":1795515254000,"source_project":"arn:aws:rekognition:eu-west-1:111111111111:project/inspector/1656565123456","source_version":"arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v7/1656611123456","tags":{"team":"vision"},"verification":"read_back","version_name":"v7"}"#);
    }

    #[test]
    fn a_plan_reads_back_with_the_same_digest() {
        let plan = Plan::Promotion(Box::new(plan()));
        let again: Plan = serde_json::from_str(&plan.canonical_json()).unwrap();
        assert_eq!(again.digest(), plan.digest());
    }

    #[test]
    fn every_change_of_a_box_changes_the_digest() {
        let base = Plan::Promotion(Box::new(plan())).digest();
        let other = "arn:aws:rekognition:eu-west-1:222222222222:project/gauges";
        let role = "arn:aws:iam::222222222222:role/customhouse-promoter";
        let (project, version) = (format!("{other}/1"), format!("{other}/version/v7/1"));
        let changes: [&dyn Fn(&mut PromotionPlan); 17] = [
            &|plan| plan.proposal = "prp_01KATTTTTTTTTTTTTTTTTTTTT0".parse().unwrap(),
            &|plan| plan.source_project = project.parse().unwrap(),
            &|plan| plan.source_version = version.parse().unwrap(),
            &|plan| plan.destination_project = project.parse().unwrap(),
            &|plan| plan.version_name = "v8".parse().unwrap(),
            &|plan| plan.output.bucket = "other".parse().unwrap(),
            &|plan| plan.output.prefix = "other/".parse().unwrap(),
            &|plan| plan.kms_key = Some("alias/key".parse().unwrap()),
            &|plan| plan.tags = Tags::default(),
            &|plan| plan.grant.sid = "Ch0".to_owned(),
            &|plan| plan.grant.principal = role.parse().unwrap(),
            &|plan| plan.grant.resource = version.parse().unwrap(),
            &|plan| plan.grant.ends = plan.grant.ends.plus(1),
            &|plan| plan.grantor = role.parse().unwrap(),
            &|plan| plan.rule.environment = "staging".parse().unwrap(),
            &|plan| plan.rule.version += 1,
            &|plan| plan.run_before = plan.run_before.plus(1),
        ];
        for change in changes {
            let mut changed = plan();
            change(&mut changed);
            assert_ne!(Plan::Promotion(Box::new(changed)).digest(), base);
        }
    }
}
