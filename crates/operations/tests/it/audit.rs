//! Reading the audit, refusals in it, and taking a name out.

use crate::world::{World, promotion};
use domain::{Action, Actor};
use operations::audit::{self, AuditForm, AuditView, Found, Phase};
use operations::people::{self, Device, Identity, SignInMethod};
use operations::{Caller, Channel, OpContext, OpError, Page, PageRequest, promotions};
use store::audit::{ChainVerdict, verify_chain};

/// Somebody with every role whom an issuer calls `name`.
async fn signed_in(world: &World, name: &str) -> (OpContext, String) {
    let identity = Identity {
        issuer: "https://issuer.example".to_owned(),
        subject: "subject-1".to_owned(),
        name: name.to_owned(),
        groups: Vec::new(),
    };
    let device = Device::default();
    let signed_in = people::sign_in(&world.cx, &identity, SignInMethod::Oidc, &device).await;
    let id = signed_in.unwrap().person;
    let mut reader = world.cx.store.read().await.unwrap();
    let row = store::people::find(&mut reader, id).await.unwrap().unwrap();
    let caller = Caller {
        name_hash: Some(row.name_hash),
        channel: Channel::Page,
        address: Some([192, 0, 2, 7].into()),
        ..Caller::person(id, crate::world::everything())
    };
    (world.cx.called_by(caller), id.to_string())
}

async fn found(cx: &OpContext, form: &AuditForm, page: PageRequest) -> Page<AuditView> {
    match audit::list(cx, form, page).await.unwrap() {
        Found::Entries(page) => page,
        Found::Unreadable(parts) => panic!("{parts:?}"),
    }
}

fn by(who: &str) -> AuditForm {
    AuditForm {
        who: who.to_owned(),
        ..AuditForm::default()
    }
}

#[tokio::test]
async fn an_entry_tells_who_by_which_way_and_from_where() {
    let world = World::new(0).await;
    let (cx, id) = signed_in(&world, "requester").await;
    promotions::propose(&cx, &promotion()).await.unwrap();
    let mut form = by(&id);
    form.set("action", "promotion.propose");
    let page = found(&cx, &form, PageRequest::default()).await;
    let [entry] = &page.items[..] else {
        panic!("{page:?}");
    };
    assert_eq!(entry.actor.name, "requester");
    assert_eq!(entry.channel.as_deref(), Some("page"));
    assert_eq!(entry.address, Some([192, 0, 2, 7].into()));
    let canonical = &entry.canonical;
    assert!(!canonical.contains("requester"), "no name in {canonical}");
    assert!(canonical.contains("\"actor_name\":\""), "{canonical}");
}

#[tokio::test]
async fn pages_and_exports_hold_what_fits() {
    let world = World::new(0).await;
    let (cx, _) = signed_in(&world, "auditor").await;
    let newest = found(
        &cx,
        &AuditForm::default(),
        PageRequest {
            before: None,
            limit: 2,
        },
    )
    .await;
    let numbers: Vec<_> = newest.items.iter().map(|view| view.n).collect();
    let before = newest.next;
    assert_eq!(before, numbers.last().copied());
    let older = found(&cx, &AuditForm::default(), PageRequest { before, limit: 2 }).await;
    assert_eq!(older.items[0].n, numbers[1] - 1);

    let mut export = audit::export(&cx, &AuditForm::default())
        .await
        .unwrap()
        .ok()
        .unwrap();
    // What comes after the beginning of an export is no part of it.
    audit::note_refused(&cx, Action::Approve).await.unwrap();
    let mut exported = Vec::new();
    while let Some(views) = export.next().await.unwrap() {
        exported.extend(views.into_iter().map(|view| view.n));
    }
    assert_eq!(exported, (1..=numbers[0]).collect::<Vec<_>>());

    let mut wrong = AuditForm::default();
    wrong.set("from", "soon");
    let refused = audit::list(&cx, &wrong, PageRequest::default())
        .await
        .unwrap();
    assert!(matches!(refused, Found::Unreadable(_)), "{refused:?}");
    assert!(audit::export(&cx, &wrong).await.unwrap().is_err());
}

#[tokio::test]
async fn whoever_may_not_read_the_audit_gets_nothing() {
    let world = World::new(0).await;
    let cx = world.cx.acting_as(Actor::Engine);
    let form = AuditForm::default();
    let forbidden = |error: Option<OpError>| matches!(error, Some(OpError::Forbidden { .. }));
    let listed = audit::list(&cx, &form, PageRequest::default()).await;
    assert!(forbidden(listed.err()));
    assert!(forbidden(audit::export(&cx, &form).await.err()));
    assert!(forbidden(audit::actors(&cx).await.err()));
    assert!(forbidden(people::pseudonymise(&cx, "usr_x").await.err()));
}

#[tokio::test]
async fn refusals_of_known_people_are_noted_once_a_minute_for_each_action() {
    let world = World::new(0).await;
    let (cx, id) = signed_in(&world, "viewer").await;
    let mut form = by(&id);
    form.set("result", "refused");
    for _ in 0..20 {
        audit::note_refused(&cx, Action::Approve).await.unwrap();
        audit::note_refused(&cx, Action::StopJob).await.unwrap();
    }
    let page = found(&cx, &form, PageRequest::default()).await;
    let actions: Vec<_> = page.items.iter().map(|view| view.action.as_str()).collect();
    assert_eq!(actions, ["stop_job", "approve"]);
    assert_eq!(page.items[0].phase, Phase::Refused);
    world.clock.advance(59_999);
    assert!(!audit::note_refused(&cx, Action::Approve).await.unwrap());
    world.clock.advance(1);
    assert!(audit::note_refused(&cx, Action::Approve).await.unwrap());

    let nobody = world.cx.called_by(Caller::nobody(Channel::Page, None));
    let before = world.written().await;
    assert!(!audit::note_refused(&nobody, Action::Approve).await.unwrap());
    assert_eq!(
        world.written().await,
        before,
        "anonymous refusals are not chained"
    );
}

#[tokio::test]
async fn a_name_that_was_taken_out_is_nowhere_and_the_chain_holds() {
    let world = World::new(0).await;
    let (cx, id) = signed_in(&world, "requester").await;
    promotions::propose(&cx, &promotion()).await.unwrap();
    let (renamed, same) = signed_in(&world, "approver-1").await;
    assert_eq!(same, id);
    let names = async || {
        let page = found(&cx, &by(&id), PageRequest::default()).await;
        let mut names: Vec<_> = page.items.into_iter().map(|view| view.actor.name).collect();
        names.sort();
        names.dedup();
        names
    };
    assert_eq!(
        names().await,
        ["approver-1", "requester"],
        "each as it was then"
    );
    people::pseudonymise(&renamed, &id).await.unwrap();
    assert_eq!(names().await, std::slice::from_ref(&id));
    let mut reader = world.cx.store.read().await.unwrap();
    let kept = store::people::names_of(&mut reader, id.parse().unwrap())
        .await
        .unwrap();
    assert!(
        kept.iter().all(|row| row.name == id && row.salt.is_empty()),
        "{kept:?}"
    );
    let verdict = verify_chain(&mut reader).await.unwrap();
    assert!(matches!(verdict, ChainVerdict::Whole { .. }), "{verdict:?}");
    drop(reader);
    let missing = people::pseudonymise(&renamed, "usr_01K5TTTTTTTTTTTTTTTTTTTTT9").await;
    assert!(
        matches!(missing, Err(OpError::NotFound { .. })),
        "{missing:?}"
    );
}
