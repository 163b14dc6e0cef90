//! Signing in with an account name and a password.

use leptos::prelude::*;
use operations::Field;

use super::Answer;
use crate::ui::field::{PasswordField, TextField};

/// The form; where to go afterwards is the address of a page of ours.
#[component]
pub fn SignInForm(
    /// Where to go afterwards.
    next: Option<String>,
) -> impl IntoView {
    let answer = Answer::of_request();
    let account = answer.text(Field::AccountName, "Account name", None);
    let password = answer.text(Field::Password, "Password", None);
    view! {
        {answer.message()}
        <form method="post" action="/api/sign-in/local" class="stack-sm">
            {next.map(|next| view! { <input type="hidden" name="next" value=next /> })}
            <TextField
                text=account
                value=answer.account_name.clone()
                max=64
                autocomplete="username"
            />
            <PasswordField text=password autocomplete="current-password" />
            <div class="actions">
                <button type="submit" class="btn btn-primary">
                    "Sign in"
                </button>
            </div>
        </form>
    }
}
