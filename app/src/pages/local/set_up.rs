//! The page of a one-time link.

use http::header::REFERRER_POLICY;
use http::{HeaderValue, StatusCode};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;
use operations::Field;
use operations::people::local::{self, LinkView};

use super::{Answer, NEW_PASSWORD};
use crate::pages::{load, param};
use crate::ui::card::Card;
use crate::ui::field::{ErrorSummary, PasswordField, TextField};
use crate::ui::page_head::PageHead;
use crate::ui::problem::Problem;

/// What the link in the address makes: an administrator, or somebody's password. Opening the page
/// changes nothing; the form does.
///
/// The address is as good as a password until it was used, so no other site is told it.
#[component]
pub fn SetUp() -> impl IntoView {
    let token = param("token");
    let answer = Answer::of_request();
    if let Some(response) = use_context::<ResponseOptions>() {
        let nobody = HeaderValue::from_static("no-referrer");
        response.insert_header(REFERRER_POLICY, nobody);
    }
    load(
        move |cx| async move { local::open_link(&cx, &token).await },
        move |link| match link {
            None => worth_nothing().into_any(),
            Some(LinkView::NewAdministrator) => administrator(&answer).into_any(),
            Some(LinkView::PasswordOf { account }) => password(&answer, account).into_any(),
        },
    )
}

fn worth_nothing() -> impl IntoView {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(StatusCode::NOT_FOUND);
    }
    view! {
        <Title text="Link not valid" />
        <PageHead title="Link not valid" />
        <Problem
            cause="This link is worth nothing.".to_owned()
            consequence="It was used, its time is over, or it was not copied whole.".to_owned()
            next_step="Ask for a new one, or make one on the machine that Customhouse runs on: customhouse set-up-link for an administrator, customhouse person reset-password for somebody's password."
                .to_owned()
        />
    }
}

fn administrator(answer: &Answer) -> impl IntoView + use<> {
    let fields = [
        (Field::AccountName, "Account name"),
        (Field::Name, "Name"),
        (Field::Password, "Password"),
        (Field::PasswordAgain, "Password again"),
    ];
    let summary = answer.summary(&fields);
    let account = answer.text(
        Field::AccountName,
        "Account name",
        Some(
            "What you sign in with: 1 to 64 letters a to z, digits, dots, dashes and underscores.",
        ),
    );
    let name = answer.text(
        Field::Name,
        "Name",
        Some("What others see beside what you do. Without one they see the account name."),
    );
    let (typed_account, typed_name) = (answer.account_name.clone(), answer.name.clone());
    let new = new_password(answer);
    view! {
        <Title text="Set up Customhouse" />
        <PageHead title="Set up Customhouse" />
        <div class="stack max-w-xl">
            {(!summary.is_empty()).then(|| view! { <ErrorSummary errors=summary /> })}
            {answer.message()}
            <Card id="administrator" title="Administrator">
                <form method="post" class="card-body stack-sm">
                    <p class="small muted">
                        "This makes an administrator of the whole installation, who lets others in. The link works once."
                    </p>
                    <TextField
                        text=account
                        value=typed_account
                        max=64
                        autocomplete="username"
                    />
                    <TextField text=name value=typed_name max=100 autocomplete="name" />
                    {new}
                    <div class="actions">
                        <button type="submit" class="btn btn-primary">
                            "Make administrator"
                        </button>
                    </div>
                </form>
            </Card>
        </div>
    }
}

fn password(answer: &Answer, account: String) -> impl IntoView + use<> {
    let fields = [
        (Field::Password, "Password"),
        (Field::PasswordAgain, "Password again"),
    ];
    let summary = answer.summary(&fields);
    let title = format!("Password of {account}");
    let new = new_password(answer);
    view! {
        <Title text="Set a password" />
        <PageHead title="Set a password" />
        <div class="stack max-w-xl">
            {(!summary.is_empty()).then(|| view! { <ErrorSummary errors=summary /> })}
            {answer.message()}
            <Card id="password-of" title=title>
                <form method="post" class="card-body stack-sm">
                    <p class="small muted">
                        "The link works once. Wherever this account is signed in, it is signed out."
                    </p>
                    // Tells password managers whose password it is.
                    <input
                        type="text"
                        class="sr-only"
                        value=account
                        autocomplete="username"
                        aria-label="Account name"
                        readonly
                        tabindex="-1"
                    />
                    {new}
                    <div class="actions">
                        <button type="submit" class="btn btn-primary">
                            "Set password"
                        </button>
                    </div>
                </form>
            </Card>
        </div>
    }
}

/// A new password, twice.
pub(super) fn new_password(answer: &Answer) -> impl IntoView + use<> {
    let password = answer.text(Field::Password, "Password", Some(NEW_PASSWORD));
    let again = answer.text(Field::PasswordAgain, "Password again", None);
    view! {
        <PasswordField text=password autocomplete="new-password" />
        <PasswordField text=again autocomplete="new-password" />
    }
}
