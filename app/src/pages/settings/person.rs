//! One person, with what they are trusted with.

use domain::{EnvironmentName, Role};
use leptos::prelude::*;
use leptos_meta::Title;
use operations::people::{self, PersonView, RoleView};
use operations::{OpContext, OpResult, environments};

use crate::forms::{self, FormName};
use crate::pages::{load, param};
use crate::ui::card::Card;
use crate::ui::page_head::PageHead;
use crate::ui::problem::Refused;
use crate::ui::table::{Column, Table};

/// The page.
#[component]
pub fn Person() -> impl IntoView {
    let id = param("id");
    let form = forms::asked_for();
    load(
        async move |cx: OpContext| {
            let refused = forms::restore::<()>(form, FormName::Settings).await;
            let person = people::get(&cx, &id).await?;
            let own = *cx.actor() == (domain::Actor::Person { id: person.id });
            let places = environments::list(&cx).await?;
            let names: Vec<_> = places
                .into_iter()
                .map(|place| place.environment.name)
                .collect();
            OpResult::Ok((person, names, own, refused))
        },
        |(person, names, own, refused)| {
            let state = if person.active {
                "May come in"
            } else {
                "Kept out"
            };
            view! {
                <Title text=person.name.clone() />
                <PageHead
                    title=person.name.clone()
                    meta=view! {
                        <p class="page-meta">
                            {state} " · known to " {person.issuer.clone()} " as "
                            <code>{person.subject.clone()}</code>
                        </p>
                    }
                        .into_any()
                    actions=(!own).then(|| access(&person)).into_any()
                />
                <div class="stack">
                    {refused.map(|((), outcome)| view! { <Refused outcome /> })}
                    <Card id="roles" title="Roles">
                        {held(&person, own)}
                        {(!own).then(|| give(&person, names))}
                    </Card>
                    {own
                        .then(|| {
                            view! {
                                <p class="small muted">
                                    "This is you: another admin changes what you may do."
                                </p>
                            }
                        })}
                </div>
            }
            .into_any()
        },
    )
}

fn access(person: &PersonView) -> AnyView {
    let (word, active) = if person.active {
        ("Keep out", "no")
    } else {
        ("Let in again", "yes")
    };
    view! {
        <form method="post" action="/api/people/set-active">
            <input type="hidden" name="person" value=person.id.to_string() />
            <input type="hidden" name="active" value=active />
            <button class="btn" type="submit">
                {word}
            </button>
        </form>
    }
    .into_any()
}

fn held(person: &PersonView, own: bool) -> AnyView {
    if person.roles.is_empty() {
        return view! { <p class="card-body muted">"No role: nothing is shown to them."</p> }
            .into_any();
    }
    let id = person.id.to_string();
    let rows = person.roles.clone().into_iter().map(move |role| {
        let id = id.clone();
        view! {
            <tr>
                <th scope="row">{role.assignment.role.to_string()}</th>
                <td>{reach(&role)}</td>
                <td>{if role.by_groups { "groups at the provider" } else { "an admin" }}</td>
                <td class="num">
                    {(!role.by_groups && !own)
                        .then(|| {
                            view! {
                                <form method="post" action="/api/people/take-role">
                                    <input type="hidden" name="person" value=id />
                                    <input
                                        type="hidden"
                                        name="role"
                                        value=role.assignment.to_string()
                                    />
                                    <button class="btn btn-sm" type="submit">
                                        "Take away"
                                        <span class="sr-only">
                                            " " {role.assignment.to_string()}
                                        </span>
                                    </button>
                                </form>
                            }
                        })}
                </td>
            </tr>
        }
    });
    view! {
        <Table
            caption="Roles and where they hold"
            head=view! {
                <Column name="Role" />
                <Column name="Where" />
                <Column name="Given by" />
                <Column name="Action" figures=true />
            }
        >
            {rows.collect_view()}
        </Table>
    }
    .into_any()
}

fn reach(role: &RoleView) -> String {
    match &role.assignment.reach {
        domain::Reach::All => "every environment".to_owned(),
        domain::Reach::Environment(name) => name.to_string(),
    }
}

fn give(person: &PersonView, names: Vec<EnvironmentName>) -> AnyView {
    let roles = Role::ALL.map(|role| {
        view! { <option value=role.as_str()>{role.as_str()}</option> }
    });
    let places = names.into_iter().map(|name| {
        let (word, value) = (name.to_string(), name.to_string());
        view! { <option value=value>{word}</option> }
    });
    view! {
        <form method="post" action="/api/people/give-role" class="card-foot actions">
            <input type="hidden" name="person" value=person.id.to_string() />
            <label class="label" for="role">
                "Role"
            </label>
            <select class="input" id="role" name="role">
                {roles.collect_view()}
            </select>
            <label class="label" for="environment">
                "in"
            </label>
            <select class="input" id="environment" name="environment">
                <option value="">"every environment"</option>
                {places.collect_view()}
            </select>
            <button class="btn btn-primary" type="submit">
                "Give"
            </button>
        </form>
    }
    .into_any()
}
