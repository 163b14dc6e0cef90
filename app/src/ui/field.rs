//! Fields: label, hint and error tied to one native control.
//!
//! Hint and error are named by the control's `aria-describedby`; the control's id is its name, so
//! that an error summary can link to it.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::text::escaped;

/// What the controls of this module have in common.
#[derive(Clone, Debug, Default)]
pub struct FieldText {
    /// The input's name and id.
    pub name: &'static str,
    /// What stands above it.
    pub label: &'static str,
    /// A line below it: limits and what happens to the value.
    pub hint: Option<String>,
    /// What is wrong with the value; each on its own line.
    pub errors: Vec<String>,
    /// Whether it may stay empty.
    pub optional: bool,
}

impl FieldText {
    fn hint_id(&self) -> String {
        format!("{}-hint", self.name)
    }

    fn error_id(&self) -> String {
        format!("{}-error", self.name)
    }

    /// The ids that `aria-describedby` lists, the error first; none without hint and error.
    fn described_by(&self) -> Option<String> {
        let error = (!self.errors.is_empty()).then(|| self.error_id());
        let hint = self.hint.as_ref().map(|_| self.hint_id());
        let ids: Vec<_> = error.into_iter().chain(hint).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn invalid(&self) -> Option<&'static str> {
        (!self.errors.is_empty()).then_some("true")
    }
}

/// Label above, control as child, error and hint below.
#[component]
fn Field(text: FieldText, children: Children) -> impl IntoView {
    let (error_id, hint_id) = (text.error_id(), text.hint_id());
    let errors = text
        .errors
        .into_iter()
        .map(|error| view! { <span>{error}</span> });
    let errors = errors.collect::<Vec<_>>();
    view! {
        <div class="field">
            <label class="label" for=text.name>
                {text.label}
                {text.optional.then(|| view! { " " <span class="muted">"(optional)"</span> })}
            </label>
            {children()}
            {(!errors.is_empty())
                .then(|| {
                    view! {
                        <div class="error" id=error_id>
                            <Icon glyph=Glyph::Failed />
                            <div class="grid">{errors}</div>
                        </div>
                    }
                })}
            {text
                .hint
                .map(|hint| {
                    view! {
                        <p class="hint" id=hint_id>
                            {hint}
                        </p>
                    }
                })}
        </div>
    }
}

/// One line of text. Spell-checking is off, and so is completion unless it is asked for: values are
/// names.
#[component]
pub fn TextField(
    /// Name, label, hint, errors.
    text: FieldText,
    /// What stands in it.
    value: String,
    /// The most characters that the browser lets in; the server checks by itself.
    #[prop(optional)]
    max: Option<u32>,
    /// What browsers may fill in, as the word of HTML's `autocomplete`.
    #[prop(default = "off")]
    autocomplete: &'static str,
) -> impl IntoView {
    let (name, invalid, described, required) = (
        text.name,
        text.invalid(),
        text.described_by(),
        !text.optional,
    );
    view! {
        <Field text>
            <input
                class="input mono"
                type="text"
                id=name
                name=name
                value=value
                maxlength=max.map(|max| max.to_string())
                aria-invalid=invalid
                aria-describedby=described
                aria-required=required.then_some("true")
                autocomplete=autocomplete
                autocapitalize="off"
                spellcheck="false"
            />
        </Field>
    }
}

/// A password. It is never filled in by us.
#[component]
pub fn PasswordField(
    /// Name, label, hint, errors.
    text: FieldText,
    /// `current-password` or `new-password`: what password managers do with it.
    autocomplete: &'static str,
) -> impl IntoView {
    let (name, invalid, described) = (text.name, text.invalid(), text.described_by());
    view! {
        <Field text>
            <input
                class="input"
                type="password"
                id=name
                name=name
                aria-invalid=invalid
                aria-describedby=described
                aria-required="true"
                autocomplete=autocomplete
            />
        </Field>
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// Name, label, hint, errors.
    text: FieldText,
    /// What stands in it.
    value: String,
    /// How many lines are seen.
    rows: u32,
    /// Whether the text is for machines, set in fixed width.
    #[prop(optional)]
    mono: bool,
) -> impl IntoView {
    let (name, invalid, described, required) = (
        text.name,
        text.invalid(),
        text.described_by(),
        !text.optional,
    );
    view! {
        <Field text>
            <textarea
                class=if mono { "input mono" } else { "input" }
                id=name
                name=name
                rows=rows
                aria-invalid=invalid
                aria-describedby=described
                aria-required=required.then_some("true")
            >
                // The parser drops a line break right after the tag; one of ours takes its place.
                {format!("\n{}", escaped(&value))}
            </textarea>
        </Field>
    }
}

/// One of several values; the options are children.
#[component]
pub fn SelectField(
    /// Name, label, hint, errors.
    text: FieldText,
    /// `<option>` and `<optgroup>` elements.
    children: Children,
) -> impl IntoView {
    let (name, invalid, described, required) = (
        text.name,
        text.invalid(),
        text.described_by(),
        !text.optional,
    );
    view! {
        <Field text>
            <select
                class="input"
                id=name
                name=name
                aria-invalid=invalid
                aria-describedby=described
                aria-required=required.then_some("true")
            >
                {children()}
            </select>
        </Field>
    }
}

/// What is wrong with the form as a whole, with a link to each field. It takes the focus: forms
/// that failed are opened at `#errors`.
#[component]
pub fn ErrorSummary(
    /// The field's name, its label and what is wrong, in the order of the form.
    errors: Vec<(&'static str, &'static str, String)>,
) -> impl IntoView {
    let count = errors.len();
    let items = errors.into_iter().map(|(name, label, error)| {
        view! {
            <li>
                <a href=format!("#{name}")>{label} ": " {error}</a>
            </li>
        }
    });
    let title = match count {
        1 => "One field needs another value".to_owned(),
        _ => format!("{count} fields need other values"),
    };
    view! {
        <div class="error-summary" id="errors" role="alert" tabindex="-1">
            <h2>{title}</h2>
            <p class="small">"Nothing was sent. What you entered is kept."</p>
            <ul class="small">{items.collect_view()}</ul>
        </div>
    }
}
