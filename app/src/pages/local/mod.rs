//! Pages on which a password is typed: signing in, the one-time link, changing it.
//!
//! A form that comes back is shown in the answer to its own `POST`, by [`Answer`]: what was typed
//! beside a password would otherwise wait in a session, and strangers would store one for each try.
//! Passwords themselves are never shown again.

mod change_password;
mod set_up;
mod sign_in_form;

pub use change_password::ChangePassword;
pub use set_up::SetUp;
pub use sign_in_form::SignInForm;

use leptos::prelude::*;
use operations::{Field, FieldError, OpError};

use crate::forms::Outcome;
use crate::ui::field::FieldText;
use crate::ui::flash::Flash;
use crate::ui::problem::Refused;
use crate::ui::status::Tone;

/// Why a form comes back, and what is shown in it again. The server provides it to the page that
/// answers a `POST`.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// Why.
    pub why: Why,
    /// The account name as it was typed. Untrusted text.
    pub account_name: String,
    /// The name as it was typed. Untrusted text.
    pub name: String,
    /// After how many seconds it is worth another try, if the server was busy.
    pub retry_after_s: Option<u32>,
}

/// Why a form comes back.
#[derive(Clone, Debug, Default)]
pub enum Why {
    /// It does not: it was opened.
    #[default]
    Opened,
    /// These are not the account name and password of anybody who may come in.
    NotLetIn,
    /// Too many tries; so many seconds are to wait.
    Wait(u32),
    /// Fields are not valid.
    Invalid(Vec<FieldError>),
    /// It was refused as a whole.
    Refused(Outcome),
}

impl From<&OpError> for Why {
    fn from(error: &OpError) -> Self {
        match error {
            OpError::Invalid(fields) => Self::Invalid(fields.clone()),
            other => Self::Refused(Outcome::from(other)),
        }
    }
}

impl Answer {
    /// The one of this request; one that was opened without any.
    fn of_request() -> Self {
        use_context().unwrap_or_default()
    }

    /// Label, hint and errors of one field.
    fn text(&self, field: Field, label: &'static str, hint: Option<&str>) -> FieldText {
        let errors = match &self.why {
            Why::Invalid(errors) => errors.as_slice(),
            _ => &[],
        };
        FieldText {
            name: field.as_str(),
            label,
            hint: hint.map(str::to_owned),
            errors: errors
                .iter()
                .filter(|error| error.field == field)
                .map(FieldError::text)
                .collect(),
            optional: field == Field::Name,
        }
    }

    /// The errors of these fields for the summary, in this order.
    fn summary(
        &self,
        fields: &[(Field, &'static str)],
    ) -> Vec<(&'static str, &'static str, String)> {
        let texts = |(field, label): &(Field, &'static str)| {
            let (name, label) = (field.as_str(), *label);
            let text = self.text(*field, label, None);
            text.errors
                .into_iter()
                .map(move |error| (name, label, error))
        };
        fields.iter().flat_map(texts).collect()
    }

    /// What is said about the form as a whole.
    fn message(&self) -> AnyView {
        match &self.why {
            Why::Opened | Why::Invalid(_) => ().into_any(),
            Why::NotLetIn => view! {
                <Message
                    cause="This account name and password do not fit."
                    next_step="Try again. If it stays, ask an admin for a link that sets a new password; who sits at the machine can make one with customhouse person reset-password."
                        .to_owned()
                />
            }
            .into_any(),
            Why::Wait(seconds) => view! {
                <Message
                    cause="There were too many tries."
                    next_step=format!(
                        "The password was not looked at. Wait {} and try again; trying earlier neither helps nor prolongs it.",
                        duration(*seconds),
                    )
                />
            }
            .into_any(),
            Why::Refused(outcome) => view! { <Refused outcome=outcome.clone() /> }.into_any(),
        }
    }
}

/// What went wrong, where the focus is.
#[component]
fn Message(cause: &'static str, next_step: String) -> impl IntoView {
    view! {
        <div id="errors" tabindex="-1">
            <Flash tone=Tone::Failed>
                <p class="font-semibold">{cause}</p>
                <p>{next_step}</p>
            </Flash>
        </div>
    }
}

/// Seconds in words, rounded up to minutes where there are some.
fn duration(seconds: u32) -> String {
    match seconds {
        1 => "a second".to_owned(),
        2..=59 => format!("{seconds} seconds"),
        60 => "a minute".to_owned(),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

/// What a new password must be like.
const NEW_PASSWORD: &str = "At least 12 characters. Several words that do not belong together are easy to keep and hard to guess.";

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn waits_are_told_in_words() {
        for (seconds, words) in [
            (1, "a second"),
            (59, "59 seconds"),
            (60, "a minute"),
            (61, "2 minutes"),
            (300, "5 minutes"),
            (1_800, "30 minutes"),
        ] {
            assert_eq!(duration(seconds), words);
        }
    }
}
