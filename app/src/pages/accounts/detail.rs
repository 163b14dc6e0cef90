//! One account: its roles with their last tests, and how to mend them.

use domain::{Action, Millis};
use leptos::prelude::*;
use leptos_meta::Title;
use operations::accounts::{AccountView, PlaceError, RoleView, WithheldCall};
use operations::{OpContext, accounts};

use super::role_test::RoleTest;
use crate::forms::{self, FormName};
use crate::islands::copy::CopyButton;
use crate::pages::{load, param};
use crate::text;
use crate::ui::age::Ago;
use crate::ui::arn::Arn;
use crate::ui::card::Card;
use crate::ui::crumbs::Crumbs;
use crate::ui::environment::EnvironmentMark;
use crate::ui::flash::Flash;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::page_head::PageHead;
use crate::ui::problem::Refused;
use crate::ui::status::{Status, Tone};

/// The page of one account.
#[component]
pub fn Detail() -> impl IntoView {
    let number = param("number");
    let form = forms::asked_for();
    load(
        async move |cx: OpContext| {
            let refused = forms::restore::<()>(form, FormName::TestRole).await;
            Ok((accounts::get(&cx, &number).await?, cx.now(), refused))
        },
        |(account, now, refused)| {
            view! {
                <Title text=account.identity.alias.to_string() />
                <Crumbs
                    above=vec![("/accounts".to_owned(), "Accounts".to_owned())]
                    here=account.identity.alias.to_string()
                />
                <PageHead
                    title=account.identity.alias.to_string()
                    meta=view! {
                        <p class="page-meta">
                            <EnvironmentMark account=account.identity.clone() />
                            <span class="mono">{account.identity.number.grouped()}</span>
                        </p>
                    }
                        .into_any()
                />
                <div class="stack">
                    {refused.map(|((), outcome)| view! { <Refused outcome /> })}
                    {account
                        .errors
                        .clone()
                        .into_iter()
                        .map(|error| view! { <Place error now /> })
                        .collect_view()}
                    {account
                        .withheld
                        .clone()
                        .into_iter()
                        .map(|call| view! { <Withheld call now /> })
                        .collect_view()} {facts(&account, now)}
                    <Role account=account.clone() role=account.reader.clone() id="reader" now />
                    <Role account=account.clone() role=account.promoter.clone() id="promoter" now />
                </div>
            }
            .into_any()
        },
    )
}

fn facts(account: &AccountView, now: Millis) -> impl IntoView {
    let regions: Vec<_> = account.regions.iter().map(ToString::to_string).collect();
    let external_id = account.external_id.to_string();
    let seen_at = account.seen_at;
    let count = text::counted(account.versions, "version", "versions");
    let projects = text::counted(account.projects, "project", "projects");
    view! {
        <section class="card" aria-label="Facts">
            <dl class="card-body facts">
                <dt>"Regions"</dt>
                <dd>{regions.join(", ")}</dd>
                <dt>"ExternalId"</dt>
                <dd class="row">
                    <code>{external_id.clone()}</code>
                    <CopyButton text=external_id label="Copy ExternalId".to_owned() />
                </dd>
                <dt>"Models"</dt>
                <dd>
                    {match seen_at {
                        Some(at) => {
                            view! {
                                {count}
                                " in "
                                {projects}
                                <span class="muted">", read " <Ago at now /></span>
                            }
                                .into_any()
                        }
                        None => view! { <span class="muted">"not read yet"</span> }.into_any(),
                    }}
                </dd>
            </dl>
        </section>
    }
}

/// What went wrong when a Region was last read.
#[component]
fn Place(error: PlaceError, now: Millis) -> impl IntoView {
    view! {
        <Flash tone=Tone::Person>
            <p class="font-semibold">
                {error.region.to_string()} ": " {error.operation}
                {error.code.map(|code| format!(" answered {code}"))} ", " <Ago at=error.at now />
            </p>
            <p>{error.message}</p>
            <p>"Data seen before is still shown. Test the reader role below to find the cause."</p>
        </Flash>
    }
}

/// A call that AWS refused and that is only probed until it is answered again.
#[component]
fn Withheld(call: WithheldCall, now: Millis) -> impl IntoView {
    let role = call.role.name().to_owned();
    let fix = match call.operation {
        "AssumeRole" => {
            "Correct the role's trust policy, or let Customhouse call sts:AssumeRole on it."
        }
        _ => "Add this permission to the role.",
    };
    view! {
        <Flash tone=Tone::Person>
            <p class="font-semibold">
                {if call.operation == "AssumeRole" {
                    format!("Customhouse is refused {role}: it lacks ")
                } else {
                    format!("{role} lacks ")
                }} <code>{call.permission}</code>
                {call.resource.map(|resource| view! { " on " <code class="break-all">{resource}</code> })}
            </p>
            <p>
                {call.operation} " is refused"
                {call.code.map(|code| format!(" with {code}"))} " since " <Ago at=call.since now />
                ". " {call.message}
            </p>
            <p>
                {fix} " AWS is asked again by itself " <Ago at=call.again_at now />
                ", or at once when you test the role or read the models."
            </p>
        </Flash>
    }
}

/// One role with the button that tests it.
#[component]
fn Role(account: AccountView, role: RoleView, id: &'static str, now: Millis) -> impl IntoView {
    let alias = account.identity.alias.to_string();
    let state = role.state();
    let (title, text) = match role.purpose {
        domain::RolePurpose::Reader => ("Reader role", "Looks at projects, versions and policies."),
        domain::RolePurpose::Promoter => (
            "Promoter role",
            "Puts and removes grants where models leave; copies where they arrive.",
        ),
    };
    let may_test = use_context::<OpContext>()
        .is_some_and(|cx| cx.may_in(Action::TestRole, &account.identity.environment));
    let label = format!("Test {} role of {alias}", role.purpose.as_str());
    view! {
        <Card
            id=id
            title=view! { {title} " " <Status look=state /> }
            aside=may_test
                .then(|| {
                    view! {
                        <form method="post" action="/api/accounts/test-role" class="row">
                            <input
                                type="hidden"
                                name="account"
                                value=account.identity.number.to_string()
                            />
                            <input type="hidden" name="purpose" value=role.purpose.as_str() />
                            <button type="submit" class="btn btn-sm" aria-label=label>
                                <Icon glyph=Glyph::Refresh />
                                "Test role"
                            </button>
                        </form>
                    }
                })
                .into_any()
        >
            <div class="card-body stack-sm">
                <p class="small muted">{text}</p>
                <Arn arn=role.role.to_string() of=format!("the {} role of {alias}", role.purpose.as_str()) />
            </div>
            {match role.last_test {
                Some(test) => view! { <RoleTest test now /> }.into_any(),
                None => {
                    view! {
                        <p class="card-foot">
                            "Not tested yet. A test makes a few calls and changes nothing in AWS."
                        </p>
                    }
                        .into_any()
                }
            }}
        </Card>
    }
}
