//! What the ledger says of refusals: the statement that decided, what was missing, or the element
//! that could not be judged.

use crate::support::{
    Aws, COPY_SECONDS, DEV, PROD, PROD_KEY, REGION, StoppedClock, allow, code, demo,
    grant_document, home, role, start, start_assuming, start_stopped,
};
use domain::{Clock, Millis};
use emulator::{Emulator, World};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::net::TcpListener;

#[tokio::test]
async fn a_refusal_names_the_statement_that_denied() {
    let aws = start().await;
    let project = aws.project(DEV, "inspector").await;
    let mut policy = allow(&["rekognition:*"], &["*"]);
    policy["Statement"].as_array_mut().unwrap().push(json!({
        "Sid": "NoPolicies", "Effect": "Deny", "Action": "rekognition:*ProjectPolicy", "Resource": "*",
    }));
    let dev = aws.rekognition(aws.user(DEV, policy).await);
    let put = dev.put_project_policy().project_arn(&project);
    let put = put.policy_name("p").policy_document("{}");
    assert_eq!(
        code(&put.send().await.unwrap_err()),
        "AccessDeniedException"
    );
    let call = aws.last_call().await;
    let decision = &call["decisions"][0];
    assert_eq!(decision["action"], "rekognition:PutProjectPolicy");
    assert_eq!(decision["resource"], project.as_str());
    assert_eq!(decision["allowed"], false);
    assert_eq!(
        decision["reason"],
        "Denied by statement \"NoPolicies\" of identity policy \"tester\""
    );
    assert_eq!(call["outcome"]["executed"], false);
    assert_eq!(call["outcome"]["status"], 400);
}

#[tokio::test]
async fn a_refusal_names_the_element_that_cannot_be_judged() {
    let aws = start().await;
    let source = aws.version(DEV, "inspector", "v7").await;
    let mut document: serde_json::Value =
        serde_json::from_str(&grant_document(&role(PROD, "promoter"), &source)).unwrap();
    document["Statement"][0]["Condition"] =
        json!({ "StringSounds": { "aws:RequestedRegion": REGION } });
    aws.put_policy(&document.to_string()).await.unwrap();
    let prod = aws.as_role(PROD, "promoter").await;
    let copy = aws.copy(&prod, &source, "v7").await;
    assert_eq!(
        code(&copy.send().await.unwrap_err()),
        "AccessDeniedException"
    );
    let reason = aws.last_reason().await;
    assert!(reason.starts_with("Cannot tell: "), "{reason}");
    assert!(
        reason.contains("StringSounds") && reason.contains("\"Grant\""),
        "{reason}"
    );
}

#[tokio::test]
async fn a_refusal_that_no_policy_decided_says_what_did() {
    let aws = start_assuming("tags_visible = false").await;
    let source = aws.version(DEV, "inspector", "v7").await;
    aws.grant(&source).await;
    let prod = aws.as_role(PROD, "promoter").await;
    let copied = aws.copy(&prod, &source, "v7").await.send().await.unwrap();
    aws.advance(COPY_SECONDS + 1.0).await;
    let reader = aws.as_role(PROD, "reader").await;
    let list = reader.list_tags_for_resource();
    let list = list.resource_arn(copied.project_version_arn().unwrap());
    assert_eq!(
        code(&list.send().await.unwrap_err()),
        "AccessDeniedException"
    );
    let reason = aws.last_reason().await;
    assert!(reason.contains("tags_visible"), "{reason}");

    let foreign = aws.project(DEV, "inspector").await;
    let into = aws.copy(&prod, &source, "v8").await;
    let into = into.destination_project_arn(foreign);
    assert_eq!(
        code(&into.send().await.unwrap_err()),
        "AccessDeniedException"
    );
    let reason = aws.last_reason().await;
    assert!(reason.contains("another account"), "{reason}");
}

#[tokio::test]
async fn what_is_not_about_permissions_is_told_by_error_and_message() {
    let aws = start().await;
    let project = aws.project(DEV, "inspector").await;
    let reader = aws.as_role(DEV, "reader").await;
    let list = reader.list_project_policies().project_arn(project);
    list.max_results(6).send().await.unwrap_err();
    let call = aws.last_call().await;
    assert_eq!(call["outcome"]["error"], "ValidationException");
    assert!(
        call["outcome"]["message"]
            .as_str()
            .unwrap()
            .contains("less than or equal to 5")
    );
    assert_eq!(call["decisions"], json!([]), "it was not looked at");
}

