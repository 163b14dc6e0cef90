//! Who may call which use case: everybody else is refused, and nothing is written.

use crate::policies::attach;
use crate::world::{DEV, PERSON, World, everything, project, promotion, registry};
use domain::{
    Action, Actor, Authority, Decision, JobEvent, Place, Role, RoleAssignment, Roles,
    job::CopyEvent, permission,
};
use operations::accounts::FillError;
use operations::jobs::{self, JobRequestForm, PutOff, StepRecord};
use operations::policies::PolicyRemoveForm;
use operations::{
    Caller, Channel, OpContext, OpError, PageRequest, accounts, environments, events, installation,
    models, policies, promotions, sweeps,
};
use store::checkpoint::Checkpoint;

/// Everybody who can call: each role by itself, a token that reaches less than its owner, the parts
/// of the product, and somebody who has not signed in.
fn callers() -> Vec<Caller> {
    let id = PERSON.parse().unwrap();
    let only = |role| -> Roles { [RoleAssignment::everywhere(role)].into_iter().collect() };
    let mut callers: Vec<_> = Role::ALL
        .into_iter()
        .map(|role| Caller::person(id, only(role)))
        .collect();
    callers.push(Caller {
        authority: Authority::Token {
            owner: everything(),
            scope: only(Role::Requester),
        },
        ..Caller::person(id, Roles::none())
    });
    callers.push(Caller::nobody(Channel::Api, None));
    let parts = [
        Actor::LocalOperator,
        Actor::Engine,
        Actor::Rule,
        Actor::Configuration,
    ];
    callers.extend(parts.map(Caller::of));
    callers
}

/// What a use case said about being allowed; anything but a refusal counts as allowed.
fn refused<T>(result: &Result<T, OpError>) -> Option<Action> {
    match result {
        Err(OpError::Forbidden { action }) => Some(*action),
        _ => None,
    }
}

