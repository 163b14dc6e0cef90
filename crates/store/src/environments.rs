//! Environments and the versions of their rules.

use crate::cells::Cells;
use crate::dialect::{execute, fetch_all, fetch_optional, statements};
use crate::error::StoreError;
use crate::tx::{Reader, Tx};
use domain::{Environment, EnvironmentName, Millis, Rule, RuleRef};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT e.name, e.position, e.colour, e.protected,
                r.version, r.approvals, r.run_within_ms
            FROM environments e
            JOIN environment_rules r ON r.environment = e.name AND r.version = e.rule_version ",
            $rest
        )
    };
}

statements! {
    LIST = select!("ORDER BY e.position");
    FIND = select!("WHERE e.name = $1");
    INSERT = "INSERT INTO environments (name, position, colour, protected, rule_version, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    INSERT_RULE = "INSERT INTO environment_rules
            (environment, version, approvals, run_within_ms, created_at)
        VALUES ($1, $2, $3, $4, $5)";
    FIND_RULE = "SELECT approvals, run_within_ms FROM environment_rules
        WHERE environment = $1 AND version = $2";
    FOLLOW_RULE = "UPDATE environments SET rule_version = $2
        WHERE name = $1 AND rule_version = $2 - 1";
}

#[derive(sqlx::FromRow)]
struct Line {
    name: String,
    position: i64,
    colour: String,
    protected: bool,
    version: i64,
    approvals: i64,
    run_within_ms: i64,
}

impl Line {
    fn into_environment(self) -> Result<Environment, StoreError> {
        let cells = Cells {
            table: "environments",
            row: &self.name,
        };
        let name: EnvironmentName = cells.text("name", self.name.clone())?;
        Ok(Environment {
            position: cells.count("position", self.position)?,
            colour: cells.text("colour", self.colour)?,
            protected: self.protected,
            rule: Rule {
                reference: RuleRef {
                    environment: name.clone(),
                    version: cells.count("rule_version", self.version)?,
                },
                approvals: cells.count("approvals", self.approvals)?,
                run_within_ms: self.run_within_ms,
            },
            name,
        })
    }
}

/// All environments, in the order of their stages.
pub async fn list(reader: &mut Reader) -> Result<Vec<Environment>, StoreError> {
    let lines = fetch_all!(reader, Line, LIST)?;
    lines.into_iter().map(Line::into_environment).collect()
}

/// One environment with the rule in force.
pub async fn find(
    reader: &mut Reader,
    name: &EnvironmentName,
) -> Result<Option<Environment>, StoreError> {
    let line = fetch_optional!(reader, Line, FIND, name.as_str())?;
    line.map(Line::into_environment).transpose()
}

/// Adds an environment with its rule.
pub async fn insert(tx: &mut Tx, environment: &Environment, at: Millis) -> Result<(), StoreError> {
    execute!(
        tx,
        INSERT,
        environment.name.as_str(),
        i64::from(environment.position),
        environment.colour.as_str(),
        environment.protected,
        i64::from(environment.rule.reference.version),
        at.get()
    )?;
    insert_rule(tx, &environment.rule, at).await
}

/// One version of a rule, whether or not it is still in force.
pub async fn rule(reader: &mut Reader, reference: &RuleRef) -> Result<Option<Rule>, StoreError> {
    let version = i64::from(reference.version);
    let row = fetch_optional!(
        reader,
        (i64, i64),
        FIND_RULE,
        reference.environment.as_str(),
        version
    )?;
    let cells = Cells {
        table: "environment_rules",
        row: reference.environment.as_str(),
    };
    row.map(|(approvals, run_within_ms)| {
        Ok(Rule {
            reference: reference.clone(),
            approvals: cells.count("approvals", approvals)?,
            run_within_ms,
        })
    })
    .transpose()
}

/// Puts a new rule in force. Its version must be the present one's plus 1, or it is a
/// [`StoreError::Conflict`]: somebody else has changed the rule meanwhile.
pub async fn add_rule(tx: &mut Tx, rule: &Rule, at: Millis) -> Result<(), StoreError> {
    let changed = execute!(
        tx,
        FOLLOW_RULE,
        rule.reference.environment.as_str(),
        i64::from(rule.reference.version)
    )?;
    if changed != 1 {
        return Err(StoreError::Conflict {
            table: "environments",
        });
    }
    insert_rule(tx, rule, at).await
}

async fn insert_rule(tx: &mut Tx, rule: &Rule, at: Millis) -> Result<(), StoreError> {
    execute!(
        tx,
        INSERT_RULE,
        rule.reference.environment.as_str(),
        i64::from(rule.reference.version),
        i64::from(rule.approvals),
        rule.run_within_ms,
        at.get()
    )?;
    Ok(())
}
