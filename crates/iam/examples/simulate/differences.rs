//! Where the simulator deviates from AWS's pages. Each difference rewrites a case into one that means
//! the same to AWS and that the simulator judges rightly; only if it then agrees is the case settled.

mod rewrite;

use crate::case::{Attachment, Caller, Case};
use iam::document::{PrincipalClause, PrincipalType, Principals, ResourceClause, Values};
use iam::{Decision, Effect, PolicyDocument, PolicyKind, PolicyVersion, Statement};
use rewrite::{each_test, each_value, replace_variables};

/// A text that no call carries.
const NEVER: &str = "no-call-carries-this";

/// A known deviation of the simulator.
pub(crate) struct Difference {
    pub(crate) name: &'static str,
    /// What AWS does and the simulator does not.
    pub(crate) reason: &'static str,
    /// The page of the IAM User Guide that says so.
    pub(crate) page: &'static str,
    /// Rewrites the case, given our answer; whether anything had to be rewritten.
    rewrite: fn(&mut Case, &Decision) -> bool,
}

const DIFFERENCES: &[Difference] = &[
    Difference {
        name: "variables in an old document",
        reason: "only documents of version 2012-10-17 have policy variables",
        page: "IAM JSON policy elements: Version",
        rewrite: plain_text_in_old_documents,
    },
    Difference {
        name: "variable without a value",
        reason: "negated operators match it, and NotResource with it excepts nothing",
        page: "IAM policy elements: Variables and tags",
        rewrite: texts_for_missing_values,
    },
    Difference {
        name: "special characters as variables",
        reason: "${*}, ${?} and ${$} stand for their characters wherever variables do",
        page: "IAM policy elements: Variables and tags",
        rewrite: special_characters,
    },
    Difference {
        name: "variables in ARN comparisons",
        reason: "ARN operators take variables, whose names have colons of their own",
        page: "IAM policy elements: Variables and tags",
        rewrite: values_in_arns,
    },
    Difference {
        name: "dates as seconds",
        reason: "dates stand in ISO 8601 or in seconds since 1970, whichever the other one has",
        page: "IAM JSON policy elements: Condition operators",
        rewrite: dates_in_one_form,
    },
    Difference {
        name: "address ranges",
        reason: "0.0.0.0/0 is every IPv4 address (RFC 4632), and an address alone is compared with those of both versions",
        page: "IAM JSON policy elements: Condition operators",
        rewrite: address_ranges,
    },
    Difference {
        name: "incomplete ARN in a session policy",
        reason: "AWS STS refuses such a session policy",
        page: "Identify AWS resources with Amazon Resource Names (ARNs)",
        rewrite: incomplete_arns_in_sessions,
    },
    Difference {
        name: "null dataset",
        reason: "to ForAllValues and ForAnyValue empty values are no values",
        page: "Single-valued vs. multivalued context keys",
        rewrite: without_null_datasets,
    },
    Difference {
        name: "grant to the session or user itself",
        reason: "within the account, a session policy does not limit what a resource-based policy grants to the session, or to \"*\" by aws:PrincipalArn",
        page: "How AWS enforcement code logic evaluates requests to allow or deny access",
        rewrite: direct_grants_alone,
    },
    Difference {
        name: "root user",
        reason: "an account's root user needs no identity policy, and may not call AssumeRole",
        page: "How AWS enforcement code logic evaluates requests to allow or deny access",
        rewrite: root_with_full_access,
    },
];

/// The case without what the simulator is known to judge otherwise, and the differences found.
pub(crate) fn correct(case: &Case, ours: &Decision) -> (Case, Vec<&'static Difference>) {
    let mut corrected = case.clone();
    let by = DIFFERENCES
        .iter()
        .filter(|difference| (difference.rewrite)(&mut corrected, ours))
        .collect();
    (corrected, by)
}

/// In old documents `${…}` is text, and no call carries such text.
fn plain_text_in_old_documents(case: &mut Case, _: &Decision) -> bool {
    let mut found = false;
    let old = |document: &&mut PolicyDocument| document.version != Some(PolicyVersion::V2012);
    for document in case.documents_mut().filter(old) {
        each_value(document, |value| {
            found |= replace_variables(value, |_| Some(NEVER.to_owned()));
        });
    }
    found
}

/// A text that no call carries stands for a variable without a value: nothing is equal to it or
/// like it.
fn texts_for_missing_values(case: &mut Case, _: &Decision) -> bool {
    let context = case.context.clone();
    let mut found = false;
    for document in case.documents_mut() {
        each_value(document, |value| {
            found |= replace_variables(value, |inside| {
                let special = matches!(inside, "*" | "?" | "$");
                let carried = context.keys().any(|key| key.eq_ignore_ascii_case(inside));
                (!special && !carried && !inside.contains(',')).then(|| NEVER.to_owned())
            });
        });
    }
    found
}

/// `${*}`, `${?}` and `${$}` become the characters themselves where these are no wildcards.
fn special_characters(case: &mut Case, _: &Decision) -> bool {
    let mut found = false;
    for document in case.documents_mut() {
        each_test(document, |operator, _, values| {
            if operator.contains("String") && !operator.contains("Like") {
                for value in values {
                    found |= replace_variables(value, |inside| {
                        matches!(inside, "*" | "?" | "$").then(|| inside.to_owned())
                    });
                }
            }
        });
    }
    found
}

