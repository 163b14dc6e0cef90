//! Everybody.

use domain::Millis;
use leptos::prelude::*;
use leptos_meta::Title;
use operations::people::{self, PersonView};
use operations::{OpContext, OpResult};

use super::own::roles;
use crate::pages::load;
use crate::ui::age::Ago;
use crate::ui::card::Card;
use crate::ui::empty::Empty;
use crate::ui::page_head::PageHead;
use crate::ui::table::{Column, Table};

/// The page.
#[component]
pub fn People() -> impl IntoView {
    load(
        async move |cx: OpContext| OpResult::Ok((people::list(&cx).await?, cx.now())),
        |(people, now)| {
            let count = people.len();
            view! {
                <Title text="People" />
                <PageHead
                    title=view! {
                        "People "
                        <span class="muted font-normal">"(" {count} ")"</span>
                    }
                    meta=view! {
                        <p class="page-meta prose">
                            "Whoever signed in once, and service accounts. Roles come from groups at the provider, or are given here."
                        </p>
                    }
                        .into_any()
                />
                <div class="stack">
                    <Card id="people" title="Known people">
                        {table(people, now)}
                    </Card>
                </div>
            }
            .into_any()
        },
    )
}

fn table(people: Vec<PersonView>, now: Millis) -> AnyView {
    if people.is_empty() {
        return view! {
            <Empty title="Nobody yet" text="People appear here once they have signed in." />
        }
        .into_any();
    }
    let rows = people.into_iter().map(move |person| {
        view! {
            <tr>
                <th scope="row">
                    <a href=format!("/settings/people/{}", person.id)>{person.name.clone()}</a>
                </th>
                <td>{roles(&person)}</td>
                <td>{person.issuer.clone()}</td>
                <td>{if person.active { "may come in" } else { "kept out" }}</td>
                <td class="num nowrap">
                    {match person.signed_in_at {
                        Some(at) => view! { <Ago at now /> }.into_any(),
                        None => "never".into_any(),
                    }}
                </td>
            </tr>
        }
    });
    view! {
        <Table
            caption="People with their roles"
            class="table-wide"
            head=view! {
                <Column name="Name" />
                <Column name="Roles" />
                <Column name="Known to" />
                <Column name="Access" />
                <Column name="Last signed in" figures=true />
            }
        >
            {rows.collect_view()}
        </Table>
    }
    .into_any()
}
