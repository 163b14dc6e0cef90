//! Shapes that several use cases give to pages and to the API.

use domain::{
    AccountAlias, AccountNumber, EnvironmentColour, EnvironmentName, JobId, JobWord, ProposalId,
    ProposalWord, Region,
};
use serde::Serialize;
use std::fmt;

/// How an account is told apart: number, alias and environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountIdentity {
    /// The account's number.
    pub number: AccountNumber,
    /// What people call it.
    pub alias: AccountAlias,
    /// Its environment.
    pub environment: EnvironmentName,
    /// The look of that environment.
    pub colour: EnvironmentColour,
    /// Whether that environment asks for extra care.
    pub protected: bool,
}

/// From where to where, as one sentence: `inspector v7 · vision-dev → vision-prod · eu-west-1`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Arrow {
    /// What moves or changes, such as `inspector v7`.
    pub subject: String,
    /// Where it leaves; none for a change of a project policy.
    pub source: Option<AccountIdentity>,
    /// Where it arrives, or where the policy is.
    pub destination: AccountIdentity,
    /// The Region.
    pub region: Region,
}

impl fmt::Display for Arrow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            subject,
            source,
            destination,
            region,
        } = self;
        write!(formatter, "{subject} · ")?;
        if let Some(source) = source {
            write!(formatter, "{} → ", source.alias)?;
        }
        write!(formatter, "{} · {region}", destination.alias)
    }
}

/// A job to be linked to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JobLink {
    /// The job.
    pub id: JobId,
    /// Its number for people.
    pub number: i64,
    /// Where it stands.
    pub word: JobWord,
    /// How many others are before it while it waits for its turn in the destination project; 0 when
    /// it does not.
    pub behind: usize,
}

/// A proposal to be linked to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProposalLink {
    /// The proposal.
    pub id: ProposalId,
    /// Its number for people.
    pub number: i64,
    /// Where it stands.
    pub word: ProposalWord,
}

/// One page of a list, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// What to ask for as [`PageRequest::before`] to get the next page; none on the last one.
    pub next: Option<i64>,
}

/// Which page of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// Only items with a smaller number; none for the first page.
    pub before: Option<i64>,
    /// At most so many items; taken as 1 to 200.
    pub limit: u32,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self {
            before: None,
            limit: 50,
        }
    }
}

impl PageRequest {
    pub(crate) fn limit(self) -> u32 {
        self.limit.clamp(1, 200)
    }

    /// Splits what was read for this request, one item more than asked for, into a page.
    pub(crate) fn page<T>(self, mut items: Vec<T>, number: impl Fn(&T) -> i64) -> Page<T> {
        let limit = self.limit() as usize;
        let more = items.len() > limit;
        items.truncate(limit);
        let next = more.then(|| items.last().map(number)).flatten();
        Page { items, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_knows_whether_there_is_another() {
        let request = PageRequest {
            before: None,
            limit: 2,
        };
        let full = request.page(vec![9_i64, 8, 7], |number| *number);
        assert_eq!((full.items, full.next), (vec![9, 8], Some(8)));
        let last = request.page(vec![9_i64, 8], |number| *number);
        assert_eq!((last.items.len(), last.next), (2, None));
    }
}
