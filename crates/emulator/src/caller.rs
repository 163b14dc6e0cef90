//! Who makes a call, once the signature has proven it.

use crate::request::Request;
use crate::service::Service;
use crate::sigv4::refusal::{Ended, TokenFault};
use crate::sigv4::{Authorization, SignatureRefusal, verify::verify};
use crate::state::State;
use crate::state::account::{Role, User, unique_id};
use crate::state::session::Session;
use crate::world::text::{PolicyText, Secret};
use domain::{AccountNumber, Millis};
use iam::PrincipalFacts;
use std::collections::BTreeMap;

/// A proven caller with the policies that rule it at this moment.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) account: AccountNumber,
    /// The user's ARN, or the session's, which leaves the role's path out.
    pub(crate) arn: String,
    /// `AIDA…`, or `AROA…:session`.
    pub(crate) user_id: String,
    pub(crate) principal: PrincipalFacts,
    /// The user's or role's name, under which its policy is known.
    pub(crate) name: String,
    /// The policy of the user or of the session's role.
    pub(crate) identity: Option<PolicyText>,
    /// The policy that narrows the session.
    pub(crate) session_policy: Option<PolicyText>,
    /// What `aws:PrincipalTag/…` says of the caller.
    pub(crate) tags: BTreeMap<String, String>,
    /// `None` for a user.
    pub(crate) session: Option<CallerSession>,
}

/// The session that a caller is in.
#[derive(Clone)]
pub(crate) struct CallerSession {
    pub(crate) began: Millis,
    pub(crate) ends: Millis,
    pub(crate) source_identity: Option<String>,
    /// The tags that the next session in a chain takes over.
    pub(crate) transitive_tags: BTreeMap<String, String>,
}

impl Caller {
    /// When the caller's session ends; `None` for a user.
    pub(crate) fn session_ends(&self) -> Option<Millis> {
        self.session.as_ref().map(|session| session.ends)
    }
}

/// Finds out who signed `request`.
///
/// The session's end is looked at against `world_now`, the signature's moment against
/// `machine_now`.
pub(crate) fn authenticate(
    state: &State,
    request: &Request,
    authorization: &Authorization,
    service: Service,
    machine_now: Millis,
    world_now: Millis,
) -> Result<Caller, SignatureRefusal> {
    let key = Key::find(state, &authorization.access_key_id)?;
    key.check_token(request.header("x-amz-security-token"))?;
    verify(
        request,
        authorization,
        service,
        key.secret().reveal(),
        machine_now,
    )?;
    key.caller(world_now)
}

/// Whose access key it is.
enum Key<'a> {
    User(&'a AccountNumber, &'a User),
    Session(&'a Session, &'a Role),
}

impl<'a> Key<'a> {
    fn find(state: &'a State, access_key_id: &str) -> Result<Self, SignatureRefusal> {
        if let Some(session) = state.sessions.get(access_key_id) {
            let role = state
                .accounts
                .get(&session.account)
                .and_then(|account| account.roles.get(&session.role))
                .ok_or(SignatureRefusal::UnknownKey)?;
            return Ok(Self::Session(session, role));
        }
        state
            .accounts
            .iter()
            .flat_map(|(number, account)| account.users.values().map(move |user| (number, user)))
            .find(|(_, user)| user.access_key_id == access_key_id)
            .map(|(number, user)| Self::User(number, user))
            .ok_or(SignatureRefusal::UnknownKey)
    }

    fn secret(&self) -> &'a Secret {
        match self {
            Self::User(_, user) => &user.secret,
            Self::Session(session, _) => &session.secret,
        }
    }

    fn check_token(&self, token: Option<&str>) -> Result<(), SignatureRefusal> {
        let fault = match (self, token) {
            (Self::User(..), None) => return Ok(()),
            (Self::Session(session, _), Some(token)) if session.has_token(token) => return Ok(()),
            (Self::Session(..), Some(_)) => TokenFault::Foreign,
            (Self::User(..), Some(_)) => TokenFault::NotTaken,
            (Self::Session(..), None) => TokenFault::Missing,
        };
        Err(SignatureRefusal::BadToken(fault))
    }

    fn caller(&self, now: Millis) -> Result<Caller, SignatureRefusal> {
        match self {
            Self::User(account, user) => Ok(Caller {
                account: (*account).clone(),
                arn: user.arn.clone(),
                user_id: unique_id("AIDA", &user.arn),
                principal: PrincipalFacts::user(&user.arn)
                    .expect("a user of the world file has an ARN of the right shape"),
                name: user.name.clone(),
                identity: user.policy.clone(),
                session_policy: None,
                tags: user.tags.clone(),
                session: None,
            }),
            Self::Session(session, role) => {
                let arn = role
                    .arn
                    .parse()
                    .expect("a role of the world file has a role's ARN");
                let principal = PrincipalFacts::session(&arn, &session.name);
                if session.ended(now) {
                    return Err(SignatureRefusal::Expired(Some(Ended {
                        session: principal.arn(),
                        at: session.ends,
                    })));
                }
                Ok(Caller {
                    account: session.account.clone(),
                    arn: principal.arn(),
                    user_id: format!("{}:{}", unique_id("AROA", &role.arn), session.name),
                    principal,
                    name: role.name.clone(),
                    identity: role.policy.clone(),
                    session_policy: session.policy.clone(),
                    tags: principal_tags(role, session),
                    session: Some(CallerSession {
                        began: session.began,
                        ends: session.ends,
                        source_identity: session.source_identity.clone(),
                        transitive_tags: transitive_tags(session),
                    }),
                })
            }
        }
    }
}

/// A session's own tags, and its role's where it has none of that key.
fn principal_tags(role: &Role, session: &Session) -> BTreeMap<String, String> {
    let own = |key: &String| {
        let same = |other: &String| other.to_lowercase() == key.to_lowercase();
        session.tags.keys().any(same)
    };
    let mut tags = role.tags.clone();
    tags.retain(|key, _| !own(key));
    tags.extend(session.tags.clone());
    tags
}

fn transitive_tags(session: &Session) -> BTreeMap<String, String> {
    let mut tags = session.tags.clone();
    tags.retain(|key, _| session.transitive.contains(key));
    tags
}
