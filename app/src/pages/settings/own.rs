//! Who one is, what one may, and where one is signed in.

use domain::Millis;
use leptos::prelude::*;
use leptos_meta::Title;
use operations::people::{self, PersonView, SignInView};
use operations::{OpContext, OpResult};

use crate::forms::{self, FormName};
use crate::pages::load;
use crate::ui::age::Ago;
use crate::ui::card::Card;
use crate::ui::empty::Empty;
use crate::ui::page_head::PageHead;
use crate::ui::problem::Refused;
use crate::ui::table::{Column, Table};

/// The page.
#[component]
pub fn Own() -> impl IntoView {
    let form = forms::asked_for();
    load(
        async move |cx: OpContext| {
            let refused = forms::restore::<()>(form, FormName::Settings).await;
            let me = people::me(&cx).await?;
            let has_password = people::local::has_password(&cx).await?;
            let sign_ins = people::sign_ins(&cx).await?;
            OpResult::Ok((me, sign_ins, has_password, cx.now(), refused))
        },
        |(me, sign_ins, has_password, now, refused)| {
            view! {
                <Title text="Settings" />
                <PageHead
                    title="Settings"
                    actions=has_password
                        .then(|| {
                            view! {
                                <a class="btn" href="/settings/password">
                                    "Change password"
                                </a>
                            }
                        })
                        .into_any()
                />
                <div class="stack">
                    {refused.map(|((), outcome)| view! { <Refused outcome /> })}
                    {me.map(about)}
                    <Card id="sign-ins" title="Where you are signed in">
                        {table(sign_ins, now)}
                    </Card>
                </div>
            }
            .into_any()
        },
    )
}

fn about(me: PersonView) -> AnyView {
    let roles = roles(&me);
    view! {
        <Card id="me" title=me.name.clone()>
            <dl class="facts card-body">
                <div>
                    <dt>"Roles"</dt>
                    <dd>{roles}</dd>
                </div>
                <div>
                    <dt>"Known to"</dt>
                    <dd>
                        {me.issuer} " as " <code>{me.subject}</code>
                    </dd>
                </div>
                <div>
                    <dt>"Id"</dt>
                    <dd>
                        <code>{me.id.to_string()}</code>
                    </dd>
                </div>
            </dl>
        </Card>
    }
    .into_any()
}

/// Roles with their reach, as one line.
pub(super) fn roles(person: &PersonView) -> String {
    let mut words: Vec<_> = person
        .roles
        .iter()
        .map(|role| match &role.assignment.reach {
            domain::Reach::All => format!("{} everywhere", role.assignment.role),
            domain::Reach::Environment(name) => format!("{} in {name}", role.assignment.role),
        })
        .collect();
    words.dedup();
    if words.is_empty() {
        return "none yet: an admin gives them".to_owned();
    }
    words.join(", ")
}

fn table(sign_ins: Vec<SignInView>, now: Millis) -> AnyView {
    if sign_ins.is_empty() {
        return view! {
            <Empty title="No browser is signed in" text="This page was asked for by other means." />
        }
        .into_any();
    }
    let rows = sign_ins.into_iter().map(move |sign_in| {
        view! {
            <tr>
                <th scope="row">
                    {browser(&sign_in.browser)}
                    {sign_in.current.then(|| view! { " " <span class="muted">"(this one)"</span> })}
                </th>
                <td>{sign_in.method.clone()}</td>
                <td>{sign_in.address.clone().unwrap_or_else(|| "unknown".to_owned())}</td>
                <td class="nowrap">
                    <Ago at=sign_in.at now />
                </td>
                <td class="nowrap">
                    <Ago at=sign_in.seen_at now />
                </td>
                <td class="num">
                    <form method="post" action="/api/settings/end-sign-in">
                        <input type="hidden" name="sign_in" value=sign_in.id.to_string() />
                        <button class="btn btn-sm" type="submit">
                            "End"
                            <span class="sr-only">
                                " the sign-in from " {browser(&sign_in.browser)}
                            </span>
                        </button>
                    </form>
                </td>
            </tr>
        }
    });
    view! {
        <Table
            caption="Browsers in which you are signed in"
            class="table-wide"
            head=view! {
                <Column name="Browser" />
                <Column name="Way" />
                <Column name="Address" />
                <Column name="Signed in" />
                <Column name="Last used" />
                <Column name="Action" figures=true />
            }
        >
            {rows.collect_view()}
        </Table>
    }
    .into_any()
}

/// The part of a browser's name that people know.
fn browser(agent: &str) -> String {
    let known = ["Firefox/", "Edg/", "Chrome/", "Safari/"];
    let found = known.iter().find(|name| agent.contains(**name));
    match found.map(|name| name.trim_end_matches('/')) {
        Some("Edg") => "Edge".to_owned(),
        Some(name) => name.to_owned(),
        None if agent.is_empty() => "A browser that does not say".to_owned(),
        None => agent.chars().take(40).collect(),
    }
}
