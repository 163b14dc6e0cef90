//! Prints the policies that Customhouse generates, as one JSON list, for programs that judge them.
//!
//! Each entry has a `name`, a `kind` (`identity` or `project`) and the `document`. Trust policies
//! are left out: the linter that reads this list takes none.

use domain::{BucketName, KeyPrefix, KmsKeyRef, Millis, Region, RoleArn};
use iam::PolicyDocument;
use iam::generate::{
    CopySession, PromoterScope, ReaderScope, console_permissions, copy_session_policy,
    grant_session_policy, grant_statement, promoter_permissions, reader_permissions,
};
use serde_json::{Value, json};
use std::error::Error;

const SOURCE: &str = "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/1656565123456";
const DESTINATION: &str =
    "arn:aws:rekognition:eu-west-1:333333333333:project/inspector/1656705098765";
const VERSION: &str =
    "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v7/1656611123456";
const PROMOTER: &str = "arn:aws:iam::333333333333:role/customhouse-promoter";
const KEY: &str = "arn:aws:kms:eu-west-1:333333333333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

fn main() -> Result<(), Box<dyn Error>> {
    let all = [permissions()?, sessions()?, grants()?].concat();
    println!("{}", Value::from(all));
    Ok(())
}

fn entry(name: &str, kind: &str, document: &str) -> Result<Value, serde_json::Error> {
    let document: Value = serde_json::from_str(document)?;
    Ok(json!({ "name": name, "kind": kind, "document": document }))
}

/// What people attach to the roles: for named Regions, buckets and keys, and for all of them.
fn permissions() -> Result<Vec<Value>, Box<dyn Error>> {
    let promoter: RoleArn = PROMOTER.parse()?;
    let regions: [Region; 1] = ["eu-west-1".parse()?];
    let buckets: [BucketName; 1] = ["vision-prod-models".parse()?];
    let keys = [KEY.to_owned()];
    let sources = ["111111111111".parse()?, promoter.account().clone()];
    let named = ReaderScope {
        partition: promoter.partition(),
        account: promoter.account(),
        regions: &regions,
        buckets: &buckets,
    };
    let open = ReaderScope {
        regions: &[],
        buckets: &[],
        ..named
    };
    let both_ways = PromoterScope {
        role: &promoter,
        regions: &regions,
        models_leave: true,
        models_arrive: true,
        sources: &sources,
        buckets: &buckets,
        keys: &keys,
    };
    let leaving = PromoterScope {
        models_arrive: false,
        ..both_ways
    };
    let anywhere = PromoterScope {
        regions: &[],
        sources: &[],
        buckets: &[],
        keys: &[],
        ..both_ways
    };
    let identity = |name, document: PolicyDocument| entry(name, "identity", &document.to_json());
    Ok(vec![
        identity("reader", reader_permissions(&named))?,
        identity("reader, everywhere", reader_permissions(&open))?,
        identity("promoter", promoter_permissions(&both_ways))?,
        identity("promoter, models leave", promoter_permissions(&leaving))?,
        identity("promoter, everywhere", promoter_permissions(&anywhere))?,
        identity(
            "console",
            console_permissions(std::slice::from_ref(&promoter)),
        )?,
    ])
}

/// What is left of a promoter for one job.
fn sessions() -> Result<Vec<Value>, Box<dyn Error>> {
    let (source, destination) = (SOURCE.parse()?, DESTINATION.parse()?);
    let key = KmsKeyRef::new(KEY)?;
    let session = CopySession {
        source: &source,
        destination: &destination,
        bucket: &"vision-prod-models".parse()?,
        prefix: &KeyPrefix::new("inspector/prp_01/")?,
        key: None,
    };
    let with_key = CopySession {
        key: Some(&key),
        ..session
    };
    let copy = |name, session| entry(name, "identity", &copy_session_policy(session));
    Ok(vec![
        copy("copy session", &session)?,
        copy("copy session with a key", &with_key)?,
        entry("grant session", "identity", &grant_session_policy(&source))?,
    ])
}

/// Project policies: a grant with and without an end.
fn grants() -> Result<Vec<Value>, Box<dyn Error>> {
    let promoter = PROMOTER.parse()?;
    let version = VERSION.parse()?;
    let grant = |name, ends| -> Result<Value, Box<dyn Error>> {
        let statement = grant_statement("Ch01KB", &promoter, &version, ends)?;
        let document = PolicyDocument::of(vec![statement]).to_json();
        Ok(entry(name, "project", &document)?)
    };
    Ok(vec![
        grant("grant", None)?,
        grant("grant with an end", Some(Millis::new(1_795_521_600_000)))?,
    ])
}
