//! Project policies: seen, previewed, proposed.

use crate::world::{DEV, PROD, V7, V8_TRAINING, World, project};
use domain::{Millis, Plan, PolicyName, PolicyRevisionId, ProposalWord, plan::PolicyChange};
use operations::policies::{self, PolicyForm, PolicyRemoveForm, managed_policy_name};
use operations::ports::aws::{ErrorClass, ProjectPolicy, Refusal};
use operations::{Field, FieldCode, OpError, promotions};

pub(crate) fn attach(name: &str, key: &str) -> PolicyForm {
    PolicyForm {
        project: project(DEV).to_string(),
        policy_name: name.to_owned(),
        account: PROD.to_owned(),
        versions: vec![V7.to_owned()],
        form_id: key.to_owned(),
        ..PolicyForm::default()
    }
}

const REVISION: &str = "3b274c25e9203a56a99e00e3ff205fbc";

fn remove(name: &str) -> PolicyRemoveForm {
    PolicyRemoveForm {
        revision: REVISION.to_owned(),
        project: project(DEV).to_string(),
        policy_name: name.to_owned(),
        ..PolicyRemoveForm::default()
    }
}

fn stand(world: &World, name: &str) {
    let policy = ProjectPolicy {
        name: PolicyName::new(name).unwrap(),
        revision: PolicyRevisionId::new(REVISION).unwrap(),
        document: r#"{"Version":"2012-10-17","Statement":[]}"#.to_owned(),
        created: Some(Millis::new(1)),
        updated: Some(Millis::new(2)),
    };
    world
        .aws
        .state
        .lock()
        .unwrap()
        .policies
        .push((project(DEV), policy));
}

fn code(result: Result<operations::Proposed, OpError>) -> (Field, FieldCode) {
    match result {
        Err(OpError::Invalid(errors)) if errors.len() == 1 => (errors[0].field, errors[0].code),
        other => panic!("not one bad field: {other:?}"),
    }
}

#[tokio::test]
async fn policies_are_asked_of_aws_and_kept() {
    let world = World::new(0).await;
    stand(&world, "batch-export");
    let arn = project(DEV).to_string();
    let live = policies::list(&world.cx, &arn).await.unwrap();
    assert!(live.live && live.error.is_none() && live.request_id.is_some());
    assert_eq!((live.policies.len(), live.slots), (1, 5));
    let policy = &live.policies[0];
    assert_eq!(policy.characters, policy.document.len());
    assert_eq!(policy.findings.len(), 1, "{:?}", policy.findings);
    assert!(!policy.ours);

    world.aws.fail(
        "ListProjectPolicies",
        DEV,
        ErrorClass::Refused(Refusal::Access),
    );
    let stored = policies::list(&world.cx, &arn).await.unwrap();
    assert!(!stored.live);
    assert_eq!(stored.policies, live.policies);
    assert_eq!(stored.seen_at, live.seen_at);
    assert_eq!(
        stored.error.unwrap().code.as_deref(),
        Some("AccessDeniedException")
    );
}

#[tokio::test]
async fn a_project_that_was_never_seen_has_no_policies_to_list() {
    let world = World::new(0).await;
    for arn in ["x", &project("444444444444").to_string()] {
        let found = policies::list(&world.cx, arn).await;
        assert!(matches!(found, Err(OpError::NotFound { .. })), "{arn}");
    }
}

#[tokio::test]
async fn what_is_previewed_is_what_is_proposed() {
    let world = World::new(0).await;
    let form = attach("standing", "");
    let preview = policies::preview(&world.cx, &form).await.unwrap();
    assert_eq!(preview.findings, Vec::<String>::new());
    assert_eq!(preview.characters, preview.document.chars().count());
    assert_eq!(
        (preview.limit, preview.slots_used, preview.slots),
        (2000, 0, 5)
    );
    let proposed = policies::propose_attach(&world.cx, &form).await.unwrap();
    assert_eq!(proposed.proposal.word, ProposalWord::Approved);
    assert!(proposed.job.is_some());
    let id = proposed.proposal.id.to_string();
    let view = promotions::get(&world.cx, &id).await.unwrap();
    let Plan::PolicyChange(plan) = view.plan else {
        panic!("not a policy change");
    };
    let document = preview.document;
    assert_eq!(plan.change, PolicyChange::Attach { document });
    assert_eq!(plan.rule.environment.as_str(), "dev");
    assert_eq!(
        view.row.arrow.to_string(),
        "inspector: attach policy standing · vision-dev · eu-west-1"
    );
}

#[tokio::test]
async fn the_order_of_ticks_does_not_matter() {
    let world = World::new(0).await;
    let mut form = attach("standing", "");
    form.versions = vec![V8_TRAINING.to_owned(), V7.to_owned(), V7.to_owned()];
    let one = policies::preview(&world.cx, &form).await.unwrap();
    form.versions = vec![V7.to_owned(), V8_TRAINING.to_owned()];
    let other = policies::preview(&world.cx, &form).await.unwrap();
    assert_eq!(one, other);
}

