//! The audit: who did what, newest first, with what it is searched by in the address.

mod filter;
mod table;

use leptos::prelude::*;
use leptos_meta::Title;
use operations::audit::{self, AuditForm, Found};
use operations::{OpContext, OpResult, PageRequest};

use crate::pages::{load, query};
use crate::ui::empty::Empty;
use crate::ui::page_head::PageHead;

/// Entries, a page at a time.
#[component]
pub fn List() -> impl IntoView {
    let form = asked_for();
    let before = query("before").and_then(|text| text.parse::<i64>().ok());
    let asked = form.clone();
    load(
        async move |cx: OpContext| {
            let request = PageRequest {
                before,
                ..PageRequest::default()
            };
            let found = audit::list(&cx, &asked, request).await?;
            OpResult::Ok((found, audit::actors(&cx).await?))
        },
        move |(found, people)| {
            let wrong = match &found {
                Found::Unreadable(parts) => parts.clone(),
                Found::Entries(_) => Vec::new(),
            };
            let export =
                |format: &str| filter::address("/audit/export", &form, &[("format", format)]);
            view! {
                <Title text="Audit" />
                <PageHead
                    title="Audit"
                    meta=view! {
                        <p class="page-meta">
                            "Who did what, newest first. Entries are chained and never changed; "
                            <code>"customhouse verify-audit"</code> " proves it."
                        </p>
                    }
                        .into_any()
                    actions=view! {
                        <a class="btn" href=export("csv") download>
                            "Export CSV"
                        </a>
                        <a class="btn" href=export("jsonl") download>
                            "Export JSON Lines"
                        </a>
                    }
                        .into_any()
                />
                <section class="card" aria-label="Entries">
                    {filter::view(&form, people, &wrong)} {entries(found, &form)}
                </section>
            }
            .into_any()
        },
    )
}

/// What the address says.
fn asked_for() -> AuditForm {
    let mut form = AuditForm::default();
    for name in ["who", "action", "kind", "object", "result", "from", "to"] {
        if let Some(value) = query(name) {
            form.set(name, &value);
        }
    }
    form
}

fn entries(found: Found, form: &AuditForm) -> AnyView {
    let page = match found {
        Found::Entries(page) if !page.items.is_empty() => page,
        Found::Entries(_) if form.is_empty() => {
            return view! {
                <Empty
                    title="No entry yet"
                    text="Everything that people and Customhouse itself do is noted here, in the same moment in which it is done."
                />
            }
            .into_any();
        }
        Found::Entries(_) => {
            return view! {
                <Empty title="No entry fits" text="Nothing was done that fits all of the filters.">
                    <a class="btn" href="/audit">
                        "Show all entries"
                    </a>
                </Empty>
            }
            .into_any();
        }
        Found::Unreadable(_) => {
            return view! {
                <Empty
                    title="Nothing was looked for"
                    text="One of the filters cannot be read; what is wrong stands above."
                />
            }
            .into_any();
        }
    };
    let older = page.next.map(|before| {
        let before = before.to_string();
        let older = filter::address("/audit", form, &[("before", &before)]);
        view! {
            <p class="card-foot">
                <span></span>
                <a href=older>"Older entries"</a>
            </p>
        }
    });
    view! {
        {table::table(page.items)}
        {older}
    }
    .into_any()
}
