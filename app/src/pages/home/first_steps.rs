//! The three steps of a new installation.

use leptos::prelude::*;
use operations::accounts::{AccountView, RoleState};

use crate::ui::card::Card;
use crate::ui::icon::{Glyph, Icon};

/// Test the roles, read the models, promote: each ticked once it is done.
#[component]
pub(super) fn FirstSteps(accounts: Vec<AccountView>) -> impl IntoView {
    let works = |account: &AccountView| {
        account.reader.state() == RoleState::Works && account.promoter.state() == RoleState::Works
    };
    let tested = !accounts.is_empty() && accounts.iter().all(works);
    let seen = accounts.iter().any(|account| account.versions > 0);
    view! {
        <Card id="first-steps" title="First steps">
            <ol class="first-steps">
                <Step
                    number=1
                    done=tested
                    title="Test the roles"
                    text="Customhouse assumes a reader and a promoter role in each account. A test shows each call, and what to mend."
                >
                    <a class="btn btn-sm" href="/accounts">
                        "Open accounts"
                    </a>
                </Step>
                <Step
                    number=2
                    done=seen
                    title="Read the models"
                    text="All projects and model versions of all accounts, side by side."
                >
                    <a class="btn btn-sm" href="/models">
                        "Open models"
                    </a>
                </Step>
                <Step
                    number=3
                    done=false
                    title="Promote a version"
                    text="Choose where it goes. The grant, the copy and the clean-up follow, and you watch them."
                >
                    <a class="btn btn-sm" href="/promotions/new">
                        "New promotion"
                    </a>
                </Step>
            </ol>
        </Card>
    }
}

#[component]
fn Step(
    number: u8,
    done: bool,
    title: &'static str,
    text: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <li class=if done { "step step-done" } else { "step step-waiting" }>
            <span class="station-mark" aria-hidden="true">
                {if done { view! { <Icon glyph=Glyph::Check /> }.into_any() } else { number.into_any() }}
            </span>
            <div class="spread">
                <div class="prose">
                    <h3>{title} {done.then(|| view! { <span class="sr-only">" (done)"</span> })}</h3>
                    <p class="small muted">{text}</p>
                </div>
                {children()}
            </div>
        </li>
    }
}
