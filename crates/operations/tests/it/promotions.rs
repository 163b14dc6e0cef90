//! Proposing promotions: the plan, the rule, and what readers are told.

use crate::world::{DEV, HOUR, PERSON, PROD, STAGING, START, V7, World, project, promotion};
use domain::{Actor, JobWord, Millis, Plan, PlanDigest, ProposalState, ProposalWord};
use operations::promotions::{self, PromotionForm};
use operations::{Field, FieldCode, OpError, PageRequest, events, jobs};

#[tokio::test]
async fn under_a_rule_of_0_the_rule_approves_and_a_job_is_queued() {
    let world = World::new(0).await;
    let head = events::head(&world.cx).await.unwrap();
    let proposed = promotions::propose(&world.cx, &promotion()).await.unwrap();
    assert_eq!(proposed.proposal.word, ProposalWord::Approved);
    let job = proposed.job.unwrap();
    assert_eq!((job.number, job.word), (1, JobWord::Queued));

    let view = promotions::get(&world.cx, &proposed.proposal.id.to_string())
        .await
        .unwrap();
    assert_eq!(view.row.status_word(), "Queued");
    assert_eq!(
        view.reason.as_deref(),
        Some("Line 4 needs the crack recall.")
    );
    let [approval] = &view.approvals[..] else {
        panic!("{:?}", view.approvals);
    };
    assert_eq!(
        (&approval.by, &approval.digest),
        (&Actor::Rule, &view.digest)
    );

    let audit = world.audit(3).await;
    let expected = [
        format!("{PERSON} job.queue Done"),
        "approval rule proposal.approve Done".to_owned(),
        format!("{PERSON} promotion.propose Done"),
    ];
    assert_eq!(audit, expected);
    let events = events::since(&world.cx, head, 10).await.unwrap().unwrap();
    let subjects: Vec<_> = events
        .iter()
        .map(|(_, view)| (view.name.as_str(), view.subject.clone()))
        .collect();
    let expected = [
        ("proposal", proposed.proposal.id.to_string()),
        ("job", job.id.to_string()),
    ];
    assert_eq!(subjects, expected);
    let data: serde_json::Value = serde_json::from_str(&events[1].1.data).unwrap();
    let expected = serde_json::json!({
        "id": job.id, "env": "prod", "state": "Queued", "aws": null, "seen_at": null,
        "next_look_at": null, "code": null, "v": 1,
    });
    assert_eq!(data, expected);
}

#[tokio::test]
async fn under_a_rule_of_1_it_waits_for_approval_without_a_job() {
    let world = World::new(1).await;
    let proposed = promotions::propose(&world.cx, &promotion()).await.unwrap();
    assert_eq!(proposed.proposal.word, ProposalWord::WaitingForApproval);
    assert_eq!(proposed.job, None);
    let view = promotions::get(&world.cx, &proposed.proposal.id.to_string())
        .await
        .unwrap();
    assert_eq!(view.approvals, []);
    assert_eq!(view.row.status_word(), "Waiting for approval");
    let page = jobs::list(&world.cx, PageRequest::default()).await.unwrap();
    assert!(page.items.is_empty());
}

#[tokio::test]
async fn the_plan_holds_what_was_asked_for_and_nothing_was_asked_of_aws() {
    let world = World::new(0).await;
    let calls = world.aws.state.lock().unwrap().calls;
    let proposed = promotions::propose(&world.cx, &promotion()).await.unwrap();
    assert_eq!(world.aws.state.lock().unwrap().calls, calls);
    let id = proposed.proposal.id;
    let view = promotions::get(&world.cx, &id.to_string()).await.unwrap();
    let Plan::Promotion(plan) = &view.plan else {
        panic!("not a promotion");
    };
    assert_eq!(plan.source_project, project(DEV));
    assert_eq!(plan.source_version.to_string(), V7);
    assert_eq!(plan.output.prefix.as_str(), format!("inspector/{id}/"));
    assert_eq!(plan.grant.sid, format!("Ch{}", id.ulid()));
    assert_eq!(plan.grant.resource, plan.source_version);
    assert_eq!(plan.grant.principal.account().as_str(), PROD);
    assert_eq!(plan.grantor.account().as_str(), DEV);
    assert_eq!(plan.run_before, Millis::new(START + 48 * HOUR));
    assert_eq!(plan.grant.ends, Millis::new(START + 72 * HOUR));
    let titles: Vec<_> = view.boxes.iter().map(|each| each.title).collect();
    let expected = [
        "Source",
        "Destination project",
        "Version name",
        "Tags",
        "Output",
        "KMS key",
        "Grant and roles",
        "Verification",
        "Rule and run-before",
    ];
    assert_eq!(titles, expected);
}

#[tokio::test]
async fn the_digest_is_that_of_the_stored_bytes_and_stays() {
    let world = World::new(0).await;
    let proposed = promotions::propose(&world.cx, &promotion()).await.unwrap();
    let id = proposed.proposal.id.to_string();
    let view = promotions::get(&world.cx, &id).await.unwrap();
    assert_eq!(PlanDigest::of(&view.canonical_json), view.digest);
    assert_eq!(view.plan.digest(), view.digest);
    assert_eq!(proposed.digest, view.digest);
    world.clock.advance(HOUR);
    let later = promotions::get(&world.cx, &id).await.unwrap();
    assert_eq!(later.canonical_json, view.canonical_json);

    // The same in another installation at the same moment: what is hashed depends on nothing else.
    let twin = World::new(0).await;
    let again = promotions::propose(&twin.cx, &promotion()).await.unwrap();
    assert_eq!(again.digest, view.digest);
}

