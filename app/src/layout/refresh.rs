//! Without scripts, a page that shows something running reloads itself.

use leptos::prelude::*;
use operations::PageRequest;
use operations::{OpContext, jobs, promotions};

/// The path of the page that is being rendered.
fn path() -> Option<String> {
    use_context::<http::request::Parts>().map(|parts| parts.uri.path().to_owned())
}

/// A refresh every 10 seconds for browsers without scripts, on pages of jobs that have not ended.
///
/// It stands in `<head>`, which is written before the page's body has read anything, so it reads
/// for itself.
#[component]
pub(super) fn RefreshWithoutScripts() -> impl IntoView {
    let cx = use_context::<OpContext>();
    let path = path();
    Suspend::new(async move {
        let running = match (cx, path) {
            (Some(cx), Some(path)) => is_running(&cx, &path).await,
            _ => false,
        };
        running.then(|| {
            view! {
                <noscript>
                    <meta http-equiv="refresh" content="10" />
                </noscript>
            }
        })
    })
}

/// Whether the page shows a job that has not ended. What cannot be read does not run.
async fn is_running(cx: &OpContext, path: &str) -> bool {
    let word = match path.trim_start_matches('/').split('/').collect::<Vec<_>>()[..] {
        ["jobs", id] => jobs::get(cx, id).await.ok().map(|job| job.word),
        ["promotions", id] => promotions::get(cx, id)
            .await
            .ok()
            .and_then(|found| found.row.job)
            .map(|job| job.word),
        ["" | "promotions"] => {
            let page = jobs::list(cx, PageRequest::default()).await;
            return page.is_ok_and(|page| page.items.iter().any(|job| !job.word.is_terminal()));
        }
        _ => None,
    };
    word.is_some_and(|word| !word.is_terminal())
}
