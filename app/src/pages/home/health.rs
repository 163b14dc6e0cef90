//! Whether the roles of each account work.

use domain::Millis;
use leptos::prelude::*;
use operations::accounts::{AccountView, RoleState, RoleView};

use crate::links;
use crate::ui::age::Ago;
use crate::ui::card::Card;
use crate::ui::empty::Empty;
use crate::ui::environment::EnvironmentMark;
use crate::ui::status::{StateLook, Status};

/// One line for each account.
#[component]
pub(super) fn Health(accounts: Vec<AccountView>, now: Millis) -> impl IntoView {
    let count = accounts.len();
    let body = if accounts.is_empty() {
        view! {
            <Empty
                title="No account yet"
                text="Accounts come from the configuration file when the database is empty."
            />
        }
        .into_any()
    } else {
        let lines = accounts
            .into_iter()
            .map(|account| view! { <Line account now /> });
        view! { <ul class="rows border-t border-border small">{lines.collect_view()}</ul> }
            .into_any()
    };
    view! {
        <Card
            id="health"
            title="Accounts"
            aside=view! {
                <a class="small" href="/accounts">
                    "All "
                    {count}
                </a>
            }
                .into_any()
        >
            {body}
        </Card>
    }
}

#[component]
fn Line(account: AccountView, now: Millis) -> impl IntoView {
    let page = links::account(&account.identity.number);
    let alias = account.identity.alias.to_string();
    let tested = [&account.reader, &account.promoter]
        .into_iter()
        .filter_map(|role| role.last_test.as_ref().map(|test| test.tested_at))
        .min();
    view! {
        <li>
            <div class="spread">
                <span class="account">
                    <EnvironmentMark account=account.identity.clone() />
                    " "
                    <a href=page>{alias}</a>
                </span>
                <Status look=together(&account.reader, &account.promoter) />
            </div>
            {tested
                .map(|at| {
                    view! {
                        <p class="tiny muted">"tested " <Ago at now /></p>
                    }
                })}
        </li>
    }
}

/// Both roles in one state: the worse one, named.
fn together(reader: &RoleView, promoter: &RoleView) -> StateLook {
    let worst = |state: RoleState| match state {
        RoleState::Fails => 0,
        RoleState::CannotTell => 1,
        RoleState::NotTested => 2,
        RoleState::Works => 3,
    };
    let (one, other) = (reader.state(), promoter.state());
    let state = if worst(one) <= worst(other) {
        one
    } else {
        other
    };
    let whose = match (one == other, state == one) {
        (true, _) => "both roles: ",
        (false, true) => "reader: ",
        (false, false) => "promoter: ",
    };
    let look = StateLook::from(state);
    let word = match (state, one == other) {
        (RoleState::Works, _) => "both roles work".to_owned(),
        (RoleState::NotTested, true) => "not tested".to_owned(),
        (RoleState::Fails, true) => "both roles fail".to_owned(),
        _ => format!("{whose}{}", look.word),
    };
    StateLook { word, ..look }
}
