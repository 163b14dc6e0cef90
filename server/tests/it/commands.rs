//! The command line.

use serde_json::Value;
use std::process::{Output, Stdio};

use crate::support::{FakeAws, command, configuration, run, write_site};

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

struct Place {
    folder: tempfile::TempDir,
    aws: FakeAws,
}

impl Place {
    async fn new(change: impl Fn(String) -> String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let aws = FakeAws::start(1.0).await;
        write_site(&folder.path().join("site"));
        let config = change(configuration(folder.path(), &aws));
        std::fs::write(folder.path().join("customhouse.toml"), config).unwrap();
        Self { folder, aws }
    }

    /// Runs a command beside the emulator, which answers in this process meanwhile.
    async fn run(&self, arguments: &[&'static str]) -> Output {
        let folder = self.folder.path().to_owned();
        let arguments = arguments.to_vec();
        tokio::task::spawn_blocking(move || run(&folder, &arguments))
            .await
            .unwrap()
    }
}

#[test]
fn routes_are_listed_without_a_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["routes", "--json"]);
    assert!(output.status.success(), "{output:?}");
    let list: Value = serde_json::from_slice(&output.stdout).unwrap();
    let list = list.as_array().unwrap();
    let find = |path: &str| list.iter().find(|route| route["path"] == path).unwrap();
    assert_eq!(find("/v1/promotions/{id}")["action"], "view_proposals");
    assert_eq!(find("/healthz")["action"], "open");
    assert_eq!(find("/api/promotions/propose")["method"], "POST");
    assert_eq!(find("/events")["kind"], "stream");
    let plain = run(folder.path(), &["routes"]);
    assert_eq!(text(&plain).lines().count(), list.len());
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        0,
        "nothing was made"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn check_tests_every_role_and_changes_nothing() {
    let place = Place::new(|config| config).await;
    let output = place.run(&["check"]).await;
    let said = text(&output);
    assert!(output.status.success(), "{said}\n{output:?}");
    for line in [
        "vision-dev · 111111111111 · reader",
        "vision-prod · 333333333333 · promoter",
        "Role assumed with ExternalId (sts:AssumeRole",
        "Role refused without ExternalId",
        "rekognition:DescribeProjects",
    ] {
        assert!(said.contains(line), "wanted {line:?} in {said}");
    }
    assert!(!place.folder.path().join("customhouse.sqlite").exists());
    assert!(place.aws.executed("AssumeRole").await.len() >= 6);
}

