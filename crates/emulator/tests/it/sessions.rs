//! What a session carries: tags, a source identity, and the condition keys that follow from them.

use crate::support::{Aws, credentials, start_world};
use aws_credential_types::Credentials;
use aws_sdk_sts::error::ProvideErrorMetadata;
use aws_sdk_sts::operation::assume_role::AssumeRoleOutput;
use aws_sdk_sts::operation::assume_role::builders::AssumeRoleFluentBuilder;
use aws_sdk_sts::types::Tag;
use serde_json::{Value, json};

const HERE: &str = "111111111111";
const THERE: &str = "222222222222";

/// A user in one account who may do everything, and roles made by each test.
const WORLD: &str = r#"
quota_tps = 0
[[account]]
id = "111111111111"
[[account.user]]
name = "builder"
access_key_id = "SESSIONSUSER00000001"
secret_access_key = "a-secret-for-tests-alone-0000000001"
policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
tags = { department = "vision" }
[[account]]
id = "222222222222"
"#;

fn builder() -> Credentials {
    let secret = "a-secret-for-tests-alone-0000000001";
    Credentials::new("SESSIONSUSER00000001", secret, None, None, "test")
}

fn arn(account: &str, name: &str) -> String {
    format!("arn:aws:iam::{account}:role/{name}")
}

/// A policy of statements that allow these actions, on everything or, for a trust policy, to
/// `principal`.
fn policy(principal: Option<&str>, actions: &[&str], condition: &Value) -> String {
    let mut statement = json!({ "Effect": "Allow", "Action": actions, "Condition": condition });
    match principal {
        Some(principal) => statement["Principal"] = json!({ "AWS": principal }),
        None => statement["Resource"] = json!("*"),
    }
    json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string()
}

