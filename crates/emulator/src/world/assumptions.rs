//! What AWS has not documented, as settings. The default of each is the likeliest answer.

use serde::Deserialize;

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
        pub(crate) enum $name {
            $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)+
        }
    };
}

choice!(
    /// Whether a documented-nowhere form of a policy is taken.
    Acceptance {
        /// It is taken.
        Accepted = "accepted",
        /// It is refused.
        Refused = "refused",
    }
);
choice!(
    /// The error of a version name that the destination project already has.
    DuplicateName {
        /// The likeliest: the operation has no other error for it.
        ResourceInUse = "ResourceInUseException",
        /// The model lists it for `PutProjectPolicy` alone.
        ResourceAlreadyExists = "ResourceAlreadyExistsException",
        /// As for a value out of shape.
        InvalidParameter = "InvalidParameterException",
        /// As for a limit.
        LimitExceeded = "LimitExceededException",
    }
);
choice!(
    /// Which version a copy of a copy names as its source.
    ChainedNames {
        /// The version that was copied.
        Source = "source",
        /// The version that was trained.
        Origin = "origin",
    }
);
choice!(
    /// The output location in the description of a copy.
    CopyOutput {
        /// The one in the request.
        Request = "request",
        /// The source version's.
        Source = "source",
        /// None.
        Absent = "absent",
    }
);
choice!(
    /// Until when the project policy must allow a copy.
    PolicyNeeded {
        /// When it is called.
        AtCall = "at_call",
        /// Until it ends; looked at once more then.
        UntilDone = "until_done",
    }
);
choice!(
    /// The error of a source version that is not in a state to be copied.
    UncopyableSource {
        /// As for a value out of shape.
        InvalidParameter = "InvalidParameterException",
        /// As for a resource that is being changed.
        ResourceInUse = "ResourceInUseException",
    }
);
choice!(
    /// The error of one project policy too many.
    SixthPolicy {
        /// A limit.
        LimitExceeded = "LimitExceededException",
        /// A quota.
        ServiceQuotaExceeded = "ServiceQuotaExceededException",
    }
);
choice!(
    /// The error of a put of an existing policy without its revision id.
    PutWithoutRevision {
        /// It exists already.
        AlreadyExists = "ResourceAlreadyExistsException",
        /// The revision does not match.
        InvalidRevision = "InvalidPolicyRevisionIdException",
    }
);
choice!(
    /// The error of a value out of shape.
    ShapeViolation {
        /// Rekognition's own.
        InvalidParameter = "InvalidParameterException",
        /// The common layer's.
        Validation = "ValidationException",
    }
);
choice!(
    /// When the output bucket and the key are looked at.
    OutputChecked {
        /// At the call, which is then refused.
        AtCall = "at_call",
        /// Later: the copy is taken and ends in `COPYING_FAILED`.
        Late = "late",
    }
);
choice!(
    /// What of the source's details a copy's description shows.
    CopiedDetails {
        /// Evaluation, training time and description travel with the copy.
        Carried = "carried",
        /// None of them.
        Blank = "blank",
    }
);
choice!(
    /// Which projects the caller's identity policy is asked about, beside the source version.
    IdentityProjects {
        /// Source and destination.
        Both = "both",
        /// The source project.
        Source = "source",
        /// The destination project.
        Destination = "destination",
    }
);

/// The `[assumptions]` of a world; `docs/emulator.md` explains each key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one independent question about AWS"
)]
pub(crate) struct Assumptions {
    /// What a duplicate version name is refused with.
    pub(crate) duplicate_version_name: DuplicateName,
    /// Whether a deleted version's name is free again. Only `true` is implemented: nothing can
    /// be deleted yet.
    pub(crate) name_reusable_after_delete: bool,
    /// How long a new version stays invisible, in milliseconds.
    pub(crate) describe_delay_ms: u32,
    /// The source that a copy of a copy names.
    pub(crate) chained_copy_names: ChainedNames,
    /// The output location that a copy's description shows.
    pub(crate) copy_output_config: CopyOutput,
    /// Whether the destination may list a copy's tags.
    pub(crate) tags_visible: bool,
    /// Until when the project policy must allow.
    pub(crate) policy_needed: PolicyNeeded,
    /// Whether project policies may have conditions.
    pub(crate) policy_conditions: Acceptance,
    /// Whether S3 and KMS are used later with the caller's session, so that a copy fails when
    /// the session ends before it.
    pub(crate) late_s3_uses_callers_session: bool,
    /// What a source that cannot be copied is refused with.
    pub(crate) uncopyable_source: UncopyableSource,
    /// What one policy too many is refused with.
    pub(crate) sixth_policy: SixthPolicy,
    /// What a put of an existing policy without its revision is refused with.
    pub(crate) put_without_revision: PutWithoutRevision,
    /// Whether a project policy's `Resource` may be `*`.
    pub(crate) policy_resource_star: Acceptance,
    /// Whether a project policy's `Principal` may be anything beyond one role.
    pub(crate) policy_principals_beyond_one_role: Acceptance,
    /// Whether `ALLOW` and `DENY` are taken.
    pub(crate) policy_effect_upper_case: Acceptance,
    /// What a value out of shape is refused with.
    pub(crate) shape_violation: ShapeViolation,
    /// Copies that may run at once per account and Region; 0 is no limit.
    pub(crate) concurrent_copies: u32,
    /// Whether the copier needs rights on the key that the source was trained with.
    pub(crate) source_key_rights_needed: bool,
    /// When bucket and key are looked at.
    pub(crate) s3_kms_checked: OutputChecked,
    /// What of the source's details a copy shows.
    pub(crate) copied_details: CopiedDetails,
    /// Which projects the identity policy is asked about.
    pub(crate) copy_identity_projects: IdentityProjects,
    /// Whether tags on a copy need `rekognition:TagResource`.
    pub(crate) tags_need_tag_resource: bool,
}

impl Default for Assumptions {
    fn default() -> Self {
        Self {
            duplicate_version_name: DuplicateName::ResourceInUse,
            name_reusable_after_delete: true,
            describe_delay_ms: 0,
            chained_copy_names: ChainedNames::Source,
            copy_output_config: CopyOutput::Request,
            tags_visible: true,
            policy_needed: PolicyNeeded::AtCall,
            policy_conditions: Acceptance::Accepted,
            late_s3_uses_callers_session: false,
            uncopyable_source: UncopyableSource::InvalidParameter,
            sixth_policy: SixthPolicy::LimitExceeded,
            put_without_revision: PutWithoutRevision::AlreadyExists,
            policy_resource_star: Acceptance::Accepted,
            policy_principals_beyond_one_role: Acceptance::Accepted,
            policy_effect_upper_case: Acceptance::Refused,
            shape_violation: ShapeViolation::InvalidParameter,
            concurrent_copies: 0,
            source_key_rights_needed: false,
            s3_kms_checked: OutputChecked::AtCall,
            copied_details: CopiedDetails::Carried,
            copy_identity_projects: IdentityProjects::Both,
            tags_need_tag_resource: false,
        }
    }
}
