//! The server starts no process, whatever it is asked (CVE-2026-32604: fields into a shell).

use std::process::Command;

use serde_json::Value;

use crate::support::place::Place;
use crate::support::{Program, client, promotion, until};

/// The calls of the kernel that start a program.
const STARTS: [&str; 2] = ["execve(", "execveat("];

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_promotion_starts_no_process() {
    let place = Place::new(1.0).await;
    let log = place.path("trace");
    let folder = place.folder.path().to_owned();
    let trace = log.clone();
    let started = move || {
        let plain = crate::support::command(&folder);
        let mut traced = Command::new("strace");
        // With -D the child is the server, so that it can be ended, and strace ends with it.
        traced
            .args(["-D", "-f", "-qq", "-e", "trace=execve,execveat", "-o"])
            .arg(&trace)
            .arg(plain.get_program())
            .arg("serve")
            .current_dir(&folder)
            .env_clear()
            .env("PATH", "/usr/bin:/bin");
        for (name, value) in plain.get_envs() {
            if let Some(value) = value {
                traced.env(name, value);
            }
        }
        Program::started(&mut traced)
    };
    let program = tokio::task::spawn_blocking(started).await.unwrap();
    let create = "service-account create ci --role requester --days 1";
    let arguments: Vec<&str> = create.split(' ').collect();
    let output = place.run(&arguments).await;
    assert!(output.status.success(), "{output:?}");
    let token = String::from_utf8(output.stdout).unwrap().trim().to_owned();

    let v1 = async |path: &str| -> Value {
        let url = format!("{}{path}", program.url);
        let request = client().get(url).bearer_auth(&token);
        request.send().await.unwrap().json().await.unwrap()
    };
    let destination = place.aws.destination().await;
    // Names and texts that a shell or a template would carry out.
    let mut asked = promotion(&destination, "v7-traced");
    asked["reason"] = "$(touch /tmp/a); `id`; ${7*7} | sh".into();
    asked["prefix"] = "$(id)".into();
    let url = format!("{}/v1/promotions", program.url);
    let answer = client().post(url).bearer_auth(&token).json(&asked);
    let answer = answer.send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let job: Value = answer.json().await.unwrap();
    let path = format!("/v1/jobs/{}", job["job"].as_str().unwrap());
    let ended = until("the job ends", 60, async || {
        let job = v1(&path).await;
        (job["ended"] == true).then_some(job)
    });
    assert_eq!(ended.await["state"], "Succeeded");

    let text = std::fs::read_to_string(log).unwrap();
    let starts: Vec<_> = text
        .lines()
        .filter(|line| STARTS.iter().any(|start| line.contains(start)))
        .collect();
    assert_eq!(starts.len(), 1, "only the server itself: {starts:#?}");
    assert!(starts[0].contains("customhouse"), "{starts:?}");
}
