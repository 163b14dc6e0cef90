//! The environments in the order in which models move through them.

use domain::{Environment, Millis};
use leptos::prelude::*;
use operations::accounts::AccountView;
use operations::environments::EnvironmentView;

use crate::text::counted;
use crate::ui::age::Ago;
use crate::ui::environment::look;
use crate::ui::icon::{Glyph, Icon};

/// One sheet with a quay for each environment: its accounts, what is in them, how old the data is.
#[component]
pub(super) fn Crossing(
    environments: Vec<EnvironmentView>,
    accounts: Vec<AccountView>,
    now: Millis,
) -> impl IntoView {
    let environments: Vec<_> = environments
        .into_iter()
        .filter(|environment| !environment.accounts.is_empty())
        .collect();
    if environments.is_empty() {
        return ().into_any();
    }
    let quays = environments.into_iter().map(|view| {
        let inside: Vec<_> = accounts
            .iter()
            .filter(|account| account.identity.environment == view.environment.name)
            .cloned()
            .collect();
        view! {
            <li>
                <Quay
                    environment=view.environment
                    accounts=inside
                    now
                />
            </li>
        }
    });
    view! {
        <section class="card" aria-labelledby="crossing">
            <h2 class="sr-only" id="crossing">
                "Environments"
            </h2>
            <ol class="crossing">{quays.collect_view()}</ol>
        </section>
    }
    .into_any()
}

#[component]
fn Quay(environment: Environment, accounts: Vec<AccountView>, now: Millis) -> impl IntoView {
    let (name, protected) = (environment.name.to_string(), environment.protected);
    let versions: usize = accounts.iter().map(|account| account.versions).sum();
    let projects: usize = accounts.iter().map(|account| account.projects).sum();
    // The oldest look, and none as long as one account has not been seen.
    let seen = accounts
        .iter()
        .map(|account| account.seen_at)
        .min()
        .flatten();
    let aliases = accounts
        .iter()
        .map(|account| account.identity.alias.to_string());
    let aliases = aliases.collect::<Vec<_>>().join(", ");
    let path = format!("/models?q={name}");
    view! {
        <a class=format!("quay quay-link {}", look(environment.colour)) href=path>
            <span class="quay-env">
                {name} {protected.then(|| view! { <span class="quay-note">"protected"</span> })}
            </span>
            <span class="quay-name">{aliases}</span>
            <span class="quay-facts">
                {match seen {
                    Some(at) => {
                        view! {
                            <span>
                                {counted(versions, "version", "versions")} " in "
                                {counted(projects, "project", "projects")}
                            </span>
                            <span>"read " <Ago at now /></span>
                        }
                            .into_any()
                    }
                    None => view! { <span>"not read yet"</span> }.into_any(),
                }}
            </span>
            <Icon glyph=Glyph::Chevron class="quay-go" />
        </a>
    }
}
