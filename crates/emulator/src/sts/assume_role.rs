//! `AssumeRole`: a session of a role, for a caller whom the role trusts.

use super::Call;
use super::input::{Form, Violations, validation};
use super::xml::element;
use crate::error::ApiError;
use crate::random;
use crate::state::account::{Role, unique_id};
use crate::state::session::Session;
use crate::world::text::{PolicyText, Secret};
use domain::RoleArn;
use regex::Regex;
use std::sync::LazyLock;

/// `\w` stands for ASCII letters, digits and the underscore, as in AWS's patterns.
static SESSION_NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[a-zA-Z0-9_+=,.@-]*$"));
static EXTERNAL_ID: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[a-zA-Z0-9_+=,.@:\/-]*$"));
static POLICY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[\u{0009}\u{000A}\u{000D}\u{0020}-\u{00FF}]*$"));

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is fixed and tested")
}

const TAKEN: &[&str] = &[
    "Action",
    "Version",
    "RoleArn",
    "RoleSessionName",
    "DurationSeconds",
    "ExternalId",
    "Policy",
];

/// The longest session of a role that another role's session may ask for ("Role chaining", AWS
/// knowledge center iam-role-chaining-limit).
const CHAINED_SECONDS: u32 = 3600;

struct Request {
    role: RoleArn,
    session_name: String,
    /// `None` when the caller left it to AWS.
    seconds: Option<u32>,
    external_id: Option<String>,
    policy: Option<PolicyText>,
}

pub(super) fn call(call: &mut Call<'_>, form: &Form) -> Result<String, ApiError> {
    let request = read(form)?;
    let role = authorize(call, &request)?;
    let seconds = duration(call, &request, &role)?;
    Ok(start(call, request, &role, seconds))
}

fn read(form: &Form) -> Result<Request, ApiError> {
    if let Some(name) = form.names().find(|name| !TAKEN.contains(name)) {
        let member = name.split('.').next().unwrap_or(name);
        return Err(ApiError::not_emulated(&format!(
            "the parameter {member} of sts:AssumeRole"
        )));
    }
    let mut violations = Violations::default();
    let role = form.get("RoleArn").unwrap_or_default();
    if !(20..=2048).contains(&role.chars().count()) {
        violations.add(
            "roleArn",
            role,
            "Member must have length between 20 and 2048",
        );
    }
    let session_name = form.get("RoleSessionName").unwrap_or_default();
    violations.text("roleSessionName", session_name, 2, 64, &SESSION_NAME);
    let external_id = form.get("ExternalId");
    if let Some(text) = external_id {
        violations.text("externalId", text, 2, 1224, &EXTERNAL_ID);
    }
    let policy = form.get("Policy");
    if let Some(text) = policy {
        violations.text("policy", text, 1, 2048, &POLICY);
    }
    let seconds = form.get("DurationSeconds");
    let number = seconds.and_then(|text| text.parse::<u32>().ok());
    match (seconds, number) {
        (Some(text), None) => violations.add("durationSeconds", text, "Member must be an integer"),
        (Some(text), Some(0..900)) => violations.add(
            "durationSeconds",
            text,
            "Member must have value greater than or equal to 900",
        ),
        (Some(text), Some(43201..)) => violations.add(
            "durationSeconds",
            text,
            "Member must have value less than or equal to 43200",
        ),
        _ => {}
    }
    violations.finish()?;
    Ok(Request {
        role: role
            .parse()
            .map_err(|_| validation(format!("{role} is invalid")))?,
        session_name: session_name.to_owned(),
        seconds: number,
        external_id: external_id.map(str::to_owned),
        policy: policy.map(session_policy).transpose()?,
    })
}

/// A session policy is an identity policy: it names no principal and says which resources.
fn session_policy(text: &str) -> Result<PolicyText, ApiError> {
    let malformed = |problem: String| ApiError::modelled("MalformedPolicyDocument", 400, problem);
    let policy = PolicyText::parse(text)
        .map_err(|error| malformed(format!("The session policy is malformed: {error}")))?;
    for statement in &policy.document.statements {
        if statement.principal.is_some() {
            return Err(malformed(
                "A session policy must not specify a principal.".to_owned(),
            ));
        }
        if statement.resource.is_none() {
            return Err(malformed(
                "Policy statement must contain resources.".to_owned(),
            ));
        }
    }
    Ok(policy)
}

/// The role, if it trusts the caller. Whatever is wrong, AWS says no more than that it is not
/// authorized; the ledger says why.
fn authorize(call: &mut Call<'_>, request: &Request) -> Result<Role, ApiError> {
    let arn = &request.role;
    if let Some(external_id) = &request.external_id {
        call.judge.know("sts:ExternalId", [external_id.clone()]);
    }
    call.judge
        .know("sts:RoleSessionName", [request.session_name.clone()]);
    let role = call
        .state
        .accounts
        .get(arn.account())
        .and_then(|account| account.roles.get(arn.name()))
        .filter(|role| role.arn == arn.to_string())
        .cloned();
    if role.is_none() {
        call.judge
            .refuse("sts:AssumeRole", &arn.to_string(), "There is no such role.");
    }
    let trusting = role.filter(|role| call.judge.may_assume(arn, &role.trust_policy.document));
    trusting.ok_or_else(|| {
        let refusal = call.judge.refusal("sts:AssumeRole", &arn.to_string());
        ApiError::common("AccessDenied", 403, refusal)
    })
}

fn duration(call: &Call<'_>, request: &Request, role: &Role) -> Result<u32, ApiError> {
    let chained = call.caller.session_ends.is_some();
    let seconds = request.seconds.unwrap_or(3600);
    if chained && seconds > CHAINED_SECONDS {
        return Err(validation(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by \
             role chaining.",
        ));
    }
    if seconds > role.max_session_seconds {
        return Err(validation(
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        ));
    }
    Ok(seconds)
}

fn start(call: &mut Call<'_>, request: Request, role: &Role, seconds: u32) -> String {
    const KEY: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    const SECRET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let access_key_id = format!("ASIA{}", random::text(call.random, KEY, 16));
    let secret = random::text(call.random, SECRET, 40);
    let token = random::text(call.random, SECRET, 356);
    let ends = call.now.plus(i64::from(seconds) * 1000);
    let session_arn = request.role.session_arn(&request.session_name);
    let role_id = format!("{}:{}", unique_id("AROA", &role.arn), request.session_name);
    let packed = request
        .policy
        .as_ref()
        .map(|policy| policy.text.len().div_ceil(21).min(100));
    let result = [
        element(
            "Credentials",
            &[
                element("AccessKeyId", &super::xml::text(&access_key_id)),
                element("SecretAccessKey", &super::xml::text(&secret)),
                element("SessionToken", &super::xml::text(&token)),
                element("Expiration", &ends.whole_second().to_string()),
            ]
            .concat(),
        ),
        element(
            "AssumedRoleUser",
            &[
                element("AssumedRoleId", &super::xml::text(&role_id)),
                element("Arn", &super::xml::text(&session_arn)),
            ]
            .concat(),
        ),
        packed
            .map(|percent| element("PackedPolicySize", &percent.to_string()))
            .unwrap_or_default(),
    ]
    .concat();
    call.state.sessions.insert(
        access_key_id,
        Session {
            account: request.role.account().clone(),
            role: role.name.clone(),
            name: request.session_name,
            secret: Secret::new(secret),
            token: Secret::new(token),
            policy: request.policy,
            ends: ends.whole_second(),
        },
    );
    result
}
