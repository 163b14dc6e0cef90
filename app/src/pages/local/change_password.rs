//! Changing one's own password.

use leptos::prelude::*;
use leptos_meta::Title;
use operations::Field;
use operations::people::local;

use super::Answer;
use super::set_up::new_password;
use crate::forms::{self, FormName};
use crate::pages::load;
use crate::ui::card::Card;
use crate::ui::empty::Empty;
use crate::ui::field::{ErrorSummary, PasswordField};
use crate::ui::flash::Flash;
use crate::ui::page_head::PageHead;
use crate::ui::status::Tone;

/// The form, for local users; others are told where their password is.
#[component]
pub fn ChangePassword() -> impl IntoView {
    let answer = Answer::of_request();
    let asked = forms::asked_for();
    load(
        move |cx| async move {
            let done = forms::restore::<()>(asked, FormName::Password).await;
            Ok((local::has_password(&cx).await?, done.is_some()))
        },
        move |(has_password, done)| {
            let body = if has_password {
                form(&answer).into_any()
            } else {
                elsewhere().into_any()
            };
            view! {
                <Title text="Password" />
                <PageHead title="Password" />
                <div class="stack max-w-xl">
                    {done
                        .then(|| {
                            view! {
                                <Flash tone=Tone::Done>
                                    <p class="font-semibold">"The password was changed."</p>
                                    <p>"Your other sign-ins have ended."</p>
                                </Flash>
                            }
                        })}
                    {body}
                </div>
            }
            .into_any()
        },
    )
}

fn elsewhere() -> impl IntoView {
    view! {
        <Empty
            title="No password here"
            text="You sign in elsewhere, and your password is changed there."
        />
    }
}

fn form(answer: &Answer) -> impl IntoView + use<> {
    let fields = [
        (Field::CurrentPassword, "Present password"),
        (Field::Password, "Password"),
        (Field::PasswordAgain, "Password again"),
    ];
    let summary = answer.summary(&fields);
    let current = answer.text(Field::CurrentPassword, "Present password", None);
    let new = new_password(answer);
    view! {
        {(!summary.is_empty()).then(|| view! { <ErrorSummary errors=summary /> })}
        {answer.message()}
        <Card id="change-password" title="Change password">
            <form method="post" action="/api/settings/password" class="card-body stack-sm">
                <p class="small muted">"Ends your other sign-ins, wherever they are."</p>
                <PasswordField text=current autocomplete="current-password" />
                {new}
                <div class="actions">
                    <button type="submit" class="btn btn-primary">
                        "Change password"
                    </button>
                </div>
            </form>
        </Card>
    }
}