const ALL: &[&str] = &["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];

/// Puts a role that trusts both accounts for `actions` under a condition.
async fn put_role(aws: &Aws, account: &str, name: &str, actions: &[&str], condition: Value) {
    let anyone = "*";
    aws.merge(json!({ "account": [{ "id": account, "role": [{
        "name": name,
        "trust_policy": policy(Some(anyone), actions, &condition),
        "policy": policy(None, &["*"], &json!({})),
    }] }] }))
    .await;
}

fn assume(client: &aws_sdk_sts::Client, account: &str, name: &str) -> AssumeRoleFluentBuilder {
    client
        .assume_role()
        .role_arn(arn(account, name))
        .role_session_name("run-1")
}

fn tag(key: impl Into<String>, value: impl Into<String>) -> Tag {
    Tag::builder().key(key).value(value).build().unwrap()
}

/// Code and message of a refusal.
async fn refused(request: AssumeRoleFluentBuilder) -> (String, String) {
    let error = request.send().await.unwrap_err();
    let message = error.message().unwrap_or_default().to_owned();
    (error.code().unwrap_or_default().to_owned(), message)
}

fn session(aws: &Aws, answer: &AssumeRoleOutput) -> aws_sdk_sts::Client {
    aws.sts(credentials(answer.credentials().unwrap()))
}

#[tokio::test]
async fn tags_and_source_identity_need_permission_on_both_sides() {
    let aws = start_world(WORLD).await;
    let sts = aws.sts(builder());
    for action in ["sts:TagSession", "sts:SetSourceIdentity"] {
        let request = || match action {
            "sts:TagSession" => assume(&sts, THERE, "role").tags(tag("team", "vision")),
            _ => assume(&sts, THERE, "role").source_identity("person-1"),
        };
        put_role(&aws, THERE, "role", &["sts:AssumeRole"], json!({})).await;
        let (code, message) = refused(request()).await;
        assert_eq!(code, "AccessDenied");
        let expected = format!(
            "User: arn:aws:iam::111111111111:user/builder is not authorized to perform: {action} \
             on resource: arn:aws:iam::222222222222:role/role"
        );
        assert_eq!(message, expected, "the trust policy does not allow it");
        put_role(&aws, THERE, "role", ALL, json!({})).await;
        request().send().await.unwrap();
        let narrow = policy(None, &["sts:AssumeRole"], &json!({}));
        let user = |policy: &str| json!({ "account": [{ "id": HERE, "user": [{ "name": "builder", "policy": policy }] }] });
        aws.merge(user(&narrow)).await;
        let (code, message) = refused(request()).await;
        assert_eq!(code, "AccessDenied");
        assert_eq!(message, expected, "the user's own policy does not allow it");
        aws.merge(user(&policy(None, &["*"], &json!({})))).await;
    }
}

#[tokio::test]
async fn tags_are_held_to_their_limits() {
    let aws = start_world(WORLD).await;
    put_role(&aws, HERE, "role", ALL, json!({})).await;
    let sts = aws.sts(builder());
    let plain = || assume(&sts, HERE, "role");
    let many = |count: usize| {
        (0..count).fold(plain(), |request, number| {
            request.tags(tag(format!("k{number}"), ""))
        })
    };
    for (what, request) in [
        ("50 tags", many(50)),
        (
            "longest",
            plain().tags(tag("k".repeat(128), "v".repeat(256))),
        ),
        ("letters", plain().tags(tag("Größe /=+-@_.:", "ÄÖÜ 1"))),
        ("empty value", plain().tags(tag("k", ""))),
        (
            "transitive in another case",
            plain().tags(tag("Team", "a")).transitive_tag_keys("team"),
        ),
        (
            "longest source identity",
            plain().source_identity("s".repeat(64)),
        ),
    ] {
        if let Err(error) = request.send().await {
            panic!("{what}: {error:?}");
        }
    }
    let wrong = [
        ("51 tags", many(51), "ValidationError", "'tags'"),
        (
            "long key",
            plain().tags(tag("k".repeat(129), "v")),
            "ValidationError",
            "'tags.1.member.key'",
        ),
        (
            "empty key",
            plain().tags(tag("", "v")),
            "ValidationError",
            "'tags.1.member.key'",
        ),
        (
            "long value",
            plain().tags(tag("a", "")).tags(tag("k", "v".repeat(257))),
            "ValidationError",
            "'tags.2.member.value'",
        ),
        (
            "pattern",
            plain().tags(tag("k", "a,b")),
            "ValidationError",
            "regular expression",
        ),
        (
            "twice",
            plain().tags(tag("Team", "a")).tags(tag("team", "b")),
            "InvalidParameterValue",
            "Duplicate tag keys found",
        ),
        (
            "reserved",
            plain().tags(tag("AWS:team", "a")),
            "InvalidParameterValue",
            "aws: prefixed",
        ),
        (
            "transitive without tag",
            plain().tags(tag("a", "a")).transitive_tag_keys("b"),
            "InvalidParameterValue",
            "must be included in the requested tags",
        ),
        (
            "short source identity",
            plain().source_identity("a"),
            "ValidationError",
            "'sourceIdentity'",
        ),
        (
            "long source identity",
            plain().source_identity("s".repeat(65)),
            "ValidationError",
            "'sourceIdentity'",
        ),
        (
            "pattern of source identity",
            plain().source_identity("a person"),
            "ValidationError",
            "'sourceIdentity'",
        ),
        (
            "managed policies",
            plain().policy_arns(
                aws_sdk_sts::types::PolicyDescriptorType::builder()
                    .arn("arn:aws:iam::aws:policy/ReadOnlyAccess")
                    .build(),
            ),
            "NotEmulated",
            "PolicyArns",
        ),
        (
            "a device",
            plain().serial_number("arn:aws:iam::111111111111:mfa/device"),
            "NotEmulated",
            "SerialNumber",
        ),
    ];
    for (what, request, code, part) in wrong {
        let (found, message) = refused(request).await;
        assert_eq!(found, code, "{what}: {message}");
        assert!(message.contains(part), "{what}: {message}");
    }
}

#[expect(
    deprecated,
    reason = "the newer member says how full the token is; the older one is still answered"
)]
#[tokio::test]
async fn the_packed_size_counts_policy_and_tags() {
    let aws = start_world(WORLD).await;
    put_role(&aws, HERE, "role", ALL, json!({})).await;
    let sts = aws.sts(builder());
    let size =
        async |request: AssumeRoleFluentBuilder| request.send().await.unwrap().packed_policy_size();
    assert_eq!(size(assume(&sts, HERE, "role")).await, None);
    let long = "v".repeat(206);
    let one = size(assume(&sts, HERE, "role").tags(tag("t", &long))).await;
    assert_eq!(one, Some(11));
    let narrow = policy(None, &["s3:GetObject"], &json!({}));
    let both = assume(&sts, HERE, "role")
        .policy(&narrow)
        .tags(tag("t", &long));
    assert!(size(both).await > one);
    let many = (0..10).fold(assume(&sts, HERE, "role"), |request, number| {
        request.tags(tag(format!("t{number}"), &long))
    });
    let (code, message) = refused(many).await;
    assert_eq!(code, "PackedPolicyTooLarge");
    assert_eq!(
        message,
        "Packed size of session tags consumes 101% of allotted space."
    );
}

