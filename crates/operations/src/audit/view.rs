//! Entries as people and programs are shown them.

use domain::{Actor, Millis};
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use store::audit::{AuditRow, Phase, Subject};
use store::{Reader, people};

use crate::error::OpResult;

/// One entry.
#[derive(Clone, Debug)]
pub struct AuditView {
    /// Its number; counts from 1 without gaps.
    pub n: i64,
    /// When.
    pub at: Millis,
    /// Who.
    pub actor: Named,
    /// For whom, where it was not for themselves.
    pub on_behalf_of: Option<Named>,
    /// What was done, or what was refused.
    pub action: String,
    /// Which part of it, or that it was refused.
    pub phase: Phase,
    /// To what.
    pub subject: Subject,
    /// What the thing is called, if it is a person.
    pub subject_name: Option<String>,
    /// What else matters. Untrusted text.
    pub details: BTreeMap<String, String>,
    /// The request that it came with, ours or AWS's.
    pub request_id: Option<String>,
    /// The way by which the request came in.
    pub channel: Option<String>,
    /// Where it came from.
    pub address: Option<IpAddr>,
    /// Its place in the chain.
    pub hash: String,
    /// The text that the hash covers, canonical JSON.
    pub canonical: String,
}

/// Somebody with what they are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Who.
    pub actor: Actor,
    /// The name that a person had then, or what part of the product it is. A person whose name was
    /// replaced is called by their id. Untrusted text.
    pub name: String,
}

/// Every name that anybody has or had.
pub(super) struct Names {
    /// By person and hash.
    then: HashMap<(String, String), String>,
    /// By person.
    now: HashMap<String, String>,
}

impl Names {
    pub(super) async fn load(reader: &mut Reader) -> OpResult<Self> {
        let mut names = Self {
            then: HashMap::new(),
            now: HashMap::new(),
        };
        for person in people::list(reader).await? {
            names.now.insert(person.id.to_string(), person.name);
        }
        for (person, hash, name) in people::names(reader).await? {
            names.then.insert((person, hash), name);
        }
        Ok(names)
    }

    fn of(&self, actor: &Actor, hash: Option<&str>) -> Named {
        let name = match actor {
            Actor::Person { id } => {
                let id = id.to_string();
                let then = hash.and_then(|hash| self.then.get(&(id.clone(), hash.to_owned())));
                let name = then.or_else(|| self.now.get(&id)).cloned();
                name.unwrap_or(id)
            }
            _ => actor.to_string(),
        };
        Named {
            actor: actor.clone(),
            name,
        }
    }

    pub(super) fn view(&self, row: AuditRow) -> AuditView {
        let AuditRow {
            n,
            hash,
            entry,
            canonical,
        } = row;
        AuditView {
            n,
            at: entry.at,
            actor: self.of(&entry.actor, entry.actor_name.as_deref()),
            on_behalf_of: entry.on_behalf_of.map(|actor| self.of(&actor, None)),
            action: entry.action,
            phase: entry.phase,
            subject_name: self.now.get(&entry.subject.id).cloned(),
            subject: entry.subject,
            details: entry.details,
            request_id: entry.request_id,
            channel: entry.channel,
            address: entry.address,
            hash,
            canonical,
        }
    }
}
