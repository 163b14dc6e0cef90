//! The kinds of values that assumptions take.

use serde::Deserialize;

/// The type of an assumption: which values it takes, as a world file writes them.
pub(crate) trait Setting {
    /// What it takes, the likeliest first.
    const TAKES: Takes;

    /// This value as a world file writes it.
    fn written(&self) -> String;
}

/// What a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// One of these words.
    Words(&'static [&'static str]),
    /// `true` or `false`.
    Flag,
    /// A whole number from 0.
    Number,
}

impl Setting for bool {
    const TAKES: Takes = Takes::Flag;

    fn written(&self) -> String {
        self.to_string()
    }
}

impl Setting for u32 {
    const TAKES: Takes = Takes::Number;

    fn written(&self) -> String {
        self.to_string()
    }
}

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
        pub(crate) enum $name {
            $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)+
        }

        impl Setting for $name {
            const TAKES: Takes = Takes::Words(&[$($text),+]);

            fn written(&self) -> String {
                match self {
                    $(Self::$variant => $text,)+
                }
                .to_owned()
            }
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
