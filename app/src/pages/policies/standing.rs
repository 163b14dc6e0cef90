//! The policies that stand, and how much room is left.

use domain::{FormId, Millis};
use leptos::prelude::*;
use operations::policies::{PolicyView, ProjectPoliciesView};

use super::detail::slots;
use crate::islands::copy::CopyButton;
use crate::text::{count, counted};
use crate::ui::age::{Age, Moment};
use crate::ui::card::Card;
use crate::ui::empty::Empty;

/// The most characters in a policy (`ProjectPolicyDocument` of the Rekognition API model).
const CHARACTERS: usize = 2000;

/// Five slots, those taken with name and length.
#[component]
pub(super) fn Budget(listed: ProjectPoliciesView) -> impl IntoView {
    let used = listed.policies.len();
    let taken = listed.policies.into_iter().map(|policy| {
        let class = if policy.ours {
            "slot slot-ours"
        } else {
            "slot"
        };
        let whose = if policy.ours { "grants, " } else { "" };
        view! {
            <li class=class>
                <b>{policy.name.to_string()}</b>
                " "
                <span class="muted">{whose} {count(policy.characters)} " characters"</span>
            </li>
        }
    });
    let free = (used..listed.slots).map(|_| view! { <li class="slot slot-free">"free"</li> });
    view! {
        <Card
            id="budget"
            title="Room"
            aside=view! { <span class="small muted">{slots(used, listed.slots)} " taken"</span> }
                .into_any()
        >
            <div class="card-body">
                <ol class="slots">{taken.collect_view()} {free.collect_view()}</ol>
            </div>
        </Card>
    }
}

/// Each policy with its document and the form that removes it.
#[component]
pub(super) fn Policies(
    listed: ProjectPoliciesView,
    form_id: Option<FormId>,
    now: Millis,
) -> impl IntoView {
    let seen_at = listed.seen_at;
    let project = listed.project.to_string();
    let amount = listed.policies.len();
    let body = if listed.policies.is_empty() {
        view! {
            <Empty
                title="No project policy"
                text="No other account can copy from this project. A promotion puts its own grant for the time of the copy; attach a policy only for what should be allowed for longer."
            />
        }
        .into_any()
    } else {
        let items = listed
            .policies
            .into_iter()
            .enumerate()
            .map(|(index, policy)| {
                // Another policy in this place is another row: a question that is open about one
                // must not become one about the next.
                let key = format!("{} {}", policy.name, policy.revision);
                view! {
                    <li data-key=key>
                        <Policy policy project=project.clone() index form_id />
                    </li>
                }
            });
        view! { <ul class="rows border-t border-border">{items.collect_view()}</ul> }.into_any()
    };
    view! {
        <Card
            id="policies"
            title=view! { "Policies " <span class="muted">"(" {amount} ")"</span> }
            aside=view! { <Age verb="read" at=seen_at now /> }.into_any()
        >
            {body}
        </Card>
    }
}

#[component]
fn Policy(
    policy: PolicyView,
    project: String,
    index: usize,
    form_id: Option<FormId>,
) -> impl IntoView {
    let name = policy.name.to_string();
    let findings = policy
        .findings
        .into_iter()
        .map(|finding| view! { <li>{finding}</li> });
    let findings = findings.collect::<Vec<_>>();
    let dialog = format!("remove-{index}");
    let revision = policy.revision.to_string();
    let removal = form_id.filter(|_| !policy.ours).map(|form_id| {
        view! {
            <button
                type="button"
                class="btn btn-sm btn-danger"
                popovertarget=dialog.clone()
                aria-label=format!("Remove policy {name}")
            >
                "Remove…"
            </button>
            <Removal id=dialog name=name.clone() revision=revision.clone() project form_id />
        }
    });
    view! {
        <div class="spread">
            <div class="min-w-0">
                <h3 class="row">
                    {name}
                    {policy
                        .ours
                        .then(|| {
                            view! {
                                <span class="badge" title="Statements come and go with promotions">
                                    "grants of Customhouse"
                                </span>
                            }
                        })}
                </h3>
                <p class="small muted row">
                    <span>"revision " <code>{revision}</code></span>
                    <span>
                        {count(policy.characters)} " of " {counted(CHARACTERS, "character", "characters")}
                    </span>
                    {policy.updated.map(|at| view! { <span>"put " <Moment at /></span> })}
                </p>
            </div>
            <div class="actions">{removal}</div>
        </div>
        {(!findings.is_empty())
            .then(|| {
                view! {
                    <ul class="small text-person mt-1">{findings}</ul>
                }
            })}
        <details class="mt-2 small">
            <summary>"Document"</summary>
            <Document text=policy.document />
        </details>
    }
}

/// A policy document, byte for byte.
#[component]
pub(super) fn Document(text: String) -> impl IntoView {
    view! {
        <div class="code-box">
            <pre class="code code-wrap" tabindex="0" role="region" aria-label="Policy document">
                {text.clone()}
            </pre>
            <CopyButton text label="Copy document".to_owned() />
        </div>
    }
}

/// The question before a removal; a popover, so that it opens without a script.
#[component]
fn Removal(
    id: String,
    name: String,
    revision: String,
    project: String,
    form_id: FormId,
) -> impl IntoView {
    let title = format!("{id}-title");
    let reason = format!("{id}-reason");
    let (dialog, labelled_by) = (id.clone(), title.clone());
    view! {
        <div class="dialog" id=dialog popover role="dialog" aria-labelledby=labelled_by>
            <form method="post" action="/api/policies/remove">
                <input type="hidden" name="form_id" value=form_id.to_string() />
                <input type="hidden" name="project" value=project />
                <input type="hidden" name="policy_name" value=name.clone() />
                <input type="hidden" name="revision" value=revision />
                <div class="dialog-head">
                    <h2 id=title>"Remove policy"</h2>
                </div>
                <div class="dialog-body">
                    <p>
                        "Remove " <b>{name}</b>
                        " from the project? Whoever it names can no longer copy; copies under way go on."
                    </p>
                    <p class="small muted">
                        "This makes a proposal. It is carried out once the rule of the environment is met."
                    </p>
                    <div class="field">
                        <label class="label" for=reason.clone()>
                            "Reason "
                            <span class="muted">"(optional)"</span>
                        </label>
                        <input class="input" id=reason name="reason" autofocus />
                    </div>
                </div>
                <div class="dialog-foot">
                    <button type="button" class="btn" popovertarget=id popovertargetaction="hide">
                        "Keep it"
                    </button>
                    <button type="submit" class="btn btn-danger">
                        "Remove policy"
                    </button>
                </div>
            </form>
        </div>
    }
}
