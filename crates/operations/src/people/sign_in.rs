//! Signing in: somebody was proven to be who they are, and a browser gets a sign-in.

use super::name;
use crate::audit::{Entry, Verb, about_person};
use crate::caller::Caller;
use crate::context::OpContext;
use crate::error::{ConflictCode, OpError, OpResult};
use domain::{Actor, Authority, PersonId, RoleAssignment, SignInId};
use std::collections::BTreeSet;
use std::net::IpAddr;
use store::Tx;
use store::people::{self, PersonRow, RoleRow, RoleSource};
use store::sign_ins::{self, SignInRow};

/// What a browser calls itself is kept to so many characters.
const BROWSER: usize = 200;

/// Who somebody is, as an issuer proved it.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Who proved it.
    pub issuer: String,
    /// What the issuer calls them.
    pub subject: String,
    /// What they are called. Untrusted text.
    pub name: String,
    /// Their groups at the issuer; roles follow from them by configuration.
    pub groups: Vec<String>,
}

/// How it was proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SignInMethod {
    /// By an OpenID Connect issuer.
    Oidc,
    /// By a password of this installation.
    Local,
    /// By a click, in a demonstration.
    Demo,
}

impl SignInMethod {
    /// The word used in SQL and the audit.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Oidc => "oidc",
            Self::Local => "local",
            Self::Demo => "demo",
        }
    }
}

/// Where somebody signs in.
#[derive(Clone, Debug, Default)]
pub struct Device {
    /// Where the request came from.
    pub address: Option<IpAddr>,
    /// How the browser names itself. Untrusted text.
    pub browser: String,
}

/// A sign-in that has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// Whose.
    pub person: PersonId,
    /// Which one; the session of the browser's cookie has to hold it, under a new id.
    pub sign_in: SignInId,
}

/// Begins a sign-in of the person of this identity, who is made if they come for the first time.
///
/// Roles that follow from groups are taken over anew. [`ConflictCode::PersonInactive`] if they may
/// not come in; that is audited too.
pub async fn sign_in(
    cx: &OpContext,
    identity: &Identity,
    method: SignInMethod,
    device: &Device,
) -> OpResult<SignedIn> {
    sign_in_with(cx, identity, method, device, &[]).await
}

/// The same for somebody who begins with these roles when they come for the first time.
pub async fn sign_in_with(
    cx: &OpContext,
    identity: &Identity,
    method: SignInMethod,
    device: &Device,
    roles: &[RoleAssignment],
) -> OpResult<SignedIn> {
    let mut tx = cx.store.begin().await?;
    let before = people::find_subject(&mut tx, &identity.issuer, &identity.subject).await?;
    let signed_in = sign_in_within(cx, &mut tx, identity, method, device).await;
    if let (Ok(SignedIn { person, .. }), None) = (&signed_in, before) {
        for assignment in roles {
            let row = RoleRow {
                assignment: assignment.clone(),
                source: RoleSource::Given,
                given_by: Actor::Configuration,
                at: cx.now(),
            };
            people::give(&mut tx, *person, &row).await?;
        }
    }
    // A refusal is part of the history too.
    match signed_in {
        Ok(signed_in) => {
            tx.commit().await?;
            Ok(signed_in)
        }
        Err(error @ OpError::Conflict { .. }) => {
            tx.commit().await?;
            Err(error)
        }
        Err(error) => Err(error),
    }
}

/// The same within a transaction of the caller, who commits it, also after
/// [`ConflictCode::PersonInactive`].
pub async fn sign_in_within(
    cx: &OpContext,
    tx: &mut Tx,
    identity: &Identity,
    method: SignInMethod,
    device: &Device,
) -> OpResult<SignedIn> {
    let now = cx.now();
    let person = person(cx, tx, identity).await?;
    let cx = &cx.called_by(Caller {
        actor: Actor::Person { id: person.id },
        authority: Authority::Nobody,
        name_hash: Some(person.name_hash.clone()),
        address: device.address,
        ..cx.caller.clone()
    });
    let entry =
        Entry::new(cx, Verb::SignIn, about_person(person.id), now).with("method", method.as_str());
    if !person.active {
        tx.audit(entry.with("refused", "inactive").done());
        return Err(OpError::Conflict {
            code: ConflictCode::PersonInactive,
        });
    }
    if method == SignInMethod::Oidc {
        follow_groups(cx, tx, person.id, &identity.groups).await?;
    }
    let sign_in = SignInId::generate(now, cx.random.as_ref());
    let row = SignInRow {
        id: sign_in,
        person: person.id,
        method: method.as_str().to_owned(),
        at: now,
        seen_at: now,
        ends_at: now.plus(cx.settings.sign_in.longest_ms),
        address: device.address.map(|address| address.to_string()),
        browser: device.browser.chars().take(BROWSER).collect(),
    };
    sign_ins::insert(tx, &row).await?;
    people::signed_in(tx, person.id, now).await?;
    tx.audit(entry.with("sign_in", &sign_in).done());
    Ok(SignedIn {
        person: person.id,
        sign_in,
    })
}

/// The person of this identity under their present name; made if they are new.
async fn person(cx: &OpContext, tx: &mut Tx, identity: &Identity) -> OpResult<PersonRow> {
    let Identity {
        issuer, subject, ..
    } = identity;
    let known = people::find_subject(tx, issuer, subject).await?;
    let id = if let Some(row) = known {
        row.id
    } else {
        let id = PersonId::generate(cx.now(), cx.random.as_ref());
        people::insert(tx, id, issuer, subject, cx.now()).await?;
        id
    };
    name::take(cx, tx, id, &identity.name).await?;
    let row = people::find(tx, id).await?;
    row.ok_or_else(|| OpError::stored("person just made"))
}

/// Takes over the roles that these groups stand for. When that changes anything, the person's other
/// sign-ins end: they began with other roles.
async fn follow_groups(
    cx: &OpContext,
    tx: &mut Tx,
    person: PersonId,
    groups: &[String],
) -> OpResult<()> {
    let stands_for = &cx.settings.sign_in.group_roles;
    let wanted: BTreeSet<&RoleAssignment> = stands_for
        .iter()
        .filter(|(group, _)| groups.contains(group))
        .map(|(_, assignment)| assignment)
        .collect();
    let rows = people::role_rows(tx, person).await?;
    let before: BTreeSet<_> = rows
        .iter()
        .filter(|row| row.source == RoleSource::Groups)
        .map(|row| &row.assignment)
        .collect();
    if wanted == before {
        return Ok(());
    }
    for gone in before.difference(&wanted) {
        people::take(tx, person, gone, RoleSource::Groups).await?;
    }
    for new in wanted.difference(&before) {
        let row = RoleRow {
            assignment: (*new).clone(),
            source: RoleSource::Groups,
            given_by: cx.actor().clone(),
            at: cx.now(),
        };
        people::give(tx, person, &row).await?;
    }
    people::raise_version(tx, person).await?;
    sign_ins::end_of(tx, person, None).await?;
    let text = |roles: BTreeSet<&RoleAssignment>| {
        let words: Vec<_> = roles.iter().map(ToString::to_string).collect();
        words.join(", ")
    };
    tx.audit(
        Entry::new(cx, Verb::FollowGroups, about_person(person), cx.now())
            .with("before", &text(before))
            .with("after", &text(wanted))
            .done(),
    );
    Ok(())
}