#[tokio::test]
async fn a_condition_on_the_resources_account_sees_whose_it_is() {
    let aws = start().await;
    let source = aws.version(DEV, "inspector", "v7").await;
    aws.grant(&source).await;
    for (accounts, expected) in [(vec![DEV, PROD], true), (vec![PROD], false)] {
        let mut policy = allow(&["rekognition:*", "s3:*"], &["*"]);
        policy["Statement"][0]["Condition"] =
            json!({ "StringEquals": { "aws:ResourceAccount": accounts } });
        aws.merge(json!({ "account": [{ "id": PROD,
            "role": [{ "name": "customhouse-promoter", "policy": policy.to_string() }] }] }))
            .await;
        let prod = aws.as_role(PROD, "promoter").await;
        let copy = aws.copy(&prod, &source, "v7").await.send().await;
        assert_eq!(copy.is_ok(), expected, "{accounts:?}");
    }
}

#[tokio::test]
async fn a_call_beyond_the_quota_names_the_limit() {
    let aws = start_stopped(&demo().replace("quota_tps = 0", "quota_tps = 3")).await;
    let reader = aws.as_role(DEV, "reader").await;
    for _ in 0..3 {
        reader.describe_projects().send().await.unwrap();
    }
    reader.describe_projects().send().await.unwrap_err();
    let detail = aws.last_call().await["outcome"]["detail"].clone();
    assert_eq!(
        detail,
        "DescribeProjects of account 111111111111 in eu-west-1 may be called 3 times a second, \
         which quota_tps sets, and was."
    );
}

#[tokio::test]
async fn a_call_for_another_region_says_so() {
    const ARN: &str = "The ARN is of the Region eu-west-1, and the call is for us-east-1.";
    let aws = start().await;
    let everything = aws.user(PROD, allow(&["*"], &["*"])).await;
    let virginia = aws.rekognition_in(everything.clone(), "us-east-1");
    let project = aws.project(PROD, "inspector").await;
    let list = virginia.list_project_policies().project_arn(project);
    list.send().await.unwrap_err();
    assert_eq!(aws.last_call().await["outcome"]["detail"], ARN);
    let version = aws.version(PROD, "inspector", "v6").await;
    let delete = virginia
        .delete_project_version()
        .project_version_arn(version);
    delete.send().await.unwrap_err();
    assert_eq!(aws.last_call().await["outcome"]["detail"], ARN);

    let key = format!("arn:aws:kms:{REGION}:{PROD}:key/{PROD_KEY}");
    let kms = aws.kms_in(everything.clone(), "us-east-1");
    kms.describe_key().key_id(key).send().await.unwrap_err();
    assert_eq!(aws.last_call().await["outcome"]["detail"], ARN);

    let bucket = "vision-prod-models-us-east-1";
    let head = aws.s3(everything).head_bucket().bucket(bucket);
    head.send().await.unwrap_err();
    assert_eq!(
        aws.last_call().await["outcome"]["detail"],
        "The bucket is in us-east-1, and the call is for eu-west-1."
    );
}

/// A clock that stands still at a whole second.
struct WholeSecond(StoppedClock);

impl Clock for WholeSecond {
    fn now(&self) -> Millis {
        self.0.now().whole_second()
    }
}

#[tokio::test]
async fn every_moment_has_three_digits_of_milliseconds() {
    let emulator = Emulator::new(World::parse(&demo()).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let emulator = emulator.with_clock(Arc::new(WholeSecond(StoppedClock::new())));
    let aws = Aws::around(emulator.serve(listener).unwrap());
    for (advance, end) in [(0.0, ".000Z"), (0.07, ".070Z"), (0.3, ".370Z")] {
        aws.advance(advance).await;
        aws.sts(home()).get_caller_identity().send().await.unwrap();
        for text in [
            aws.last_call().await["time"].clone(),
            aws.get("health").await["time"].clone(),
            aws.get("state").await["time"].clone(),
        ] {
            let text = text.as_str().unwrap();
            assert!(text.ends_with(end) && text.len() == 24, "{text}");
        }
    }
}

#[tokio::test]
async fn a_session_policy_is_named_without_a_name() {
    let aws = start().await;
    let elsewhere = ["arn:aws:rekognition:*:*:project/elsewhere/*"];
    let policy = allow(&["rekognition:DescribeProjects"], &elsewhere).to_string();
    let session = aws.narrowed_session(DEV, "reader", Some(&policy)).await;
    let list = aws.rekognition(session).describe_projects();
    list.send().await.unwrap_err();
    let reason = aws.last_reason().await;
    assert!(
        reason.contains("of session policy of this session is about other resources"),
        "{reason}"
    );
}

#[tokio::test]
async fn what_there_is_not_is_null() {
    let aws = start().await;
    let unsigned = aws.http().post(aws.url()).body("{}");
    unsigned.send().await.unwrap();
    let refused = aws.last_call().await;
    aws.sts(home()).get_caller_identity().send().await.unwrap();
    let answered = aws.last_call().await;
    let null = |value: &Value, name: &str| value.as_object().unwrap()[name].is_null();
    for name in ["region", "account", "principal", "fault"] {
        assert!(null(&refused, name), "{name}");
    }
    assert!(null(&answered, "fault"));
    for name in ["error", "message", "detail", "result"] {
        assert!(null(&answered["outcome"], name), "{name}");
    }
}
