//! The list of accounts.

use domain::Millis;
use leptos::prelude::*;
use leptos_meta::Title;
use operations::accounts::AccountView;
use operations::{OpContext, accounts};

use crate::forms::{self, FormName};
use crate::links;
use crate::pages::load;
use crate::text::counted;
use crate::ui::age::Ago;
use crate::ui::card::Card;
use crate::ui::empty::Empty;
use crate::ui::environment::EnvironmentMark;
use crate::ui::page_head::PageHead;
use crate::ui::problem::Refused;
use crate::ui::status::Status;
use crate::ui::table::{Column, Table};

/// All accounts with the state of both roles.
#[component]
pub fn List() -> impl IntoView {
    let form = forms::asked_for();
    load(
        async move |cx: OpContext| {
            let refused = forms::restore::<()>(form, FormName::TestRole).await;
            Ok((accounts::list(&cx).await?, cx.now(), refused))
        },
        |(accounts, now, refused)| {
            let count = accounts.len();
            view! {
                <Title text="Accounts" />
                <PageHead
                    title=view! {
                        "Accounts "
                        <span class="muted font-normal">"(" {count} ")"</span>
                    }
                    meta=view! {
                        <p class="page-meta">
                            "AWS accounts that Customhouse may act in, in the order of their environments"
                        </p>
                    }
                        .into_any()
                />
                <div class="stack">
                    {refused.map(|((), outcome)| view! { <Refused outcome /> })}
                    <Card id="accounts" title="Registered accounts">
                        {table(accounts, now)}
                    </Card>
                </div>
            }
            .into_any()
        },
    )
}

fn table(accounts: Vec<AccountView>, now: Millis) -> AnyView {
    if accounts.is_empty() {
        return view! {
            <Empty
                title="No account yet"
                text="Add [[environment]] and [[account]] sections to customhouse.toml and start Customhouse with an empty database: they are taken over then. “customhouse roles ALIAS” prints the policies of both roles."
            />
        }
        .into_any();
    }
    let rows = accounts.into_iter().map(move |account| row(account, now));
    view! {
        <Table
            caption="Accounts with the state of both roles"
            class="table-wide"
            head=view! {
                <Column name="Account" />
                <Column name="Number" />
                <Column name="Regions" />
                <Column name="Reader role" />
                <Column name="Promoter role" />
                <Column name="Models" />
                <Column name="Last read" />
            }
        >
            {rows.collect_view()}
        </Table>
    }
    .into_any()
}

fn row(account: AccountView, now: Millis) -> impl IntoView {
    let page = links::account(&account.identity.number);
    let regions: Vec<_> = account.regions.iter().map(ToString::to_string).collect();
    let errors = account.errors.len();
    view! {
        <tr>
            <th scope="row">
                <span class="account">
                    <EnvironmentMark account=account.identity.clone() />
                    " "
                    <a href=page>{account.identity.alias.to_string()}</a>
                </span>
            </th>
            <td>
                <code class="nowrap">{account.identity.number.grouped()}</code>
            </td>
            <td>{regions.join(", ")}</td>
            <td>
                <Status look=account.reader.state() />
            </td>
            <td>
                <Status look=account.promoter.state() />
            </td>
            <td class="nowrap">
                {counted(account.versions, "version", "versions")} " in "
                {counted(account.projects, "project", "projects")}
            </td>
            <td class="nowrap">
                {match account.seen_at {
                    Some(at) => view! { <Ago at now /> }.into_any(),
                    None => "not yet".into_any(),
                }}
                {(errors > 0)
                    .then(|| {
                        view! {
                            <br />
                            <span class="tiny text-failed">
                                {counted(errors, "Region failed", "Regions failed")}
                            </span>
                        }
                    })}
            </td>
        </tr>
    }
}
