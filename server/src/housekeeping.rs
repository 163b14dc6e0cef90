//! Throws away what nobody needs any more. What, after how long and why stands in docs/retention.md;
//! each row there that ends by itself is one step here. The audit is never touched.

use std::time::Duration;

use operations::OpContext;
use store::StoreError;
use store::sessions::Sessions;
use tokio_util::sync::CancellationToken;

use crate::config::RetentionSection;

/// Between two rounds.
const PAUSE: Duration = Duration::from_mins(10);
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Cleans up now and then until `stop`.
pub(crate) async fn run(cx: OpContext, retention: RetentionSection, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = clean(&cx, &retention).await {
            tracing::warn!(%error, "cleaning up did not succeed; it is tried again later");
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

async fn clean(cx: &OpContext, retention: &RetentionSection) -> Result<(), StoreError> {
    Sessions::new(cx.store.clone(), cx.clock.clone())
        .delete_expired()
        .await?;
    let now = cx.now();
    let idle_since = now.plus(-cx.settings.sign_in.idle_ms);
    let keys_before = now.plus(-i64::from(retention.idempotency_days) * DAY_MS);
    store::sign_in_throttle::delete_full(&cx.store, now).await?;
    let mut tx = cx.store.begin().await?;
    store::sign_ins::delete_ended(&mut tx, now, idle_since).await?;
    store::setup_links::delete_expired(&mut tx, now).await?;
    store::known_devices::delete_expired(&mut tx, now).await?;
    store::events::prune(&mut tx, i64::from(retention.events)).await?;
    store::idempotency::forget_before(&mut tx, keys_before).await?;
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::startup::Machine;
    use domain::{Actor, Millis};
    use operations::people::{Device, Identity, SignInMethod, sign_in};
    use store::audit::{ChainVerdict, verify_chain};
    use store::{DatabaseUrl, Store, events, idempotency, sign_ins};

    #[tokio::test]
    async fn what_is_over_goes_and_the_audit_stays() {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::sqlite(folder.path().join("test.sqlite"));
        let store = Store::open(&url).await.unwrap();
        let config = Config::from_toml("").unwrap();
        let machine = Machine::real(&config).await;
        let cx = machine.context(&config, &store, Actor::Engine);
        let identity = Identity {
            issuer: "demo".to_owned(),
            subject: "viewer".to_owned(),
            name: "viewer".to_owned(),
            groups: Vec::new(),
        };
        let method = SignInMethod::Demo;
        let present = sign_in(&cx, &identity, method, &Device::default()).await;
        let present = present.unwrap();
        let mut tx = store.begin().await.unwrap();
        let mut over = sign_ins::find(&mut tx, present.sign_in)
            .await
            .unwrap()
            .unwrap();
        over.id = domain::SignInId::generate(Millis::new(1), cx.random.as_ref());
        over.ends_at = cx.now();
        let ended = over.id;
        sign_ins::insert(&mut tx, &over).await.unwrap();
        for (key, at) in [("new", cx.now()), ("old", cx.now().plus(-8 * DAY_MS))] {
            let result = serde_json::json!({});
            idempotency::remember(&mut tx, "scope", key, "hash", &result, at)
                .await
                .unwrap();
        }
        for n in 0..1_005 {
            tx.emit(store::events::NewEvent {
                kind: store::events::EventKind::Job,
                subject: n.to_string(),
                environment: None,
                view: serde_json::json!({}),
                at: cx.now(),
            });
        }
        tx.commit().await.unwrap();
        let verdict = async || {
            let mut reader = store.read().await.unwrap();
            verify_chain(&mut reader).await.unwrap()
        };
        let before = verdict().await;
        assert!(matches!(before, ChainVerdict::Whole { entries: 1.., .. }));

        let retention = RetentionSection {
            events: 1_000,
            ..RetentionSection::default()
        };
        clean(&cx, &retention).await.unwrap();
        let mut reader = store.read().await.unwrap();
        let kept = sign_ins::find(&mut reader, present.sign_in).await.unwrap();
        assert!(kept.is_some());
        let gone = sign_ins::find(&mut reader, ended).await.unwrap();
        assert_eq!(gone, None);
        for (key, kept) in [("new", true), ("old", false)] {
            let found = idempotency::find(&mut reader, "scope", key).await.unwrap();
            assert_eq!(found.is_some(), kept, "{key}");
        }
        let head = store::ledger::head(&mut reader).await.unwrap();
        let oldest = events::oldest(&mut reader).await.unwrap().unwrap();
        assert_eq!(head.seq - oldest.seq, 999);
        drop(reader);
        assert_eq!(verdict().await, before);
    }
}
