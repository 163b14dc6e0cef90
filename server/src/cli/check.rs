//! `customhouse check`.

use std::sync::Arc;

use anyhow::{Context, Result};
use customhouse_aws::Aws;
use domain::{Actor, RolePurpose};
use operations::accounts::{Registry, RoleTestStep, RoleTestView, TestResult};
use store::{DatabaseUrl, Store};

use super::output::{plain, say};
use super::{Verdict, registered};
use crate::config::Config;
use crate::machine::MachineClock;
use crate::startup::Machine;

/// Why nothing was tested, and what to do.
const NO_CREDENTIALS: &str = "\
No usable AWS credentials were found, so no role was tested. Customhouse assumes the roles with \
credentials of its own. Give it some, then run `customhouse check` again, by one of
  - AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in its environment,
  - a profile in ~/.aws, chosen with AWS_PROFILE,
  - a role of the container or instance that it runs on.";

/// Tests both roles of every account and prints what each call brought. A role that could not be
/// judged counts as one that does not work.
///
/// Nothing is stored: what a first start would take over can still be corrected afterwards.
pub(super) async fn run(config: &Config) -> Result<Verdict> {
    say("The configuration is valid.")?;
    let registry = match registered::in_database(config).await? {
        Some(registry) => {
            say("Testing the accounts of the database.")?;
            registry
        }
        None => config.registry()?,
    };
    if registry.accounts.is_empty() {
        say("There are no accounts yet; add [[account]] and [[environment]].")?;
        return Ok(Verdict::Good);
    }
    if !finds_credentials(config).await {
        say(NO_CREDENTIALS)?;
        return Ok(Verdict::Bad);
    }
    let scratch = tempfile::tempdir().context("cannot make a temporary folder")?;
    let url = DatabaseUrl::sqlite(scratch.path().join("check.sqlite"));
    let store = Store::open(&url).await?;
    let verdict = test_all(config, &store, &registry).await;
    store.close().await;
    verdict
}

async fn finds_credentials(config: &Config) -> bool {
    let aws = Aws::new(config.aws.settings(), Arc::new(MachineClock)).await;
    aws.finds_credentials().await
}

async fn test_all(config: &Config, store: &Store, registry: &Registry) -> Result<Verdict> {
    let machine = Machine::real(config).await;
    let filler = machine.context(config, store, Actor::Configuration);
    operations::accounts::fill_from_config(&filler, registry).await?;
    let operator = machine.context(config, store, Actor::LocalOperator);
    let mut verdict = Verdict::Good;
    for account in &registry.accounts {
        for purpose in RolePurpose::ALL {
            let number = account.number.as_str();
            let test = operations::accounts::test_role(&operator, number, purpose.as_str()).await;
            let test = test.with_context(|| format!("cannot test {}", account.alias))?;
            say(&format!(
                "\n{} · {} · {}",
                account.alias,
                account.number,
                purpose.as_str()
            ))?;
            say(report(&test).trim_end())?;
            if test.result != TestResult::Ok {
                verdict = Verdict::Bad;
            }
        }
    }
    Ok(verdict)
}

/// One line for the role, one for each call, and under it what is to be done.
fn report(test: &RoleTestView) -> String {
    let steps: String = test.steps.iter().map(step).collect();
    format!("{}: {}\n{steps}", test.role, test.result.word())
}

fn step(step: &RoleTestStep) -> String {
    let region = step
        .region
        .as_ref()
        .map(|region| format!(" in {region}"))
        .unwrap_or_default();
    let took = step
        .took_ms
        .map(|took| format!(", {took} ms"))
        .unwrap_or_default();
    let request = step
        .request_id
        .as_ref()
        .map(|id| format!(", request {}", plain(id)));
    let mut lines = format!(
        "  {:<11} {} ({}{region}{took}{})\n",
        step.result.word(),
        step.check.title(),
        step.check.call(),
        request.unwrap_or_default(),
    );
    if step.result != TestResult::Ok {
        let aws = match (&step.aws_code, &step.aws_message) {
            (Some(code), Some(message)) if !message.is_empty() => {
                Some(format!("AWS: {}: {}", plain(code), plain(message)))
            }
            (Some(code), _) => Some(format!("AWS: {}", plain(code))),
            // Without a code AWS said nothing, and the message is ours.
            (None, message) => message
                .as_ref()
                .map(|message| format!("In the way: {}.", plain(message))),
        };
        let what = [
            Some(plain(&step.cause)),
            step.fix.as_deref().map(plain),
            step.policy.clone(),
        ];
        for line in what.into_iter().chain([aws]).flatten() {
            lines.push_str("              ");
            lines.push_str(&line);
            lines.push('\n');
        }
    }
    lines
}