#[tokio::test]
async fn a_chain_hands_on_transitive_tags_and_the_source_identity() {
    let aws = start_world(WORLD).await;
    put_role(&aws, HERE, "first", ALL, json!({})).await;
    put_role(&aws, THERE, "second", ALL, json!({})).await;
    let first = assume(&aws.sts(builder()), HERE, "first")
        .tags(tag("Team", "vision"))
        .tags(tag("cost", "7"))
        .transitive_tag_keys("team")
        .source_identity("person-1")
        .send()
        .await
        .unwrap();
    assert_eq!(first.source_identity(), Some("person-1"));
    let first = session(&aws, &first);

    let carried = json!({ "StringEquals": {
        "aws:PrincipalTag/team": "vision",
        "aws:PrincipalTag/cost": "7",
        "aws:SourceIdentity": "person-1",
        "sts:SourceIdentity": "person-1",
        "aws:RequestTag/team": "vision",
    } });
    put_role(&aws, THERE, "second", ALL, carried).await;
    let second = assume(&first, THERE, "second").send().await.unwrap();
    assert_eq!(second.source_identity(), Some("person-1"));
    let second = session(&aws, &second);

    // The tag that was not transitive is gone; the other one goes on without being named again.
    let left = json!({
        "StringEquals": { "aws:PrincipalTag/team": "vision", "aws:SourceIdentity": "person-1" },
        "Null": { "aws:PrincipalTag/cost": "true" },
    });
    put_role(&aws, HERE, "third", ALL, left).await;
    assume(&second, HERE, "third").send().await.unwrap();

    put_role(&aws, THERE, "second", ALL, json!({})).await;
    let conflict = assume(&first, THERE, "second").tags(tag("TEAM", "other"));
    assert_eq!(refused(conflict).await.0, "InvalidParameterValue");
    let other = assume(&first, THERE, "second").source_identity("person-2");
    let (code, message) = refused(other).await;
    assert_eq!(code, "AccessDenied");
    assert!(message.contains("sts:SetSourceIdentity"), "{message}");
    assume(&first, THERE, "second")
        .source_identity("person-1")
        .send()
        .await
        .unwrap();

    for (missing, allowed) in [
        (
            "sts:TagSession",
            ["sts:AssumeRole", "sts:SetSourceIdentity"],
        ),
        (
            "sts:SetSourceIdentity",
            ["sts:AssumeRole", "sts:TagSession"],
        ),
    ] {
        put_role(&aws, THERE, "second", &allowed, json!({})).await;
        let (code, message) = refused(assume(&first, THERE, "second")).await;
        assert_eq!(code, "AccessDenied");
        assert!(message.contains(missing), "{message}");
    }
}