#[tokio::test]
async fn a_document_that_is_too_long_is_shown_and_not_proposed() {
    let world = World::new(0).await;
    let mut form = attach("standing", "");
    form.versions = (0..30)
        .map(|number| V7.replace("v7", &format!("v{number}")))
        .collect();
    let preview = policies::preview(&world.cx, &form).await.unwrap();
    assert!(preview.characters > 2000);
    assert_eq!(preview.findings.len(), 1);
    let found = code(policies::propose_attach(&world.cx, &form).await);
    assert_eq!(found, (Field::Versions, FieldCode::DocumentRefused));
}

#[tokio::test]
async fn each_field_of_an_attachment_is_checked() {
    type Edit = fn(&mut PolicyForm);
    use Field as F;
    use FieldCode as C;
    let world = World::new(0).await;
    stand(&world, "taken");
    policies::list(&world.cx, &project(DEV).to_string())
        .await
        .unwrap();
    let cases: &[(Edit, F, C)] = &[
        (|f| f.project.clear(), F::Project, C::Required),
        (
            |f| f.project = "x".to_owned(),
            F::Project,
            C::NotAProjectArn,
        ),
        (
            |f| f.project = f.project.replace(DEV, "444444444444"),
            F::Project,
            C::AccountNotConfigured,
        ),
        (
            |f| f.project = f.project.replace("1656565123456", "1"),
            F::Project,
            C::ProjectUnknown,
        ),
        (|f| f.policy_name.clear(), F::PolicyName, C::Required),
        (
            |f| f.policy_name = "a b".to_owned(),
            F::PolicyName,
            C::NotAPolicyName,
        ),
        (
            |f| f.policy_name = "n".repeat(129),
            F::PolicyName,
            C::NotAPolicyName,
        ),
        (
            |f| f.policy_name = "taken".to_owned(),
            F::PolicyName,
            C::PolicyNameTaken,
        ),
        (
            |f| f.policy_name = "customhouse-x".to_owned(),
            F::PolicyName,
            C::PolicyNameReserved,
        ),
        (
            |f| f.account = "444444444444".to_owned(),
            F::Account,
            C::NotAnAccount,
        ),
        (|f| f.versions.clear(), F::Versions, C::NoVersions),
        (
            |f| f.versions.push("v8".to_owned()),
            F::Versions,
            C::NotAVersionArn,
        ),
        (
            |f| f.versions.push(V7.replace("inspector", "gauges")),
            F::Versions,
            C::VersionOfOtherProject,
        ),
        (|f| f.reason = "r".repeat(2001), F::Reason, C::NotAReason),
        (|f| f.form_id = "ä".to_owned(), F::FormId, C::NotAFormId),
    ];
    let before = world.written().await;
    for (index, (edit, field, expected)) in cases.iter().enumerate() {
        let mut form = attach("standing", "");
        edit(&mut form);
        let found = code(policies::propose_attach(&world.cx, &form).await);
        assert_eq!(found, (*field, *expected), "case {index}");
    }
    assert_eq!(world.written().await, before);
}

#[tokio::test]
async fn a_sixth_policy_is_refused() {
    let world = World::new(0).await;
    for number in 1..=5 {
        stand(&world, &format!("p{number}"));
    }
    let arn = project(DEV).to_string();
    policies::list(&world.cx, &arn).await.unwrap();
    let form = policies::form(&world.cx, &arn).await.unwrap();
    assert_eq!((form.slots_used, form.slots), (5, 5));
    assert_eq!(form.roles.len(), 2);
    let found = code(policies::propose_attach(&world.cx, &attach("p6", "")).await);
    assert_eq!(found, (Field::Project, FieldCode::PolicySlotsFull));
}

#[tokio::test]
async fn only_a_policy_that_was_seen_is_removed_and_never_our_own() {
    let world = World::new(0).await;
    let installation = {
        let mut reader = world.cx.store.read().await.unwrap();
        store::installation::find(&mut reader)
            .await
            .unwrap()
            .unwrap()
    };
    let ours = managed_policy_name(&installation);
    stand(&world, "batch-export");
    stand(&world, ours.as_str());
    let listed = policies::list(&world.cx, &project(DEV).to_string())
        .await
        .unwrap();
    assert!(
        listed
            .policies
            .iter()
            .any(|policy| policy.ours && policy.name == ours)
    );

    let found = code(policies::propose_remove(&world.cx, &remove("unknown")).await);
    assert_eq!(found, (Field::PolicyName, FieldCode::PolicyNameUnknown));
    let found = code(policies::propose_remove(&world.cx, &remove(ours.as_str())).await);
    assert_eq!(found, (Field::PolicyName, FieldCode::PolicyNameReserved));
    let seen = remove("batch-export");
    let earlier = PolicyRemoveForm {
        revision: "0000000000000000000000000000000a".to_owned(),
        ..seen.clone()
    };
    let found = code(policies::propose_remove(&world.cx, &earlier).await);
    assert_eq!(found, (Field::PolicyName, FieldCode::PolicyChanged));
    let proposed = policies::propose_remove(&world.cx, &seen).await.unwrap();
    let view = promotions::get(&world.cx, &proposed.proposal.id.to_string())
        .await
        .unwrap();
    assert_eq!(view.boxes.len(), 4);
    let document = r#"{"Version":"2012-10-17","Statement":[]}"#.to_owned();
    let change = PolicyChange::Remove { document };
    assert!(matches!(view.plan, Plan::PolicyChange(plan) if plan.change == change));
}
