//! Who calls a use case, by which way, and what they may.

use domain::{Actor, Authority, Millis, PersonId, Roles, SignInId, TokenId};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// Who calls. Made for each request and never stored as a whole.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who it is, for rows and the audit.
    pub actor: Actor,
    /// What they may at this moment.
    pub authority: Authority,
    /// The salted hash of a person's name, for the audit: the name itself can be replaced later.
    pub name_hash: Option<String>,
    /// What they are called, for the page that they see. Untrusted text.
    pub name: String,
    /// The version of a person's row: it rises when what they may changes.
    pub version: i64,
    /// The way in.
    pub channel: Channel,
    /// Where the request came from, if it came over a network.
    pub address: Option<IpAddr>,
    /// The sign-in that a browser presented.
    pub sign_in: Option<SignIn>,
    /// The token that a program presented.
    pub token: Option<TokenId>,
}

/// The sign-in of a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// Which one.
    pub id: SignInId,
    /// When the person proved who they are.
    pub at: Millis,
}

/// The way by which a request came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A page or a form of one.
    Page,
    /// The REST interface.
    Api,
    /// A command beside the server.
    CommandLine,
    /// The product itself.
    Engine,
}

impl Channel {
    /// The word in the audit.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Api => "api",
            Self::CommandLine => "command_line",
            Self::Engine => "engine",
        }
    }
}

impl Caller {
    /// What the caller came in with, for finding out later whether it is good still.
    pub fn credential(&self) -> Option<String> {
        let sign_in = self.sign_in.map(|sign_in| sign_in.id.to_string());
        sign_in.or_else(|| self.token.map(|token| token.to_string()))
    }

    /// Somebody who has not signed in.
    pub fn nobody(channel: Channel, address: Option<IpAddr>) -> Self {
        Self {
            authority: Authority::Nobody,
            channel,
            address,
            ..Self::of(Actor::LocalOperator)
        }
    }

    /// A person with these roles, who has not come through a browser or a token yet.
    pub fn person(id: PersonId, roles: Roles) -> Self {
        Self {
            authority: Authority::Person(roles),
            ..Self::of(Actor::Person { id })
        }
    }

    /// A part of the product itself, or whoever sits at the machine.
    pub fn of(actor: Actor) -> Self {
        let channel = match actor {
            Actor::LocalOperator => Channel::CommandLine,
            _ => Channel::Engine,
        };
        Self {
            authority: Authority::of(&actor),
            name_hash: None,
            name: actor.to_string(),
            version: 0,
            actor,
            channel,
            address: None,
            sign_in: None,
            token: None,
        }
    }
}
