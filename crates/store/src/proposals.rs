//! Proposals and their plans.

use crate::cells::{Cells, names, to_json};
use crate::dialect::{execute, fetch_all, fetch_optional, statements};
use crate::error::StoreError;
use crate::numbers;
use crate::tx::{Reader, Tx};
use domain::{
    Actor, EnvironmentName, Environments, Millis, Plan, PlanDigest, ProjectArn, ProposalId,
    ProposalKind, ProposalState, Reason, VersionName,
};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.number, p.kind, p.state, p.environment, p.requester, p.reason,
                p.plan_number, p.created_at, p.updated_at, p.row_version, n.canonical, n.digest
            FROM proposals p
            JOIN plans n ON n.proposal = p.id AND n.number = p.plan_number ",
            $rest
        )
    };
}

statements! {
    FIND = select!("WHERE p.id = $1");
    FIND_BY_NUMBER = select!("WHERE p.number = $1");
    LIST = select!("WHERE p.number < $1 AND ($3 = '*' OR $3 LIKE '% ' || p.environment || ' %')
        ORDER BY p.number DESC LIMIT $2");
    WAITING = select!("WHERE p.kind = 'promotion'
        AND p.word IN ('Waiting for approval', 'Changes requested') ORDER BY p.number");
    INSERT = "INSERT INTO proposals (id, number, kind, word, state, environment, requester, reason,
            plan_number, created_at, updated_at, row_version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $9, 1)";
    INSERT_PLAN = "INSERT INTO plans (proposal, number, canonical, digest, made_at)
        VALUES ($1, 1, $2, $3, $4)";
    SET_STATE = "UPDATE proposals
        SET word = $3, state = $4, updated_at = $5, row_version = row_version + 1
        WHERE id = $1 AND row_version = $2 RETURNING row_version";
}

/// A proposal that is to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewProposal<'a> {
    /// Its id.
    pub id: ProposalId,
    /// Where it stands.
    pub state: &'a ProposalState,
    /// The environment whose rule decides on it.
    pub environment: &'a EnvironmentName,
    /// Who asks.
    pub requester: &'a Actor,
    /// Why they ask.
    pub reason: Option<&'a Reason>,
    /// What is to be done; it becomes plan number 1.
    pub plan: &'a Plan,
    /// When.
    pub at: Millis,
}

/// A proposal as it is stored, with its present plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposalRow {
    /// Its id.
    pub id: ProposalId,
    /// What people call it.
    pub number: i64,
    /// What it asks for.
    pub kind: ProposalKind,
    /// Where it stands.
    pub state: ProposalState,
    /// The environment whose rule decides on it.
    pub environment: EnvironmentName,
    /// Who asks.
    pub requester: Actor,
    /// Why they ask.
    pub reason: Option<Reason>,
    /// Which of its plans is the present one; counts from 1.
    pub plan_number: i64,
    /// The present plan.
    pub plan: Plan,
    /// The same as stored, in canonical form.
    pub plan_json: String,
    /// The digest that approvals are given for. Whether the stored plan still has it is for the
    /// caller to check, before anything is run.
    pub digest: PlanDigest,
    /// When it was made.
    pub created_at: Millis,
    /// When its state last changed.
    pub updated_at: Millis,
    /// Counts its changes, from 1.
    pub row_version: i64,
}

#[derive(sqlx::FromRow)]
struct Line {
    id: String,
    number: i64,
    kind: String,
    state: String,
    environment: String,
    requester: String,
    reason: Option<String>,
    plan_number: i64,
    canonical: String,
    digest: String,
    created_at: i64,
    updated_at: i64,
    row_version: i64,
}

