//! Writing: once, narrowed, and classified.

use crate::support::{DEV, PROD, UNNARROWED, World, access, job, reader, region, scope};
use domain::{Millis, RolePurpose};
use operations::ports::aws::{AwsReads as _, AwsWrites as _, ErrorClass, Refusal, WriteScope};
use serde_json::json;

fn grant(resource: &str) -> String {
    json!({"Version": "2012-10-17", "Statement": [{
        "Sid": "Ch1", "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::333333333333:role/customhouse-promoter"},
        "Action": "rekognition:CopyProjectVersion", "Resource": resource
    }]})
    .to_string()
}

async fn granted(world: &World) -> operations::ports::aws::CopyRequest {
    let copy = world.copy_request().await;
    let document = grant(&copy.source_version.to_string());
    let name = "customhouse-test".parse().unwrap();
    let scope = scope(DEV, UNNARROWED);
    world
        .aws
        .put_project_policy(&scope, &copy.source_project, &name, &document, None)
        .await
        .unwrap();
    copy
}

#[tokio::test]
async fn a_grant_a_copy_and_the_end_of_the_grant() {
    let world = World::demo().await;
    let copy = granted(&world).await;
    let answer = world
        .aws
        .copy_project_version(&scope(PROD, UNNARROWED), &copy)
        .await
        .unwrap();
    assert_eq!(answer.value.account().as_str(), PROD);
    assert_eq!(answer.value.name(), &copy.version_name);
    assert!(answer.call.request_id.is_some());

    let policies = world
        .aws
        .list_project_policies(&reader(DEV), &copy.source_project)
        .await
        .unwrap();
    let ours = policies
        .value
        .iter()
        .find(|policy| policy.name.as_str() == "customhouse-test")
        .unwrap();
    let stale = "00".parse().unwrap();
    let narrow = scope(DEV, UNNARROWED);
    let refused = world
        .aws
        .delete_project_policy(&narrow, &copy.source_project, &ours.name, &stale)
        .await
        .unwrap_err();
    assert_eq!(refused.class, ErrorClass::Refused(Refusal::Revision));
    world
        .aws
        .delete_project_policy(&narrow, &copy.source_project, &ours.name, &ours.revision)
        .await
        .unwrap();
    let policies = world
        .aws
        .list_project_policies(&reader(DEV), &copy.source_project)
        .await
        .unwrap();
    assert!(
        policies
            .value
            .iter()
            .all(|policy| policy.name.as_str() != "customhouse-test")
    );
}

#[tokio::test]
async fn without_a_grant_the_copy_is_refused_with_a_request_id() {
    let world = World::demo().await;
    let copy = world.copy_request().await;
    let error = world
        .aws
        .copy_project_version(&scope(PROD, UNNARROWED), &copy)
        .await
        .unwrap_err();
    assert_eq!(error.class, ErrorClass::Refused(Refusal::Access));
    assert_eq!(error.code.as_deref(), Some("AccessDeniedException"));
    assert!(error.call.request_id.is_some());
}

#[tokio::test]
async fn the_session_policy_narrows_what_the_role_may_do() {
    let world = World::demo().await;
    let copy = granted(&world).await;
    let nothing = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"rekognition:DescribeProjects","Resource":"*"}]}"#;
    let error = world
        .aws
        .copy_project_version(&scope(PROD, nothing), &copy)
        .await
        .unwrap_err();
    assert_eq!(error.class, ErrorClass::Refused(Refusal::Access));
}

#[tokio::test]
async fn a_copy_is_sent_once_whatever_comes_back() {
    for fault in ["throttle", "internal_error", "reset_before", "reset_after"] {
        let world = World::demo().await;
        let copy = granted(&world).await;
        world
            .emulated
            .fault(json!({"operation": "CopyProjectVersion", "effect": {"kind": fault}}))
            .await
            .unwrap();
        let error = world
            .aws
            .copy_project_version(&scope(PROD, UNNARROWED), &copy)
            .await
            .unwrap_err();
        assert_eq!(error.class, ErrorClass::Ambiguous, "{fault}");
        assert_eq!(world.count("CopyProjectVersion").await, 1, "{fault}");
        let name = [copy.version_name.clone()];
        let versions = world
            .aws
            .describe_project_versions(&reader(PROD), &copy.destination_project, &name)
            .await
            .unwrap();
        assert_eq!(
            versions.value.len(),
            usize::from(fault == "reset_after"),
            "{fault}"
        );
    }
}

#[tokio::test]
async fn a_policy_is_put_and_deleted_once_whatever_comes_back() {
    let world = World::demo().await;
    let copy = granted(&world).await;
    let document = grant(&copy.source_version.to_string());
    let dev = scope(DEV, UNNARROWED);
    let (name, revision) = ("another".parse().unwrap(), "00".parse().unwrap());
    for fault in ["throttle", "internal_error", "reset_before", "garbage_body"] {
        for operation in ["PutProjectPolicy", "DeleteProjectPolicy"] {
            let rule = json!({"operation": operation, "times": 0, "effect": {"kind": fault}});
            world.emulated.fault(rule).await.unwrap();
            let before = world.count(operation).await;
            let project = &copy.source_project;
            let class = if operation == "PutProjectPolicy" {
                let put = world
                    .aws
                    .put_project_policy(&dev, project, &name, &document, None);
                put.await.err().map(|error| error.class)
            } else {
                let delete = world
                    .aws
                    .delete_project_policy(&dev, project, &name, &revision);
                delete.await.err().map(|error| error.class)
            };
            // An answer that refuses is read by its code, however strange its body.
            let refused = fault == "garbage_body" && operation == "DeleteProjectPolicy";
            if !refused {
                assert_eq!(class, Some(ErrorClass::Ambiguous), "{operation} {fault}");
            }
            assert_eq!(
                world.count(operation).await,
                before + 1,
                "{operation} {fault}"
            );
        }
    }
}

