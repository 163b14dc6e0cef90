//! What surrounds every page: the document, the top bar, the side navigation, and which page
//! answers which address.

mod bar;
mod document;
pub(crate) mod nav;
pub(crate) mod pause;
mod refresh;

use domain::Actor;
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::SsrMode;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;
use operations::OpContext;

pub use document::shell;

use crate::pages::{
    accounts, audit, error, home, jobs, local, models, policies, promotions, settings, sign_in,
};
use crate::text::escaped;
use bar::TopBar;
use nav::SideNavigation;
use pause::PauseBanner;

/// All pages and their frame.
///
/// Every page is rendered whole before its head is sent, so that its status and title can come
/// from what it read. An address without a page gets the page of [`error::Missing`] with status
/// 404. Nothing is read from the context here: the server also runs this once to list the routes.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let whole = SsrMode::Async;
    view! {
        <Title formatter=titled />
        <a class="skip" href="#main">
            "Skip to content"
        </a>
        <Router>
            <TopBar />
            <div class=if somebody().is_some() { "shell" } else { "shell shell-bare" }>
                {somebody().map(|_| view! { <SideNavigation /> })}
                <main class="page" id="main" tabindex="-1">
                    <div class="page-inner">
                        <PauseBanner />
                        <Routes fallback=error::Missing>
                            <Route path=path!("/") view=home::Home ssr=whole.clone() />
                            <Route path=path!("/accounts") view=accounts::List ssr=whole.clone() />
                            <Route
                                path=path!("/accounts/:number")
                                view=accounts::Detail
                                ssr=whole.clone()
                            />
                            <Route path=path!("/audit") view=audit::List ssr=whole.clone() />
                            <Route path=path!("/models") view=models::List ssr=whole.clone() />
                            <Route
                                path=path!("/models/:project")
                                view=models::Project
                                ssr=whole.clone()
                            />
                            <Route
                                path=path!("/models/:project/:version")
                                view=models::Version
                                ssr=whole.clone()
                            />
                            <Route path=path!("/policies") view=policies::List ssr=whole.clone() />
                            <Route
                                path=path!("/policies/:project")
                                view=policies::Detail
                                ssr=whole.clone()
                            />
                            <Route
                                path=path!("/promotions")
                                view=promotions::List
                                ssr=whole.clone()
                            />
                            <Route
                                path=path!("/promotions/new")
                                view=promotions::New
                                ssr=whole.clone()
                            />
                            <Route
                                path=path!("/promotions/:id")
                                view=promotions::Detail
                                ssr=whole.clone()
                            />
                            <Route path=path!("/jobs/:id") view=jobs::Detail ssr=whole.clone() />
                            <Route path=path!("/sign-in") view=sign_in::SignIn ssr=whole.clone() />
                            <Route path=path!("/settings") view=settings::Own ssr=whole.clone() />
                            <Route
                                path=path!("/settings/people")
                                view=settings::People
                                ssr=whole.clone()
                            />
                            <Route
                                path=path!("/settings/people/:id")
                                view=settings::Person
                                ssr=whole.clone()
                            />
                            <Route
                                path=path!("/setup/:token")
                                view=local::SetUp
                                ssr=whole.clone()
                            />
                            <Route
                                path=path!("/settings/password")
                                view=local::ChangePassword
                                ssr=whole.clone()
                            />
                        </Routes>
                    </div>
                </main>
            </div>
        </Router>
        // What changed is said here, once, by live.js.
        <p class="sr-only" role="status" id="announcer"></p>
    }
}

/// Who asks for the page; none before they have signed in.
pub(crate) fn somebody() -> Option<OpContext> {
    let signed_in = |cx: &OpContext| matches!(cx.actor(), Actor::Person { .. });
    use_context::<OpContext>().filter(signed_in)
}

/// What the browser's tab says.
fn titled(page: String) -> String {
    if page.is_empty() {
        "Customhouse".to_owned()
    } else {
        format!("{} · Customhouse", escaped(&page))
    }
}
