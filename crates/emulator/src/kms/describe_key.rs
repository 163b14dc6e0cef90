//! `DescribeKey`: a key's ARN and state, for whoever its policy and the caller's own allow.
//!
//! A key that is switched off is described as such; only its use is refused. A key of another
//! account has to be named by an ARN ("`DescribeKey`", AWS KMS API reference).

use super::Call;
use crate::authorize::Question;
use crate::error::ApiError;
use crate::rekognition::input::Input;
use crate::rekognition::shape::{GRANT_TOKEN, KMS_KEY_ID};
use crate::state::account::Key;
use crate::world::assumptions::ShapeViolation;
use domain::AccountNumber;
use iam::{NamedPolicy, ResourceRule};
use serde_json::{Map, Value, json};

const ACTION: &str = "kms:DescribeKey";

pub(super) fn call(call: &mut Call<'_>, members: &Map<String, Value>) -> Result<Value, ApiError> {
    let mut input = Input::new(members);
    let reference = input.text("KeyId", &KMS_KEY_ID);
    let tokens = input.optional_texts("GrantTokens", &GRANT_TOKEN, 0..=10);
    input.finish(ShapeViolation::Validation)?;
    if tokens.is_some_and(|tokens| !tokens.is_empty()) {
        return Err(ApiError::not_emulated("the GrantTokens of kms:DescribeKey"));
    }
    if let Some(region) = region_of(&reference)?
        && region != call.region.as_str()
    {
        let here = call.region;
        let detail = format!("The ARN is of the Region {region}, and the call is for {here}.");
        return Err(not_found(format!("Invalid arn {region}")).with_detail(detail));
    }
    let Some((owner, key)) = call
        .state
        .key(&reference, &call.caller.account, call.region)
    else {
        return Err(not_found(missing(call, &reference)));
    };
    let resource = key.arn(owner);
    let allowed = call.judge.allows(&Question {
        policies: vec![NamedPolicy {
            name: &key.id,
            document: &key.policy.document,
        }],
        rule: ResourceRule::ResourceMustAllow,
        ..Question::of_identity(ACTION, &resource, owner)
    });
    if allowed {
        Ok(json!({ "KeyMetadata": describe(owner, key) }))
    } else {
        let refusal = call.judge.refusal(ACTION, &resource);
        Err(ApiError::common("AccessDeniedException", 400, refusal))
    }
}

/// The Region in a reference that is an ARN of KMS; other references have none.
///
/// `arn:<key id>`, which the reference page of `CopyProjectVersion` has, is one for a copy alone.
fn region_of(reference: &str) -> Result<Option<&str>, ApiError> {
    if !reference.starts_with("arn:") {
        return Ok(None);
    }
    match reference.splitn(6, ':').collect::<Vec<_>>()[..] {
        ["arn", "aws", "kms", region, _, resource]
            if resource.starts_with("key/") || resource.starts_with("alias/") =>
        {
            Ok(Some(region))
        }
        _ => Err(ApiError::common(
            "InvalidArnException",
            400,
            format!("{reference} is not the ARN of a key or of an alias."),
        )),
    }
}

fn missing(call: &Call<'_>, reference: &str) -> String {
    let arn = if reference.starts_with("arn:") {
        reference.to_owned()
    } else {
        let (region, account) = (call.region, &call.caller.account);
        let kind = if reference.starts_with("alias/") {
            ""
        } else {
            "key/"
        };
        format!("arn:aws:kms:{region}:{account}:{kind}{reference}")
    };
    if arn.contains(":alias/") {
        format!("Alias {arn} is not found.")
    } else {
        format!("Key '{arn}' does not exist")
    }
}

fn not_found(message: String) -> ApiError {
    ApiError::common("NotFoundException", 400, message)
}

fn describe(owner: &AccountNumber, key: &Key) -> Value {
    json!({
        "AWSAccountId": owner,
        "Arn": key.arn(owner),
        "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "Description": "",
        "Enabled": key.enabled,
        "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"],
        "KeyId": key.id,
        "KeyManager": "CUSTOMER",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "KeyState": if key.enabled { "Enabled" } else { "Disabled" },
        "KeyUsage": "ENCRYPT_DECRYPT",
        "MultiRegion": false,
        "Origin": "AWS_KMS",
    })
}
