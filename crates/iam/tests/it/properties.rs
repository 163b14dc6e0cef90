//! What holds for every document and every call.

use crate::world::{LOCAL, PROMOTER, USER, account, role, session_of};
use iam::document::{
    ActionClause, ConditionTest, PrincipalClause, PrincipalType, Principals, ResourceClause, Values,
};
use iam::{
    ConditionContext, Decision, Effect, EvaluationRequest, NamedPolicy, PolicyDocument,
    PolicyVersion, PrincipalFacts, ResourceRule, Statement, TrustRequest, evaluate, evaluate_trust,
    lint_project_policy,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

const ACTIONS: [&str; 6] = ["a:Get", "a:Put", "a:*", "*", "A:g?t", "a*"];
const RESOURCES: [&str; 7] = [
    "arn:x:a:r:1:t/one",
    "arn:x:a:r:1:t/*",
    "*",
    "arn:x:a:*:1:t/o?e",
    "arn:x:*",
    "arn:x:a:r:1:t/${aws:username}",
    "arn:x:a:r:1:t/${k:known}",
];
const PRINCIPALS: [&str; 7] = [
    LOCAL,
    USER,
    PROMOTER,
    "111111111111",
    "*",
    "arn:aws:iam::333333333333:root",
    "arn:aws:sts::111111111111:assumed-role/local/ch-1",
];
const OPERATORS: [&str; 8] = [
    "StringEquals",
    "StringNotEquals",
    "StringLikeIfExists",
    "ForAnyValue:StringEquals",
    "ForAllValues:StringNotLike",
    "Null",
    "BinaryEquals",
    "Bool",
];
const KEYS: [&str; 5] = [
    "k:known",
    "k:several",
    "k:absent",
    "k:nothing",
    "aws:PrincipalArn",
];
const TEXTS: [&str; 5] = ["one", "o*", "true", "two", "arn:aws:iam::*:role/*"];

fn values(from: &'static [&'static str]) -> impl Strategy<Value = Values> {
    let one = prop::sample::select(from);
    prop_oneof![
        one.clone().prop_map(Values::from),
        vec(one, 1..3).prop_map(|many| Values::Many(many.into_iter().map(str::to_owned).collect())),
    ]
}

fn either<T: 'static + Clone + std::fmt::Debug>(
    values: impl Strategy<Value = Values>,
    plain: fn(Values) -> T,
    negated: fn(Values) -> T,
) -> impl Strategy<Value = T> {
    (values, prop::bool::weighted(0.2))
        .prop_map(move |(values, not)| if not { negated(values) } else { plain(values) })
}

fn condition() -> impl Strategy<Value = Vec<ConditionTest>> {
    option::weighted(
        0.4,
        (
            prop::sample::select(&OPERATORS[..]),
            prop::sample::select(&KEYS[..]),
            values(&TEXTS),
        ),
    )
    .prop_map(|test| {
        test.map(|(operator, key, values)| ConditionTest {
            operator: operator.to_owned(),
            keys: vec![(key.to_owned(), values)],
        })
        .into_iter()
        .collect()
    })
}

fn statement(with_principal: bool) -> impl Strategy<Value = Statement> {
    let listed = values(&PRINCIPALS)
        .prop_map(|values| Principals::Listed(vec![(PrincipalType::Aws, values)]));
    let principal = (
        prop_oneof![3 => listed, 1 => Just(Principals::Everyone)],
        any::<u8>(),
    )
        .prop_map(|(listed, not)| match not % 8 {
            0 => PrincipalClause::NotPrincipal(listed),
            _ => PrincipalClause::Principal(listed),
        });
    (
        option::of("[A-Z][a-z]{0,3}"),
        prop_oneof![Just(Effect::Allow), Just(Effect::Deny)],
        principal,
        either(
            values(&ACTIONS),
            ActionClause::Action,
            ActionClause::NotAction,
        ),
        either(
            values(&RESOURCES),
            ResourceClause::Resource,
            ResourceClause::NotResource,
        ),
        condition(),
    )
        .prop_map(
            move |(sid, effect, principal, action, resource, condition)| Statement {
                sid,
                effect,
                principal: with_principal.then_some(principal),
                action,
                resource: Some(resource),
                condition,
            },
        )
}

fn document(with_principal: bool) -> impl Strategy<Value = PolicyDocument> {
    let version = prop_oneof![
        3 => Just(Some(PolicyVersion::V2012)),
        1 => Just(Some(PolicyVersion::V2008)),
        1 => Just(None),
    ];
    let id = option::weighted(0.3, "\\PC{0,4}");
    (version, id, vec(statement(with_principal), 0..4)).prop_map(|(version, id, statements)| {
        PolicyDocument {
            version,
            id,
            statements,
        }
    })
}

#[derive(Clone, Debug)]
struct World {
    principal: PrincipalFacts,
    owner: &'static str,
    action: &'static str,
    rule: ResourceRule,
    identity: PolicyDocument,
    session: Option<PolicyDocument>,
    resource: PolicyDocument,
}

