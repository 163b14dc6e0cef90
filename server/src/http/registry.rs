//! The one list of everything that is answered.
//!
//! axum cannot list its routes, so routes are added here and nowhere else (a clippy ban sees to
//! it): each with its method, its path, what kind of answer it gives and the action that it lets
//! people take. Tests, `customhouse routes` and the layers that differ by kind read this list.

use axum::Router;
use axum::handler::Handler;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodFilter, MethodRouter, on};
use domain::Action;
use http::Method;
use serde::{Serialize, Serializer};

use super::layers::{authorize, content_type, identify, referer, timeout, trace};
use super::state::AppState;
use crate::sessions;

/// What a route lets people do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nothing that needs permission: files of the site and signs of life.
    Open,
    /// This, if they may.
    Action(Action),
}

/// What kind of answer a route gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RouteKind {
    /// A whole HTML page.
    Page,
    /// The end of a form: a redirect.
    ServerFunction,
    /// A piece of a page.
    Fragment,
    /// JSON for programs.
    Api,
    /// Server-sent events, open for minutes.
    Stream,
    /// A file of the site.
    Asset,
    /// A sign of life.
    Health,
}

/// One route, without its handler.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RouteInfo {
    /// The method. `GET` answers `HEAD` too.
    #[serde(serialize_with = "as_text")]
    pub method: Method,
    /// The path; `{name}` stands for one segment, `{*name}` for the rest.
    pub path: String,
    /// The action it allows.
    #[serde(rename = "action")]
    pub access: Access,
    /// The kind of its answer.
    pub kind: RouteKind,
}

/// A route that cannot be added.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// Nobody has said what it lets people do.
    #[error("the route {path} has no action; name one in http/routes.rs")]
    NoAction {
        /// The route's path.
        path: String,
    },
    /// The method cannot be routed.
    #[error("the route {path} has the method {method}, which cannot be routed")]
    Method {
        /// The route's path.
        path: String,
        /// Its method.
        method: Method,
    },
}

/// The routes as they are collected.
#[derive(Default)]
pub struct Registry {
    routes: Vec<(RouteInfo, MethodRouter<AppState>)>,
}

impl Registry {
    /// Adds a route.
    pub fn add<H, T>(
        &mut self,
        method: Method,
        path: impl Into<String>,
        kind: RouteKind,
        access: Access,
        handler: H,
    ) -> Result<(), RegistryError>
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        let path = path.into();
        let filter = MethodFilter::try_from(method.clone()).map_err(|_| RegistryError::Method {
            path: path.clone(),
            method: method.clone(),
        })?;
        let info = RouteInfo {
            method,
            path,
            access,
            kind,
        };
        self.routes.push((info, on(filter, handler)));
        Ok(())
    }

    /// All routes, by path and method.
    pub fn list(&self) -> Vec<RouteInfo> {
        let mut list: Vec<_> = self.routes.iter().map(|(info, _)| info.clone()).collect();
        list.sort_by(|a, b| (&a.path, a.method.as_str()).cmp(&(&b.path, b.method.as_str())));
        list
    }

    /// A router of all routes, each with the layers of its kind.
    pub fn into_router(self, state: &AppState) -> Router<AppState> {
        self.routes
            .into_iter()
            .fold(Router::new(), |router, (info, handler)| {
                let handler = layered(handler, &info, state);
                #[expect(clippy::disallowed_methods, reason = "this is the registry")]
                router.route(&info.path, handler)
            })
    }
}

/// Innermost first.
fn layered(
    handler: MethodRouter<AppState>,
    info: &RouteInfo,
    state: &AppState,
) -> MethodRouter<AppState> {
    let mut handler = handler;
    if !info.method.is_safe() {
        handler = handler.layer(from_fn(content_type::layer));
    }
    if !matches!(info.kind, RouteKind::Asset | RouteKind::Health) {
        let asked = (state.clone(), info.kind, info.access);
        handler = handler.layer(from_fn_with_state(asked, authorize::layer));
        let asked = (state.clone(), info.kind);
        handler = handler.layer(from_fn_with_state(asked, identify::layer));
        handler = handler.layer(sessions::layer(&state.store, &state.clock));
    }
    if info.kind == RouteKind::ServerFunction {
        handler = handler.layer(from_fn_with_state(state.names.clone(), referer::layer));
    }
    if info.kind != RouteKind::Stream {
        handler = handler.layer(from_fn_with_state(timeout::LONGEST, timeout::layer));
    }
    handler.layer(from_fn(trace::route))
}

impl Serialize for Access {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Open => serializer.serialize_str("open"),
            Self::Action(action) => action.serialize(serializer),
        }
    }
}

fn as_text<S: Serializer>(method: &Method, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(method.as_str())
}
