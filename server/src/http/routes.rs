//! Everything that is answered.
//!
//! Pages come from the app's router and server functions from Leptos's own list, so that neither
//! can be forgotten; one without an action stops the server at its start.

use domain::{Action, RequestVerb};
use http::Method;

use super::registry::{Access, Registry, RegistryError, RouteKind};
use super::{audit_export, events, fragments, functions, health, local, pages, sign_in, site, v1};

/// Collects every route.
pub fn collect() -> Result<Registry, RegistryError> {
    let mut registry = Registry::default();
    add_pages(&mut registry)?;
    add_functions(&mut registry)?;
    add_local(&mut registry)?;
    add_live(&mut registry)?;
    registry.add(
        Method::GET,
        "/audit/export",
        RouteKind::Fragment,
        Access::Action(Action::ViewAudit),
        audit_export::download,
    )?;
    add_v1(&mut registry)?;
    add_sign_in(&mut registry)?;
    add_open(&mut registry)?;
    #[cfg(feature = "demo")]
    registry.add(
        Method::POST,
        "/sign-in/demo",
        RouteKind::ServerFunction,
        Access::Open,
        super::demo::sign_in,
    )?;
    Ok(registry)
}

fn add_pages(registry: &mut Registry) -> Result<(), RegistryError> {
    for page in pages::list() {
        let access =
            page_access(&page).ok_or_else(|| RegistryError::NoAction { path: page.clone() })?;
        registry.add(Method::GET, page, RouteKind::Page, access, pages::render)?;
    }
    Ok(())
}

fn add_functions(registry: &mut Registry) -> Result<(), RegistryError> {
    for (path, method) in leptos::server_fn::axum::server_fn_paths() {
        let access =
            function_action(path)
                .map(Access::Action)
                .ok_or_else(|| RegistryError::NoAction {
                    path: path.to_owned(),
                })?;
        registry.add(
            method,
            path,
            RouteKind::ServerFunction,
            access,
            functions::call,
        )?;
    }
    Ok(())
}

/// Forms with a password.
fn add_local(registry: &mut Registry) -> Result<(), RegistryError> {
    let (post, kind) = (Method::POST, RouteKind::ServerFunction);
    let (open, own) = (Access::Open, Access::Action(Action::ManageOwn));
    registry.add(
        post.clone(),
        "/api/sign-in/local",
        kind,
        open,
        local::sign_in,
    )?;
    registry.add(post.clone(), "/setup/{token}", kind, open, local::use_link)?;
    registry.add(
        post,
        "/api/settings/password",
        kind,
        own,
        local::change_password,
    )
}

fn add_live(registry: &mut Registry) -> Result<(), RegistryError> {
    let follow = Access::Action(Action::FollowEvents);
    registry.add(
        Method::GET,
        "/events",
        RouteKind::Stream,
        follow,
        events::follow,
    )?;
    let (proposals, models, policies) = (
        Access::Action(Action::ViewProposals),
        Access::Action(Action::ViewModels),
        Access::Action(Action::ViewPolicies),
    );
    let kind = RouteKind::Fragment;
    registry.add(
        Method::GET,
        "/fragments/pause",
        kind,
        proposals,
        fragments::pause,
    )?;
    registry.add(
        Method::GET,
        "/fragments/home",
        kind,
        proposals,
        fragments::home,
    )?;
    registry.add(
        Method::GET,
        "/fragments/promotions",
        kind,
        proposals,
        fragments::promotions,
    )?;
    registry.add(
        Method::GET,
        "/fragments/promotions/{id}",
        kind,
        proposals,
        fragments::promotion,
    )?;
    registry.add(
        Method::GET,
        "/fragments/jobs/{id}",
        kind,
        proposals,
        fragments::job,
    )?;
    registry.add(
        Method::GET,
        "/fragments/models",
        kind,
        models,
        fragments::models,
    )?;
    registry.add(
        Method::GET,
        "/fragments/policies",
        kind,
        policies,
        fragments::policies,
    )?;
    registry.add(
        Method::GET,
        "/fragments/policies/{project}",
        kind,
        policies,
        fragments::project_policies,
    )
}

fn add_v1(registry: &mut Registry) -> Result<(), RegistryError> {
    let (view, propose, follow) = (
        Access::Action(Action::ViewProposals),
        Access::Action(Action::ProposePromotion),
        Access::Action(Action::FollowEvents),
    );
    let kind = RouteKind::Api;
    registry.add(
        Method::POST,
        "/v1/promotions",
        kind,
        propose,
        v1::promotions::create,
    )?;
    registry.add(
        Method::GET,
        "/v1/promotions",
        kind,
        view,
        v1::promotions::list,
    )?;
    registry.add(
        Method::GET,
        "/v1/promotions/{id}",
        kind,
        view,
        v1::promotions::get,
    )?;
    registry.add(Method::GET, "/v1/jobs", kind, view, v1::jobs::list)?;
    registry.add(Method::GET, "/v1/jobs/{id}", kind, view, v1::jobs::get)?;
    add_job_requests(registry)?;
    registry.add(
        Method::GET,
        "/v1/audit",
        kind,
        Access::Action(Action::ViewAudit),
        v1::audit::list,
    )?;
    registry.add(
        Method::GET,
        "/v1/openapi.json",
        kind,
        Access::Open,
        v1::openapi::document,
    )?;
    registry.add(
        Method::GET,
        "/v1/events",
        RouteKind::Stream,
        follow,
        events::follow,
    )
}

