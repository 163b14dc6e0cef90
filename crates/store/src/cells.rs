//! Turning stored text into domain types and back.

use crate::error::StoreError;
use domain::{Environments, Millis};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde::de::value::{Error, StringDeserializer};

/// Reads the cells of one row and names the row where one cannot be read.
pub(crate) struct Cells<'a> {
    /// The table.
    pub(crate) table: &'static str,
    /// The row's key, for the error.
    pub(crate) row: &'a str,
}

impl Cells<'_> {
    /// The error for a cell that holds something unknown.
    pub(crate) fn inconsistent(&self, column: &'static str) -> StoreError {
        StoreError::Inconsistent {
            table: self.table,
            column,
            row: self.row.to_owned(),
        }
    }

    /// An id, name, ARN or word.
    pub(crate) fn text<T: DeserializeOwned>(
        &self,
        column: &'static str,
        text: String,
    ) -> Result<T, StoreError> {
        T::deserialize(StringDeserializer::<Error>::new(text))
            .map_err(|_| self.inconsistent(column))
    }

    /// The same where the cell may be empty.
    pub(crate) fn optional_text<T: DeserializeOwned>(
        &self,
        column: &'static str,
        text: Option<String>,
    ) -> Result<Option<T>, StoreError> {
        text.map(|text| self.text(column, text)).transpose()
    }

    /// A value kept as JSON.
    pub(crate) fn json<T: DeserializeOwned>(
        &self,
        column: &'static str,
        text: &str,
    ) -> Result<T, StoreError> {
        serde_json::from_str(text).map_err(|_| self.inconsistent(column))
    }

    /// The same where the cell may be empty.
    pub(crate) fn optional_json<T: DeserializeOwned>(
        &self,
        column: &'static str,
        text: Option<&str>,
    ) -> Result<Option<T>, StoreError> {
        text.map(|text| self.json(column, text)).transpose()
    }

    /// A count of a narrower type than the column's.
    pub(crate) fn count<T: TryFrom<i64>>(
        &self,
        column: &'static str,
        count: i64,
    ) -> Result<T, StoreError> {
        T::try_from(count).map_err(|_| self.inconsistent(column))
    }
}

/// The JSON text that is stored for `value`.
pub(crate) fn to_json(
    table: &'static str,
    column: &'static str,
    value: &impl Serialize,
) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Unwritable { table, column })
}

/// The moment in a cell that may be empty.
pub(crate) fn moment(cell: Option<i64>) -> Option<Millis> {
    cell.map(Millis::new)
}

/// Environments as the statements of lists take them: `*` for all, else ` dev prod `. Names hold
/// neither spaces nor the wildcards of `LIKE`.
pub(crate) fn names(environments: &Environments) -> String {
    match environments {
        Environments::All => "*".to_owned(),
        Environments::Only(names) => names
            .iter()
            .fold(" ".to_owned(), |text, name| text + name.as_str() + " "),
    }
}
