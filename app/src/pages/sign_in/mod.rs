//! Signing in.

mod provider;
pub mod trouble;

pub use provider::{AfterSignOut, ProviderLink, SignInProvider, TroubleNotice};

use leptos::prelude::*;
use leptos_meta::Title;

use crate::pages::local::SignInForm;
use crate::pages::query;
use crate::ui::card::Card;

/// The ways in that this console offers. The server provides them.
#[derive(Clone, Debug, Default)]
pub struct Ways {
    /// The people of a demonstration, who come in by a click: their word and what they do.
    pub demo: Vec<(&'static str, &'static str)>,
}

/// The page. It leads on to `next`, a page of ours.
#[component]
pub fn SignIn() -> impl IntoView {
    let ways = use_context::<Ways>().unwrap_or_default();
    let next = query("next").unwrap_or_default();
    view! {
        <Title text="Sign in" />
        <div class="sign-in stack">
            <div>
                <h1>"Sign in"</h1>
                <p class="muted mt-1">
                    "Model promotion between AWS accounts"
                </p>
            </div>
            <TroubleNotice />
            <AfterSignOut />
            <ProviderLink />
            {(!ways.demo.is_empty()).then(|| demo(ways.demo, &next))}
            <Card id="local-user" title="With a password">
                <div class="card-body stack-sm">
                    <SignInForm next=(!next.is_empty()).then_some(next) />
                </div>
            </Card>
            <p class="small muted">
                "Every sign-in, and every refusal of somebody who is known, is written to the audit."
            </p>
        </div>
    }
}

fn demo(people: Vec<(&'static str, &'static str)>, next: &str) -> AnyView {
    let buttons = people.into_iter().map(|(person, does)| {
        let next = next.to_owned();
        view! {
            <li>
                <form method="post" action="/sign-in/demo">
                    <input type="hidden" name="person" value=person />
                    <input type="hidden" name="next" value=next />
                    <button class="btn sign-in-as" type="submit">
                        <b>{person}</b>
                        <span class="muted">{does}</span>
                    </button>
                </form>
            </li>
        }
    });
    view! {
        <section class="card" aria-labelledby="demo-people">
            <div class="card-head">
                <h2 id="demo-people">"People of this demonstration"</h2>
            </div>
            <ul class="card-body stack-sm">{buttons.collect_view()}</ul>
        </section>
    }
    .into_any()
}
