//! Forms about people and one's own sign-ins.

use domain::{PersonId, RoleAssignment};
use leptos::prelude::*;
use operations::people;
use operations::{Kind, OpContext, OpError, OpResult};
use tower_sessions::Session;

use super::answer::finish;
use super::{ApiError, op_context};
use crate::forms::FormName;

const SETTINGS: &str = "/settings";

/// Signs out of this browser.
#[server(prefix = "/api", endpoint = "sign-out")]
pub async fn sign_out() -> Result<(), ApiError> {
    let cx = op_context()?;
    let result = people::sign_out(&cx).await;
    if let Some(session) = use_context::<Session>()
        && let Err(error) = session.flush().await
    {
        tracing::warn!(%error, "a session of somebody who signed out stays until it expires");
    }
    let result = result.map(|()| "/sign-in?signed_out=yes".to_owned());
    finish(&cx, FormName::Settings, &(), SETTINGS, result).await
}

/// Ends one of one's own sign-ins.
#[server(prefix = "/api", endpoint = "settings/end-sign-in")]
pub async fn end_sign_in(#[server(default)] sign_in: String) -> Result<(), ApiError> {
    let cx = op_context()?;
    let result = people::end_sign_in(&cx, &sign_in).await;
    let result = result.map(|()| SETTINGS.to_owned());
    finish(&cx, FormName::Settings, &(), SETTINGS, result).await
}

/// Gives somebody a role, everywhere or in one environment.
#[server(prefix = "/api", endpoint = "people/give-role")]
pub async fn give_role(
    #[server(default)] person: String,
    #[server(default)] role: String,
    #[server(default)] environment: String,
) -> Result<(), ApiError> {
    let cx = op_context()?;
    let assignment = match environment.as_str() {
        "" => role,
        name => format!("{role}:{name}"),
    };
    let given = change(&cx, &person, &assignment, Change::Give).await;
    close(&cx, &person, given).await
}

/// Takes a role away.
#[server(prefix = "/api", endpoint = "people/take-role")]
pub async fn take_role(
    #[server(default)] person: String,
    #[server(default)] role: String,
) -> Result<(), ApiError> {
    let cx = op_context()?;
    let taken = change(&cx, &person, &role, Change::Take).await;
    close(&cx, &person, taken).await
}

/// Lets somebody in, or keeps them out.
#[server(prefix = "/api", endpoint = "people/set-active")]
pub async fn set_active(
    #[server(default)] person: String,
    #[server(default)] active: String,
) -> Result<(), ApiError> {
    let cx = op_context()?;
    let changed = match named(&person) {
        Ok(id) => people::set_active(&cx, id, active == "yes").await.map(drop),
        Err(error) => Err(error),
    };
    close(&cx, &person, changed).await
}

enum Change {
    Give,
    Take,
}

async fn change(cx: &OpContext, person: &str, role: &str, change: Change) -> OpResult<()> {
    let id = named(person)?;
    let assignment: RoleAssignment = role.parse().map_err(|_| OpError::NotFound {
        kind: Kind::Role,
        id: role.chars().take(60).collect(),
    })?;
    match change {
        Change::Give => people::give_role(cx, id, &assignment).await,
        Change::Take => people::take_role(cx, id, &assignment).await,
    }
    .map(drop)
}

fn named(person: &str) -> OpResult<PersonId> {
    person.parse().map_err(|_| OpError::NotFound {
        kind: Kind::Person,
        id: person.chars().take(60).collect(),
    })
}

async fn close(cx: &OpContext, person: &str, result: OpResult<()>) -> Result<(), ApiError> {
    let page = match person.parse::<PersonId>() {
        Ok(id) => format!("/settings/people/{id}"),
        Err(_) => "/settings/people".to_owned(),
    };
    let result = result.map(|()| page.clone());
    finish(cx, FormName::Settings, &(), &page, result).await
}