/// What can be asked of a job.
fn add_job_requests(registry: &mut Registry) -> Result<(), RegistryError> {
    use v1::job_requests as ask;
    let (post, kind) = (Method::POST, RouteKind::Api);
    let access = |verb: RequestVerb| Access::Action(verb.action());
    let path = |verb: RequestVerb| format!("/v1/jobs/{{id}}/{}", verb.as_str());
    let stop = RequestVerb::Stop;
    registry.add(post.clone(), path(stop), kind, access(stop), ask::stop)?;
    let look = RequestVerb::LookAgain;
    registry.add(
        post.clone(),
        path(look),
        kind,
        access(look),
        ask::look_again,
    )?;
    let adopt = RequestVerb::Adopt;
    registry.add(post.clone(), path(adopt), kind, access(adopt), ask::adopt)?;
    let resend = RequestVerb::Resend;
    registry.add(
        post.clone(),
        path(resend),
        kind,
        access(resend),
        ask::resend,
    )?;
    let give_up = RequestVerb::GiveUp;
    registry.add(post, path(give_up), kind, access(give_up), ask::give_up)
}

/// The way to the sign-in provider and back: the only `GET`s that change something.
fn add_sign_in(registry: &mut Registry) -> Result<(), RegistryError> {
    let (get, page, open) = (Method::GET, RouteKind::Page, Access::Open);
    registry.add(get.clone(), "/auth/start", page, open, sign_in::start)?;
    registry.add(get, "/auth/return", page, open, sign_in::finish)
}

fn add_open(registry: &mut Registry) -> Result<(), RegistryError> {
    let open = Access::Open;
    registry.add(
        Method::GET,
        "/healthz",
        RouteKind::Health,
        open,
        health::alive,
    )?;
    registry.add(
        Method::GET,
        "/readyz",
        RouteKind::Health,
        open,
        health::ready,
    )?;
    registry.add(
        Method::GET,
        "/pkg/{*name}",
        RouteKind::Asset,
        open,
        site::file,
    )
}

/// What a page lets people do; those for people who have not signed in are open.
fn page_access(path: &str) -> Option<Access> {
    match path {
        "/sign-in" | "/setup/{token}" => Some(Access::Open),
        _ => page_action(path).map(Access::Action),
    }
}

/// What a page lets people do, by the first part of its path.
fn page_action(path: &str) -> Option<Action> {
    match path {
        "/promotions/new" => return Some(Action::ProposePromotion),
        "/audit" => return Some(Action::ViewAudit),
        _ => {}
    }
    if path == "/settings/people" || path.starts_with("/settings/people/") {
        return Some(Action::ManagePeople);
    }
    // Home tells those without a role that they have none.
    if matches!(path, "/" | "/settings" | "/settings/password") {
        return Some(Action::ManageOwn);
    }
    match path.trim_matches('/').split('/').next() {
        Some("accounts") => Some(Action::ViewAccounts),
        Some("models") => Some(Action::ViewModels),
        Some("policies") => Some(Action::ViewPolicies),
        Some("promotions" | "jobs") => Some(Action::ViewProposals),
        _ => None,
    }
}

/// What a server function lets people do.
fn function_action(path: &str) -> Option<Action> {
    match path {
        "/api/accounts/test-role" => Some(Action::TestRole),
        "/api/jobs/stop" => Some(Action::StopJob),
        "/api/jobs/look-again" => Some(Action::LookAgain),
        "/api/jobs/adopt" => Some(Action::AdoptVersion),
        "/api/jobs/resend" => Some(Action::ResendCopy),
        "/api/jobs/give-up" => Some(Action::GiveUpJob),
        "/api/people/give-role" | "/api/people/take-role" | "/api/people/set-active" => {
            Some(Action::ManagePeople)
        }
        "/api/settings/end-sign-in" | "/api/sign-out" => Some(Action::ManageOwn),
        "/api/models/refresh" => Some(Action::RefreshModels),
        "/api/policies/preview" => Some(Action::ViewPolicies),
        "/api/policies/attach" | "/api/policies/remove" => Some(Action::ProposePolicyChange),
        "/api/promotions/fill" | "/api/promotions/propose" => Some(Action::ProposePromotion),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_or_function_that_nobody_knows_has_no_action() {
        for path in ["/settings/other", "/accountsx", "/audit/all"] {
            assert_eq!(page_action(path), None, "{path}");
        }
        assert_eq!(function_action("/api/accounts"), None);
    }
}
