//! Attaching a policy, in two steps: who may copy what, then the exact document with its name.
//!
//! What is attached is what was shown: the second form sends the choices that the document was
//! made from, not the fields above it.

use leptos::prelude::*;
use operations::Field;
use operations::models::VersionView;
use operations::policies::{PolicyForm, PolicyFormView, PolicyPreview};

use super::detail::slots;
use super::standing::Document;
use crate::forms::Outcome;
use crate::text::{count, percent};
use crate::ui::card::Card;
use crate::ui::empty::Empty;
use crate::ui::field::{ErrorSummary, FieldText, SelectField, TextField};
use crate::ui::icon::{Glyph, Icon};
use crate::ui::problem::Refused;
use crate::ui::status::Status;

/// All that the form shows.
pub(super) struct AttachForm {
    pub(super) choices: PolicyFormView,
    pub(super) values: PolicyForm,
    /// Why it came back; none when it is opened.
    pub(super) outcome: Option<Outcome>,
    /// The document of the values, if they make one.
    pub(super) preview: Option<PolicyPreview>,
}

impl AttachForm {
    fn errors_of(&self, field: Field) -> Vec<String> {
        self.outcome
            .as_ref()
            .map(|outcome| outcome.errors_of(field))
            .unwrap_or_default()
    }

    fn summary(&self) -> Vec<(&'static str, &'static str, String)> {
        let labels = [
            (Field::Project, "attach", "Project"),
            (Field::Account, "account", "Who may copy"),
            (Field::Versions, "versions", "Versions"),
            (Field::PolicyName, "policy_name", "Policy name"),
            (Field::Reason, "reason", "Reason"),
            (Field::FormId, "attach", "Form"),
        ];
        let errors = labels.into_iter().flat_map(|(field, name, label)| {
            self.errors_of(field)
                .into_iter()
                .map(move |text| (name, label, text))
        });
        errors.collect()
    }
}

/// The sheet with both steps.
#[component]
pub(super) fn Attach(form: AttachForm) -> impl IntoView {
    let summary = form.summary();
    let outcome = form.outcome.clone();
    let body = if form.choices.roles.is_empty() {
        view! {
            <Empty
                title="No other account"
                text="A project policy names a role of another account; only this one is registered."
            />
        }
        .into_any()
    } else {
        view! {
            {choose(&form)}
            {form.preview.clone().map(|preview| send(&form, preview))}
        }
        .into_any()
    };
    view! {
        {(!summary.is_empty()).then(|| view! { <ErrorSummary errors=summary /> })}
        {outcome.map(|outcome| view! { <Refused outcome /> })}
        <Card id="attach" title="Attach a policy">
            {body}
        </Card>
    }
}

fn choose(form: &AttachForm) -> impl IntoView + use<> {
    let account = FieldText {
        name: "account",
        label: "Who may copy",
        hint: Some("The promoter role of the account that the models go to.".to_owned()),
        errors: form.errors_of(Field::Account),
        optional: false,
    };
    let roles = form.choices.roles.iter().map(|option| {
        let number = option.account.number.to_string();
        let selected = number == form.values.account;
        let text = format!(
            "{}: {} ({}), role {}",
            option.account.environment,
            option.account.alias,
            option.account.number.grouped(),
            option.role.name()
        );
        view! {
            <option value=number selected=selected>
                {text}
            </option>
        }
    });
    let roles = roles.collect_view();
    let project = form.choices.project.arn.to_string();
    view! {
        <form method="post" action="/api/policies/preview" class="form-section stack-sm">
            <input type="hidden" name="project" value=project />
            <SelectField text=account>
                <option value="">"Choose a role"</option>
                {roles}
            </SelectField>
            {versions(form)}
            <div class="actions">
                <button type="submit" class="btn">
                    <Icon glyph=Glyph::Promotions />
                    "Show document"
                </button>
            </div>
        </form>
    }
}

