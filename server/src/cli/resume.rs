//! `customhouse resume`.

use std::fmt::Write as _;

use anyhow::Result;
use operations::installation::{self, PauseReason, Resumption, Stray, Strays, Unseen};

use super::output::{plain, say};
use super::{Verdict, registered};
use crate::config::Config;

const STATEMENTS: &str = "\
These statements let a role copy a model version, and no job of this database put them:
";
/// What is to be done about them.
const LEFT_ALONE: &str = "\
Jobs that the backup does not know put them, or another installation that was restored from the
same backup and may need them still. So Customhouse does not remove them. Look at each policy with
the line under it, with rights in that account, and take out what nobody needs.
";
const UNSEEN: &str = "\
These projects were not looked through since the database was restored, so what stands in their
policies is not known. A running server looks through them within a minute, unless it says why not:
";
const WITHHELD: &str = "\
It stays paused. Run `customhouse resume` again once nothing is listed any more, or
`customhouse resume --accept-strays` to go on in spite of it.";

/// What `customhouse resume` is given.
#[derive(clap::Args)]
pub(super) struct Options {
    /// Go on after a restore although there are grants that no job of this database put, or
    /// projects that were not looked through for them.
    #[arg(long)]
    accept_strays: bool,
}

/// Lifts the pause of a person or of a restore. After a restore it lists the grants that no job of
/// the database put, and goes on in spite of them only when told so.
pub(super) async fn run(config: &Config, options: &Options) -> Result<Verdict> {
    let cx = registered::local_operator(config).await?;
    let resumed = installation::resume(&cx, options.accept_strays).await;
    cx.store.close().await;
    let said = match resumed? {
        Resumption::Withheld(strays) => {
            say(&(list(&strays) + WITHHELD))?;
            return Ok(Verdict::Bad);
        }
        Resumption::NotPaused => "It is not paused.",
        Resumption::Lifted(pause) => match pause.reason {
            PauseReason::Restored => "The restored database goes on with its jobs.",
            PauseReason::Person => "Jobs go on.",
        },
    };
    say(said)?;
    Ok(Verdict::Good)
}

fn list(strays: &Strays) -> String {
    let mut text = String::new();
    if !strays.statements.is_empty() {
        text.push_str(STATEMENTS);
        text.extend(strays.statements.iter().map(statement));
        text.push_str(LEFT_ALONE);
        text.push('\n');
    }
    if !strays.unseen.is_empty() {
        text.push_str(UNSEEN);
        text.extend(strays.unseen.iter().map(project));
        text.push('\n');
    }
    text
}

fn statement(stray: &Stray) -> String {
    let (project, region) = (&stray.project, stray.project.region());
    let ends = match stray.ends_at {
        Some(moment) => format!("grants nothing any more from {moment} on"),
        None => "has no end that Customhouse can read: it grants until it is removed".to_owned(),
    };
    format!(
        "  {} in the policy {} of {project}
    first seen {}; {ends}
    aws rekognition list-project-policies --region {region} --project-arn {project}
",
        stray.sid, stray.policy, stray.first_seen_at
    )
}

fn project(unseen: &Unseen) -> String {
    let mut line = format!("  {}", unseen.project);
    if let Some(error) = &unseen.error {
        let _ = write!(line, ": {}", plain(error));
    }
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Millis;

    #[test]
    fn what_is_listed_says_where_until_when_and_how_to_look() {
        let arn = "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/1656565123456";
        let stray = |ends_at| Stray {
            project: arn.parse().unwrap(),
            sid: "Ch01KATTTTTTTTTTTTTTTTTTTTTT".to_owned(),
            policy: "customhouse-abcdefghij".parse().unwrap(),
            ends_at,
            first_seen_at: Millis::new(1_795_514_000_000),
        };
        let strays = Strays {
            statements: vec![stray(Some(Millis::new(1_795_600_400_000))), stray(None)],
            unseen: vec![Unseen {
                project: arn.parse().unwrap(),
                error: Some("AWS said \u{1b}[2Jno.".to_owned()),
            }],
        };
        let said = list(&strays);
        for part in [
            "Ch01KATTTTTTTTTTTTTTTTTTTTTT in the policy customhouse-abcdefghij of arn:aws:",
            "grants nothing any more from 2026-11-2",
            "until it is removed",
            "--region eu-west-1 --project-arn arn:aws:rekognition:eu-west-1:111111111111:project",
            "1656565123456: AWS said  [2Jno.",
        ] {
            assert!(said.contains(part), "wanted {part:?} in {said}");
        }
        assert_eq!(list(&Strays::default()), "");
    }
}
