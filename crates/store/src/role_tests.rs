//! The last test of each role.

use crate::cells::{Cells, to_json};
use crate::dialect::{execute, fetch_all, fetch_optional, statements};
use crate::error::StoreError;
use crate::tx::{Reader, Tx};
use domain::{AccountNumber, Millis, RolePurpose};

statements! {
    LIST = "SELECT account, purpose, tested_at, result FROM role_tests ORDER BY account, purpose";
    FIND = "SELECT account, purpose, tested_at, result FROM role_tests
        WHERE account = $1 AND purpose = $2";
    SAVE = "INSERT INTO role_tests (account, purpose, tested_at, result) VALUES ($1, $2, $3, $4)
        ON CONFLICT (account, purpose)
        DO UPDATE SET tested_at = excluded.tested_at, result = excluded.result";
}

/// How the last test of one role went.
#[derive(Clone, Debug, PartialEq)]
pub struct RoleTestRow {
    /// The account.
    pub account: AccountNumber,
    /// Which of its roles.
    pub purpose: RolePurpose,
    /// When it was tested.
    pub tested_at: Millis,
    /// What was found; its shape belongs to the use case that tests.
    pub result: serde_json::Value,
}

#[derive(sqlx::FromRow)]
struct Line {
    account: String,
    purpose: String,
    tested_at: i64,
    result: String,
}

impl Line {
    fn into_row(self) -> Result<RoleTestRow, StoreError> {
        let cells = Cells {
            table: "role_tests",
            row: &self.account,
        };
        Ok(RoleTestRow {
            account: cells.text("account", self.account.clone())?,
            purpose: cells.text("purpose", self.purpose)?,
            tested_at: Millis::new(self.tested_at),
            result: cells.json("result", &self.result)?,
        })
    }
}

/// The last test of every role that was tested.
pub async fn list(reader: &mut Reader) -> Result<Vec<RoleTestRow>, StoreError> {
    let lines = fetch_all!(reader, Line, LIST)?;
    lines.into_iter().map(Line::into_row).collect()
}

/// The last test of one role.
pub async fn find(
    reader: &mut Reader,
    account: &AccountNumber,
    purpose: RolePurpose,
) -> Result<Option<RoleTestRow>, StoreError> {
    let line = fetch_optional!(reader, Line, FIND, account.as_str(), purpose.as_str())?;
    line.map(Line::into_row).transpose()
}

/// Keeps a test in place of the one before it. The account must be there.
pub async fn save(tx: &mut Tx, test: &RoleTestRow) -> Result<(), StoreError> {
    let result = to_json("role_tests", "result", &test.result)?;
    execute!(
        tx,
        SAVE,
        test.account.as_str(),
        test.purpose.as_str(),
        test.tested_at.get(),
        &result
    )?;
    Ok(())
}
