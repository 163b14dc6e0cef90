//! The world as written, kept so that it can be changed and started again: settings as a document,
//! each account as the text that it was read from.

use super::check::{self, Claim};
use super::error::WorldError;
use super::file::{AccountFile, AccountPart, WorldFile};
use super::merge::{merge_account, merge_settings};
use super::named::{self, Present};
use super::place::Step;
use super::read::{Document, Wrong};
use super::split::split;
use domain::AccountNumber;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::Arc;

/// A world as written, checked.
#[derive(Clone)]
pub(crate) struct Book {
    /// Every key but `account`.
    settings: Map<String, Value>,
    pub(super) file: Arc<WorldFile>,
    accounts: Vec<Arc<Written>>,
}

/// One account as written.
struct Written {
    id: AccountNumber,
    text: Text,
    /// What no other account may have.
    claims: Vec<Claim>,
    /// The ARNs of its users and roles.
    principals: Vec<Box<str>>,
}

enum Text {
    Toml {
        text: Box<str>,
        lines_before: usize,
    },
    /// `{"account": […]}` with the one account.
    Json(Box<str>),
}

impl Book {
    /// Reads a world file, and gives its accounts for a first time.
    pub(super) fn parse(text: &str) -> Result<(Self, Vec<AccountFile>), WorldError> {
        let parts = split(text);
        let settings = Document::Toml {
            text: &parts.settings,
            lines_before: 0,
        };
        let mut file: WorldFile = settings.read()?;
        let Value::Object(mut document) = settings.value() else {
            return Err(WorldError::new(None, String::new(), "is not a table"));
        };
        let mut book = Self {
            settings: Map::new(),
            file: Arc::new(WorldFile::default()),
            accounts: Vec::new(),
        };
        // Accounts written as a list of inline tables.
        let inline = document.remove("account");
        let inline = inline.as_ref().and_then(Value::as_array);
        let mut accounts = Vec::new();
        for (index, account) in std::mem::take(&mut file.account).into_iter().enumerate() {
            let at = account_steps(index);
            check::account(&account, &at).map_err(|wrong| settings.refuse(wrong))?;
            let value = inline.and_then(|list| list.get(index));
            let text = Text::json(value.unwrap_or_default());
            book.add(&account, text, &at)
                .map_err(|wrong| settings.refuse(wrong))?;
            accounts.push(account);
        }
        let inline = accounts.len();
        for part in &parts.accounts {
            let document = part.document();
            let text = Text::Toml {
                text: part.text.into(),
                lines_before: part.lines_before,
            };
            accounts.push(book.read(&document, text)?);
        }
        book.settings = document;
        book.file = Arc::new(file);
        let present = book.present();
        let (inline, own) = accounts.split_at(inline);
        for (index, account) in inline.iter().enumerate() {
            let checked = present.check(account, &account_steps(index));
            checked.map_err(|wrong| settings.refuse(wrong))?;
        }
        for (account, part) in own.iter().zip(&parts.accounts) {
            let checked = present.check(account, &account_steps(0));
            checked.map_err(|wrong| part.document().refuse(wrong))?;
        }
        Ok((book, accounts))
    }

    /// This world with `fragment` laid over it, and the accounts that it names.
    pub(crate) fn merged(&self, fragment: &Value) -> Result<(Self, Vec<AccountFile>), WorldError> {
        let Value::Object(fragment) = fragment else {
            let problem = "a fragment is a JSON object in the shape of a world file";
            return Err(WorldError::new(None, String::new(), problem));
        };
        let mut book = self.clone();
        merge_settings(&mut book.settings, fragment);
        let settings = Value::Object(book.settings.clone());
        let settings = Document::Json(&settings);
        let file: WorldFile = settings.read()?;
        book.file = Arc::new(file);
        let named = match fragment.get("account") {
            None => &[],
            Some(Value::Array(named)) => named.as_slice(),
            Some(_) => {
                return Err(WorldError::new(None, "account".to_owned(), "takes a list"));
            }
        };
        let mut changed: Vec<AccountFile> = Vec::new();
        for (index, entry) in named.iter().enumerate() {
            let account = book.merge(index, entry)?;
            changed.retain(|earlier| earlier.id != account.id);
            changed.push(account);
        }
        let present = book.present();
        for account in &changed {
            present.check(account, &account_steps(0)).map_err(|wrong| {
                let mut all = book.accounts.iter();
                let written = all.find(|written| written.id == account.id);
                let value = written.map(|written| written.value());
                Document::Json(&json!({ "account": [value] })).refuse(wrong)
            })?;
        }
        Ok((book, changed))
    }