/// A user and sessions of the owner's account and of another, an account's root user, a service.
fn principal() -> impl Strategy<Value = PrincipalFacts> {
    prop::sample::select(vec![
        session_of(LOCAL),
        session_of(PROMOTER),
        PrincipalFacts::role(&role(LOCAL)),
        PrincipalFacts::user(USER).expect("a user ARN"),
        PrincipalFacts::root(role(LOCAL).partition(), &account("111111111111")),
        PrincipalFacts::service("a.amazonaws.com"),
    ])
}

fn is_root(principal: &PrincipalFacts) -> bool {
    principal.arn().ends_with(":root")
}

fn context() -> ConditionContext {
    ConditionContext::new()
        .with("k:known", "one")
        .with_all("k:several", ["one".to_owned(), "two".to_owned()])
        .absent("k:absent")
}

fn world() -> impl Strategy<Value = World> {
    let rule = prop_oneof![
        Just(ResourceRule::IdentityOrResource),
        Just(ResourceRule::ResourceMustAllow),
    ];
    (
        principal(),
        prop::sample::select(vec!["111111111111", "333333333333"]),
        prop::sample::select(vec!["a:Get", "a:Put"]),
        rule,
        document(false),
        option::of(document(false)),
        document(true),
    )
        .prop_map(
            |(principal, owner, action, rule, identity, session, resource)| World {
                principal,
                owner,
                action,
                rule,
                identity,
                session,
                resource,
            },
        )
}