#[tokio::test]
async fn two_copies_to_one_name_are_refused_while_the_first_has_not_ended() {
    let world = World::new(0).await;
    promotions::propose(&world.cx, &promotion()).await.unwrap();
    let before = world.written().await;
    match promotions::propose(&world.cx, &promotion()).await {
        Err(OpError::Invalid(errors)) => {
            assert_eq!(errors.len(), 1);
            assert_eq!(errors[0].field, Field::VersionName);
            assert_eq!(errors[0].code, FieldCode::VersionNameReserved);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(world.written().await, before);
    let form = PromotionForm {
        version_name: "v7-2".to_owned(),
        ..promotion()
    };
    promotions::propose(&world.cx, &form).await.unwrap();
}

#[tokio::test]
async fn proposals_are_listed_newest_first_in_pages() {
    let world = World::new(0).await;
    for number in 1..=5 {
        let form = PromotionForm {
            version_name: format!("v7-{number}"),
            ..promotion()
        };
        promotions::propose(&world.cx, &form).await.unwrap();
    }
    let mut request = PageRequest {
        before: None,
        limit: 2,
    };
    let mut pages = Vec::new();
    loop {
        let page = promotions::list(&world.cx, request).await.unwrap();
        pages.push(page.items.iter().map(|row| row.number).collect::<Vec<_>>());
        request.before = page.next;
        if request.before.is_none() {
            break;
        }
    }
    assert_eq!(pages, [vec![5, 4], vec![3, 2], vec![1]]);
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let world = World::new(0).await;
    for id in ["", "prp_x", "job_01K0", "prp_01ARZ3NDEKTSV4RRFFQ69G5FAV"] {
        let found = promotions::get(&world.cx, id).await;
        assert!(matches!(found, Err(OpError::NotFound { .. })), "{id}");
        let found = jobs::get(&world.cx, id).await;
        assert!(matches!(found, Err(OpError::NotFound { .. })), "{id}");
    }
}

#[tokio::test]
async fn the_form_offers_projects_of_the_region_and_the_next_free_name() {
    let world = World::new(0).await;
    let us = project(PROD).to_string().replace("eu-west-1", "us-east-1");
    let us_version = format!("{}/version/v1/1", us.rsplit_once('/').unwrap().0);
    let us = us.parse().unwrap();
    world
        .aws
        .add_version(&us, &us_version, "TRAINING_COMPLETED");
    operations::models::refresh(&world.cx, None).await.unwrap();

    let open = promotions::form(&world.cx, None, None).await.unwrap();
    assert_eq!(open.sources.len(), 4);
    assert!(open.destinations.iter().any(|option| option.project == us));
    assert!(open.chosen.is_none() && open.arrow.is_none());

    let prod = project(PROD).to_string();
    let form = promotions::form(&world.cx, Some(V7), Some(&prod))
        .await
        .unwrap();
    assert!(form.destinations.iter().all(|option| option.project != us));
    assert_eq!(form.values.version_name, "v7");
    assert_eq!(form.values.source_project, project(DEV).to_string());
    assert_eq!(
        form.arrow.unwrap().to_string(),
        "inspector v7 · vision-dev → vision-prod · eu-west-1"
    );
    promotions::propose(&world.cx, &promotion()).await.unwrap();
    let again = promotions::form(&world.cx, Some(V7), Some(&prod))
        .await
        .unwrap();
    assert_eq!(again.values.version_name, "v7-2");
    assert_ne!(again.values.form_id, form.values.form_id);
    let unknown = promotions::form(&world.cx, Some("v7"), Some("?"))
        .await
        .unwrap();
    assert!(unknown.chosen.is_none());
}

#[tokio::test]
async fn approval_supersedes_what_waits_for_the_same_name() {
    // Staging asks for nobody, so a proposal that waits there is stored by hand.
    let world = World::new(0).await;
    let form = PromotionForm {
        destination_project: project(STAGING).to_string(),
        ..promotion()
    };
    let waiting = waiting_twin(&world, &form).await;
    let approved = promotions::propose(&world.cx, &form).await.unwrap();
    assert_eq!(approved.proposal.word, ProposalWord::Approved);
    let view = promotions::get(&world.cx, &waiting.to_string())
        .await
        .unwrap();
    assert_eq!(view.row.word, ProposalWord::Superseded);
    assert!(
        world
            .audit(4)
            .await
            .contains(&format!("{PERSON} proposal.supersede Done"))
    );
}

/// Stores a proposal that waits for approval and wants what `form` wants.
async fn waiting_twin(world: &World, form: &PromotionForm) -> domain::ProposalId {
    let other = World::new(0).await;
    let proposed = promotions::propose(&other.cx, form).await.unwrap();
    let view = promotions::get(&other.cx, &proposed.proposal.id.to_string())
        .await
        .unwrap();
    let Plan::Promotion(mut plan) = view.plan else {
        panic!("not a promotion");
    };
    let id = "prp_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap();
    plan.proposal = id;
    let mut tx = world.cx.store.begin().await.unwrap();
    let proposal = store::proposals::NewProposal {
        id,
        state: &ProposalState::WaitingForApproval {
            since: Millis::new(START),
        },
        environment: &"staging".parse().unwrap(),
        requester: &Actor::LocalOperator,
        reason: None,
        plan: &Plan::Promotion(plan),
        at: Millis::new(START),
    };
    store::proposals::insert(&mut tx, &proposal).await.unwrap();
    tx.commit().await.unwrap();
    id
}
