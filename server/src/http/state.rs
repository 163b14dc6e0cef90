//! What handlers are given.

use std::sync::Arc;

use app::assets::AssetManifest;
use app::pages::sign_in::{SignInProvider, Ways};
use axum::extract::{FromRequestParts, Request};
use domain::{Clock, Random};
use engine::EventHub;
use http::Extensions;
use http::request::Parts;
use leptos::nonce::Nonce;
use leptos::prelude::provide_context;
use operations::ports::aws::AwsReads;
use operations::{Caller, Channel, OpContext};
use std::convert::Infallible;
use store::Store;
use tower_sessions::Session;

use super::assets::Assets;
use super::layers::client_address::TrustedProxies;
use super::layers::host::Names;
use super::layers::request_id::RequestId;
use super::places::Places;
use super::standing::Standing;
use crate::oidc::Provider;

/// What handlers are given. Cheap to clone. It can look at AWS and cannot change it.
#[derive(Clone)]
pub struct AppState {
    /// The rows.
    pub store: Store,
    /// For looking at AWS.
    pub aws: Arc<dyn AwsReads>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// What use cases can be set to.
    pub settings: Arc<operations::Settings>,
    /// The stream of events.
    pub hub: EventHub,
    /// The open streams of each person.
    pub places: Places,
    /// Whose streams may stay open.
    pub standing: Standing,
    /// Whether people of a demonstration may come in by a click: everything is on this machine.
    pub demo: bool,
    /// The files of the site.
    pub assets: Assets,
    /// What the console is called.
    pub names: Names,
    /// Whose word is taken for where a request comes from.
    pub proxies: TrustedProxies,
    /// Who knows the people, if an OpenID Connect provider is configured.
    pub provider: Option<Provider>,
}

impl AppState {
    /// The context of one request for the use cases.
    pub fn context(&self, request_id: &RequestId, caller: Caller) -> OpContext {
        OpContext {
            caller,
            request_id: request_id.as_str().to_owned(),
            store: self.store.clone(),
            aws: Arc::clone(&self.aws),
            clock: Arc::clone(&self.clock),
            random: Arc::clone(&self.random),
            settings: Arc::clone(&self.settings),
        }
    }

    /// The ways in that the page for signing in offers.
    fn ways(&self) -> Ways {
        #[cfg(feature = "demo")]
        let demo = if self.demo {
            super::demo::people()
        } else {
            Vec::new()
        };
        #[cfg(not(feature = "demo"))]
        let demo = Vec::new();
        Ways { demo }
    }

    /// What pages and server functions find in their Leptos context for this request.
    pub fn provider(&self, request: &Request) -> impl Fn() + Clone + Send + Sync + 'static + use<> {
        let extensions = request.extensions();
        let request_id = extensions.get::<RequestId>().cloned().unwrap_or_default();
        let cx = self.context(&request_id, caller(extensions));
        let manifest: AssetManifest = self.assets.manifest();
        let nonce = extensions.get::<Nonce>().cloned();
        let session = extensions.get::<Session>().cloned();
        let ways = self.ways();
        let sign_in = self.provider.as_ref().map(|provider| SignInProvider {
            display_name: provider.display_name().to_owned(),
            is_failing: provider.is_failing(),
            end_session: provider.end_session().map(String::from),
        });
        move || {
            provide_context(ways.clone());
            if let Some(sign_in) = sign_in.clone() {
                provide_context(sign_in);
            }
            provide_context(cx.clone());
            provide_context(manifest.clone());
            if let Some(nonce) = nonce.clone() {
                provide_context(nonce);
            }
            if let Some(session) = session.clone() {
                provide_context(session);
            }
        }
    }
}

/// Whom the identifying layer found; a route without that layer serves nobody.
fn caller(extensions: &Extensions) -> Caller {
    let found = extensions.get::<Caller>().cloned();
    found.unwrap_or_else(|| Caller::nobody(Channel::Page, None))
}

/// The context of a request, for handlers that call use cases themselves.
pub struct Context {
    /// For the use cases.
    pub cx: OpContext,
    /// For the answer.
    pub request_id: RequestId,
}

impl FromRequestParts<AppState> for Context {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let request_id = parts
            .extensions
            .get::<RequestId>()
            .cloned()
            .unwrap_or_default();
        Ok(Self {
            cx: state.context(&request_id, caller(&parts.extensions)),
            request_id,
        })
    }
}
