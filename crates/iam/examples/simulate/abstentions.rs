//! Where our evaluator says "cannot tell" and the simulator decides: AWS's pages leave it open, or
//! say that AWS refuses such a policy.

/// An element that is not judged.
pub(crate) struct Abstention {
    /// What the evaluator's sentence about it contains.
    pub(crate) element: &'static str,
    /// Why it is not judged.
    pub(crate) reason: &'static str,
    /// The page of the IAM User Guide that leaves it open.
    pub(crate) page: &'static str,
}

const ABSTENTIONS: &[Abstention] = &[
    Abstention {
        element: "NotPrincipal, which lists the caller in part",
        reason: "AWS \"might\" look at the account first, then the role, then the session",
        page: "AWS JSON policy elements: NotPrincipal",
    },
    Abstention {
        element: "NotPrincipal with Allow",
        reason: "AWS does not support it",
        page: "AWS JSON policy elements: NotPrincipal",
    },
    Abstention {
        element: "Principal \"*\", which a session policy may or may not limit",
        reason: "AWS says it for statements that test aws:PrincipalArn only",
        page: "AWS JSON policy elements: Principal",
    },
    Abstention {
        element: "Principal \"*\" for a service",
        reason: "AWS does not say whether everyone includes services",
        page: "AWS JSON policy elements: Principal",
    },
    Abstention {
        element: "principal \"",
        reason: "AWS takes no wildcard for a part of a principal",
        page: "AWS JSON policy elements: Principal",
    },
    Abstention {
        element: "IfExists\" on the absent key",
        reason: "ForAnyValue fails on an absent key, IfExists passes",
        page: "IAM JSON policy elements: Condition operators",
    },
    Abstention {
        element: "which holds several values while its operator takes one",
        reason: "AWS requires a set operator for a multivalued key and does not say what happens without",
        page: "Single-valued vs. multivalued context keys",
    },
    Abstention {
        element: "policy variable \"${aws:TagKeys}\"",
        reason: "a multivalued key makes no policy variable",
        page: "Single-valued vs. multivalued context keys",
    },
    Abstention {
        element: "an incomplete ARN in a session policy",
        reason: "AWS STS refuses such a session policy",
        page: "Identify AWS resources with Amazon Resource Names (ARNs)",
    },
    Abstention {
        element: "comparison \"",
        reason: "a value that cannot be read as what its operator compares",
        page: "IAM JSON policy elements: Condition operators",
    },
    // ARNs begin with an a or with a wildcard, actions with their service.
    Abstention {
        element: "pattern \"a",
        reason: "AWS compares ARNs part by part and gives no rule for fewer parts",
        page: "IAM JSON policy elements: Condition operators",
    },
    Abstention {
        element: "pattern \"*",
        reason: "AWS compares ARNs part by part and gives no rule for fewer parts",
        page: "IAM JSON policy elements: Condition operators",
    },
    Abstention {
        element: "pattern \"?",
        reason: "AWS compares ARNs part by part and gives no rule for fewer parts",
        page: "IAM JSON policy elements: Condition operators",
    },
];

/// The abstention that `element`, an evaluator's sentence, is about.
pub(crate) fn known(element: &str) -> Option<&'static Abstention> {
    ABSTENTIONS
        .iter()
        .find(|abstention| element.contains(abstention.element))
}
