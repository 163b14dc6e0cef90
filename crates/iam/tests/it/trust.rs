//! Trust policies: who may become a role.

use crate::world::{document, identity, role, session_of, word};
use iam::{
    ConditionContext, Decision, NamedPolicy, PolicyDocument, PrincipalFacts, TrustRequest,
    evaluate_trust, generate::trust_policy,
};

const ROLE: &str = "arn:aws:iam::111111111111:role/customhouse-reader";
const CONSOLE: &str = "arn:aws:iam::999999999999:user/customhouse";

fn ask(
    principal: &PrincipalFacts,
    identity_side: &str,
    trust: &PolicyDocument,
    context: &ConditionContext,
) -> Decision {
    let identity = document(identity_side);
    evaluate_trust(&TrustRequest {
        principal,
        action: "sts:AssumeRole",
        role: &role(ROLE),
        context,
        identity: &[NamedPolicy {
            name: "inline",
            document: &identity,
        }],
        session: None,
        trust,
    })
}

fn trusts(principal: &str) -> PolicyDocument {
    document(&format!(
        r#"{{"Effect":"Allow","Principal":{{"AWS":"{principal}"}},"Action":"sts:AssumeRole"}}"#
    ))
}

#[test]
fn the_generated_trust_policy_asks_for_exactly_its_external_id() {
    let console = PrincipalFacts::user(CONSOLE).unwrap();
    let trust = trust_policy(CONSOLE, &"ch-0123456789abcdef".parse().unwrap());
    let may = identity("Allow", "sts:AssumeRole", ROLE);
    let other = PrincipalFacts::user("arn:aws:iam::999999999999:user/other").unwrap();
    let with = |id: &str| ConditionContext::new().with("sts:ExternalId", id);
    let without = ConditionContext::new().absent("sts:ExternalId");
    for (principal, context, expected) in [
        (&console, with("ch-0123456789abcdef"), "allowed"),
        (&console, with("ch-0123456789abcdeF"), "missing"),
        (&console, without, "missing"),
        (&console, ConditionContext::new(), "unknown"),
        (&other, with("ch-0123456789abcdef"), "missing"),
    ] {
        let decision = ask(principal, &may, &trust, &context);
        assert_eq!(
            word(&decision),
            expected,
            "{} {context:?}: {decision}",
            principal.arn()
        );
    }
}

#[test]
fn callers_of_another_account_need_their_own_permission_too() {
    let console = PrincipalFacts::user(CONSOLE).unwrap();
    let may = identity("Allow", "sts:AssumeRole", ROLE);
    let elsewhere = identity(
        "Allow",
        "sts:AssumeRole",
        "arn:aws:iam::222222222222:role/x",
    );
    for (trusted, identity_side, expected) in [
        (CONSOLE, may.as_str(), "allowed"),
        ("999999999999", may.as_str(), "allowed"),
        ("*", may.as_str(), "allowed"),
        (CONSOLE, "", "missing"),
        (CONSOLE, elsewhere.as_str(), "missing"),
        ("222222222222", may.as_str(), "missing"),
    ] {
        let decision = ask(
            &console,
            identity_side,
            &trusts(trusted),
            &ConditionContext::new(),
        );
        assert_eq!(
            word(&decision),
            expected,
            "{trusted} {identity_side}: {decision}"
        );
    }
}

#[test]
fn callers_of_the_roles_account_need_it_only_when_the_account_is_named() {
    let local = "arn:aws:iam::111111111111:role/local";
    let user = "arn:aws:iam::111111111111:user/admin";
    let may = identity("Allow", "sts:AssumeRole", "*");
    for (principal, trusted, identity_side, expected) in [
        (session_of(local), local, "", "allowed"),
        (PrincipalFacts::user(user).unwrap(), user, "", "allowed"),
        (session_of(local), "111111111111", "", "missing"),
        (session_of(local), "111111111111", may.as_str(), "allowed"),
        (session_of(local), "222222222222", may.as_str(), "missing"),
    ] {
        let decision = ask(
            &principal,
            identity_side,
            &trusts(trusted),
            &ConditionContext::new(),
        );
        assert_eq!(
            word(&decision),
            expected,
            "{trusted} {identity_side}: {decision}"
        );
    }
}

#[test]
fn a_trust_policy_with_a_resource_is_not_judged() {
    let console = PrincipalFacts::user(CONSOLE).unwrap();
    let trust =
        document(r#"{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Resource":"*"}"#);
    let may = identity("Allow", "sts:AssumeRole", ROLE);
    let decision = ask(&console, &may, &trust, &ConditionContext::new());
    assert_eq!(word(&decision), "unknown", "{decision}");
}

/// "You cannot use the `NotPrincipal` element in … an IAM role trust policy" ("AWS JSON policy
/// elements: `NotPrincipal`").
#[test]
fn a_trust_policy_with_not_principal_is_not_judged() {
    let console = PrincipalFacts::user(CONSOLE).unwrap();
    let trust = document(
        r#"{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"},
           {"Effect":"Deny","NotPrincipal":{"AWS":"222222222222"},"Action":"sts:AssumeRole"}"#,
    );
    let may = identity("Allow", "sts:AssumeRole", ROLE);
    let decision = ask(&console, &may, &trust, &ConditionContext::new());
    assert_eq!(word(&decision), "unknown", "{decision}");
}

/// "You cannot use AWS account root user credentials to call `AssumeRole`" (`AssumeRole`, AWS STS
/// API reference).
#[test]
fn an_accounts_root_user_becomes_no_role() {
    let root = PrincipalFacts::root(
        role(ROLE).partition(),
        &crate::world::account("111111111111"),
    );
    let trust = trusts("arn:aws:iam::111111111111:root");
    let decision = ask(&root, "", &trust, &ConditionContext::new());
    insta::assert_snapshot!(decision, @"Not allowed: no rule for an account's root user allows sts:AssumeRole on arn:aws:iam::111111111111:role/customhouse-reader for arn:aws:iam::111111111111:root");
}

#[test]
fn a_refusal_says_what_the_trust_policy_asks_for() {
    let console = PrincipalFacts::user(CONSOLE).unwrap();
    let trust = trust_policy(CONSOLE, &"ch-0123456789abcdef".parse().unwrap());
    let may = identity("Allow", "sts:AssumeRole", ROLE);
    let context = ConditionContext::new().absent("sts:ExternalId");
    insta::assert_snapshot!(ask(&console, &may, &trust, &context), @r#"Not allowed: no statement of the trust policy allows sts:AssumeRole on arn:aws:iam::111111111111:role/customhouse-reader for arn:aws:iam::999999999999:user/customhouse; statement "CustomhouseMayBecomeThisRole" of trust policy "customhouse-reader" asks for "StringEquals" on "sts:ExternalId""#);
}
