//! Verifying the audit with the binary, against checkpoints that were saved before.

use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use std::path::Path;
use std::process::Output;
use store::{DatabaseUrl, Store};
use tempfile::TempDir;

use crate::support::place::{Place, said};
use crate::support::{client, run};

const KEY: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const OTHER: &str = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";

/// A folder with a database of some entries, the key, and `saved`, a checkpoint of all of them.
async fn place() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("customhouse.toml"), "").unwrap();
    let url = DatabaseUrl::sqlite(folder.path().join("customhouse.sqlite"));
    Store::open(&url).await.unwrap().close().await;
    for _ in 0..3 {
        for command in ["pause", "resume"] {
            let done = run(folder.path(), &[command]);
            assert!(done.status.success(), "{done:?}");
        }
    }
    std::fs::write(folder.path().join("customhouse.sqlite.audit-key"), KEY).unwrap();
    let printed = run(folder.path(), &["checkpoint"]);
    assert!(printed.status.success(), "{printed:?}");
    let saved = [
        "Customhouse is at http://127.0.0.1:3000\n".into(),
        printed.stdout,
    ]
    .concat();
    std::fs::write(folder.path().join("saved"), saved).unwrap();
    folder
}

async fn tamper(folder: &Path, statements: &[&'static str]) {
    let options = SqliteConnectOptions::new().filename(folder.join("customhouse.sqlite"));
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    for sql in statements {
        sqlx::query(*sql).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
}

fn verify(folder: &Path, more: &[&str]) -> Output {
    run(folder, &[&["verify-audit"], more].concat())
}

fn expect(output: &Output, code: i32, words: &str) {
    let said = said(output);
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert!(said.contains(words), "wanted {words:?} in {said}");
}

const SAVED: [&str; 2] = ["--checkpoint", "saved"];

#[tokio::test]
async fn an_audit_that_went_on_is_whole() {
    let place = place().await;
    let folder = place.path();
    expect(&verify(folder, &[]), 0, "All 6 audit entries are whole");
    expect(&verify(folder, &[]), 0, "No saved checkpoint was compared");
    assert!(run(folder, &["pause"]).status.success());
    expect(&verify(folder, &SAVED), 0, "All 7 audit entries are whole");
    expect(&verify(folder, &SAVED), 0, "the newest one of entry 6");
    expect(
        &verify(folder, &["--checkpoint", "absent"]),
        1,
        "cannot read absent",
    );
}

#[tokio::test]
async fn the_first_broken_entry_is_named() {
    let cut = [
        "DELETE FROM audit WHERE n > 4",
        "UPDATE ledger_head SET audit_seq = 4, audit_hash = (SELECT hash FROM audit WHERE n = 4)",
    ];
    let changed = ["UPDATE audit SET entry = REPLACE(entry, 'pause', 'resume') WHERE n = 3"];
    let all = [
        "DELETE FROM audit",
        "UPDATE ledger_head SET audit_seq = 0, audit_hash = '0000000000000000000000000000000000000000000000000000000000000000'",
    ];
    for (statements, alone, words) in [
        (&cut[..], 0, "entry 5 is missing"),
        (&changed[..], 1, "entry 3 does not follow"),
        (&all[..], 0, "entry 1 is missing"),
    ] {
        let place = place().await;
        tamper(place.path(), statements).await;
        let unaided = verify(place.path(), &[]).status.code();
        assert_eq!(unaided, Some(alone), "{statements:?}");
        expect(&verify(place.path(), &SAVED), 1, words);
    }
}

#[tokio::test]
async fn a_checkpoint_that_nobody_vouches_for_proves_nothing() {
    let place = place().await;
    let folder = place.path();
    let key = run(folder, &["checkpoint", "--public-key"]);
    let key = String::from_utf8(key.stdout).unwrap();
    let key = key.lines().next().unwrap().to_owned();
    let named = |key: &str| [&SAVED[..], &["--public-key", key]].concat().join(" ");
    let with = |key: &str| {
        let line = named(key);
        verify(folder, &line.split(' ').collect::<Vec<_>>())
    };
    expect(&with(&key), 0, "are whole");
    let text = std::fs::read_to_string(folder.join("saved")).unwrap();
    std::fs::write(
        folder.join("saved"),
        text.replace("\"audit_seq\":6", "\"audit_seq\":5"),
    )
    .unwrap();
    expect(
        &with(&key),
        1,
        "its signature is not one of this checkpoint",
    );
    std::fs::write(folder.join("saved"), &text).unwrap();
    std::fs::write(folder.join("customhouse.sqlite.audit-key"), OTHER).unwrap();
    expect(&verify(folder, &SAVED), 1, "signed with another key");
    expect(&with(&key), 0, "are whole");
    std::fs::remove_file(folder.join("customhouse.sqlite.audit-key")).unwrap();
    expect(&verify(folder, &SAVED), 0, "No signature was checked");
}

/// The token of a new service account.
async fn token(place: &Place, name: &str, role: &str) -> String {
    let create = ["service-account", "create", name, "--role", role];
    let output = place.run(&[&create[..], &["--days", "1"]].concat()).await;
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_reads_it_at_v1_and_sees_who_was_refused() {
    let place = Place::new(1.0).await;
    let program = place.serve().await;
    let auditor = token(&place, "auditor", "auditor").await;
    let viewer = token(&place, "ci", "viewer").await;
    let ask = async |token: &str, path: &str| {
        let request = client().get(format!("{}{path}", program.url));
        request.bearer_auth(token).send().await.unwrap()
    };
    for _ in 0..3 {
        assert_eq!(ask(&viewer, "/v1/audit").await.status(), 404);
    }
    let refused = ask(&auditor, "/v1/audit?result=refused").await;
    assert_eq!(refused.status(), 200);
    let refused: Value = refused.json().await.unwrap();
    let items = refused["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "{refused}");
    assert_eq!(items[0]["action"], "view_audit");
    assert_eq!(items[0]["name"], "ci");
    assert_eq!(items[0]["channel"], "api");
    let wrong = ask(&auditor, "/v1/audit?from=soon").await;
    assert_eq!(wrong.status(), 400);
    let key = place.path("customhouse.sqlite.audit-key");
    assert!(key.exists(), "the first start makes the key");
}
