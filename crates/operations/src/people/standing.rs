//! Whose streams may stay open.

use crate::context::OpContext;
use crate::error::OpResult;
use std::collections::HashMap;

/// Every sign-in and token that is good at present, with the version of its person: a stream that was
/// opened by another one, or under another version, has to end.
pub async fn standing(cx: &OpContext) -> OpResult<HashMap<String, i64>> {
    let now = cx.now();
    let idle_since = now.plus(-cx.settings.sign_in.idle_ms);
    let mut reader = cx.store.read().await?;
    let rows = store::sign_ins::standing(&mut reader, now, idle_since).await?;
    let tokens = store::tokens::standing(&mut reader, now).await?;
    Ok(rows.into_iter().chain(tokens).collect())
}
