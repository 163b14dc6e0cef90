//! The registry of accounts.

use crate::cells::{Cells, to_json};
use crate::dialect::{execute, fetch_all, fetch_optional, statements};
use crate::error::StoreError;
use crate::tx::{Reader, Tx};
use domain::{Account, AccountAlias, AccountNumber, Millis};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT number, alias, environment, regions, reader, promoter, external_id
            FROM accounts ",
            $rest
        )
    };
}

statements! {
    LIST = select!("ORDER BY position");
    FIND = select!("WHERE number = $1");
    FIND_BY_ALIAS = select!("WHERE alias = $1");
    INSERT = "INSERT INTO accounts
            (number, alias, environment, position, regions, reader, promoter, external_id, created_at)
        VALUES ($1, $2, $3, (SELECT COALESCE(MAX(position), 0) + 1 FROM accounts),
            $4, $5, $6, $7, $8)";
}

#[derive(sqlx::FromRow)]
struct Line {
    number: String,
    alias: String,
    environment: String,
    regions: String,
    reader: String,
    promoter: String,
    external_id: String,
}

impl Line {
    fn into_account(self) -> Result<Account, StoreError> {
        let cells = Cells {
            table: "accounts",
            row: &self.number,
        };
        Ok(Account {
            number: cells.text("number", self.number.clone())?,
            alias: cells.text("alias", self.alias)?,
            environment: cells.text("environment", self.environment)?,
            regions: cells.json("regions", &self.regions)?,
            reader: cells.text("reader", self.reader)?,
            promoter: cells.text("promoter", self.promoter)?,
            external_id: cells.text("external_id", self.external_id)?,
        })
    }
}

/// All accounts, in the order in which they were added.
pub async fn list(reader: &mut Reader) -> Result<Vec<Account>, StoreError> {
    let lines = fetch_all!(reader, Line, LIST)?;
    lines.into_iter().map(Line::into_account).collect()
}

/// One account.
pub async fn find(
    reader: &mut Reader,
    number: &AccountNumber,
) -> Result<Option<Account>, StoreError> {
    let line = fetch_optional!(reader, Line, FIND, number.as_str())?;
    line.map(Line::into_account).transpose()
}

/// The account that people call `alias`.
pub async fn find_by_alias(
    reader: &mut Reader,
    alias: &AccountAlias,
) -> Result<Option<Account>, StoreError> {
    let line = fetch_optional!(reader, Line, FIND_BY_ALIAS, alias.as_str())?;
    line.map(Line::into_account).transpose()
}

/// Adds an account after all others. Its environment must be there.
pub async fn insert(tx: &mut Tx, account: &Account, at: Millis) -> Result<(), StoreError> {
    let regions = to_json("accounts", "regions", &account.regions)?;
    execute!(
        tx,
        INSERT,
        account.number.as_str(),
        account.alias.as_str(),
        account.environment.as_str(),
        &regions,
        account.reader.to_string(),
        account.promoter.to_string(),
        account.external_id.as_str(),
        at.get()
    )?;
    Ok(())
}