fn versions(form: &AttachForm) -> impl IntoView + use<> {
    let errors = form.errors_of(Field::Versions);
    let invalid = !errors.is_empty();
    let boxes = form
        .choices
        .project
        .versions
        .iter()
        .filter(|version| version.copyable);
    let boxes = boxes
        .map(|version| choice(version, &form.values.versions))
        .collect::<Vec<_>>();
    let none = boxes.is_empty();
    let every = !form.values.every_version.is_empty();
    view! {
        <fieldset
            class="field"
            id="versions"
            tabindex="-1"
            aria-describedby=invalid.then_some("versions-error")
        >
            <legend class="label">"Versions"</legend>
            {none
                .then(|| {
                    view! { <p class="hint">"This project has no version that can be copied."</p> }
                })}
            {boxes}
            <label class="choice">
                <input type="checkbox" name="every_version" value="on" checked=every />
                <span>
                    "Every version, also those to come"
                    <span class="muted">" (a wildcard: prefer exact versions)"</span>
                </span>
            </label>
            {invalid
                .then(|| {
                    let errors = errors.into_iter().map(|error| view! { <span>{error}</span> });
                    view! {
                        <div class="error" id="versions-error">
                            <Icon glyph=Glyph::Failed />
                            <div class="grid">{errors.collect_view()}</div>
                        </div>
                    }
                })}
        </fieldset>
    }
}

fn choice(version: &VersionView, chosen: &[String]) -> impl IntoView + use<> {
    let arn = version.arn.to_string();
    let checked = chosen.contains(&arn);
    view! {
        <label class="choice">
            <input type="checkbox" name="versions[]" value=arn checked=checked />
            <span class="row">
                <b>{version.arn.name().to_string()}</b>
                <Status look=&version.status />
                <span class="muted">{version.f1.map(|f1| format!("F1 {}", percent(f1)))}</span>
            </span>
        </label>
    }
}

fn send(form: &AttachForm, preview: PolicyPreview) -> impl IntoView + use<> {
    let values = &form.values;
    let name = FieldText {
        name: "policy_name",
        label: "Policy name",
        hint: Some("1 to 128 letters, digits, dots, dashes and underscores.".to_owned()),
        errors: form.errors_of(Field::PolicyName),
        optional: false,
    };
    let reason = FieldText {
        name: "reason",
        label: "Reason",
        hint: None,
        errors: form.errors_of(Field::Reason),
        optional: true,
    };
    let versions = values.versions.iter().map(|version| {
        view! { <input type="hidden" name="versions[]" value=version.clone() /> }
    });
    let versions = versions.collect_view();
    let findings = preview.findings.clone();
    let refused = !findings.is_empty();
    let shares = (preview.characters.min(preview.limit), preview.limit);
    let budget = format!(
        "{} of {} characters, {} taken",
        count(preview.characters),
        count(preview.limit),
        slots(preview.slots_used, preview.slots)
    );
    view! {
        <form method="post" action="/api/policies/attach" class="form-section stack-sm" id="preview" tabindex="-1">
            <input type="hidden" name="form_id" value=form.choices.form_id.to_string() />
            <input type="hidden" name="project" value=form.choices.project.arn.to_string() />
            <input type="hidden" name="account" value=values.account.clone() />
            <input type="hidden" name="every_version" value=values.every_version.clone() />
            {versions}
            <div class="spread">
                <h3>"The document, exactly as it will be sent"</h3>
                <span class="small muted">{budget.clone()}</span>
            </div>
            <Meter label=budget shares />
            <Document text=preview.document />
            {refused
                .then(|| {
                    let findings = findings.into_iter().map(|text| view! { <li>{text}</li> });
                    view! {
                        <div class="error">
                            <Icon glyph=Glyph::Failed />
                            <ul>{findings.collect_view()}</ul>
                        </div>
                    }
                })}
            <div class="form-grid form-grid-2">
                <TextField text=name value=values.policy_name.clone() max=128 />
                <TextField text=reason value=values.reason.clone() max=2000 />
            </div>
            <div class="actions">
                <button type="submit" class="btn btn-primary">
                    "Attach policy"
                </button>
                <span class="why">
                    "Makes a proposal under the rule of the project’s environment."
                </span>
            </div>
        </form>
    }
}

/// How much of the characters is used.
#[component]
fn Meter(label: String, shares: (usize, usize)) -> impl IntoView {
    let (used, all) = shares;
    view! {
        <svg
            class="bars"
            viewBox=format!("0 0 {all} 8")
            preserveAspectRatio="none"
            role="img"
            aria-label=label
        >
            <rect class="bars-ground" width=all.to_string() height="8"></rect>
            <rect class="bars-main" width=used.to_string() height="8"></rect>
        </svg>
    }
}