#[tokio::test]
async fn a_trust_policy_sees_every_key_of_the_call() {
    let aws = start_world(WORLD).await;
    let sts = aws.sts(builder());
    let user_id = sts.get_caller_identity().send().await.unwrap();
    let user_id = user_id.user_id().unwrap();
    aws.merge(json!({ "account": [{ "id": THERE, "role": [{
        "name": "role", "tags": { "stage": "prod" }, "trust_policy": policy(Some("*"), ALL, &json!({})),
    }] }] }))
    .await;
    let full = || {
        assume(&sts, THERE, "role")
            .external_id("external")
            .source_identity("person-1")
            .tags(tag("team", "vision"))
            .tags(tag("cost", "7"))
            .transitive_tag_keys("team")
    };
    let equals = |key: &str, value: &str| json!({ "StringEquals": { key: value } });
    let cases = [
        (equals("sts:ExternalId", "external"), true),
        (equals("sts:ExternalId", "other"), false),
        (equals("sts:RoleSessionName", "run-1"), true),
        (equals("sts:RoleSessionName", "run-2"), false),
        (equals("sts:SourceIdentity", "person-1"), true),
        (equals("sts:SourceIdentity", "person-2"), false),
        (equals("aws:RequestTag/team", "vision"), true),
        (equals("aws:RequestTag/team", "sound"), false),
        (equals("aws:RequestTag/other", "vision"), false),
        (
            json!({ "ForAllValues:StringEquals": { "aws:TagKeys": ["team", "cost"] } }),
            true,
        ),
        (
            json!({ "ForAllValues:StringEquals": { "aws:TagKeys": ["team"] } }),
            false,
        ),
        (
            json!({ "ForAnyValue:StringEquals": { "sts:TransitiveTagKeys": "team" } }),
            true,
        ),
        (
            json!({ "ForAnyValue:StringEquals": { "sts:TransitiveTagKeys": "cost" } }),
            false,
        ),
        (equals("aws:PrincipalTag/department", "vision"), true),
        (equals("aws:PrincipalTag/department", "sound"), false),
        (equals("aws:PrincipalTag/team", "vision"), false),
        (equals("aws:ResourceTag/stage", "prod"), true),
        (equals("iam:ResourceTag/stage", "dev"), false),
        (equals("aws:userid", user_id), true),
        (equals("aws:userid", "AIDAOTHER"), false),
        (equals("aws:username", "builder"), true),
        (equals("aws:username", "other"), false),
        (
            equals("aws:PrincipalArn", "arn:aws:iam::111111111111:user/builder"),
            true,
        ),
        (equals("aws:PrincipalArn", &arn(HERE, "builder")), false),
        (equals("aws:PrincipalAccount", HERE), true),
        (equals("aws:PrincipalAccount", THERE), false),
        (equals("aws:PrincipalType", "User"), true),
        (equals("aws:PrincipalType", "AssumedRole"), false),
        (json!({ "Null": { "aws:SourceIdentity": "true" } }), true),
        (
            json!({ "BoolIfExists": { "aws:MultiFactorAuthPresent": "true" } }),
            true,
        ),
        (
            json!({ "Bool": { "aws:MultiFactorAuthPresent": "true" } }),
            false,
        ),
    ];
    for (condition, allowed) in cases {
        aws.merge(json!({ "account": [{ "id": THERE, "role": [{
            "name": "role", "trust_policy": policy(Some("*"), ALL, &condition),
        }] }] }))
        .await;
        let answer = full().send().await;
        assert_eq!(answer.is_ok(), allowed, "{condition}: {answer:?}");
    }
}

type Change = fn(AssumeRoleFluentBuilder) -> AssumeRoleFluentBuilder;

#[tokio::test]
async fn the_roles_own_policy_sees_the_session() {
    let aws = start_world(WORLD).await;
    put_role(&aws, HERE, "role", ALL, json!({})).await;
    let equals = |key: &str, value: &str| json!({ "StringEquals": { key: value } });
    let plain = |request: AssumeRoleFluentBuilder| request;
    let tagged = |request: AssumeRoleFluentBuilder| request.tags(tag("Team", "vision"));
    let named = |request: AssumeRoleFluentBuilder| request.source_identity("person-1");
    let role_tags = json!({ "Stage": "prod", "team": "sound" });
    let cases: [(Change, Value, bool); 14] = [
        (tagged, equals("aws:PrincipalTag/team", "vision"), true),
        // A tag of the session stands in for the role's of the same key.
        (tagged, equals("aws:PrincipalTag/team", "sound"), false),
        (plain, equals("aws:PrincipalTag/team", "sound"), true),
        (tagged, equals("aws:PrincipalTag/stage", "prod"), true),
        (plain, equals("aws:PrincipalTag/other", "x"), false),
        (named, equals("aws:SourceIdentity", "person-1"), true),
        (
            plain,
            json!({ "Null": { "aws:SourceIdentity": "true" } }),
            true,
        ),
        (
            named,
            json!({ "Null": { "aws:SourceIdentity": "true" } }),
            false,
        ),
        (plain, equals("aws:PrincipalArn", &arn(HERE, "role")), true),
        (plain, equals("aws:PrincipalType", "AssumedRole"), true),
        (
            plain,
            json!({ "StringLike": { "aws:userid": "AROA*:run-1" } }),
            true,
        ),
        (plain, json!({ "Null": { "aws:username": "true" } }), true),
        (
            plain,
            json!({ "Bool": { "aws:MultiFactorAuthPresent": "false" } }),
            true,
        ),
        (
            plain,
            json!({ "DateGreaterThan": { "aws:TokenIssueTime": "2020-01-01T00:00:00Z" } }),
            true,
        ),
    ];
    for (change, condition, allowed) in cases {
        aws.merge(json!({ "account": [{ "id": HERE, "role": [{
            "name": "role", "tags": role_tags,
            "policy": policy(None, &["rekognition:DescribeProjects"], &condition),
        }] }] }))
        .await;
        let request = change(assume(&aws.sts(builder()), HERE, "role"));
        let answer = request.send().await.unwrap();
        let client = aws.rekognition(credentials(answer.credentials().unwrap()));
        let answer = client.describe_projects().send().await;
        assert_eq!(answer.is_ok(), allowed, "{condition}: {answer:?}");
    }
}

