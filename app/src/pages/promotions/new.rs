//! The form for a new promotion.

use leptos::prelude::*;
use leptos_meta::Title;
use operations::Field;
use operations::promotions::{self, PromotionForm, PromotionFormView};
use operations::{OpContext, OpResult};

use super::choices::{destination, source};
use super::outline::Outline;
use crate::forms::{self, FormName, Outcome};
use crate::islands::promotion::PromotionChoices;
use crate::pages::{load, query};
use crate::ui::crumbs::Crumbs;
use crate::ui::empty::Empty;
use crate::ui::field::{ErrorSummary, FieldText, TextArea, TextField};
use crate::ui::page_head::PageHead;
use crate::ui::problem::Refused;
use crate::ui::route::Route;

/// All that the form shows.
pub(super) struct NewForm {
    /// The choices, for the source and destination of the values.
    pub(super) view: PromotionFormView,
    /// The choices without a source: projects of every Region.
    pub(super) everywhere: PromotionFormView,
    pub(super) values: PromotionForm,
    /// Why it came back; none when it is opened.
    pub(super) outcome: Option<Outcome>,
}

impl NewForm {
    /// Label, hint and errors of one field.
    pub(super) fn text(&self, field: Field, label: &'static str, hint: &str) -> FieldText {
        let errors = self
            .outcome
            .as_ref()
            .map(|outcome| outcome.errors_of(field));
        let optional = matches!(
            field,
            Field::Prefix | Field::KmsKey | Field::Tags | Field::Reason
        );
        FieldText {
            name: field.as_str(),
            label,
            hint: (!hint.is_empty()).then(|| hint.to_owned()),
            errors: errors.unwrap_or_default(),
            optional,
        }
    }

    /// Every error with the field that shows it, in the order of the form.
    fn summary(&self) -> Vec<(&'static str, &'static str, String)> {
        let fields = [
            (Field::SourceVersion, "source_version", "Source version"),
            (Field::SourceProject, "source_version", "Source project"),
            (
                Field::DestinationProject,
                "destination_project",
                "Destination project",
            ),
            (Field::VersionName, "version_name", "Version name"),
            (Field::Bucket, "bucket", "Bucket"),
            (Field::Prefix, "prefix", "Prefix"),
            (Field::KmsKey, "kms_key", "KMS key"),
            (Field::Tags, "tags", "Tags"),
            (Field::Reason, "reason", "Reason"),
            (Field::FormId, "promotion", "Form"),
        ];
        let Some(outcome) = &self.outcome else {
            return Vec::new();
        };
        let errors = fields.into_iter().flat_map(|(field, name, label)| {
            outcome
                .errors_of(field)
                .into_iter()
                .map(move |text| (name, label, text))
        });
        errors.collect()
    }
}

/// The page with the form. `?source=` and `?destination=` choose both ends, if they were seen.
#[component]
pub fn New() -> impl IntoView {
    let form = forms::asked_for();
    let (from, to) = (query("source"), query("destination"));
    load(
        async move |cx: OpContext| read(&cx, form, from, to).await,
        |form| {
            let title = "New promotion";
            let arrow = form.view.arrow.clone();
            view! {
                <Title text=title />
                <Crumbs
                    above=vec![("/promotions".to_owned(), "Promotions".to_owned())]
                    here=title
                />
                <PageHead
                    title=title
                    meta=view! {
                        <div data-part="arrow">
                            {match arrow {
                                Some(arrow) => {
                                    view! {
                                        <div class="mt-1">
                                            <Route arrow />
                                        </div>
                                    }
                                        .into_any()
                                }
                                None => {
                                    view! {
                                        <p class="page-meta">
                                            "Copies one model version into a project of another account"
                                        </p>
                                    }
                                        .into_any()
                                }
                            }}
                        </div>
                    }
                        .into_any()
                />
                {show(form)}
            }
            .into_any()
        },
    )
}

async fn read(
    cx: &OpContext,
    form: Option<domain::FormId>,
    from: Option<String>,
    to: Option<String>,
) -> OpResult<NewForm> {
    let saved = forms::restore::<PromotionForm>(form, FormName::Promotion).await;
    let (from, to) = match &saved {
        Some((values, _)) => (
            Some(values.source_version.clone()),
            Some(values.destination_project.clone()),
        ),
        None => (from, to),
    };
    let view = promotions::form(cx, from.as_deref(), to.as_deref()).await?;
    let everywhere = promotions::form(cx, None, None).await?;
    let fitting = &view.values;
    let (values, outcome) = match saved {
        Some((values, Outcome::Preview)) => {
            let or = |typed: String, fitting: &String| {
                if typed.is_empty() {
                    fitting.clone()
                } else {
                    typed
                }
            };
            let filled = PromotionForm {
                form_id: fitting.form_id.clone(),
                version_name: or(values.version_name, &fitting.version_name),
                prefix: or(values.prefix, &fitting.prefix),
                ..values
            };
            (filled, None)
        }
        // The id is fresh: what was sent under the old one was not accepted.
        Some((values, outcome)) => (
            PromotionForm {
                form_id: fitting.form_id.clone(),
                ..values
            },
            Some(outcome),
        ),
        None => (fitting.clone(), None),
    };
    Ok(NewForm {
        view,
        everywhere,
        values,
        outcome,
    })
}

