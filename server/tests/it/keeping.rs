//! Keeping the database: one server for one file, backups, restores and older files, the pause.

use sqlx::Connection as _;
use std::time::Duration;

use crate::support::place::{Place, ended, get, refresh, said};
use crate::support::{Program, until};

const LONGEST: Duration = Duration::from_secs(30);

async fn stop(mut program: Program) {
    program.terminate();
    assert!(program.ended(LONGEST).await.success());
}

/// The epoch that a fresh stream of events begins with.
async fn epoch(program: &Program) -> String {
    let url = format!("{}/v1/events", program.url);
    let mut answer = program.person().await.get(url).send().await.unwrap();
    let mut text = String::new();
    while !text.contains("id: ") || !text.ends_with('\n') {
        let chunk = answer.chunk().await.unwrap().unwrap();
        text.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    let id = text.lines().find_map(|line| line.strip_prefix("id: "));
    id.unwrap().split_once('-').unwrap().0.to_owned()
}

/// The one number that a statement gives which runs behind the program's back.
async fn number(place: &Place, sql: &'static str) -> i64 {
    let file = place.path("customhouse.sqlite");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    let mut connection = sqlx::SqliteConnection::connect_with(&options)
        .await
        .unwrap();
    let number = sqlx::query_scalar(sql).fetch_one(&mut connection).await;
    connection.close().await.unwrap();
    number.unwrap()
}

/// How often the engine has taken the only job up.
async fn visits(place: &Place) -> i64 {
    number(place, "SELECT claim FROM jobs").await
}

/// Resumes after a restore, as soon as the server has looked through all projects for grants that
/// the database does not know of.
async fn resume_once_all_was_looked_through(place: &Place) {
    until("nothing speaks against resuming", 90, || async {
        let resumed = place.run(&["resume"]).await;
        let words = said(&resumed);
        if resumed.status.success() {
            assert!(words.contains("restored database"), "{words}");
            return Some(());
        }
        assert!(words.contains("were not looked through"), "{words}");
        assert!(!words.contains("no job of this database put"), "{words}");
        None
    })
    .await;
}

/// Waits until the engine has taken the job up once more and left it as it was.
async fn is_left_alone(place: &Place, program: &Program, job: &str, before: i64) {
    until("the engine has had its turn", 60, || async {
        (visits(place).await > before).then_some(())
    })
    .await;
    let job = get(program, &format!("/v1/jobs/{job}")).await;
    assert_eq!(job["state"], "Queued", "{job:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_file_has_one_server_until_that_is_gone() {
    let place = Place::new(1.0).await;
    let mut first = place.serve().await;
    let refused = place.run(&["serve"]).await;
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    let words = said(&refused);
    let pid = format!("process {}", first.id());
    assert!(
        words.contains("customhouse.sqlite") && words.contains(&pid),
        "{words}"
    );
    for command in ["restore", "migrate"] {
        let refused = place.run(&[command]).await;
        assert_eq!(refused.status.code(), Some(1), "{refused:?}");
        assert!(said(&refused).contains(&pid), "{refused:?}");
    }

    first.kill();
    let second = place.serve().await;
    assert_eq!(get(&second, "/readyz").await["ready"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_database_waits_for_a_person_and_copies_nothing_twice() {
    let place = Place::new(1.0).await;
    let program = place.serve().await;
    refresh(&program).await;
    assert!(place.run(&["pause"]).await.status.success());
    let job = place.promote(&program, "v7").await;
    is_left_alone(&place, &program, &job, 0).await;
    assert_eq!(place.aws.executed("PutProjectPolicy").await.len(), 0);
    let backup = place.run(&["backup", "copy.sqlite"]).await;
    assert!(backup.status.success(), "{backup:?}");
    let again = place.run(&["backup", "copy.sqlite"]).await;
    assert_eq!(again.status.code(), Some(1));
    assert!(said(&again).contains("never overwrites"), "{again:?}");

    assert!(place.run(&["resume"]).await.status.success());
    let done = ended(&program, &job).await;
    assert_eq!(done["state"], "Succeeded", "{done:#}");
    assert_eq!(epoch(&program).await, "1");
    stop(program).await;

    let restored = place.run(&["restore", "copy.sqlite"]).await;
    assert!(restored.status.success(), "{restored:?}");
    assert!(
        said(&restored).contains("customhouse resume"),
        "{restored:?}"
    );
    assert!(place.path("customhouse.sqlite.before-epoch-2").exists());
    let audit = place.run(&["verify-audit"]).await;
    assert!(audit.status.success(), "{audit:?}");

    let before = visits(&place).await;
    let program = place.serve().await;
    assert_eq!(epoch(&program).await, "2");
    is_left_alone(&place, &program, &job, before).await;
    let calls = place.aws.executed("CopyProjectVersion").await.len();
    assert_eq!(calls, 1);
    resume_once_all_was_looked_through(&place).await;
    let found = ended(&program, &job).await;
    assert_eq!(
        found["version"], done["version"],
        "the copy that is there: {found:#}"
    );
    assert_eq!(place.aws.executed("CopyProjectVersion").await.len(), 1);
    stop(program).await;

    let twice = place.run(&["restore", "copy.sqlite"]).await;
    assert!(
        said(&twice).contains("epoch 3"),
        "no epoch is used twice: {twice:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_file_is_noticed_at_the_next_start() {
    let place = Place::new(1.0).await;
    stop(place.serve().await).await;
    let (file, older) = (place.path("customhouse.sqlite"), place.path("older"));
    std::fs::copy(&file, &older).unwrap();

    let program = place.serve().await;
    refresh(&program).await;
    let job = place.promote(&program, "v7").await;
    ended(&program, &job).await;
    stop(program).await;
    let copies = place.aws.executed("CopyProjectVersion").await.len();
    assert_eq!(copies, 1);

    std::fs::copy(&older, &file).unwrap();
    let program = place.serve().await;
    assert_eq!(epoch(&program).await, "2");
    resume_once_all_was_looked_through(&place).await;
    stop(program).await;

    let program = place.serve().await;
    assert_eq!(epoch(&program).await, "2", "it is noticed once");
    let resumed = place.run(&["resume"]).await;
    assert!(said(&resumed).contains("not paused"), "{resumed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_other_tools_restored_is_paused_when_a_person_says_so() {
    let place = Place::new(1.0).await;
    let none = place.run(&["restore"]).await;
    assert_eq!(none.status.code(), Some(1), "{none:?}");
    stop(place.serve().await).await;
    let declared = place.run(&["restore"]).await;
    assert!(said(&declared).contains("epoch 2"), "{declared:?}");
    let program = place.serve().await;
    assert_eq!(epoch(&program).await, "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_restored_database_does_not_know_is_told_before_it_goes_on() {
    let place = Place::new(1.0).await;
    let program = place.serve().await;
    refresh(&program).await;
    stop(program).await;
    assert!(place.run(&["restore"]).await.status.success());
    let withheld = place.run(&["resume"]).await;
    assert_eq!(withheld.status.code(), Some(1), "{withheld:?}");
    let words = said(&withheld);
    for part in [
        "were not looked through",
        "project/inspector",
        "--accept-strays",
    ] {
        assert!(words.contains(part), "wanted {part:?} in {words}");
    }

    // A grant that AWS does not have any more.
    let stray = "INSERT INTO stray_statements (project, sid, policy, first_seen_at)
        SELECT MIN(arn), 'Ch01KATTTTTTTTTTTTTTTTTTTTTT', 'customhouse-abcdefghij', 0 FROM projects
        RETURNING first_seen_at";
    number(&place, stray).await;
    let withheld = place.run(&["resume"]).await;
    let words = said(&withheld);
    for part in [
        "no job of this database put",
        "Ch01KATTTTTTTTTTTTTTTTTTTTTT",
        "aws rekognition list-project-policies --region eu-west-1 --project-arn arn:",
    ] {
        assert!(words.contains(part), "wanted {part:?} in {words}");
    }
    let accepted = place.run(&["resume", "--accept-strays"]).await;
    assert!(accepted.status.success(), "{accepted:?}");
    assert!(place.run(&["restore"]).await.status.success());

    let program = place.serve().await;
    until("the server has seen that it is gone", 90, || async {
        let resumed = place.run(&["resume"]).await;
        resumed.status.success().then_some(())
    })
    .await;
    stop(program).await;
    assert_eq!(
        number(&place, "SELECT COUNT(*) FROM stray_statements").await,
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_backup_changes_nothing() {
    let place = Place::new(1.0).await;
    stop(place.serve().await).await;
    let before = std::fs::read(place.path("customhouse.sqlite")).unwrap();
    std::fs::write(place.path("text"), "no database, but long enough").unwrap();
    for file in ["text", "absent"] {
        let refused = place.run(&["restore", file]).await;
        assert_eq!(refused.status.code(), Some(1), "{refused:?}");
        assert!(said(&refused).contains(file), "{refused:?}");
    }
    let after = std::fs::read(place.path("customhouse.sqlite")).unwrap();
    assert!(before == after);
}

/// A server of the former version may be running on it.
#[tokio::test(flavor = "multi_thread")]
async fn commands_beside_a_server_leave_tables_of_another_version_alone() {
    let place = Place::new(1.0).await;
    stop(place.serve().await).await;
    let newest = "DELETE FROM _sqlx_migrations
        WHERE version = (SELECT MAX(version) FROM _sqlx_migrations) RETURNING version";
    number(&place, newest).await;
    let count = "SELECT COUNT(*) FROM _sqlx_migrations";
    let before = number(&place, count).await;
    for arguments in [
        &["pause"][..],
        &["resume"],
        &["verify-audit"],
        &["check"],
        &["roles", "vision-dev"],
    ] {
        let refused = place.run(arguments).await;
        assert_eq!(refused.status.code(), Some(1), "{refused:?}");
        let words = said(&refused);
        assert!(words.contains("an older version"), "{words}");
        assert!(words.contains("`customhouse migrate`"), "{words}");
        assert_eq!(number(&place, count).await, before, "{arguments:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_is_backed_up_by_its_own_tools() {
    let place = Place::changed(1.0, |text| {
        let lines = text.lines().map(|line| match line.split_once(" = ") {
            Some(("url", _)) => "url = \"postgres://app@127.0.0.1:1/none\"",
            _ => line,
        });
        lines.collect::<Vec<_>>().join("\n")
    })
    .await;
    for arguments in [["backup", "file"], ["restore", "file"]] {
        let refused = place.run(&arguments).await;
        assert_eq!(refused.status.code(), Some(1), "{refused:?}");
        let words = said(&refused);
        assert!(words.contains("pg_restore"), "{words}");
        assert!(
            words.contains("`customhouse restore` without a file"),
            "{words}"
        );
    }
}
