//! `SimulatePrincipalPolicy` of IAM: what a role or a user could do.

use crate::support::{DEV, PROD, REGION, allow, role, start};
use aws_sdk_iam::error::ProvideErrorMetadata as _;
use aws_sdk_iam::types::{
    ContextEntry, ContextKeyTypeEnum, EvaluationResult,
    PolicyEvaluationDecisionType::{Allowed, ExplicitDeny, ImplicitDeny},
    ResourceSpecificResult,
};
use serde_json::json;

const COPY: &str = "rekognition:CopyProjectVersion";

fn missing(result: &EvaluationResult) -> Vec<String> {
    let specific = result
        .resource_specific_results()
        .iter()
        .flat_map(ResourceSpecificResult::missing_context_values);
    let all = result.missing_context_values().iter().chain(specific);
    all.cloned().collect()
}

#[tokio::test]
async fn a_promoter_asks_about_itself() {
    let aws = start().await;
    let promoter = aws.iam(aws.session(PROD, "promoter").await);
    let project = aws.project(PROD, "inspector").await;
    let version = aws.version(PROD, "inspector", "v6").await;
    let answer = promoter
        .simulate_principal_policy()
        .policy_source_arn(role(PROD, "promoter"))
        .action_names(COPY)
        .action_names("rekognition:DeleteProjectVersion")
        .resource_arns(&project)
        .resource_arns(&version)
        .send()
        .await
        .unwrap();
    assert!(!answer.is_truncated());
    let seen: Vec<_> = answer
        .evaluation_results()
        .iter()
        .map(|one| {
            let (action, resource) = (one.eval_action_name(), one.eval_resource_name().unwrap());
            (action, resource, one.eval_decision().clone())
        })
        .collect();
    let delete = "rekognition:DeleteProjectVersion";
    assert_eq!(
        seen,
        [
            (COPY, project.as_str(), Allowed),
            (COPY, version.as_str(), Allowed),
            (delete, project.as_str(), ImplicitDeny),
            (delete, version.as_str(), ImplicitDeny),
        ]
    );
    let first = &answer.evaluation_results()[0];
    let [by] = first.matched_statements() else {
        panic!("one statement")
    };
    assert_eq!(by.source_policy_id(), Some("role_customhouse-promoter"));
    assert!(missing(first).is_empty());
    let call = aws.last_call().await;
    assert_eq!(call["service"], "iam");
    let reason = call["decisions"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("\"AskAboutItself\""), "{reason}");
}

#[tokio::test]
async fn it_takes_the_permission_and_stays_in_the_account() {
    let aws = start().await;
    let simulate = |client: aws_sdk_iam::Client, source: String| async move {
        let request = client.simulate_principal_policy().action_names(COPY);
        let error = request.policy_source_arn(source).send().await.unwrap_err();
        let status = error.raw_response().unwrap().status().as_u16();
        format!("{status} {}", error.code().unwrap())
    };
    let reader = aws.iam(aws.session(PROD, "reader").await);
    let outcome = simulate(reader, role(PROD, "promoter")).await;
    assert_eq!(outcome, "403 AccessDenied");
    let all = aws.iam(aws.user(PROD, allow(&["iam:*"], &["*"])).await);
    let outcome = simulate(all.clone(), role(DEV, "promoter")).await;
    assert_eq!(outcome, "403 AccessDenied", "another account's role");
    let reason = aws.last_reason().await;
    assert!(reason.contains("no resource policy allows"), "{reason}");
    for (source, expected) in [
        (role(PROD, "nobody"), "404 NoSuchEntity"),
        (
            format!("arn:aws:iam::{PROD}:user/nobody"),
            "404 NoSuchEntity",
        ),
        (
            format!("arn:aws:iam::{PROD}:group/nobody"),
            "404 NoSuchEntity",
        ),
        (
            format!("arn:aws:sts::{PROD}:assumed-role/customhouse-promoter/x"),
            "400 InvalidInput",
        ),
        ("short".to_owned(), "400 ValidationError"),
    ] {
        assert_eq!(
            simulate(all.clone(), source.clone()).await,
            expected,
            "{source}"
        );
    }
}

#[tokio::test]
async fn a_user_is_judged_with_more_policies_and_the_given_context() {
    let aws = start().await;
    let mut policy = allow(&["iam:*", "s3:*"], &["*"]);
    policy["Statement"].as_array_mut().unwrap().push(json!({
        "Sid": "Home", "Effect": "Allow", "Action": "rekognition:*", "Resource": "*",
        "Condition": { "StringEquals": { "aws:RequestedRegion": REGION } },
    }));
    let client = aws.iam(aws.user(PROD, policy).await);
    let simulate = || {
        client
            .simulate_principal_policy()
            .policy_source_arn(format!("arn:aws:iam::{PROD}:user/tester"))
    };
    let one = |answer: aws_sdk_iam::operation::simulate_principal_policy::SimulatePrincipalPolicyOutput| {
        answer.evaluation_results()[0].clone()
    };
    let without = one(simulate().action_names(COPY).send().await.unwrap());
    assert_eq!(without.eval_decision(), &ImplicitDeny);
    assert_eq!(without.eval_resource_name(), Some("*"));
    assert_eq!(missing(&without), ["aws:RequestedRegion"]);
    for (region, expected) in [(REGION, Allowed), ("us-east-1", ImplicitDeny)] {
        let entry = ContextEntry::builder()
            .context_key_name("aws:RequestedRegion")
            .context_key_values(region)
            .context_key_type(ContextKeyTypeEnum::String)
            .build();
        let request = simulate().action_names(COPY).context_entries(entry);
        let judged = one(request.send().await.unwrap());
        assert_eq!(judged.eval_decision(), &expected, "{region}");
        assert!(missing(&judged).is_empty());
    }
    let deny = json!({ "Version": "2012-10-17",
        "Statement": [{ "Effect": "Deny", "Action": "s3:PutObject", "Resource": "*" }] });
    let put = || simulate().action_names("s3:PutObject");
    let judged = one(put().send().await.unwrap());
    assert_eq!(judged.eval_decision(), &Allowed);
    let judged = one(put()
        .policy_input_list(deny.to_string())
        .send()
        .await
        .unwrap());
    assert_eq!(judged.eval_decision(), &ExplicitDeny);
    let by = &judged.matched_statements()[0];
    assert_eq!(by.source_policy_id(), Some("PolicyInputList.1"));
}