impl Line {
    fn into_row(self) -> Result<ProposalRow, StoreError> {
        let cells = Cells {
            table: "proposals",
            row: &self.id,
        };
        let plans = Cells {
            table: "plans",
            row: &self.id,
        };
        Ok(ProposalRow {
            id: cells.text("id", self.id.clone())?,
            number: self.number,
            kind: cells.text("kind", self.kind)?,
            state: cells.json("state", &self.state)?,
            environment: cells.text("environment", self.environment)?,
            requester: cells.json("requester", &self.requester)?,
            reason: cells.optional_text("reason", self.reason)?,
            plan_number: self.plan_number,
            plan: plans.json("canonical", &self.canonical)?,
            plan_json: self.canonical,
            digest: plans.text("digest", self.digest)?,
            created_at: Millis::new(self.created_at),
            updated_at: Millis::new(self.updated_at),
            row_version: self.row_version,
        })
    }
}

/// One proposal.
pub async fn find(reader: &mut Reader, id: ProposalId) -> Result<Option<ProposalRow>, StoreError> {
    let line = fetch_optional!(reader, Line, FIND, id.to_string())?;
    line.map(Line::into_row).transpose()
}

/// The proposal that people call by `number`.
pub async fn find_by_number(
    reader: &mut Reader,
    number: i64,
) -> Result<Option<ProposalRow>, StoreError> {
    let line = fetch_optional!(reader, Line, FIND_BY_NUMBER, number)?;
    line.map(Line::into_row).transpose()
}

/// At most `limit` proposals of these environments before number `before`, or the newest ones; newest first.
pub async fn list(
    reader: &mut Reader,
    within: &Environments,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<ProposalRow>, StoreError> {
    let lines = fetch_all!(
        reader,
        Line,
        LIST,
        before.unwrap_or(i64::MAX),
        limit,
        names(within)
    )?;
    lines.into_iter().map(Line::into_row).collect()
}

/// Promotions that wait for approval or for changes and would put a version called `name` into
/// `project`; oldest first.
pub async fn waiting_for(
    reader: &mut Reader,
    project: &ProjectArn,
    name: &VersionName,
) -> Result<Vec<ProposalRow>, StoreError> {
    let lines = fetch_all!(reader, Line, WAITING)?;
    let mut rows = Vec::new();
    for line in lines {
        let row = line.into_row()?;
        let wanted = match &row.plan {
            Plan::Promotion(plan) => {
                &plan.destination_project == project && &plan.version_name == name
            }
            Plan::PolicyChange(_) => false,
        };
        if wanted {
            rows.push(row);
        }
    }
    Ok(rows)
}

/// Stores a proposal with its plan and gives its number.
pub async fn insert(tx: &mut Tx, proposal: &NewProposal<'_>) -> Result<i64, StoreError> {
    let number = numbers::next(tx, "proposal").await?;
    let id = proposal.id.to_string();
    let state = to_json("proposals", "state", proposal.state)?;
    let requester = to_json("proposals", "requester", proposal.requester)?;
    let plan = proposal.plan.canonical_json();
    execute!(
        tx,
        INSERT,
        &id,
        number,
        proposal.plan.kind().as_str(),
        proposal.state.word().as_str(),
        &state,
        proposal.environment.as_str(),
        &requester,
        proposal.reason.map(Reason::as_str),
        proposal.at.get()
    )?;
    execute!(
        tx,
        INSERT_PLAN,
        &id,
        &plan,
        PlanDigest::of(&plan).as_str(),
        proposal.at.get()
    )?;
    Ok(number)
}

/// Stores a new state, if the proposal is still at `row_version`, and gives its next one.
/// [`StoreError::Conflict`] if it was changed meanwhile.
pub async fn set_state(
    tx: &mut Tx,
    id: ProposalId,
    row_version: i64,
    state: &ProposalState,
    at: Millis,
) -> Result<i64, StoreError> {
    let text = to_json("proposals", "state", state)?;
    let row = fetch_optional!(
        tx,
        (i64,),
        SET_STATE,
        id.to_string(),
        row_version,
        state.word().as_str(),
        &text,
        at.get()
    )?;
    row.map(|(row_version,)| row_version)
        .ok_or(StoreError::Conflict { table: "proposals" })
}