    /// What is there to be named.
    fn present(&self) -> Present<'_> {
        let mut present = Present::default();
        for written in &self.accounts {
            present.accounts.insert(written.id.as_str());
            let principals = written.principals.iter().map(|arn| &**arn);
            present.principals.extend(principals);
            let buckets = written.claims.iter().filter_map(Claim::bucket);
            present.buckets.extend(buckets);
        }
        present
    }

    /// Reads every account once more.
    pub(crate) fn accounts(&self) -> Vec<AccountFile> {
        self.accounts
            .iter()
            .flat_map(|written| {
                let part: Result<AccountPart, _> = match &written.text {
                    Text::Toml { text, lines_before } => Document::Toml {
                        text,
                        lines_before: *lines_before,
                    }
                    .read(),
                    Text::Json(text) => Document::Json(&parsed(text)).read(),
                };
                part.expect("an account that was read once is in shape")
                    .account
            })
            .collect()
    }

    fn merge(&mut self, index: usize, entry: &Value) -> Result<AccountFile, WorldError> {
        let Some(id) = entry.get("id").and_then(Value::as_str) else {
            let key = format!("account[{index}].id");
            return Err(WorldError::new(
                None,
                key,
                "says which account this is, as text",
            ));
        };
        let place = self
            .accounts
            .iter()
            .position(|written| written.id.as_str() == id);
        let before = place.map(|place| self.accounts.remove(place));
        let mut account = before.map_or_else(|| json!({}), |written| written.value());
        merge_account(&mut account, entry).map_err(|missing| {
            WorldError::new(None, format!("account[{id}].{missing}"), "is missing")
        })?;
        let text = Text::json(&account);
        let document = json!({ "account": [account] });
        let account = self.read(&Document::Json(&document), text)?;
        // An account keeps its place.
        if let (Some(place), Some(written)) = (place, self.accounts.pop()) {
            self.accounts.insert(place, written);
        }
        Ok(account)
    }

    /// Reads the one account of `document`, checks it and appends it.
    fn read(&mut self, document: &Document<'_>, text: Text) -> Result<AccountFile, WorldError> {
        let part: AccountPart = document.read()?;
        let at = account_steps(0);
        let refuse = |wrong| document.refuse(wrong);
        let [account] = <[AccountFile; 1]>::try_from(part.account).map_err(|_| {
            refuse(Wrong {
                steps: vec![Step::Key("account".to_owned())],
                problem: "one account belongs here".to_owned(),
            })
        })?;
        check::account(&account, &at).map_err(refuse)?;
        self.add(&account, text, &at).map_err(refuse)?;
        Ok(account)
    }

    fn add(&mut self, account: &AccountFile, text: Text, at: &[Step]) -> Result<(), Wrong> {
        if self.accounts.iter().any(|other| other.id == account.id) {
            let mut steps = at.to_vec();
            steps.push(Step::Key("id".to_owned()));
            let problem = "this account stands twice".to_owned();
            return Err(Wrong { steps, problem });
        }
        let claims = check::claims(account, at);
        let mut taken: HashMap<&str, &AccountNumber> = self
            .accounts
            .iter()
            .flat_map(|other| {
                other
                    .claims
                    .iter()
                    .map(|claim| (claim.name.as_str(), &other.id))
            })
            .collect();
        for claim in &claims {
            if let Some(owner) = taken.insert(&claim.name, &account.id) {
                return Err(Wrong {
                    steps: claim.steps.clone(),
                    problem: format!("the {} belongs to account {owner}", claim.name),
                });
            }
        }
        self.accounts.push(Arc::new(Written {
            id: account.id.clone(),
            text,
            claims,
            principals: named::principals(account),
        }));
        Ok(())
    }
}

impl Text {
    fn json(account: &Value) -> Self {
        Self::Json(json!({ "account": [account] }).to_string().into())
    }
}

impl Written {
    /// The account's own table.
    fn value(&self) -> Value {
        let mut document = match &self.text {
            Text::Toml { text, lines_before } => Document::Toml {
                text,
                lines_before: *lines_before,
            }
            .value(),
            Text::Json(text) => parsed(text),
        };
        document["account"][0].take()
    }
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("the text was written from a document")
}

fn account_steps(index: usize) -> Vec<Step> {
    vec![Step::Key("account".to_owned()), Step::Index(index)]
}
