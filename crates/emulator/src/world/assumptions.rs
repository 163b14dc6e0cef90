//! What AWS has not documented, as settings: the one table that reading, printing and
//! documentation follow. The default of each is the likeliest answer.

pub(crate) use super::choice::{
    Acceptance, ChainedNames, CopiedDetails, CopyOutput, DuplicateName, IdentityProjects,
    OutputChecked, PolicyNeeded, PutWithoutRevision, ShapeViolation, SixthPolicy, UncopyableSource,
};
use super::choice::{Setting, Takes};
use serde::Deserialize;

/// One assumption, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumption {
    /// The key under `[assumptions]`.
    pub key: &'static str,
    /// The default, as a world file writes it without quotation marks.
    pub default: String,
    /// Everything that it takes.
    pub takes: Takes,
    /// What it decides.
    pub decides: &'static str,
    /// The question about AWS that it stands for.
    pub question: &'static str,
}

macro_rules! assumptions {
    ($($key:ident: $kind:ty = $default:expr, decides $decides:literal, asks $question:literal;)+) => {
        /// The `[assumptions]` of a world.
        #[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub(crate) struct Assumptions {
            $(#[doc = $decides] pub(crate) $key: $kind,)+
        }

        impl Default for Assumptions {
            fn default() -> Self {
                Self { $($key: $default,)+ }
            }
        }

        impl Assumption {
            /// Every assumption, in the order of the documentation.
            pub fn all() -> Vec<Self> {
                let defaults = Assumptions::default();
                vec![$(Self {
                    key: stringify!($key),
                    default: defaults.$key.written(),
                    takes: <$kind as Setting>::TAKES,
                    decides: $decides,
                    question: $question,
                }),+]
            }
        }
    };
}

assumptions! {
    duplicate_version_name: DuplicateName = DuplicateName::ResourceInUse,
        decides "error of a name that the destination has",
        asks "Which error refuses a copy whose version name the destination project already has?";
    name_reusable_after_delete: bool = true,
        decides "whether a deleted version's name is free",
        asks "Can the name of a deleted version be used again?";
    describe_delay_ms: u32 = 0,
        decides "how long a new version stays invisible, in milliseconds; its name is taken at once",
        asks "How long does a new version stay out of DescribeProjectVersions?";
    chained_copy_names: ChainedNames = ChainedNames::Source,
        decides "which version a copy of a copy names as its source",
        asks "Does a copy of a copy name the version that was copied, or the one that was trained?";
    copy_output_config: CopyOutput = CopyOutput::Request,
        decides "the output place that a copy's description shows",
        asks "Does a copy's description show the request's OutputConfig, the source's, or none?";
    tags_visible: bool = true,
        decides "whether the destination may list a copy's tags",
        asks "Can the destination account list the tags of a copy?";
    policy_needed: PolicyNeeded = PolicyNeeded::AtCall,
        decides "whether the project policy is looked at again when the copy ends",
        asks "Must the project policy allow only when the copy is called, or until it is done?";
    policy_conditions: Acceptance = Acceptance::Accepted,
        decides "project policies with a `Condition`",
        asks "Does PutProjectPolicy take a Condition?";
    policy_resource_star: Acceptance = Acceptance::Accepted,
        decides "project policies with `Resource: \"*\"`",
        asks "Does PutProjectPolicy take \"*\" as Resource?";
    policy_principals_beyond_one_role: Acceptance = Acceptance::Accepted,
        decides "project policies for anything but one role",
        asks "Does PutProjectPolicy take several principals, accounts, services or everyone?";
    policy_effect_upper_case: Acceptance = Acceptance::Refused,
        decides "`ALLOW` and `DENY`",
        asks "Does PutProjectPolicy take Effect in upper case, as examples of the developer guide write it?";
    late_s3_uses_callers_session: bool = false,
        decides "whether a copy fails when the caller's session ends before it",
        asks "Are bucket and key used later with the caller's session, so that a copy ends with it?";
    uncopyable_source: UncopyableSource = UncopyableSource::InvalidParameter,
        decides "error of a source that is not trained",
        asks "Which error refuses a source version that is not in a state to be copied?";
    sixth_policy: SixthPolicy = SixthPolicy::LimitExceeded,
        decides "error of one policy too many",
        asks "Which error refuses a project's sixth policy?";
    put_without_revision: PutWithoutRevision = PutWithoutRevision::AlreadyExists,
        decides "error of changing a policy without its revision",
        asks "Which error refuses a put of an existing policy that names no revision?";
    shape_violation: ShapeViolation = ShapeViolation::InvalidParameter,
        decides "error of a value out of shape; a page size too large is always `ValidationException`",
        asks "Does a value out of shape meet Rekognition's own error, or the common layer's?";
    concurrent_copies: u32 = 0,
        decides "copies at once per account and Region, 0 for no limit; more is `LimitExceededException`",
        asks "How many copies may run at once?";
    source_key_rights_needed: bool = false,
        decides "whether the copier needs the key that the source was trained with",
        asks "Does copying a model that was trained with a customer's key need rights on that key?";
    s3_kms_checked: OutputChecked = OutputChecked::AtCall,
        decides "whether bucket and key refuse the call or fail the copy",
        asks "Do an unusable bucket and key refuse the call, or end the copy in COPYING_FAILED?";
    copied_details: CopiedDetails = CopiedDetails::Carried,
        decides "whether a copy shows the source's evaluation, training time and description",
        asks "Which details of its source does a copy's description show?";
    copy_identity_projects: IdentityProjects = IdentityProjects::Both,
        decides "the projects that the caller's own policies must allow",
        asks "Which projects is the caller's identity policy asked about for a copy?";
    tags_need_tag_resource: bool = false,
        decides "whether tags on a copy need `rekognition:TagResource`",
        asks "Do tags on a copy need the permission rekognition:TagResource?";
}
