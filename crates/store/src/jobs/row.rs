//! A job's row.

use crate::cells::{Cells, moment};
use crate::error::StoreError;
use domain::{
    AccountNumber, EnvironmentName, JobId, JobKind, JobState, Millis, ProjectArn, ProposalId,
    VersionName, VersionStatus,
};

macro_rules! columns {
    () => {
        "id, number, proposal, kind, state, environment, source_account, destination_account,
        destination_project, version_name, claim, lease_owner, lease_until, next_run_at, attempt,
        aws_status, aws_seen_at, next_look_at, aws_request_id, created_at, started_at, ended_at,
        row_version, interrupted, held"
    };
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            $crate::jobs::row::columns!(),
            " FROM jobs ",
            $rest
        )
    };
}

pub(super) use {columns, select};

/// A job as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRow {
    /// Its id.
    pub id: JobId,
    /// What people call it.
    pub number: i64,
    /// The proposal whose plan it carries out.
    pub proposal: ProposalId,
    /// What it carries out.
    pub kind: JobKind,
    /// Where it stands.
    pub state: JobState,
    /// The environment that it changes.
    pub environment: EnvironmentName,
    /// The account whose project policy it changes, or whose version it copies.
    pub source_account: AccountNumber,
    /// The account that receives a copy.
    pub destination_account: Option<AccountNumber>,
    /// The project that receives a copy.
    pub destination_project: Option<ProjectArn>,
    /// The name that a copy gets.
    pub version_name: Option<VersionName>,
    /// The number of its last claim; 0 if it was never claimed.
    pub claim: i64,
    /// Who holds it, if anybody does.
    pub lease_owner: Option<String>,
    /// Until when they hold it.
    pub lease_until: Option<Millis>,
    /// Not to be claimed before.
    pub next_run_at: Millis,
    /// How often the present step was tried.
    pub attempt: i64,
    /// The status that AWS last gave for the copy.
    pub aws_status: Option<VersionStatus>,
    /// When AWS gave it.
    pub aws_seen_at: Option<Millis>,
    /// When AWS will be asked next.
    pub next_look_at: Option<Millis>,
    /// The request id of the last look. Untrusted text.
    pub aws_request_id: Option<String>,
    /// When it was made.
    pub created_at: Millis,
    /// When it left its first state.
    pub started_at: Option<Millis>,
    /// When it ended.
    pub ended_at: Option<Millis>,
    /// Counts the changes that readers are told of, from 1; a new age of the same status is none.
    pub row_version: i64,
    /// Its last claim took over from a worker that had not given the job back.
    pub interrupted: bool,
    /// It waits for something else than its turn.
    pub held: bool,
}

#[derive(sqlx::FromRow)]
pub(super) struct Line {
    id: String,
    number: i64,
    proposal: String,
    kind: String,
    state: String,
    environment: String,
    source_account: String,
    destination_account: Option<String>,
    destination_project: Option<String>,
    version_name: Option<String>,
    claim: i64,
    lease_owner: Option<String>,
    lease_until: Option<i64>,
    next_run_at: i64,
    attempt: i64,
    aws_status: Option<String>,
    aws_seen_at: Option<i64>,
    next_look_at: Option<i64>,
    aws_request_id: Option<String>,
    created_at: i64,
    started_at: Option<i64>,
    ended_at: Option<i64>,
    row_version: i64,
    interrupted: bool,
    held: bool,
}

impl Line {
    pub(super) fn into_row(self) -> Result<JobRow, StoreError> {
        let cells = Cells {
            table: "jobs",
            row: &self.id,
        };
        Ok(JobRow {
            id: cells.text("id", self.id.clone())?,
            number: self.number,
            proposal: cells.text("proposal", self.proposal)?,
            kind: cells.text("kind", self.kind)?,
            state: cells.json("state", &self.state)?,
            environment: cells.text("environment", self.environment)?,
            source_account: cells.text("source_account", self.source_account)?,
            destination_account: cells
                .optional_text("destination_account", self.destination_account)?,
            destination_project: cells
                .optional_text("destination_project", self.destination_project)?,
            version_name: cells.optional_text("version_name", self.version_name)?,
            claim: self.claim,
            lease_owner: self.lease_owner,
            lease_until: moment(self.lease_until),
            next_run_at: Millis::new(self.next_run_at),
            attempt: self.attempt,
            aws_status: self.aws_status.map(VersionStatus::from),
            aws_seen_at: moment(self.aws_seen_at),
            next_look_at: moment(self.next_look_at),
            aws_request_id: self.aws_request_id,
            created_at: Millis::new(self.created_at),
            started_at: moment(self.started_at),
            ended_at: moment(self.ended_at),
            row_version: self.row_version,
            interrupted: self.interrupted,
            held: self.held,
        })
    }
}
