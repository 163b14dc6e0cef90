//! Copies of a SQLite database, and putting one in its place.

use crate::database::{Database, on_each};
use crate::samples::{entry, event};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use store::audit::{ChainVerdict, verify_chain};
use store::backup::{BackupError, Replacement, backup, epoch};
use store::{DatabaseUrl, Store};
use tokio::task::JoinSet;

async fn on_sqlite(test: impl AsyncFn(&Database, &Path)) {
    on_each(async |database| {
        if let Some(file) = database.file() {
            test(database, file).await;
        }
    })
    .await;
}

async fn write(store: &Store, n: i64) {
    let mut tx = store.begin().await.unwrap();
    tx.audit(entry(n));
    tx.emit(event(n));
    tx.commit().await.unwrap();
}

/// How many audit entries the whole chain of a file has.
async fn entries(file: &Path) -> i64 {
    let store = Store::open(&DatabaseUrl::sqlite(file)).await.unwrap();
    let verdict = verify_chain(&mut store.read().await.unwrap())
        .await
        .unwrap();
    store.close().await;
    match verdict {
        ChainVerdict::Whole { entries, .. } => entries,
        broken @ ChainVerdict::Broken { .. } => panic!("{broken:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_whole_while_others_write() {
    on_sqlite(async |database, file| {
        write(&database.store, 1).await;
        let mut writers = JoinSet::new();
        let store = database.store.clone();
        writers.spawn(async move {
            for n in 2.. {
                write(&store, n).await;
            }
        });
        for n in 0..5 {
            let copy = file.with_file_name(format!("copy-{n}.sqlite"));
            backup(file, &copy).await.unwrap();
            let mode = std::fs::metadata(&copy).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            assert!(entries(&copy).await >= 1);
        }
        writers.shutdown().await;
        let names = std::fs::read_dir(file.parent().unwrap()).unwrap();
        let mut names = names.map(|entry| entry.unwrap().file_name());
        let partial = names.any(|name| name.to_string_lossy().contains("partial"));
        assert!(!partial, "nothing is left over");
    })
    .await;
}

#[tokio::test]
async fn a_backup_overwrites_nothing_and_leaves_nothing_when_it_fails() {
    on_sqlite(async |_, file| {
        let taken = file.with_file_name("taken");
        std::fs::write(&taken, "precious").unwrap();
        let refused = backup(file, &taken).await;
        assert!(
            matches!(refused, Err(BackupError::Exists(_))),
            "{refused:?}"
        );
        assert_eq!(std::fs::read_to_string(&taken).unwrap(), "precious");

        let copy = file.with_file_name("copy");
        let absent = file.with_file_name("absent.sqlite");
        assert!(backup(&absent, &copy).await.is_err());
        assert!(!copy.exists() && !absent.exists());
    })
    .await;
}

#[tokio::test]
async fn a_copy_takes_the_place_and_the_former_database_is_kept() {
    on_sqlite(async |database, file| {
        write(&database.store, 1).await;
        let copy = file.with_file_name("copy.sqlite");
        backup(file, &copy).await.unwrap();
        for n in 2..=3 {
            write(&database.store, n).await;
        }
        database.store.close().await;

        let replacement = Replacement::stage(&copy, file).await.unwrap();
        assert_eq!(entries(replacement.path()).await, 1);
        let former = replacement.put_in_place("epoch-2").unwrap().unwrap();
        assert_eq!(entries(file).await, 1);
        assert_eq!(entries(&former).await, 3);
        assert_eq!(entries(&copy).await, 1, "the backup stays");
    })
    .await;
}

#[tokio::test]
async fn the_log_of_the_former_database_is_not_read_into_the_copy() {
    on_sqlite(async |database, file| {
        write(&database.store, 1).await;
        let copy = file.with_file_name("copy.sqlite");
        backup(file, &copy).await.unwrap();
        write(&database.store, 2).await;
        // As after a crash: the log holds commits that the file does not.
        let crashed = file.with_file_name("crashed.sqlite");
        for suffix in ["", "-wal", "-shm"] {
            let name = |file: &Path| format!("{}{suffix}", file.display());
            std::fs::copy(name(file), name(&crashed)).unwrap();
        }
        let replacement = Replacement::stage(&copy, &crashed).await.unwrap();
        let former = replacement.put_in_place("x").unwrap().unwrap();
        assert_eq!(entries(&crashed).await, 1);
        assert_eq!(entries(&former).await, 2);
    })
    .await;
}

/// What an attempt leaves behind that died after each of its moves.
#[tokio::test]
async fn an_interrupted_replacement_can_be_made_again() {
    on_sqlite(async |database, file| {
        write(&database.store, 1).await;
        let copy = file.with_file_name("copy.sqlite");
        backup(file, &copy).await.unwrap();
        write(&database.store, 2).await;
        for moved in 0..=2 {
            // As after a crash: the log holds commits that the file does not.
            let crashed = file.with_file_name(format!("crashed-{moved}.sqlite"));
            let name = |file: &Path, rest: &str| format!("{}{rest}", file.display());
            for suffix in ["", "-wal"] {
                std::fs::copy(name(file, suffix), name(&crashed, suffix)).unwrap();
            }
            if moved >= 1 {
                std::fs::hard_link(&crashed, name(&crashed, ".before-x")).unwrap();
            }
            if moved >= 2 {
                let kept = name(&crashed, ".before-x-wal");
                std::fs::rename(name(&crashed, "-wal"), kept).unwrap();
            }
            let replacement = Replacement::stage(&copy, &crashed).await.unwrap();
            let former = replacement.put_in_place("x").unwrap().unwrap();
            assert_eq!(former, Path::new(&name(&crashed, ".before-x")));
            assert_eq!(entries(&crashed).await, 1);
            assert_eq!(entries(&former).await, 2, "after {moved} moves");
        }
    })
    .await;
}

#[tokio::test]
async fn a_former_database_takes_no_name_that_is_taken() {
    on_sqlite(async |database, file| {
        write(&database.store, 1).await;
        let copy = file.with_file_name("copy.sqlite");
        backup(file, &copy).await.unwrap();
        write(&database.store, 2).await;
        database.store.close().await;
        let name = |rest: &str| file.with_file_name(format!("test.sqlite.before-x{rest}"));
        // Another database, and the log of one whose file somebody moved away.
        for taken in ["", "-2-wal"] {
            std::fs::write(name(taken), "precious").unwrap();
        }
        let replacement = Replacement::stage(&copy, file).await.unwrap();
        let former = replacement.put_in_place("x").unwrap().unwrap();
        assert_eq!(former, name("-3"));
        assert_eq!(entries(&former).await, 2);
        for taken in ["", "-2-wal"] {
            assert_eq!(std::fs::read_to_string(name(taken)).unwrap(), "precious");
        }
    })
    .await;
}

#[tokio::test]
async fn the_epoch_is_read_from_the_log_too() {
    on_sqlite(async |database, file| {
        let mut tx = database.store.begin().await.unwrap();
        tx.begin_epoch(6);
        tx.commit().await.unwrap();
        assert_eq!(epoch(file).await.unwrap(), 7);
        let absent = file.with_file_name("absent.sqlite");
        assert!(epoch(&absent).await.is_err() && !absent.exists());
    })
    .await;
}

#[tokio::test]
async fn what_is_no_database_of_ours_takes_no_place() {
    on_sqlite(async |database, file| {
        write(&database.store, 1).await;
        database.store.close().await;
        let folder = file.parent().unwrap();
        let text = folder.join("text");
        std::fs::write(
            &text,
            "not a database at all, but long enough to have a header",
        )
        .unwrap();
        let damaged = folder.join("damaged.sqlite");
        let mut bytes = std::fs::read(file).unwrap();
        let length = bytes.len();
        bytes[4096..length.min(4096 * 30)].fill(0xa5);
        std::fs::write(&damaged, bytes).unwrap();
        for bad in [&text, &damaged] {
            let refused = Replacement::stage(bad, file).await;
            assert!(
                matches!(refused, Err(BackupError::Damaged(_))),
                "{refused:?}"
            );
        }
        let empty = folder.join("empty.sqlite");
        std::fs::write(&empty, "").unwrap();
        let refused = Replacement::stage(&empty, file).await;
        assert!(
            matches!(refused, Err(BackupError::Foreign(_))),
            "{refused:?}"
        );
        let absent = Replacement::stage(&folder.join("absent"), file).await;
        assert!(matches!(absent, Err(BackupError::Io { .. })), "{absent:?}");
        assert_eq!(entries(file).await, 1);
    })
    .await;
}