impl World {
    fn judge(&self) -> Decision {
        let session = self.session.as_ref().map(|document| {
            [NamedPolicy {
                name: "session",
                document,
            }]
        });
        evaluate(&EvaluationRequest {
            principal: &self.principal,
            action: self.action,
            resource: "arn:x:a:r:1:t/one",
            resource_account: &account(self.owner),
            context: &context(),
            identity: &[NamedPolicy {
                name: "identity",
                document: &self.identity,
            }],
            session: session.as_ref().map(<[NamedPolicy<'_>; 1]>::as_slice),
            resource_policies: &[NamedPolicy {
                name: "resource",
                document: &self.resource,
            }],
            resource_rule: self.rule,
        })
    }

    fn documents(&mut self) -> Vec<&mut PolicyDocument> {
        let mut all = vec![&mut self.identity, &mut self.resource];
        all.extend(&mut self.session);
        all
    }
}

/// Somebody who wants to become a role of account 111111111111 or 333333333333.
#[derive(Clone, Debug)]
struct Trusting {
    principal: PrincipalFacts,
    role: &'static str,
    identity: PolicyDocument,
    session: Option<PolicyDocument>,
    trust: PolicyDocument,
}

fn trust_statement() -> impl Strategy<Value = Statement> {
    statement(true).prop_map(|statement| Statement {
        resource: None,
        ..statement
    })
}

fn trusting() -> impl Strategy<Value = Trusting> {
    let trust = vec(trust_statement(), 0..4).prop_map(PolicyDocument::of);
    (
        principal(),
        prop::sample::select(vec![LOCAL, PROMOTER]),
        document(false),
        option::of(document(false)),
        trust,
    )
        .prop_map(|(principal, role, identity, session, trust)| Trusting {
            principal,
            role,
            identity,
            session,
            trust,
        })
}

impl Trusting {
    fn judge(&self) -> Decision {
        let session = self.session.as_ref().map(|document| {
            [NamedPolicy {
                name: "session",
                document,
            }]
        });
        evaluate_trust(&TrustRequest {
            principal: &self.principal,
            action: "a:Get",
            role: &role(self.role),
            context: &context(),
            identity: &[NamedPolicy {
                name: "identity",
                document: &self.identity,
            }],
            session: session.as_ref().map(<[NamedPolicy<'_>; 1]>::as_slice),
            trust: &self.trust,
        })
    }

    /// The trust policy comes first.
    fn documents(&mut self) -> Vec<&mut PolicyDocument> {
        let mut all = vec![&mut self.trust, &mut self.identity];
        all.extend(&mut self.session);
        all
    }
}

/// How much a decision lets happen: a certain yes, perhaps, a certain no.
fn openness(decision: &Decision) -> u8 {
    match decision {
        Decision::Allowed { .. } => 2,
        Decision::CannotTell { .. } => 1,
        Decision::Denied { .. } | Decision::NotAllowed { .. } => 0,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn reading_any_text_ends_in_a_document_or_a_reason(
        text in prop_oneof![
            "\\PC{0,80}",
            r#"[\{\}\[\]",:*a-zA-Z0-9 ]{0,80}"#,
            r#"\{"(Version|Statement|Id)":(\[|\{)?"?(Effect|2012-10-17|Allow)?"?:?.{0,20}(\]|\})?\}"#,
        ]
    ) {
        if let Ok(document) = PolicyDocument::parse(&text) {
            prop_assert_eq!(PolicyDocument::parse(&document.to_json()).unwrap(), document);
        }
        match lint_project_policy(&text) {
            Ok(_) => {}
            Err(findings) => prop_assert!(!findings.is_empty()),
        }
    }

    #[test]
    fn cut_and_damaged_documents_never_panic(
        document in document(true), at in any::<prop::sample::Index>(), byte in any::<u8>()
    ) {
        let mut bytes = document.to_json().into_bytes();
        let place = at.index(bytes.len());
        if let Ok(cut) = std::str::from_utf8(&bytes[..place]) {
            prop_assert!(PolicyDocument::parse(cut).is_err());
        }
        bytes[place] = byte;
        if let Ok(text) = std::str::from_utf8(&bytes) {
            let _ = PolicyDocument::parse(text);
        }
    }

    #[test]
    fn documents_read_back_as_they_were_written(document in document(true)) {
        let text = document.to_json();
        prop_assert_eq!(&PolicyDocument::parse(&text).unwrap(), &document);
        prop_assert_eq!(document.to_json(), text);
    }

    #[test]
    fn adding_a_deny_never_allows_more(world in world(), mut deny in statement(true), place in 0_usize..3) {
        let before = world.judge();
        let mut changed = world.clone();
        deny.effect = Effect::Deny;
        let mut documents = changed.documents();
        let place = place % documents.len();
        if place != 1 {
            deny.principal = None;
        }
        documents[place].statements.push(deny);
        let after = changed.judge();
        prop_assert!(openness(&after) <= openness(&before), "{before} became {after}");
    }

    #[test]
    fn taking_out_an_allow_never_allows_more(world in world(), place in 0_usize..3, at in any::<prop::sample::Index>()) {
        let before = world.judge();
        let mut changed = world.clone();
        let mut documents = changed.documents();
        let place = place % documents.len();
        let statements = &mut documents[place].statements;
        if !statements.is_empty() {
            let at = at.index(statements.len());
            if statements[at].effect == Effect::Allow {
                statements.remove(at);
            }
        }
        let after = changed.judge();
        prop_assert!(openness(&after) <= openness(&before), "{before} became {after}");
    }

    #[test]
    fn adding_a_deny_never_lets_anybody_more_become_a_role(
        trusting in trusting(), in_trust in trust_statement(), elsewhere in statement(false), place in 0_usize..3
    ) {
        let before = trusting.judge();
        let mut changed = trusting.clone();
        let mut documents = changed.documents();
        let place = place % documents.len();
        let mut deny = if place == 0 { in_trust } else { elsewhere };
        deny.effect = Effect::Deny;
        documents[place].statements.push(deny);
        let after = changed.judge();
        prop_assert!(openness(&after) <= openness(&before), "{before} became {after}");
    }

    #[test]
    fn taking_out_an_allow_never_lets_anybody_more_become_a_role(
        trusting in trusting(), place in 0_usize..3, at in any::<prop::sample::Index>()
    ) {
        let before = trusting.judge();
        let mut changed = trusting.clone();
        let mut documents = changed.documents();
        let place = place % documents.len();
        let statements = &mut documents[place].statements;
        if !statements.is_empty() {
            let at = at.index(statements.len());
            if statements[at].effect == Effect::Allow {
                statements.remove(at);
            }
        }
        let after = changed.judge();
        prop_assert!(openness(&after) <= openness(&before), "{before} became {after}");
    }

    #[test]
    fn nobody_becomes_a_role_that_does_not_trust(trusting in trusting()) {
        let mut changed = trusting.clone();
        changed.trust.statements.retain(|statement| statement.effect == Effect::Deny);
        prop_assert_eq!(openness(&changed.judge()), 0);
    }

    #[test]
    fn a_session_policy_never_allows_more(world in world(), session in document(false)) {
        let without = World { session: None, ..world.clone() };
        let with = World { session: Some(session), ..world };
        prop_assert!(openness(&with.judge()) <= openness(&without.judge()));
    }

    #[test]
    fn nothing_is_allowed_without_an_allowing_statement(world in world()) {
        prop_assume!(!is_root(&world.principal));
        let mut changed = world.clone();
        for document in changed.documents() {
            document.statements.retain(|statement| statement.effect == Effect::Deny);
        }
        prop_assert_eq!(openness(&changed.judge()), 0);
        if let Decision::Allowed { by } = world.judge() {
            prop_assert!(!by.is_empty());
        }
    }

    #[test]
    fn a_decisive_statement_is_one_of_the_policies(world in world()) {
        let decision = world.judge();
        let (by, effect) = match &decision {
            Decision::Allowed { by } => (by, Effect::Allow),
            Decision::Denied { by } => (by, Effect::Deny),
            Decision::NotAllowed { missing } => {
                prop_assert!(!missing.from.is_empty(), "{decision}");
                return Ok(());
            }
            Decision::CannotTell { element } => {
                prop_assert!(!element.is_empty());
                return Ok(());
            }
        };
        prop_assert!(!by.is_empty() || (effect == Effect::Allow && is_root(&world.principal)));
        for place in by {
            let document = match place.policy.as_str() {
                "identity" => &world.identity,
                "resource" => &world.resource,
                _ => world.session.as_ref().unwrap(),
            };
            prop_assert_eq!(document.statements[place.index].effect, effect);
        }
    }
}
