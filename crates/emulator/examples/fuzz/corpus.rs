//! Valid requests, one or more of each operation: what mutations start from.

use crate::message::{Message, Signer};
use crate::sign::encode;
use crate::world::{DESTINATION, DEV, EXTERNAL_ID, HOME, PROD, PROMOTER, SOURCE, VERSION};
use serde_json::{Value, json};

/// What a request carries, still in parts.
#[derive(Clone)]
pub(crate) enum Payload {
    /// AWS JSON 1.1.
    Json(Value),
    /// The Query protocol.
    Form(Vec<(String, String)>),
    /// Amazon S3: the method and the path.
    Rest(&'static str, String),
}

/// A request before it becomes HTTP.
#[derive(Clone)]
pub(crate) struct Template {
    pub(crate) service: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) payload: Payload,
    pub(crate) signer: Signer,
}

impl Template {
    /// HTTP for the emulator at `host`.
    pub(crate) fn message(&self, host: &str) -> Message {
        let mut message = Message {
            service: self.service,
            operation: Some(self.operation.to_owned()),
            method: "POST",
            path: "/".to_owned(),
            query: String::new(),
            headers: Vec::new(),
            body: Vec::new(),
            signer: self.signer,
        };
        message.set("host", host);
        match &self.payload {
            Payload::Json(value) => {
                let prefix = match self.service {
                    "kms" => "TrentService",
                    _ => "RekognitionService",
                };
                message.set("content-type", "application/x-amz-json-1.1");
                message.set("x-amz-target", &format!("{prefix}.{}", self.operation));
                message.body = value.to_string().into_bytes();
            }
            Payload::Form(pairs) => {
                message.set(
                    "content-type",
                    "application/x-www-form-urlencoded; charset=utf-8",
                );
                let pairs: Vec<String> = pairs
                    .iter()
                    .map(|(name, value)| {
                        format!(
                            "{}={}",
                            encode(name.as_bytes(), false),
                            encode(value.as_bytes(), false)
                        )
                    })
                    .collect();
                message.body = pairs.join("&").into_bytes();
            }
            Payload::Rest(method, path) => {
                message.method = method;
                message.path.clone_from(path);
            }
        }
        message
    }
}

pub(crate) fn templates() -> Vec<Template> {
    [rekognition(), others()].concat()
}

fn rekognition() -> Vec<Template> {
    let call = |operation, signer, body| Template {
        service: "rekognition",
        operation,
        payload: Payload::Json(body),
        signer,
    };
    let grant = json!({"Version": "2012-10-17", "Statement": [{
        "Sid": "Ch01", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::333333333333:root"},
        "Action": "rekognition:CopyProjectVersion", "Resource": VERSION,
        "Condition": {"DateLessThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}}}]})
    .to_string();
    vec![
        call("DescribeProjects", DEV, json!({})),
        call(
            "DescribeProjects",
            DEV,
            json!({"ProjectNames": ["inspector"], "Features": ["CUSTOM_LABELS"], "MaxResults": 1}),
        ),
        call(
            "DescribeProjectVersions",
            DEV,
            json!({"ProjectArn": SOURCE, "VersionNames": ["v7", "v6"], "MaxResults": 1}),
        ),
        call(
            "DescribeProjectVersions",
            PROD,
            json!({"ProjectArn": DESTINATION}),
        ),
        call(
            "PutProjectPolicy",
            DEV,
            json!({"ProjectArn": SOURCE, "PolicyName": "grant", "PolicyDocument": grant}),
        ),
        call(
            "ListProjectPolicies",
            DEV,
            json!({"ProjectArn": SOURCE, "MaxResults": 5}),
        ),
        call(
            "DeleteProjectPolicy",
            DEV,
            json!({"ProjectArn": SOURCE, "PolicyName": "grant"}),
        ),
        call(
            "CopyProjectVersion",
            PROD,
            json!({
                "SourceProjectArn": SOURCE, "SourceProjectVersionArn": VERSION,
                "DestinationProjectArn": DESTINATION, "VersionName": "v7",
                "OutputConfig": {"S3Bucket": "vision-prod-models", "S3KeyPrefix": "inspector/p1/"},
                "KmsKeyId": "alias/vision-prod-models", "Tags": {"team": "vision"},
            }),
        ),
        call("ListTagsForResource", DEV, json!({"ResourceArn": VERSION})),
        call(
            "TagResource",
            DEV,
            json!({"ResourceArn": VERSION, "Tags": {"team": "vision"}}),
        ),
        call(
            "UntagResource",
            DEV,
            json!({"ResourceArn": VERSION, "TagKeys": ["team"]}),
        ),
        call(
            "CreateProject",
            PROD,
            json!({"ProjectName": "new", "Feature": "CUSTOM_LABELS", "Tags": {"a": "b"}}),
        ),
        call(
            "DeleteProjectVersion",
            DEV,
            json!({"ProjectVersionArn": VERSION.replace("v7/1780304400000", "v5/1762160400000")}),
        ),
    ]
}

fn others() -> Vec<Template> {
    let form = |service, operation, signer, version: &str, pairs: &[(&str, &str)]| Template {
        service,
        operation,
        payload: Payload::Form(
            [("Action", operation), ("Version", version)]
                .iter()
                .chain(pairs)
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        ),
        signer,
    };
    let rest = |operation, method, path: &str| Template {
        service: "s3",
        operation,
        payload: Payload::Rest(method, path.to_owned()),
        signer: DEV,
    };
    let session_policy = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "rekognition:*", "Resource": "*"}]})
    .to_string();
    let assume = [
        ("RoleArn", PROMOTER),
        ("RoleSessionName", "fuzz"),
        ("ExternalId", EXTERNAL_ID),
        ("DurationSeconds", "3600"),
        ("Policy", session_policy.as_str()),
    ];
    let tagged = [
        &assume[..3],
        &[
            ("Tags.member.1.Key", "team"),
            ("Tags.member.1.Value", "vision"),
            ("TransitiveTagKeys.member.1", "team"),
            ("SourceIdentity", "somebody"),
        ],
    ]
    .concat();
    let simulate = [
        ("PolicySourceArn", PROMOTER),
        ("ActionNames.member.1", "rekognition:CopyProjectVersion"),
        ("ResourceArns.member.1", VERSION),
        ("ContextEntries.member.1.ContextKeyName", "aws:CurrentTime"),
        ("ContextEntries.member.1.ContextKeyType", "date"),
        (
            "ContextEntries.member.1.ContextKeyValues.member.1",
            "2026-11-24T00:00:00Z",
        ),
    ];
    vec![
        form("sts", "GetCallerIdentity", DEV, "2011-06-15", &[]),
        form("sts", "AssumeRole", HOME, "2011-06-15", &assume),
        form("sts", "AssumeRole", HOME, "2011-06-15", &tagged),
        form(
            "iam",
            "SimulatePrincipalPolicy",
            PROD,
            "2010-05-08",
            &simulate,
        ),
        Template {
            service: "kms",
            operation: "DescribeKey",
            payload: Payload::Json(
                json!({"KeyId": "alias/vision-prod-models", "GrantTokens": ["t"]}),
            ),
            signer: PROD,
        },
        rest("HeadBucket", "HEAD", "/vision-dev-models"),
        rest("HeadBucket", "HEAD", "/vision-dev-models-us-east-1"),
        rest(
            "GetObject",
            "GET",
            "/vision-dev-models/inspector/v7/EvaluationResultSummary-v7.json",
        ),
    ]
}
