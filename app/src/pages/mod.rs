//! The pages, one folder or file for each noun. They exist on the server only.
//!
//! A page asks one use case through `load` and shows what it gives. What is live on a page is a
//! view of its own (`live` in each file) that `fragments` renders again.

pub mod accounts;
pub mod audit;
pub mod error;
pub mod home;
pub mod jobs;
pub mod local;
pub mod models;
pub mod policies;
pub mod promotions;
pub mod settings;
pub mod sign_in;

use std::future::Future;

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use operations::{OpContext, OpResult};

/// Runs one use case and shows what it gives. An error becomes a page with a status of its own.
pub(crate) fn load<T, F>(
    read: impl FnOnce(OpContext) -> F + Send + 'static,
    show: impl FnOnce(T) -> AnyView + Send + 'static,
) -> AnyView
where
    T: 'static,
    F: Future<Output = OpResult<T>> + Send + 'static,
{
    let cx = expect_context::<OpContext>();
    let request_id = cx.request_id.clone();
    Suspend::new(async move {
        match read(cx).await {
            Ok(value) => show(value),
            Err(found) => error::page(&found, &request_id),
        }
    })
    .into_any()
}

/// A part of the path, such as `id` in `/jobs/:id`. Untrusted text.
pub(crate) fn param(name: &str) -> String {
    use_params_map()
        .with_untracked(|params| params.get(name))
        .unwrap_or_default()
}

/// A part of the query. Untrusted text: looked up or parsed, never shown as a message.
pub(crate) fn query(name: &str) -> Option<String> {
    use_query_map()
        .with_untracked(|query| query.get(name))
        .filter(|text| !text.is_empty())
}