/// An address alone is a range of one, and the range of all holds the caller's.
fn address_ranges(case: &mut Case, _: &Decision) -> bool {
    let own = case.context.get("aws:SourceIp").map(|values| &values[0]);
    let all = match own {
        Some(own) if !own.contains(':') => format!("{own}/32"),
        _ => "0.0.0.0/1".to_owned(),
    };
    let mut found = false;
    for document in case.documents_mut() {
        each_test(document, |operator, _, values| {
            for value in values.iter_mut().filter(|_| operator.contains("IpAddress")) {
                let range = match value.as_str() {
                    "0.0.0.0/0" => all.clone(),
                    range if range.contains('/') => continue,
                    address if address.contains(':') => format!("{address}/128"),
                    address => format!("{address}/32"),
                };
                found = true;
                *value = range;
            }
        });
    }
    found
}

/// AWS would not have made the session, so the statement's resource is nothing.
fn incomplete_arns_in_sessions(case: &mut Case, _: &Decision) -> bool {
    let mut found = false;
    if let Some(document) = &mut case.session {
        each_value(document, |value| {
            if value.starts_with("arn:") && value.split(':').count() < 6 {
                found = true;
                *value = format!("arn:aws:s3:::{NEVER}");
            }
        });
    }
    found
}

fn values_in_arns(case: &mut Case, _: &Decision) -> bool {
    let context = case.context.clone();
    let mut found = false;
    let current = |document: &&mut PolicyDocument| document.version == Some(PolicyVersion::V2012);
    for document in case.documents_mut().filter(current) {
        each_test(document, |operator, _, values| {
            for value in values.iter_mut().filter(|_| operator.contains("Arn")) {
                for (key, carried) in &context {
                    let variable = format!("${{{key}}}");
                    if let [carried] = &carried[..]
                        && value.contains(&variable)
                    {
                        found = true;
                        let literal = carried.replace('*', "${*}").replace('?', "${?}");
                        *value = value.replace(&variable, &literal);
                    }
                }
            }
        });
    }
    found
}

fn dates_in_one_form(case: &mut Case, _: &Decision) -> bool {
    let mut found = false;
    for document in case.documents_mut() {
        each_test(document, |operator, key, values| {
            if !operator.contains("Date") {
                return;
            }
            if key.eq_ignore_ascii_case("aws:EpochTime") {
                found = true;
                "aws:CurrentTime".clone_into(key);
            }
            for value in values {
                if let Ok(seconds) = value.parse::<i64>() {
                    found = true;
                    *value = domain::Millis::new(seconds * 1000).to_string();
                }
            }
        });
    }
    found
}

/// A set operator on empty values becomes one that always or never holds.
fn without_null_datasets(case: &mut Case, _: &Decision) -> bool {
    let null: Vec<String> = case
        .context
        .iter()
        .filter(|(_, values)| values.iter().all(String::is_empty))
        .map(|(key, _)| key.clone())
        .collect();
    let mut found = false;
    for document in case.documents_mut() {
        for statement in &mut document.statements {
            for test in &mut statement.condition {
                let set = test.operator.starts_with("For");
                for (key, _) in &mut test.keys {
                    if set && null.iter().any(|null| null.eq_ignore_ascii_case(key)) {
                        found = true;
                        // Absent keys have the documented effect on these operators.
                        "aws:VpceOrgPaths".clone_into(key);
                    }
                }
            }
        }
    }
    found
}

/// Leaves only what stands on its own: the grants that name the session or user, or everyone by
/// `aws:PrincipalArn`.
fn direct_grants_alone(case: &mut Case, ours: &Decision) -> bool {
    let Decision::Allowed { by } = ours else {
        return false;
    };
    let attached_alone = by
        .iter()
        .all(|place| matches!(place.kind, PolicyKind::Resource | PolicyKind::Trust));
    if !attached_alone || case.session.is_none() {
        return false;
    }
    let arn = case.caller.arn();
    let Some(attached) = &mut case.attached else {
        return false;
    };
    attached
        .statements
        .retain(|statement| statement.effect == Effect::Deny || is_direct(statement, &arn));
    case.session = None;
    case.identity.clear();
    true
}

fn is_direct(statement: &Statement, arn: &str) -> bool {
    let Some(PrincipalClause::Principal(listed)) = &statement.principal else {
        return false;
    };
    let names = |name: &str| match listed {
        Principals::Everyone => name == "*",
        Principals::Listed(entries) => entries
            .iter()
            .filter(|(kind, _)| *kind == PrincipalType::Aws)
            .any(|(_, values)| values.iter().any(|value| value == name)),
    };
    let tests_the_caller = statement
        .condition
        .iter()
        .flat_map(|test| &test.keys)
        .any(|(key, _)| key.eq_ignore_ascii_case("aws:PrincipalArn"));
    names(arn) || (names("*") && tests_the_caller)
}

fn root_with_full_access(case: &mut Case, _: &Decision) -> bool {
    if !matches!(case.caller, Caller::Root(_)) {
        return false;
    }
    if case.attachment == Attachment::Trust {
        if let Some(attached) = &mut case.attached {
            attached
                .statements
                .retain(|statement| statement.effect == Effect::Deny);
        }
    } else {
        case.identity.push(PolicyDocument::of(vec![Statement {
            sid: None,
            effect: Effect::Allow,
            principal: None,
            action: iam::document::ActionClause::Action(Values::from("*")),
            resource: Some(ResourceClause::Resource(Values::from("*"))),
            condition: Vec::new(),
        }]));
    }
    true
}
