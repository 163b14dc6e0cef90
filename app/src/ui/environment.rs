//! Environments and accounts: word, colour and pattern together.

use domain::EnvironmentColour;
use leptos::prelude::*;
use operations::AccountIdentity;

/// The class that brings an environment's colour and pattern.
pub fn look(colour: EnvironmentColour) -> &'static str {
    match colour {
        EnvironmentColour::Dev => "env-dev",
        EnvironmentColour::Staging => "env-staging",
        EnvironmentColour::Prod => "env-prod",
    }
}

/// The environment's name in its colour, with its pattern at the edge.
#[component]
pub fn EnvironmentMark(
    /// Whose environment.
    account: AccountIdentity,
) -> impl IntoView {
    let class = match account.colour {
        EnvironmentColour::Dev => "env env-dev",
        EnvironmentColour::Staging => "env env-staging",
        EnvironmentColour::Prod => "env env-prod",
    };
    view! { <span class=class>{account.environment.to_string()}</span> }
}

/// Environment and alias.
#[component]
pub fn AccountName(
    /// Which account.
    account: AccountIdentity,
    /// Whether the number follows, in brackets.
    #[prop(optional)]
    with_number: bool,
) -> impl IntoView {
    let alias = account.alias.to_string();
    let number = with_number
        .then(|| view! { " " <span class="mono">"(" {account.number.grouped()} ")"</span> });
    view! {
        <span class="account">
            <EnvironmentMark account />
            " "
            {alias}
            {number}
        </span>
    }
}
