//! `customhouse person`: people, for whoever sits at the machine, also when nobody can sign in.

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use domain::{PersonId, RoleAssignment};
use operations::OpContext;
use operations::people::local::{self, AccountName, PASSWORD_MS, SecretToken};
use operations::people::{self, LOCAL, PersonView, set_active};

use super::output::say;
use super::{Verdict, registered};
use crate::config::Config;
use crate::first_start::link;

/// What is to be done.
#[derive(Args)]
pub(super) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List everybody with their roles.
    List,
    /// Make a local user and print the one-time link by which they set their password.
    CreateLocal {
        /// What they sign in with.
        account: AccountName,
        /// What others see beside what they do [default: the account name].
        #[arg(long)]
        name: Option<String>,
        /// A role for everything, such as `viewer`, or for one environment, such as
        /// `approver:prod`; may be given several times.
        #[arg(long = "role", value_name = "ROLE")]
        roles: Vec<RoleAssignment>,
    },
    /// Print a one-time link by which a local user sets a new password.
    ResetPassword {
        /// Account name or id.
        person: String,
    },
    /// Keep somebody out from now on: sign-ins, streams and tokens end.
    Deactivate {
        /// Id, or account name of a local user.
        person: String,
    },
    /// Let somebody in again.
    Activate {
        /// Id, or account name of a local user.
        person: String,
    },
}

/// Does it as whoever has a shell on the machine.
pub(super) async fn run(config: &Config, options: &Options) -> Result<Verdict> {
    let cx = registered::local_operator(config).await?;
    let done = carry_out(config, &cx, &options.command).await;
    cx.store.close().await;
    say(&done?)?;
    Ok(Verdict::Good)
}

async fn carry_out(config: &Config, cx: &OpContext, command: &Command) -> Result<String> {
    match command {
        Command::List => {
            let lines: Vec<_> = people::list(cx).await?.iter().map(line).collect();
            Ok(if lines.is_empty() {
                "Nobody is known yet.".to_owned()
            } else {
                lines.join("\n")
            })
        }
        Command::CreateLocal {
            account,
            name,
            roles,
        } => {
            let created = local::create(cx, account, name.as_deref(), roles).await;
            let (person, token) = created.with_context(|| format!("{account} was not made"))?;
            let set = password_link(config, &token);
            Ok(format!(
                "{account} is {person}. Their password is set within {set}"
            ))
        }
        Command::ResetPassword { person } => {
            let id = find(cx, person).await?;
            let token = local::new_password(cx, id).await;
            let token = token.with_context(|| format!("{person} has no password here"))?;
            let set = password_link(config, &token);
            Ok(format!("A new password is set within {set}"))
        }
        Command::Deactivate { person } => {
            let changed = set_active(cx, find(cx, person).await?, false).await?;
            Ok(format!("{person} is {}kept out.", already(changed)))
        }
        Command::Activate { person } => {
            let changed = set_active(cx, find(cx, person).await?, true).await?;
            Ok(format!("{person} is {}let in.", already(changed)))
        }
    }
}

fn already(changed: bool) -> &'static str {
    if changed { "" } else { "already " }
}

fn password_link(config: &Config, token: &SecretToken) -> String {
    let minutes = PASSWORD_MS / 60_000;
    format!(
        "{minutes} minutes at\n{}",
        link(&config.server.url(), token)
    )
}

/// The person of this id, or the local user of this account name.
async fn find(cx: &OpContext, text: &str) -> Result<PersonId> {
    let account = text.parse::<AccountName>().ok();
    let is_theirs = |person: &PersonView| {
        let local = person.issuer == LOCAL
            && account
                .as_ref()
                .is_some_and(|name| person.subject == name.as_str());
        local || person.id.to_string() == text
    };
    let found = people::list(cx).await?.into_iter().find(is_theirs);
    match found {
        Some(person) => Ok(person.id),
        None => bail!("nobody has the id or local account name {text:?}"),
    }
}

/// Names come from elsewhere, so what could steer a terminal is shown as an escape.
fn line(person: &PersonView) -> String {
    let roles: Vec<_> = person
        .roles
        .iter()
        .map(|role| role.assignment.to_string())
        .collect();
    format!(
        "{}  {}  {}  {} at {}  {}",
        person.id,
        if person.active { "active" } else { "kept out" },
        person.name.escape_debug(),
        person.subject.escape_debug(),
        person.issuer.escape_debug(),
        if roles.is_empty() {
            "no role".to_owned()
        } else {
            roles.join(", ")
        },
    )
}