#[test]
fn a_reader_who_leaves_early_is_no_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = command(folder.path())
        .args(["routes", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!said.contains("panicked"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn check_does_not_pass_roles_that_it_could_not_judge() {
    let place = Place::new(|config| {
        let lines = config.lines().map(|line| match line.split_once(" = ") {
            Some(("endpoint_url", _)) => "endpoint_url = \"http://127.0.0.1:1\"",
            _ => line,
        });
        lines.collect::<Vec<_>>().join("\n")
    })
    .await;
    let output = place.run(&["check"]).await;
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let said = text(&output);
    assert!(said.contains("cannot tell"), "{said}");
    assert!(
        said.contains("In the way: the endpoint refused the connection."),
        "{said}"
    );
    assert!(!said.contains("AWS: "), "AWS said nothing: {said}");
    let output = place.run(&["roles", "vision-dev"]).await;
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("--principal"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn check_says_once_that_there_are_no_credentials() {
    let place = Place::new(|config| config).await;
    let folder = place.folder.path().to_owned();
    let run = move || {
        let mut command = command(&folder);
        command
            .env_clear()
            .env("HOME", &folder)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .arg("check")
            .output()
            .unwrap()
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let said = text(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(said.matches("credentials were found").count(), 1, "{said}");
    assert!(said.contains("AWS_ACCESS_KEY_ID"), "{said}");
    for never in ["vision-dev", "network", "cannot tell", "AWS: "] {
        assert!(!said.contains(never), "{never:?} in {said}");
    }
    assert_eq!(place.aws.executed("AssumeRole").await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn check_names_the_role_that_does_not_work() {
    let wrong = "ch-00000000000000000000000000000000";
    let place =
        Place::new(|config| config.replace("ch-5d3a7e1c9f2b46c48a6d1e0f3b7c5a92", wrong)).await;
    let output = place.run(&["check"]).await;
    let said = text(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let (good, bad) = said.split_once("vision-prod").unwrap();
    assert!(!good.contains("failed"), "{said}");
    assert!(
        bad.contains("failed") && bad.contains("AccessDenied"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_prints_policies_with_a_new_external_id_where_none_is_set() {
    let place = Place::new(|config| {
        config.replace(
            "external_id = \"ch-5d3a7e1c9f2b46c48a6d1e0f3b7c5a92\"\n",
            "",
        )
    })
    .await;
    let output = place.run(&["roles", "vision-prod"]).await;
    let said = text(&output);
    assert!(output.status.success(), "{output:?}");
    assert!(
        said.contains("arn:aws:iam::999999999999:user/customhouse"),
        "{said}"
    );
    let line = said
        .lines()
        .find(|line| line.starts_with("external_id = "))
        .unwrap();
    let made = line.split('"').nth(1).unwrap();
    assert!(made.len() >= 3 + 32, "at least 128 bits: {made}");
    assert_eq!(
        said.matches(made).count(),
        3,
        "in the line and in both trust policies: {said}"
    );
    for action in [
        "rekognition:CopyProjectVersion",
        "s3:ListBucket",
        "s3:GetObject",
        "kms:DescribeKey",
        "iam:SimulatePrincipalPolicy",
    ] {
        assert!(said.contains(action), "wanted {action} in {said}");
    }
    for never in [
        "DeleteProjectVersion",
        "StartProjectVersion",
        "StopProjectVersion",
    ] {
        assert!(!said.contains(never), "{said}");
    }
    let again = text(&place.run(&["roles", "vision-prod"]).await);
    assert!(!again.contains(made), "each is new until one is set");

    let serve = place.run(&["serve"]).await;
    assert_eq!(serve.status.code(), Some(2));
    let said = String::from_utf8(serve.stderr).unwrap();
    assert!(
        said.contains("account[2].external_id is missing; `customhouse roles vision-prod`"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_takes_a_named_principal_and_refuses_what_no_trust_policy_can_name() {
    let place = Place::new(|config| config).await;
    let role = "arn:aws:iam::999999999999:role/team/console";
    let output = place
        .run(&["roles", "vision-dev", "--principal", role])
        .await;
    let said = text(&output);
    assert!(output.status.success(), "{output:?}");
    assert!(
        said.contains(role) && said.contains("ch-8c1f0a6d3b5e47929d0e4f1a2b3c4d5e"),
        "{said}"
    );
    assert!(!said.contains("external_id ="), "{said}");
    assert_eq!(place.aws.executed("GetCallerIdentity").await.len(), 0);

    let session = "arn:aws:sts::999999999999:assumed-role/console/me";
    let output = place
        .run(&["roles", "vision-dev", "--principal", session])
        .await;
    assert_eq!(output.status.code(), Some(1));
    let output = place
        .run(&["roles", "vision-test", "--principal", role])
        .await;
    assert_eq!(output.status.code(), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn verify_audit_finds_an_entry_that_was_changed() {
    let place = Place::new(|config| config).await;
    let output = place.run(&["verify-audit"]).await;
    assert!(text(&output).contains("no database yet"), "{output:?}");

    let folder = place.folder.path();
    let program = crate::support::Program::serve(folder);
    drop(program);
    let output = place.run(&["verify-audit"]).await;
    assert!(
        output.status.success() && text(&output).contains("are whole"),
        "{output:?}"
    );

    let file = folder.join("customhouse.sqlite");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    let changed = sqlx::query("UPDATE audit SET entry = replace(entry, '3', '4') WHERE n = 1");
    assert_eq!(changed.execute(&pool).await.unwrap().rows_affected(), 1);
    pool.close().await;
    let output = place.run(&["verify-audit"]).await;
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(text(&output).contains("entry 1 "), "{output:?}");
}
