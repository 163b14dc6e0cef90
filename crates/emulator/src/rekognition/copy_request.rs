//! What `CopyProjectVersion` is asked for.

use super::error;
use super::input::Input;
use super::shape::{BUCKET, KEY_PREFIX, KMS_KEY, NAME, PROJECT_ARN, PROJECT_VERSION_ARN};
use crate::arn::{ProjectArn, ProjectVersionArn};
use crate::error::ApiError;
use crate::state::evaluation::summary_key;
use crate::state::model::CopyTarget;
use crate::world::assumptions::ShapeViolation;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A request whose shape is good.
pub(super) struct Request {
    pub(super) source_project: ProjectArn,
    pub(super) source: ProjectVersionArn,
    pub(super) destination: ProjectArn,
    pub(super) name: String,
    /// Where the results go.
    pub(super) target: CopyTarget,
    pub(super) tags: BTreeMap<String, String>,
}

impl Request {
    /// Reads the members and checks their shapes.
    pub(super) fn read(
        body: &Map<String, Value>,
        setting: ShapeViolation,
    ) -> Result<Self, ApiError> {
        let mut input = Input::new(body);
        let source_project = input.text("SourceProjectArn", &PROJECT_ARN);
        let source = input.text("SourceProjectVersionArn", &PROJECT_VERSION_ARN);
        let destination = input.text("DestinationProjectArn", &PROJECT_ARN);
        let name = input.text("VersionName", &NAME);
        let output = input.structure("OutputConfig");
        let mut output_text = |name, shape| {
            output.and_then(|members| input.text_within("OutputConfig", members, name, shape))
        };
        let bucket = output_text("S3Bucket", &BUCKET);
        let prefix = output_text("S3KeyPrefix", &KEY_PREFIX).unwrap_or_default();
        let kms_key = input.optional_text("KmsKeyId", &KMS_KEY);
        let tags = input.tags();
        input.finish(setting)?;

        let bucket = bucket.ok_or_else(|| {
            error::invalid_parameter("OutputConfig names no S3Bucket for the copy's results.")
        })?;
        let unknown =
            |what: &str, arn: &str| error::not_found(format!("The {what} {arn} does not exist."));
        let project = |arn: &str| ProjectArn::parse(arn).ok_or_else(|| unknown("project", arn));
        let source_project = project(&source_project)?;
        let source =
            ProjectVersionArn::parse(&source).ok_or_else(|| unknown("model version", &source))?;
        let destination = project(&destination)?;
        Ok(Self {
            source_project,
            source,
            target: CopyTarget {
                summary: summary_key(&prefix, &destination.name, &name),
                bucket,
                prefix,
                kms_key,
            },
            destination,
            name,
            tags,
        })
    }
}