#[tokio::test]
async fn results_come_in_pages() {
    let aws = start().await;
    let client = aws.iam(aws.user(PROD, allow(&["iam:*"], &["*"])).await);
    let simulate = |actions: usize| {
        client
            .simulate_principal_policy()
            .policy_source_arn(format!("arn:aws:iam::{PROD}:user/tester"))
            .set_action_names(Some((0..actions).map(|n| format!("iam:Get{n}")).collect()))
    };
    let mut names = Vec::new();
    let mut pages = simulate(5).max_items(2).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        assert!(page.evaluation_results().len() <= 2);
        let results = page.evaluation_results().iter();
        names.extend(results.map(|one| one.eval_action_name().to_owned()));
    }
    assert_eq!(
        names,
        ["iam:Get0", "iam:Get1", "iam:Get2", "iam:Get3", "iam:Get4"]
    );
    let mut pairs = Vec::new();
    let two = simulate(3).resource_arns("arn:aws:s3:::a");
    let mut pages = two.resource_arns("arn:aws:s3:::b").max_items(4);
    loop {
        let page = pages.clone().send().await.unwrap();
        let results = page.evaluation_results().iter();
        pairs.extend(results.map(|one| {
            let resource = one.eval_resource_name().unwrap_or_default();
            format!("{} {resource}", one.eval_action_name())
        }));
        match page.marker() {
            Some(marker) => pages = pages.marker(marker),
            None => break,
        }
    }
    let expected: Vec<String> = (0..3)
        .flat_map(|action| ["a", "b"].map(|name| format!("iam:Get{action} arn:aws:s3:::{name}")))
        .collect();
    assert_eq!(pairs, expected);
    let first = simulate(5).max_items(2).send().await.unwrap();
    let marker = first.marker().unwrap();
    for request in [
        simulate(4).max_items(2).marker(marker),
        simulate(5).max_items(2).marker("something"),
    ] {
        let error = request.send().await.unwrap_err();
        assert_eq!(error.code(), Some("InvalidInput"));
    }
}

#[tokio::test]
async fn what_it_cannot_judge_or_does_not_play_is_refused_by_name() {
    let aws = start().await;
    let client = aws.iam(aws.user(PROD, allow(&["iam:*"], &["*"])).await);
    let simulate = || {
        client
            .simulate_principal_policy()
            .policy_source_arn(format!("arn:aws:iam::{PROD}:user/tester"))
            .action_names("iam:GetRole")
    };
    let strange = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Deny", "Action": "*", "Resource": "*",
        "Condition": { "StringSounds": { "aws:RequestedRegion": "somewhere" } },
    }] });
    let cases = [
        ("CallerArn", simulate().caller_arn(role(PROD, "reader"))),
        ("ResourcePolicy", simulate().resource_policy("{}")),
        ("ResourceOwner", simulate().resource_owner(DEV)),
        (
            "ResourceHandlingOption",
            simulate().resource_handling_option("x"),
        ),
        (
            "PermissionsBoundaryPolicyInputList",
            simulate().permissions_boundary_policy_input_list("{}"),
        ),
        (
            "StringSounds",
            simulate().policy_input_list(strange.to_string()),
        ),
    ];
    for (what, request) in cases {
        let error = request.send().await.unwrap_err();
        assert_eq!(
            error.raw_response().unwrap().status().as_u16(),
            501,
            "{what}"
        );
        let message = error.message().unwrap();
        assert!(message.contains(what), "{message}");
    }
    for (request, expected) in [
        (simulate().action_names("iam:Get*"), "InvalidInput"),
        (simulate().action_names("GetRole"), "InvalidInput"),
        (simulate().policy_input_list("{"), "InvalidInput"),
        (simulate().max_items(1001), "ValidationError"),
        (simulate().action_names(""), "ValidationError"),
        (simulate().resource_arns(""), "ValidationError"),
        (
            simulate().resource_arns("x".repeat(2049)),
            "ValidationError",
        ),
        (
            simulate().policy_input_list(" ".repeat(131_073)),
            "ValidationError",
        ),
    ] {
        let error = request.send().await.unwrap_err();
        assert_eq!(error.code(), Some(expected));
        assert_eq!(error.raw_response().unwrap().status().as_u16(), 400);
    }
    let error = client.list_roles().send().await.unwrap_err();
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 501);
    assert!(error.message().unwrap().contains("iam:ListRoles"));
}
