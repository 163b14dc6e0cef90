//! Model versions as last seen in AWS.

use crate::cells::{Cells, moment};
use crate::dialect::{execute, fetch_all, fetch_optional, statements};
use crate::error::StoreError;
use crate::tx::{Reader, Tx};
use domain::{Millis, ProjectArn, ProjectVersionArn, VersionStatus};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT arn, project, status, status_message, created, f1, source,
                output_bucket, output_prefix, kms_key, seen_at
            FROM model_versions ",
            $rest
        )
    };
}

statements! {
    LIST = select!("ORDER BY project, COALESCE(created, 0) DESC, arn");
    OF_PROJECT = select!("WHERE project = $1 ORDER BY COALESCE(created, 0) DESC, arn");
    FIND = select!("WHERE arn = $1");
    /// What was seen later than a look is not judged by it.
    KNOWN = "SELECT arn FROM model_versions WHERE project = $1 AND seen_at <= $2";
    SAVE = "INSERT INTO model_versions (arn, project, status, status_message, created, f1, source,
            output_bucket, output_prefix, kms_key, seen_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (arn) DO UPDATE
        SET project = excluded.project, status = excluded.status,
            status_message = excluded.status_message, created = excluded.created,
            f1 = excluded.f1, source = excluded.source, output_bucket = excluded.output_bucket,
            output_prefix = excluded.output_prefix, kms_key = excluded.kms_key,
            seen_at = excluded.seen_at
        WHERE model_versions.seen_at <= excluded.seen_at";
    DELETE = "DELETE FROM model_versions WHERE arn = $1";
}

/// A model version as last seen. Its name stands in the ARN; its project's number does not.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelVersionRow {
    /// The version.
    pub arn: ProjectVersionArn,
    /// Its project.
    pub project: ProjectArn,
    /// Its status.
    pub status: VersionStatus,
    /// AWS's words about the status. Untrusted text.
    pub status_message: Option<String>,
    /// When training or the copy began.
    pub created: Option<Millis>,
    /// Overall F1 score, 0 to 1.
    pub f1: Option<f64>,
    /// The version that this one was copied from.
    pub source: Option<ProjectVersionArn>,
    /// Where its results were written, bucket and prefix. Untrusted text.
    pub output: Option<(String, String)>,
    /// The key that it was made with. Untrusted text.
    pub kms_key: Option<String>,
    /// When it was seen like this.
    pub seen_at: Millis,
}

#[derive(sqlx::FromRow)]
struct Line {
    arn: String,
    project: String,
    status: String,
    status_message: Option<String>,
    created: Option<i64>,
    f1: Option<f64>,
    source: Option<String>,
    output_bucket: Option<String>,
    output_prefix: Option<String>,
    kms_key: Option<String>,
    seen_at: i64,
}

impl Line {
    fn into_row(self) -> Result<ModelVersionRow, StoreError> {
        let cells = Cells {
            table: "model_versions",
            row: &self.arn,
        };
        Ok(ModelVersionRow {
            arn: cells.text("arn", self.arn.clone())?,
            project: cells.text("project", self.project)?,
            status: VersionStatus::from(self.status),
            status_message: self.status_message,
            created: moment(self.created),
            f1: self.f1,
            source: cells.optional_text("source", self.source)?,
            output: self.output_bucket.zip(self.output_prefix),
            kms_key: self.kms_key,
            seen_at: Millis::new(self.seen_at),
        })
    }
}

/// All versions, by project, newest first.
pub async fn list(reader: &mut Reader) -> Result<Vec<ModelVersionRow>, StoreError> {
    let lines = fetch_all!(reader, Line, LIST)?;
    lines.into_iter().map(Line::into_row).collect()
}

/// The versions of one project, newest first.
pub async fn of_project(
    reader: &mut Reader,
    project: &ProjectArn,
) -> Result<Vec<ModelVersionRow>, StoreError> {
    let lines = fetch_all!(reader, Line, OF_PROJECT, project.to_string())?;
    lines.into_iter().map(Line::into_row).collect()
}

/// One version.
pub async fn find(
    reader: &mut Reader,
    version: &ProjectVersionArn,
) -> Result<Option<ModelVersionRow>, StoreError> {
    let line = fetch_optional!(reader, Line, FIND, version.to_string())?;
    line.map(Line::into_row).transpose()
}

/// Keeps exactly `versions`, seen at `at`, for one project, which must be there. What is no longer
/// listed goes; a version that was seen later stays as it was seen then, listed or not.
pub async fn replace(
    tx: &mut Tx,
    project: &ProjectArn,
    versions: &[ModelVersionRow],
    at: Millis,
) -> Result<(), StoreError> {
    let known = fetch_all!(tx, (String,), KNOWN, project.to_string(), at.get())?;
    for (arn,) in known {
        if !versions
            .iter()
            .any(|version| version.arn.to_string() == arn)
        {
            execute!(tx, DELETE, &arn)?;
        }
    }
    for version in versions {
        save(tx, version).await?;
    }
    Ok(())
}

/// Keeps one version as it was seen, unless it was seen later already; others stay. Its project must
/// be there.
pub async fn save(tx: &mut Tx, version: &ModelVersionRow) -> Result<(), StoreError> {
    let (bucket, prefix) = version
        .output
        .as_ref()
        .map_or((None, None), |(bucket, prefix)| {
            (Some(bucket.as_str()), Some(prefix.as_str()))
        });
    execute!(
        tx,
        SAVE,
        version.arn.to_string(),
        version.project.to_string(),
        version.status.as_str(),
        version.status_message.as_deref(),
        version.created.map(Millis::get),
        version.f1,
        version.source.as_ref().map(ToString::to_string),
        bucket,
        prefix,
        version.kms_key.as_deref(),
        version.seen_at.get()
    )?;
    Ok(())
}
