//! The binary as a person starts it.

use crate::support::DEV;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Output, Stdio};

fn emulator(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aws-emulator"));
    command
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn demo_world() -> String {
    format!("{}/../../xtask/demo/world.toml", env!("CARGO_MANIFEST_DIR"))
}

/// Runs to the end; only for starts that fail.
fn refused(arguments: &[&str]) -> String {
    let Output {
        status,
        stderr,
        stdout,
    } = emulator(arguments).output().unwrap();
    assert!(!status.success());
    assert_eq!(stdout, b"");
    String::from_utf8(stderr).unwrap()
}

#[tokio::test]
async fn it_says_where_it_listens_once_it_answers() {
    let mut child = emulator(&["--listen", "127.0.0.1:0", "--world", &demo_world()])
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let url = line
        .trim()
        .strip_prefix("listening on ")
        .unwrap()
        .to_owned();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let state = client
        .get(format!("{url}/_emulator/state"))
        .send()
        .await
        .unwrap();
    assert!(state.text().await.unwrap().contains(DEV));
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test]
async fn it_says_its_seed_and_takes_one() {
    let arguments = |more: &[&'static str]| {
        let mut all = vec!["--listen", "127.0.0.1:0"];
        all.extend(more);
        all
    };
    let world = demo_world();
    let said = |more: &[&'static str]| {
        let mut child = emulator(&arguments(more))
            .args(["--world", &world])
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let _url = lines.next().unwrap().unwrap();
        let seed = lines.next().unwrap().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        seed
    };
    assert_eq!(said(&["--seed", "77", "--fault-rate", "0.5"]), "seed 77");
    assert_ne!(said(&[]), said(&[]), "each start has a seed of its own");
    let problem = refused(&[
        "--world",
        &world,
        "--listen",
        "127.0.0.1:0",
        "--fault-rate",
        "2",
    ]);
    assert!(problem.contains("a rate takes 0 to 1"), "{problem}");
}

#[test]
fn it_prints_every_assumption() {
    let Output { status, stdout, .. } = emulator(&["assumptions"]).output().unwrap();
    assert!(status.success());
    assert_eq!(
        String::from_utf8(stdout).unwrap(),
        emulator::Assumption::table()
    );
}

#[test]
fn it_listens_on_this_machine_alone() {
    let problem = refused(&["--listen", "0.0.0.0:0", "--world", &demo_world()]);
    assert!(problem.contains("this machine alone"), "{problem}");
}

#[test]
fn a_wrong_world_is_refused_with_its_line() {
    let folder = std::env::temp_dir().join(format!("emulator-world-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("world.toml");
    std::fs::write(&path, "quota_tps = 5\n[assumptions]\ntags_visible = 1\n").unwrap();
    let problem = refused(&["--listen", "127.0.0.1:0", "--world", path.to_str().unwrap()]);
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(
        problem.contains("world.toml:3: assumptions.tags_visible: "),
        "{problem}"
    );
}
