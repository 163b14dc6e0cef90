//! `AssumeRole`: a session of a role, for a caller whom the role trusts.
//!
//! What is asked for is read in [`request`]; what stands in the session's tags and source identity
//! comes from the request and, when a session becomes a role, from that session ([`carried`]).

mod carried;
mod packed;
mod request;
mod session_tags;

use super::Call;
use super::input::{Form, validation};
use crate::error::ApiError;
use crate::query_xml::{element, text};
use crate::random;
use crate::state::account::{Role, unique_id};
use crate::state::session::Session;
use crate::world::text::Secret;
use carried::Carried;
use domain::Millis;
use request::Request;

/// The longest session of a role that another role's session may ask for ("Role chaining", AWS
/// knowledge center iam-role-chaining-limit), in seconds.
const CHAINED_SECONDS: u32 = 3600;

pub(super) fn call(call: &mut Call<'_>, form: &Form) -> Result<String, ApiError> {
    let request = request::read(form)?;
    let carried = Carried::read(call.caller, &request)?;
    let role = authorize(call, &request, &carried)?;
    let seconds = duration(call, &request, &role)?;
    let packed = packed::size(request.policy.as_ref(), &request.tags)?;
    Ok(start(call, request, carried, &role, seconds, packed))
}

/// The role, if it trusts the caller with everything asked for. Whatever is wrong, AWS says no more
/// than that it is not authorized; the ledger says why.
fn authorize(call: &mut Call<'_>, request: &Request, carried: &Carried) -> Result<Role, ApiError> {
    let arn = &request.role;
    let role = call
        .state
        .accounts
        .get(arn.account())
        .and_then(|account| account.roles.get(arn.name()))
        .filter(|role| role.arn == arn.to_string())
        .cloned();
    know(call, request, carried, role.as_ref());
    let mut actions = vec!["sts:AssumeRole"];
    if !carried.tags.is_empty() {
        actions.push("sts:TagSession");
    }
    if carried.source_identity.is_some() {
        actions.push("sts:SetSourceIdentity");
    }
    for action in actions {
        let allowed = match &role {
            None => {
                let reason = "There is no such role.";
                call.judge.refuse(action, &arn.to_string(), reason);
                false
            }
            Some(_) if action == "sts:SetSourceIdentity" && carried.changes_identity => {
                let reason = "The source identity of a session cannot be changed.";
                call.judge.refuse(action, &arn.to_string(), reason);
                false
            }
            Some(role) => call.judge.trusted(action, arn, &role.trust_policy.document),
        };
        if !allowed {
            let refusal = call.judge.refusal(action, &arn.to_string());
            return Err(ApiError::common("AccessDenied", 403, refusal));
        }
    }
    // Without a role nothing was allowed.
    role.ok_or_else(|| ApiError::common("AccessDenied", 403, "Access denied"))
}

/// Tells the judge what this call carries.
fn know(call: &mut Call<'_>, request: &Request, carried: &Carried, role: Option<&Role>) {
    let judge = &mut call.judge;
    judge.know("sts:ExternalId", request.external_id.clone());
    judge.know("sts:RoleSessionName", [request.session_name.clone()]);
    judge.know("sts:SourceIdentity", carried.source_identity.clone());
    judge.know_request_tags(&carried.tags);
    judge.know("sts:TransitiveTagKeys", carried.transitive.iter().cloned());
    for (key, value) in role.iter().flat_map(|role| &role.tags) {
        for prefix in ["aws:ResourceTag", "iam:ResourceTag"] {
            judge.know(&format!("{prefix}/{key}"), [value.clone()]);
        }
    }
}

fn duration(call: &Call<'_>, request: &Request, role: &Role) -> Result<u32, ApiError> {
    let chained = call.caller.session.is_some();
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

/// The credentials of a new session.
struct Credentials {
    access_key_id: String,
    secret: String,
    token: String,
    ends: Millis,
}

impl Credentials {
    fn draw(call: &Call<'_>, seconds: u32) -> Self {
        const KEY: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        const SECRET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        Self {
            access_key_id: format!("ASIA{}", random::text(call.random, KEY, 16)),
            secret: random::text(call.random, SECRET, 40),
            token: random::text(call.random, SECRET, 356),
            ends: call.now.plus(i64::from(seconds) * 1000).whole_second(),
        }
    }

    fn xml(&self) -> String {
        let inside = [
            element("AccessKeyId", &text(&self.access_key_id)),
            element("SecretAccessKey", &text(&self.secret)),
            element("SessionToken", &text(&self.token)),
            element("Expiration", &self.ends.to_string()),
        ];
        element("Credentials", &inside.concat())
    }
}

fn start(
    call: &mut Call<'_>,
    request: Request,
    carried: Carried,
    role: &Role,
    seconds: u32,
    packed: Option<usize>,
) -> String {
    let credentials = Credentials::draw(call, seconds);
    let session_arn = request.role.session_arn(&request.session_name);
    let role_id = format!("{}:{}", unique_id("AROA", &role.arn), request.session_name);
    let user = [
        element("AssumedRoleId", &text(&role_id)),
        element("Arn", &text(&session_arn)),
    ];
    let optional = |name: &str, value: Option<String>| {
        value
            .map(|value| element(name, &text(&value)))
            .unwrap_or_default()
    };
    let result = [
        credentials.xml(),
        element("AssumedRoleUser", &user.concat()),
        optional(
            "PackedPolicySize",
            packed.map(|percent| percent.to_string()),
        ),
        optional("SourceIdentity", carried.source_identity.clone()),
    ]
    .concat();
    call.state.sessions.insert(
        credentials.access_key_id,
        Session {
            account: request.role.account().clone(),
            role: role.name.clone(),
            name: request.session_name,
            secret: Secret::new(credentials.secret),
            token: Secret::new(credentials.token),
            policy: request.policy,
            tags: carried.tags,
            transitive: carried.transitive,
            source_identity: carried.source_identity,
            began: call.now.whole_second(),
            ends: credentials.ends,
        },
    );
    result
}