#[tokio::test]
async fn asking_who_one_is_needs_no_permission_and_cannot_be_denied() {
    let aws = start_world(WORLD).await;
    put_role(&aws, HERE, "role", ALL, json!({})).await;
    let deny =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}"#;
    let answer = assume(&aws.sts(builder()), HERE, "role")
        .policy(deny)
        .send()
        .await
        .unwrap();
    aws.merge(
        json!({ "account": [{ "id": HERE, "user": [{ "name": "builder", "policy": deny }] }] }),
    )
    .await;
    for (client, expected) in [
        (
            session(&aws, &answer),
            "arn:aws:sts::111111111111:assumed-role/role/run-1",
        ),
        (aws.sts(builder()), "arn:aws:iam::111111111111:user/builder"),
    ] {
        let identity = client.get_caller_identity().send().await.unwrap();
        assert_eq!(identity.arn(), Some(expected));
        assert_eq!(identity.account(), Some(HERE));
    }
}

#[tokio::test]
async fn operations_that_are_not_played_say_so() {
    let aws = start_world(WORLD).await;
    let sts = aws.sts(builder());
    let token = sts.get_session_token().send().await.unwrap_err();
    assert_eq!(token.code(), Some("NotEmulated"));
    let key = sts
        .get_access_key_info()
        .access_key_id("SESSIONSUSER00000001")
        .send()
        .await
        .unwrap_err();
    assert_eq!(key.code(), Some("NotEmulated"));
    assert_eq!(key.raw_response().unwrap().status().as_u16(), 501);
    assert!(key.message().unwrap().contains("sts:GetAccessKeyInfo"));
}

#[tokio::test]
async fn what_aws_takes_without_a_signature_is_not_refused_for_want_of_it() {
    let aws = start_world(WORLD).await;
    let sts = aws.sts(builder());
    let federated = sts
        .assume_role_with_web_identity()
        .role_arn(arn(THERE, "any"))
        .role_session_name("run-1")
        .web_identity_token("a-token-that-is-secret")
        .send()
        .await
        .unwrap_err();
    assert_eq!(federated.code(), Some("NotEmulated"));
    let federated = sts
        .assume_role_with_saml()
        .role_arn(arn(THERE, "any"))
        .principal_arn("arn:aws:iam::222222222222:saml-provider/any")
        .saml_assertion("an-assertion-that-is-secret")
        .send()
        .await
        .unwrap_err();
    assert_eq!(federated.code(), Some("NotEmulated"));
    let calls = aws.calls("AssumeRoleWithSAML").await;
    assert_eq!(calls[0]["parameters"]["SAMLAssertion"], "…");
    let ledger = aws.get("ledger").await.to_string();
    assert!(!ledger.contains("is-secret"), "{ledger}");

    // Anything else needs one.
    let form = "Action=GetSessionToken&Version=2011-06-15";
    let unsigned = aws.http().post(aws.url());
    let unsigned = unsigned.header("content-type", "application/x-www-form-urlencoded");
    let answer = unsigned.body(form).send().await.unwrap();
    assert!(
        answer
            .text()
            .await
            .unwrap()
            .contains("MissingAuthenticationToken")
    );
    let presigned = format!("{}/bucket/key?X-Amz-Signature=0&X-Amz-Date=0", aws.url());
    let answer = aws.http().get(presigned).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 501);
    let text = answer.text().await.unwrap();
    assert!(text.contains("presigned URLs"), "{text}");
}