#[tokio::test]
async fn every_write_has_a_fresh_session_named_after_its_job() {
    let world = World::demo().await;
    let copy = granted(&world).await;
    for _ in 0..2 {
        let scope = scope(PROD, UNNARROWED);
        let _ = world.aws.copy_project_version(&scope, &copy).await;
    }
    let assumed = world.emulated.calls_of("AssumeRole").await.unwrap();
    let for_writes: Vec<_> = assumed
        .iter()
        .map(|call| &call["parameters"])
        .filter(|parameters| parameters["Policy"] == UNNARROWED)
        .collect();
    assert_eq!(for_writes.len(), 3, "one put and two copies: {assumed:?}");
    for parameters in for_writes {
        assert_eq!(parameters["RoleSessionName"], format!("ch-{}", job()));
        assert!(
            parameters["ExternalId"]
                .as_str()
                .unwrap()
                .starts_with("ch-")
        );
        assert_eq!(parameters["DurationSeconds"], "900");
    }
    let copies = world.emulated.calls_of("CopyProjectVersion").await.unwrap();
    for call in copies {
        let session = format!("assumed-role/customhouse-promoter/ch-{}", job());
        let principal = call["principal"].as_str().unwrap();
        assert!(principal.ends_with(&session), "{principal}");
    }
}

#[tokio::test]
async fn a_write_asks_for_no_role_of_another_account() {
    let world = World::demo().await;
    let copy = granted(&world).await;
    let before = world.count("AssumeRole").await;
    let mut elsewhere = scope(PROD, UNNARROWED);
    elsewhere.access.role = access(DEV, RolePurpose::Promoter).role;
    let error = world.aws.copy_project_version(&elsewhere, &copy).await;
    assert_eq!(error.unwrap_err().class, ErrorClass::NotSent);
    assert_eq!(world.count("AssumeRole").await, before);
}

#[tokio::test]
async fn a_second_copy_of_the_name_is_ambiguous() {
    let world = World::demo().await;
    let copy = granted(&world).await;
    world
        .aws
        .copy_project_version(&scope(PROD, UNNARROWED), &copy)
        .await
        .unwrap();
    let error = world
        .aws
        .copy_project_version(&scope(PROD, UNNARROWED), &copy)
        .await
        .unwrap_err();
    assert_eq!(error.code.as_deref(), Some("ResourceInUseException"));
    assert_eq!(error.class, ErrorClass::Ambiguous);
}

#[tokio::test]
async fn when_the_role_cannot_be_assumed_nothing_was_sent() {
    let world = World::demo().await;
    let copy = granted(&world).await;
    world
        .emulated
        .fault(json!({"operation": "AssumeRole", "times": 0, "effect": {"kind": "internal_error"}}))
        .await
        .unwrap();
    let error = world
        .aws
        .copy_project_version(&scope(PROD, UNNARROWED), &copy)
        .await
        .unwrap_err();
    assert_eq!(
        (error.call.operation, error.class),
        ("AssumeRole", ErrorClass::NotSent)
    );
    assert_eq!(world.count("CopyProjectVersion").await, 0);
}

#[tokio::test]
async fn an_endpoint_that_refuses_the_connection_got_nothing() {
    let world = World::demo().await;
    let mut settings = world.emulated.settings();
    let gone = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    settings.endpoint_url = Some(format!("http://{}", gone.local_addr().unwrap()));
    drop(gone);
    let aws = customhouse_aws::Aws::new(settings, std::sync::Arc::new(world.clock.clone())).await;
    let error = aws
        .describe_projects(&reader(DEV), &region())
        .await
        .unwrap_err();
    assert_eq!(error.class, ErrorClass::NotSent);
}

/// A machine that slept while the role was assumed.
#[tokio::test]
async fn a_write_that_is_too_late_is_not_sent() {
    let world = World::demo().await;
    let copy = world.copy_request().await;
    let late = WriteScope {
        send_by: Millis::new(0),
        ..scope(DEV, UNNARROWED)
    };
    let (name, project) = ("customhouse-test".parse().unwrap(), &copy.source_project);
    let document = grant(&copy.source_version.to_string());
    let put = world
        .aws
        .put_project_policy(&late, project, &name, &document, None)
        .await
        .unwrap_err();
    let late = WriteScope {
        send_by: Millis::new(0),
        ..scope(PROD, UNNARROWED)
    };
    let sent = world.aws.copy_project_version(&late, &copy).await;
    for error in [put, sent.unwrap_err()] {
        assert_eq!(error.class, ErrorClass::NotSent, "{error:?}");
    }
    for operation in ["PutProjectPolicy", "CopyProjectVersion"] {
        assert_eq!(world.count(operation).await, 0, "{operation}");
    }
}
