//! Databases whose tables are those of another version.

use crate::database::{Database, on_each};
use store::{DatabaseUrl, OpenError, Store};

async fn versions(database: &Database) -> String {
    database
        .peek("SELECT CAST(COUNT(*) AS TEXT) FROM _sqlx_migrations")
        .await
}

#[tokio::test]
async fn a_database_of_this_version_is_opened_as_it_is() {
    on_each(async |database| {
        let store = database.open_as_it_is().await.unwrap();
        store.check_statements().await.unwrap();
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_older_database_is_left_as_it_is() {
    on_each(async |database| {
        let forget = "DELETE FROM _sqlx_migrations
            WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)";
        assert_eq!(database.tamper(forget).await, 1);
        let before = versions(database).await;
        let refused = database.open_as_it_is().await;
        assert!(matches!(refused, Err(OpenError::Older)), "{refused:?}");
        let words = refused.unwrap_err().to_string();
        assert!(words.contains("`customhouse migrate`"), "{words}");
        assert_eq!(versions(database).await, before);

        database.tamper("DROP TABLE _sqlx_migrations").await;
        let refused = database.open_as_it_is().await;
        assert!(matches!(refused, Err(OpenError::Older)), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn a_newer_database_is_left_as_it_is() {
    on_each(async |database| {
        let newer = "INSERT INTO _sqlx_migrations
                (version, description, success, checksum, execution_time)
            SELECT 99990101000000, description, success, checksum, execution_time
            FROM _sqlx_migrations WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)";
        assert_eq!(database.tamper(newer).await, 1);
        let refused = database.open_as_it_is().await;
        assert!(matches!(refused, Err(OpenError::Newer)), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_not_there_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("absent.sqlite");
    let refused = Store::open_as_it_is(&DatabaseUrl::sqlite(&file)).await;
    assert!(matches!(refused, Err(OpenError::Connect(_))), "{refused:?}");
    assert!(!file.exists());
}
