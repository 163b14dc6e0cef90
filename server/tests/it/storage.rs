//! A disk that takes no more: the process ends, calls nothing that it has not stored, and the next
//! one goes on.

use sqlx::Connection as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::place::{Place, ended, get, refresh};
use crate::support::{Program, command, until};

const LONGEST: Duration = Duration::from_mins(2);
const INTENDED: &str = "SELECT COUNT(*) FROM audit
    WHERE entry LIKE '%\"action\":\"aws.copy_project_version\"%'
        AND entry LIKE '%\"phase\":\"intended\"%'";

/// A server whose files may not grow beyond `bytes`. A write beyond that fails instead of ending
/// the process, as a write to a full disk does.
async fn serve_with_room(place: &Place, bytes: u64) -> Program {
    let serve = command(place.folder.path());
    // POSIX counts in units of 512 bytes.
    let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" serve", bytes / 512);
    let mut shell = Command::new("/bin/sh");
    shell.arg("-c").arg(script).arg(serve.get_program());
    shell.current_dir(place.folder.path()).env_clear();
    for (name, value) in serve.get_envs() {
        shell.env(name, value.unwrap());
    }
    shell.stderr(Stdio::piped());
    tokio::task::spawn_blocking(move || Program::started(&mut shell))
        .await
        .unwrap()
}

async fn intended(place: &Place) -> usize {
    let file = place.path("customhouse.sqlite");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    let mut connection = sqlx::SqliteConnection::connect_with(&options)
        .await
        .unwrap();
    let count: i64 = sqlx::query_scalar(INTENDED)
        .fetch_one(&mut connection)
        .await
        .unwrap();
    usize::try_from(count).unwrap()
}

/// Promotes until the room is used up, however far the job is then.
async fn fills_up(room: u64) {
    let place = Place::new(1.0).await;
    let grants = place.aws.grants().await;
    let mut program = place.serve().await;
    refresh(&program).await;
    program.terminate();
    assert!(program.ended(LONGEST).await.success());
    let size = std::fs::metadata(place.path("customhouse.sqlite"))
        .unwrap()
        .len();

    let mut program = serve_with_room(&place, size + room).await;
    let job = place.promote(&program, "v7").await;
    let person = program.person().await.clone();
    until("the log has used its room up", 120, || {
        let runs = program.runs();
        let (url, job, person) = (program.url.clone(), job.clone(), person.clone());
        async move {
            if runs {
                // Sessions are written too, so that the log grows after the job as well.
                let form = format!("{url}/api/promotions/propose");
                let sent = person
                    .post(form)
                    .header("sec-fetch-site", "same-origin")
                    .header("content-type", "application/x-www-form-urlencoded")
                    .body(format!("reason={job}"))
                    .send();
                let _ = sent.await;
            }
            (!runs).then_some(())
        }
    })
    .await;
    let status = program.ended(LONGEST).await;
    let log = program.log();
    assert_eq!(status.code(), Some(3), "{log}");
    assert!(log.contains("the storage of the database failed"), "{log}");
    let calls = place.aws.calls("CopyProjectVersion").await.len();
    assert!(
        calls <= intended(&place).await,
        "every call was stored before"
    );

    let program = place.serve().await;
    let ended = ended(&program, &job).await;
    assert_eq!(ended["state"], "Succeeded", "{ended:#}");
    assert_eq!(place.aws.executed("CopyProjectVersion").await.len(), 1);
    assert_eq!(place.aws.grants().await, grants, "no grant is left");
    assert_eq!(get(&program, "/readyz").await["ready"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_fills_up_at_once() {
    fills_up(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_fills_up_while_a_job_runs() {
    for room in [100_000, 200_000, 300_000] {
        fills_up(room).await;
    }
}