async fn refusals(
    cx: &OpContext,
    claim: &jobs::Claim,
) -> Vec<(Action, &'static str, Option<Action>)> {
    use Action as A;
    let arn = project(DEV).to_string();
    let remove = PolicyRemoveForm::default();
    let page = PageRequest::default();
    let number = DEV.parse().unwrap();
    let head = operations::events::EventCursor::default();
    let event = JobEvent::Copy(CopyEvent::CheckPassed);
    let filled = match accounts::fill_from_config(cx, &registry(0)).await {
        Err(FillError::Operation(error)) => Err(error),
        _ => Ok(()),
    };
    let former = Checkpoint {
        installation: None,
        epoch: 9,
        event_seq: 0,
        audit_seq: 0,
        audit_hash: String::new(),
    };
    let later = PutOff::default();
    let record = StepRecord::default();
    let form = JobRequestForm::default();
    let job = claim.job().to_string();
    let mut all = Vec::new();
    for verb in domain::RequestVerb::ALL {
        let asked = jobs::ask(cx, &job, verb, &form).await;
        all.push((verb.action(), "jobs::ask", refused(&asked)));
    }
    all.extend([
        (
            A::RunJob,
            "jobs::turn",
            refused(&jobs::turn(cx, claim).await),
        ),
        (
            A::RunJob,
            "sweeps::claim",
            refused(&sweeps::claim(cx, "w", 1).await),
        ),
        (
            A::RunJob,
            "sweeps::leftovers",
            refused(&sweeps::leftovers(cx, &[]).await),
        ),
        (
            A::RunJob,
            "sweeps::enlist",
            refused(&sweeps::enlist(cx).await),
        ),
        (
            A::RunJob,
            "sweeps::hurry",
            refused(&sweeps::hurry(cx).await),
        ),
        (
            A::RunJob,
            "sweeps::next_due",
            refused(&sweeps::next_due(cx).await),
        ),
        (
            A::FillRegistry,
            "accounts::fill_from_config",
            refused(&filled),
        ),
        (
            A::ViewAccounts,
            "accounts::list",
            refused(&accounts::list(cx).await),
        ),
        (
            A::ViewAccounts,
            "accounts::get",
            refused(&accounts::get(cx, DEV).await),
        ),
        (
            A::TestRole,
            "accounts::test_role",
            refused(&accounts::test_role(cx, DEV, "reader").await),
        ),
        (
            A::RunJob,
            "accounts::by_number",
            refused(&accounts::by_number(cx, &number).await),
        ),
        (
            A::ViewAccounts,
            "environments::list",
            refused(&environments::list(cx).await),
        ),
        (
            A::ViewModels,
            "models::list",
            refused(&models::list(cx).await),
        ),
        (
            A::ViewModels,
            "models::get_project",
            refused(&models::get_project(cx, &arn).await),
        ),
        (
            A::ViewModels,
            "models::get_version",
            refused(&models::get_version(cx, "v").await),
        ),
        (
            A::RefreshModels,
            "models::refresh",
            refused(&models::refresh(cx, None).await),
        ),
        (
            A::ViewPolicies,
            "policies::list",
            refused(&policies::list(cx, &arn).await),
        ),
        (
            A::ProposePolicyChange,
            "policies::form",
            refused(&policies::form(cx, &arn).await),
        ),
        (
            A::ViewPolicies,
            "policies::preview",
            refused(&policies::preview(cx, &attach("p", "")).await),
        ),
        (
            A::ProposePolicyChange,
            "policies::propose_attach",
            refused(&policies::propose_attach(cx, &attach("p", "")).await),
        ),
        (
            A::ProposePolicyChange,
            "policies::propose_remove",
            refused(&policies::propose_remove(cx, &remove).await),
        ),
        (
            A::ProposePromotion,
            "promotions::form",
            refused(&promotions::form(cx, None, None).await),
        ),
        (
            A::ProposePromotion,
            "promotions::propose",
            refused(&promotions::propose(cx, &promotion()).await),
        ),
        (
            A::ViewProposals,
            "promotions::list",
            refused(&promotions::list(cx, page).await),
        ),
        (
            A::ViewProposals,
            "promotions::get",
            refused(&promotions::get(cx, "prp").await),
        ),
        (
            A::ViewProposals,
            "jobs::list",
            refused(&jobs::list(cx, page).await),
        ),
        (
            A::ViewProposals,
            "jobs::get",
            refused(&jobs::get(cx, "job").await),
        ),
        (
            A::RunJob,
            "jobs::next_due",
            refused(&jobs::next_due(cx).await),
        ),
        (
            A::RunJob,
            "jobs::standing",
            refused(&jobs::standing(cx, claim).await),
        ),
        (
            A::RunJob,
            "jobs::renew",
            refused(&jobs::renew(cx, claim, 1).await),
        ),
        (
            A::RunJob,
            "jobs::begin_step",
            refused(&jobs::begin_step(cx, claim, domain::Step::Check, None, &[]).await),
        ),
        (
            A::RunJob,
            "jobs::looked",
            refused(&jobs::looked(cx, Vec::new()).await),
        ),
        (
            A::RunJob,
            "jobs::advance",
            refused(&jobs::advance(cx, claim, event, record, true).await),
        ),
        (
            A::RunJob,
            "jobs::put_off",
            refused(&jobs::put_off(cx, claim, later).await),
        ),
        (
            A::RunJob,
            "jobs::bring_forward",
            refused(&jobs::bring_forward(cx).await),
        ),
        (
            A::RunJob,
            "jobs::claim",
            refused(&jobs::claim(cx, "w", 1, 1).await),
        ),
        (
            A::FollowEvents,
            "events::head",
            refused(&events::head(cx).await),
        ),
        (
            A::FollowEvents,
            "events::since",
            refused(&events::since(cx, head, 1).await),
        ),
        (
            A::ViewProposals,
            "installation::paused",
            refused(&installation::paused(cx).await),
        ),
        (
            A::PauseInstallation,
            "installation::pause",
            refused(&installation::pause(cx).await),
        ),
        (
            A::PauseInstallation,
            "installation::resume",
            refused(&installation::resume(cx, false).await),
        ),
        (
            A::DeclareRestored,
            "installation::declare_restored",
            refused(&installation::declare_restored(cx, 0, "").await),
        ),
        (
            A::DeclareRestored,
            "installation::declare_if_older",
            refused(&installation::declare_if_older(cx, &former).await),
        ),
        (
            A::ViewPolicies,
            "installation::strays",
            refused(&installation::strays(cx).await),
        ),
    ]);
    all
}

#[tokio::test]
async fn every_use_case_asks_for_its_action_first() {
    for caller in callers() {
        let world = World::new(0).await;
        promotions::propose(&world.cx, &promotion()).await.unwrap();
        let claimed = jobs::claim(&world.engine(), "worker", 60_000, 1)
            .await
            .unwrap();
        let cx = world.cx.called_by(caller.clone());
        for (action, name, refused) in Box::pin(refusals(&cx, &claimed[0].claim)).await {
            let expected = match permission::may(&caller.authority, action, Place::Somewhere) {
                Decision::Allowed => None,
                Decision::Denied => Some(action),
            };
            assert_eq!(refused, expected, "{name} for {:?}", caller.authority);
        }
    }
}

#[tokio::test]
async fn who_may_do_nothing_leaves_no_trace() {
    let world = World::new(0).await;
    promotions::propose(&world.cx, &promotion()).await.unwrap();
    let claimed = jobs::claim(&world.engine(), "worker", 60_000, 1)
        .await
        .unwrap();
    let before = world.written().await;
    let calls = world.aws.state.lock().unwrap().calls;
    let cx = world.cx.acting_as(Actor::Rule);
    let all = Box::pin(refusals(&cx, &claimed[0].claim)).await;
    assert!(
        all.iter()
            .all(|(action, _, refused)| *refused == Some(*action))
    );
    assert_eq!(world.written().await, before);
    assert_eq!(world.aws.state.lock().unwrap().calls, calls);
}