fn show(form: NewForm) -> AnyView {
    if form.everywhere.sources.is_empty() {
        return view! {
            <section class="card" aria-label="No model version">
                <Empty
                    title="No model version has been seen"
                    text="Read the models of the accounts first: the form offers what was seen there."
                >
                    <a class="btn" href="/models">
                        "Open models"
                    </a>
                </Empty>
            </section>
        }
        .into_any();
    }
    let summary = form.summary();
    let refused = form
        .outcome
        .clone()
        .map(|outcome| view! { <Refused outcome /> });
    let rule = form.view.rule.clone();
    let fields = fields(&form);
    view! {
        <form method="post" action="/api/promotions/propose" id="promotion">
            <input type="hidden" name="form_id" value=form.values.form_id.clone() />
            <div class="cols cols-plan">
                <div class="stack">
                    {(!summary.is_empty()).then(|| view! { <ErrorSummary errors=summary /> })}
                    {refused} <PromotionChoices>{fields}</PromotionChoices>
                </div>
                <aside class="sticky-aside" aria-label="What will happen" data-part="outline">
                    <Outline rule />
                </aside>
            </div>
            <div class="action-bar" role="region" aria-label="Send">
                <div class="action-bar-inner">
                    <p class="why">
                        "Checked against AWS’s limits first. Nothing is written to AWS before the plan is approved."
                    </p>
                    <div class="actions">
                        <a class="btn btn-quiet" href="/promotions">
                            "Cancel"
                        </a>
                        <button type="submit" class="btn btn-primary">
                            "Propose promotion"
                        </button>
                    </div>
                </div>
            </div>
        </form>
    }
    .into_any()
}

fn fields(form: &NewForm) -> impl IntoView + use<> {
    let values = form.values.clone();
    let name = form.text(
        Field::VersionName,
        "Version name",
        "1 to 255 letters, digits, dots, dashes and underscores. AWS takes each name once in a project.",
    );
    let bucket = form.text(
        Field::Bucket,
        "Bucket",
        "In the Region of the destination project; AWS writes the training results there.",
    );
    let prefix = form.text(
        Field::Prefix,
        "Prefix",
        "The id of the promotion is added at its end.",
    );
    let key = form.text(
        Field::KmsKey,
        "KMS key",
        "Key id, key ARN, alias or alias ARN. Empty: a key that AWS owns.",
    );
    let tags = form.text(
        Field::Tags,
        "Tags",
        "One a line, as key=value, at most 198. Two more are added.",
    );
    let reason = form.text(Field::Reason, "Reason", "Approvers and auditors read it.");
    view! {
        <div class="card">
            <fieldset class="form-section">
                <legend>"Source"</legend>
                {source(form)}
            </fieldset>
            <fieldset class="form-section">
                <legend>"Destination"</legend>
                <div class="stack-sm">
                    {destination(form)}
                    // With scripts `page.js` asks as soon as something is chosen.
                    <noscript>
                        <div class="actions">
                            <button type="submit" class="btn btn-sm" formaction="/api/promotions/fill">
                                "Suggest name and prefix"
                            </button>
                        </div>
                    </noscript>
                    <TextField text=name value=values.version_name max=255 />
                </div>
            </fieldset>
            <fieldset class="form-section">
                <legend>"Output and key"</legend>
                <div class="form-grid form-grid-2">
                    <TextField text=bucket value=values.bucket max=255 />
                    <TextField text=prefix value=values.prefix max=1024 />
                    <div class="sm:col-span-2">
                        <TextField text=key value=values.kms_key max=2048 />
                    </div>
                </div>
            </fieldset>
            <fieldset class="form-section">
                <legend>"Tags and reason"</legend>
                <div class="form-grid form-grid-2">
                    <TextArea text=tags value=values.tags rows=4 mono=true />
                    <TextArea text=reason value=values.reason rows=4 />
                </div>
            </fieldset>
        </div>
    }
}
