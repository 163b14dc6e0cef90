//! The policies of one project.

use domain::{Action, FormId, Millis};
use leptos::prelude::*;
use leptos_meta::Title;
use operations::policies::{self, PolicyForm, PolicyRemoveForm, ProjectPoliciesView};
use operations::{AwsErrorView, Kind, OpError};
use operations::{OpContext, OpResult};

use super::attach::{Attach, AttachForm};
use super::standing::{Budget, Policies};
use crate::forms::{self, FormName, Outcome};
use crate::layout::nav::LiveBadge;
use crate::links;
use crate::pages::{load, param};
use crate::text::counted;
use crate::ui::arn::Arn;
use crate::ui::crumbs::Crumbs;
use crate::ui::environment::AccountName;
use crate::ui::flash::Flash;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::page_head::PageHead;
use crate::ui::problem::Refused;
use crate::ui::status::Tone;

/// The page of one project's policies, asked of AWS as it is opened.
#[component]
pub fn Detail() -> impl IntoView {
    let key = param("project");
    let form = forms::asked_for();
    load(
        async move |cx: OpContext| {
            let project = links::project_of(&key)
                .ok_or(OpError::NotFound {
                    kind: Kind::Project,
                    id: key,
                })?
                .to_string();
            let listed = policies::list(&cx, &project).await?;
            if !cx.may(Action::ProposePolicyChange) {
                return OpResult::Ok((listed, None, None, cx.now()));
            }
            let choices = policies::form(&cx, &project).await?;
            let (values, outcome) = forms::restore::<PolicyForm>(form, FormName::AttachPolicy)
                .await
                .map_or_else(
                    || (PolicyForm::default(), None),
                    |(form, why)| (form, Some(why)),
                );
            // What cannot be shown as a document is a form whose fields say so.
            let preview = match &outcome {
                Some(Outcome::Preview | Outcome::Invalid(_) | Outcome::Refused { .. }) => {
                    policies::preview(&cx, &values).await.ok()
                }
                None => None,
            };
            let attach = AttachForm {
                choices,
                values,
                outcome,
                preview,
            };
            let removed = forms::restore::<PolicyRemoveForm>(form, FormName::RemovePolicy).await;
            OpResult::Ok((
                listed,
                Some(attach),
                removed.map(|(_, outcome)| outcome),
                cx.now(),
            ))
        },
        |(listed, attach, removed, now)| {
            let name = listed.project.name().to_string();
            let fragment = format!("/fragments{}", links::policies(&listed.project));
            let form_id = attach.as_ref().map(|attach| attach.choices.form_id);
            view! {
                <Title text=format!("Policies of {name}") />
                <Crumbs above=vec![("/policies".to_owned(), "Policies".to_owned())] here=name.clone() />
                <PageHead
                    title=format!("Policies of {name}")
                    meta=view! {
                        <p class="page-meta">
                            <AccountName account=listed.account.clone() with_number=true />
                            <span aria-hidden="true">"·"</span>
                            <span>{listed.project.region().to_string()}</span>
                        </p>
                        <Arn arn=listed.project.to_string() of=format!("project {name}") />
                    }
                        .into_any()
                    actions=view! {
                        <LiveBadge />
                        <a class="btn" href=links::policies(&listed.project)>
                            <Icon glyph=Glyph::Refresh />
                            "Refresh"
                        </a>
                        {form_id
                            .map(|_| {
                                view! {
                                    <a class="btn btn-primary" href="#attach">
                                        "Attach a policy"
                                    </a>
                                }
                            })}
                    }
                        .into_any()
                />
                <div class="stack">
                    {removed.map(|outcome| view! { <NotRemoved outcome /> })}
                    // Jobs put and remove policies, copy jobs among them.
                    <div data-fragment=fragment data-follows="job resync">
                        {live(listed, form_id, now)}
                    </div>
                    {attach.map(|form| view! { <Attach form /> })}
                </div>
            }
            .into_any()
        },
    )
}

/// What stands on the project and how much room is left, without the form: nothing that a person
/// is filling in changes by itself. Each removal is sent under `form_id`; none
/// for who may not propose one.
pub(crate) fn live(listed: ProjectPoliciesView, form_id: Option<FormId>, now: Millis) -> AnyView {
    view! {
        <div class="stack">
            {listed.error.clone().map(|error| view! { <Stale error /> })}
            <Budget listed=listed.clone() />
            <Policies listed form_id now />
        </div>
    }
    .into_any()
}

/// Why a removal was not proposed. Its form has no field to stand beside.
#[component]
fn NotRemoved(outcome: Outcome) -> impl IntoView {
    match outcome {
        Outcome::Invalid(errors) => {
            let texts = errors
                .into_iter()
                .map(|error| view! { <p>{error.text()}</p> });
            view! {
                <div id="errors" tabindex="-1">
                    <Flash tone=Tone::Failed>
                        <p class="font-semibold">"The removal was not proposed."</p>
                        {texts.collect_view()}
                    </Flash>
                </div>
            }
            .into_any()
        }
        other => view! { <Refused outcome=other /> }.into_any(),
    }
}

/// AWS did not give the policies; what is shown is older.
#[component]
fn Stale(error: AwsErrorView) -> impl IntoView {
    let code = error.code.unwrap_or_else(|| "no clear answer".to_owned());
    view! {
        <Flash tone=Tone::Person>
            <p class="font-semibold">{error.operation} ": " {code}</p>
            <p>{error.message}</p>
            <p>
                "What is shown was read earlier. "
                {error.request_id.map(|id| view! { "Request id " <code>{id}</code> })}
            </p>
        </Flash>
    }
}

/// `3 of 5 slots`.
pub(super) fn slots(used: usize, all: usize) -> String {
    format!("{used} of {}", counted(all, "slot", "slots"))
}
