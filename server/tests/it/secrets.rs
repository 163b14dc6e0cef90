//! Secrets stay in memory.

use std::process::Stdio;

use crate::support::person::beside;
use crate::support::{FakeAws, SECRET, command, configuration, until, write_site};

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_reaches_the_log_or_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let aws = FakeAws::start(1.0).await;
    write_site(&folder.path().join("site"));
    let config = configuration(folder.path(), &aws);
    let config = config.replace("filter = \"warn\"", "filter = \"debug\"");
    std::fs::write(folder.path().join("customhouse.toml"), config).unwrap();
    let log = folder.path().join("log");
    let mut child = command(folder.path())
        .arg("serve")
        .stdout(std::fs::File::create(folder.path().join("output")).unwrap())
        .stderr(std::fs::File::create(&log).unwrap())
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let url = until("it listens", 30, || async {
        let said = std::fs::read_to_string(folder.path().join("output")).unwrap();
        said.lines()
            .next()?
            .strip_prefix("Customhouse is at ")
            .map(str::to_owned)
    })
    .await;
    let answer = beside(folder.path())
        .await
        .post(format!("{url}/api/promotions/propose"))
        .header("sec-fetch-site", "same-origin")
        .header("accept", "text/html")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("source_version=canary-value&form_id=none")
        .send()
        .await
        .unwrap();
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    let session = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
    assert!(!aws.executed("AssumeRole").await.is_empty());
    child.kill().unwrap();
    child.wait().unwrap();

    let mut files = Vec::new();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            files.push((path.clone(), std::fs::read(path).unwrap()));
        }
    }
    let log = std::fs::read_to_string(log).unwrap();
    assert!(
        log.contains("DEBUG"),
        "the log is as talkative as it should be: {log}"
    );
    for secret in [SECRET, session.as_str(), "X-Amz-Security-Token: "] {
        for (path, bytes) in &files {
            let holds = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!holds, "{} holds {secret}", path.display());
        }
    }
    assert!(
        !log.contains("canary-value"),
        "what people type is not logged"
    );
}
