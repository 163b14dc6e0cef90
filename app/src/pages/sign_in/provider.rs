//! What pages for signing in and out show of the provider.
//!
//! Starting there and ending the session there are links: a form that leads to another origin is
//! blocked by our own content security policy.

use leptos::prelude::*;
use leptos_router::params::ParamsMap;

use super::trouble::Trouble;
use crate::pages::query;
use crate::ui::flash::Flash;
use crate::ui::problem::Problem;
use crate::ui::status::Tone;

/// The provider, as pages show it. In the context of every page if one is configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInProvider {
    /// What people call it.
    pub display_name: String,
    /// Whether it could not be reached when it was last asked.
    pub is_failing: bool,
    /// Where people end their session there, if it has such a place.
    pub end_session: Option<String>,
}

/// The link that begins a sign-in at the provider and leads to the page's `next` in the end; nothing
/// without a provider.
///
/// The link stays when the provider was out of reach: following it tries again.
#[component]
pub fn ProviderLink() -> impl IntoView {
    use_context::<SignInProvider>().map(|provider| {
        let name = provider.display_name;
        let start = format!("Sign in with {name}");
        let warning = provider.is_failing.then(|| {
            let down =
                format!("{name} did not answer when it was last asked. Signing in there may fail.");
            view! {
                <Flash tone=Tone::Person>
                    <p>{down}</p>
                </Flash>
            }
        });
        view! {
            {warning}
            <p class="actions">
                <a class="btn btn-primary" href=start_address()>
                    {start}
                </a>
            </p>
        }
    })
}

/// Why the last sign-in through the provider did not succeed, if the page's address says so.
#[component]
pub fn TroubleNotice() -> impl IntoView {
    let trouble = query("trouble").and_then(|word| Trouble::parse(&word));
    trouble.map(|trouble| {
        view! {
            <Problem
                cause=trouble.cause().to_owned()
                consequence="You are not signed in.".to_owned()
                next_step=trouble.next_step().to_owned()
            />
        }
    })
}

/// For whoever has just signed out here, as the page's address says: where to end the session at the provider, which goes on.
#[component]
pub fn AfterSignOut() -> impl IntoView {
    let provider = query("signed_out").and_then(|_| use_context::<SignInProvider>());
    provider
        .and_then(|provider| Some((provider.display_name, provider.end_session?)))
        .map(|(name, address)| {
            view! {
                <p>
                    {format!("You may still be signed in at {name}: whoever uses this browser next could come in without a password. ")}
                    <a href=address rel="noreferrer">
                        {format!("Sign out at {name} too")}
                    </a>
                </p>
            }
        })
}

fn start_address() -> String {
    let mut params = ParamsMap::new();
    if let Some(next) = query("next") {
        params.insert("next", next);
    }
    format!("/auth/start{}", params.to_query_string())
}
