//! The list of promotions.

use domain::Millis;
use leptos::prelude::*;
use leptos_meta::Title;
use operations::promotions::{self, ProposalRow};
use operations::{OpContext, OpResult};
use operations::{Page, PageRequest};

use super::table::table;
use crate::layout::nav::LiveBadge;
use crate::pages::{load, query};
use crate::ui::empty::Empty;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::page_head::PageHead;

/// Promotions and policy changes, newest first, a page at a time.
#[component]
pub fn List() -> impl IntoView {
    let before = query("before").and_then(|text| text.parse::<i64>().ok());
    load(
        async move |cx: OpContext| {
            let request = PageRequest {
                before,
                ..PageRequest::default()
            };
            OpResult::Ok((promotions::list(&cx, request).await?, cx.now()))
        },
        move |(page, now)| {
            let body = live(page, now);
            // Only the first page is followed: older ones do not move.
            let body = match before {
                None => view! {
                    <div
                        data-fragment="/fragments/promotions"
                        data-follows="job proposal resync"
                    >
                        {body}
                    </div>
                }
                .into_any(),
                Some(_) => body,
            };
            view! {
                <Title text="Promotions" />
                <PageHead
                    title="Promotions"
                    meta=view! {
                        <p class="page-meta">"Promotions and policy changes, with their jobs"</p>
                    }
                        .into_any()
                    actions=view! {
                        {before.is_none().then(|| view! { <LiveBadge /> })}
                        <a class="btn btn-primary" href="/promotions/new">
                            <Icon glyph=Glyph::Plus />
                            "New promotion"
                        </a>
                    }
                        .into_any()
                />
                {body}
            }
            .into_any()
        },
    )
}

/// The sheet with the rows.
pub(crate) fn live(page: Page<ProposalRow>, now: Millis) -> AnyView {
    let body = if page.items.is_empty() {
        view! {
            <Empty
                title="No promotion yet"
                text="A promotion copies one model version into a project of another account: it puts a grant, copies, proves the copy and removes the grant."
            >
                <a class="btn" href="/promotions/new">
                    "New promotion"
                </a>
            </Empty>
        }
        .into_any()
    } else {
        let older = page.next.map(|before| {
            view! {
                <p class="card-foot">
                    <span></span>
                    <a href=format!("/promotions?before={before}")>"Older promotions"</a>
                </p>
            }
        });
        view! {
            {table(page.items, now)}
            {older}
        }
        .into_any()
    };
    view! { <section class="card" aria-label="Promotions">{body}</section> }.into_any()
}
