//! Seeing from a former checkpoint whether a database went on or went back.

use crate::database::{Database, on_each};
use crate::samples::{Fixed, at, entry, event};
use domain::InstallationId;
use store::checkpoint::{self, Checkpoint, Lineage};
use store::{Store, installation};

async fn begun(database: &Database) -> Checkpoint {
    let mut tx = database.store.begin().await.unwrap();
    installation::ensure(&mut tx, &InstallationId::generate(&Fixed(1)), at(0))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    write(&database.store).await
}

async fn write(store: &Store) -> Checkpoint {
    let mut tx = store.begin().await.unwrap();
    tx.audit(entry(1));
    tx.emit(event(1));
    tx.commit().await.unwrap();
    let mut reader = store.read().await.unwrap();
    checkpoint::checkpoint(&mut reader).await.unwrap()
}

async fn lineage(database: &Database, former: &Checkpoint) -> Lineage {
    let mut reader = database.store.read().await.unwrap();
    checkpoint::lineage(&mut reader, former).await.unwrap()
}

#[tokio::test]
async fn a_database_that_went_on_continues_every_former_checkpoint() {
    on_each(async |database| {
        let mut reader = database.store.read().await.unwrap();
        let empty = checkpoint::checkpoint(&mut reader).await.unwrap();
        drop(reader);
        let first = begun(database).await;
        let second = write(&database.store).await;
        for former in [empty, first, second] {
            assert_eq!(lineage(database, &former).await, Lineage::Continues);
        }
    })
    .await;
}

#[tokio::test]
async fn every_way_of_going_back_is_seen() {
    on_each(async |database| {
        let former = begun(database).await;
        let further = |change: fn(&mut Checkpoint)| {
            let mut former = former.clone();
            change(&mut former);
            former
        };
        for (former, expected) in [
            (further(|former| former.audit_seq += 1), Lineage::Behind),
            (further(|former| former.event_seq += 1), Lineage::Behind),
            (further(|former| former.epoch += 1), Lineage::Behind),
            (
                further(|former| former.audit_hash = "0".repeat(64)),
                Lineage::Differs,
            ),
            (
                further(|former| {
                    former.installation = Some(InstallationId::generate(&Fixed(9)));
                }),
                Lineage::OtherInstallation,
            ),
        ] {
            assert_eq!(lineage(database, &former).await, expected, "{former:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_new_epoch_continues_whatever_was_before() {
    on_each(async |database| {
        let mut former = begun(database).await;
        former.audit_seq += 100;
        former.event_seq += 100;
        let mut tx = database.store.begin().await.unwrap();
        tx.begin_epoch(former.epoch);
        tx.emit(event(1));
        let head = tx.commit().await.unwrap();
        assert_eq!((head.epoch, head.seq), (2, 1));
        assert_eq!(lineage(database, &former).await, Lineage::Continues);
    })
    .await;
}
