//! What `SimulatePrincipalPolicy` is asked for.

use super::invalid_input;
use crate::error::ApiError;
use crate::sts::input::Form;
use crate::world::text::PolicyText;
use std::collections::BTreeSet;

/// Members that are played; all others are refused by name.
const TAKEN: &[&str] = &[
    "Action",
    "Version",
    "PolicySourceArn",
    "PolicyInputList",
    "ActionNames",
    "ResourceArns",
    "ContextEntries",
    "MaxItems",
    "Marker",
];

/// A request whose shape is good.
pub(super) struct Request {
    /// Whose policies.
    pub(super) source: String,
    /// Policies looked at together with theirs.
    pub(super) more: Vec<PolicyText>,
    pub(super) actions: Vec<String>,
    /// `*` when none were named.
    pub(super) resources: Vec<String>,
    pub(super) context: Vec<ContextEntry>,
    pub(super) most: usize,
    pub(super) marker: Option<String>,
    /// Everything that a marker is bound to.
    pub(super) list: String,
}

/// A condition key with its values.
#[derive(Debug)]
pub(super) struct ContextEntry {
    pub(super) key: String,
    pub(super) values: Vec<String>,
}

impl Request {
    pub(super) fn read(form: &Form) -> Result<Self, ApiError> {
        let mut members = form.names().filter_map(|name| name.split('.').next());
        if let Some(member) = members.find(|name| !TAKEN.contains(name)) {
            return Err(ApiError::not_emulated(&format!(
                "the parameter {member} of iam:SimulatePrincipalPolicy"
            )));
        }
        let source = form.get("PolicySourceArn").unwrap_or_default();
        length("policySourceArn", source, 20..=2048)?;
        let actions = list(form, "ActionNames");
        if actions.is_empty() {
            return Err(null("actionNames"));
        }
        for action in &actions {
            length("actionNames", action, 3..=128)?;
            check_action(action)?;
        }
        let mut resources = list(form, "ResourceArns");
        for resource in &resources {
            length("resourceArns", resource, 1..=2048)?;
        }
        if resources.is_empty() {
            resources.push("*".to_owned());
        }
        let more = list(form, "PolicyInputList");
        for policy in &more {
            length("policyInputList", policy, 1..=131_072)?;
        }
        let most = form.get("MaxItems").map_or(Ok(100), max_items)?;
        let marker = form.get("Marker").map(str::to_owned);
        let context = context(form)?;
        let list = format!("{source} {more:?} {actions:?} {resources:?} {context:?}");
        Ok(Self {
            source: source.to_owned(),
            more: more
                .iter()
                .map(|text| policy(text))
                .collect::<Result<_, _>>()?,
            actions,
            resources,
            context,
            most,
            marker,
            list,
        })
    }
}

/// The members `name.member.1`, `name.member.2`… in the order of their numbers. One without a value
/// is an empty text.
fn list(form: &Form, name: &str) -> Vec<String> {
    let prefix = format!("{name}.member.");
    let numbers: BTreeSet<u32> = form.numbers(&prefix).collect();
    let value = |number| form.sent(&format!("{prefix}{number}")).unwrap_or_default();
    numbers
        .into_iter()
        .map(|number| value(number).to_owned())
        .collect()
}

fn context(form: &Form) -> Result<Vec<ContextEntry>, ApiError> {
    const KINDS: &[&str] = &[
        "string",
        "stringList",
        "numeric",
        "numericList",
        "boolean",
        "booleanList",
        "ip",
        "ipList",
        "binary",
        "binaryList",
        "date",
        "dateList",
    ];
    const LIST: &str = "ContextEntries.member.";
    let numbers: BTreeSet<u32> = form.numbers(LIST).collect();
    let mut entries = Vec::new();
    for number in numbers {
        let entry = format!("{LIST}{number}");
        let key = form
            .get(&format!("{entry}.ContextKeyName"))
            .unwrap_or_default();
        length("contextKeyName", key, 5..=256)?;
        let kind = form.get(&format!("{entry}.ContextKeyType"));
        if kind.is_some_and(|kind| !KINDS.contains(&kind)) {
            return Err(invalid_input(format!("{key} has an unknown type.")));
        }
        entries.push(ContextEntry {
            key: key.to_owned(),
            values: list(form, &format!("{entry}.ContextKeyValues")),
        });
    }
    Ok(entries)
}

/// An action is a service and a name; wildcards are not taken ("`SimulatePrincipalPolicy`", IAM
/// API reference).
fn check_action(action: &str) -> Result<(), ApiError> {
    let good = action.split_once(':').is_some_and(|(service, name)| {
        let plain = |text: &str| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        plain(service) && plain(name)
    });
    if good {
        Ok(())
    } else {
        Err(invalid_input(format!("Invalid Entity Action: {action}")))
    }
}

fn policy(text: &str) -> Result<PolicyText, ApiError> {
    PolicyText::parse(text)
        .map_err(|error| invalid_input("Syntax errors in policy.").with_detail(error.to_string()))
}

fn max_items(text: &str) -> Result<usize, ApiError> {
    text.parse()
        .ok()
        .filter(|number| (1..=1000).contains(number))
        .ok_or_else(|| {
            violation(
                "maxItems",
                text,
                "Member must have value between 1 and 1000",
            )
        })
}

fn length(
    member: &str,
    text: &str,
    range: std::ops::RangeInclusive<usize>,
) -> Result<(), ApiError> {
    if text.is_empty() {
        return Err(null(member));
    }
    if range.contains(&text.chars().count()) {
        return Ok(());
    }
    let rule = format!(
        "Member must have length between {} and {}",
        range.start(),
        range.end()
    );
    Err(violation(member, text, &rule))
}

fn null(member: &str) -> ApiError {
    let rule = "Member must not be null";
    validation(format!(
        "1 validation error detected: Value null at '{member}' failed to satisfy constraint: {rule}"
    ))
}

fn violation(member: &str, value: &str, rule: &str) -> ApiError {
    let shown: String = value.chars().take(200).collect();
    validation(format!(
        "1 validation error detected: Value '{shown}' at '{member}' failed to satisfy constraint: \
         {rule}"
    ))
}

fn validation(message: String) -> ApiError {
    ApiError::common("ValidationError", 400, message)
}
