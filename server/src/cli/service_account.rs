//! `customhouse service-account`.

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use domain::RoleAssignment;
use operations::service_accounts::{self, ServiceAccountForm, ServiceAccountView};
use operations::tokens::{self, CreatedToken, TokenForm, TokenView};
use operations::{OpContext, OpError};

use super::output::{plain, say};
use super::{Verdict, registered};
use crate::config::Config;

/// What is done with service accounts.
#[derive(Subcommand)]
pub(super) enum Command {
    /// Make an account with these roles, and print its first token, which is shown this once.
    Create(Account),
    /// Print another token for an account, before one expires.
    Token(Another),
    /// List all accounts and their tokens.
    List,
    /// Make a token worth nothing.
    Revoke {
        /// Its id, as the list shows it: `tok_…`.
        token: String,
    },
}

/// A new account.
#[derive(Args)]
pub(super) struct Account {
    /// 1 to 64 letters, digits, dots, dashes and underscores.
    name: String,
    /// viewer, requester or auditor, with `:environment` in that one alone. May be repeated.
    #[arg(long = "role", value_name = "ROLE", required = true)]
    roles: Vec<RoleAssignment>,
    /// How many days the token lives, at most 365.
    #[arg(long)]
    days: u16,
}

/// Another token.
#[derive(Args)]
pub(super) struct Another {
    /// The account.
    name: String,
    /// What the token is for [default: all roles of the account]. May be repeated.
    #[arg(long = "role", value_name = "ROLE")]
    roles: Vec<RoleAssignment>,
    /// How many days it lives, at most 365.
    #[arg(long)]
    days: u16,
    /// What the list calls it.
    #[arg(long, default_value = "another")]
    label: String,
}

/// Runs one command beside the server. Of a new token nothing but its text goes to standard output.
pub(super) async fn run(config: &Config, command: &Command) -> Result<Verdict> {
    let cx = registered::local_operator(config).await?;
    let done = execute(&cx, command).await;
    cx.store.close().await;
    done
}

async fn execute(cx: &OpContext, command: &Command) -> Result<Verdict> {
    match command {
        Command::Create(account) => {
            let form = ServiceAccountForm {
                name: account.name.clone(),
                roles: account.roles.clone(),
                days: account.days,
            };
            show(service_accounts::create(cx, &form).await)
        }
        Command::Token(another) => {
            let form = TokenForm {
                name: another.label.clone(),
                scope: another.roles.clone(),
                days: another.days,
            };
            show(service_accounts::add_token(cx, &another.name, &form).await)
        }
        Command::List => {
            for account in service_accounts::list(cx).await? {
                say(&line(&account))?;
                for token in &account.tokens {
                    say(&token_line(token))?;
                }
            }
            Ok(Verdict::Good)
        }
        Command::Revoke { token } => {
            let revoked = tokens::revoke(cx, token).await;
            say(if revoked.map_err(|error| told(&error))? {
                "Revoked: it is worth nothing from now on."
            } else {
                "It was revoked before."
            })?;
            Ok(Verdict::Good)
        }
    }
}

fn show(created: Result<CreatedToken, OpError>) -> Result<Verdict> {
    let created = created.map_err(|error| told(&error))?;
    say(created.secret.reveal()).context("the token could not be printed; revoke it")?;
    Ok(Verdict::Good)
}

/// What a person can do something about, in full.
fn told(error: &OpError) -> anyhow::Error {
    let fields = match error {
        OpError::Invalid(fields) => fields.as_slice(),
        _ => &[],
    };
    let fields = fields
        .iter()
        .map(|field| format!("\n  {}: {}", field.field.as_str(), field.text()));
    let fields: Vec<_> = fields.collect();
    anyhow::anyhow!(
        "{} {} {}{}",
        error.cause(),
        error.consequence(),
        error.next_step(),
        fields.concat()
    )
}

fn line(account: &ServiceAccountView) -> String {
    let state = if account.active { "" } else { " (kept out)" };
    format!("{}{state}: {}", plain(&account.name), account.roles)
}

fn token_line(token: &TokenView) -> String {
    let used = token
        .last_used_at
        .map_or_else(|| "never used".to_owned(), |at| format!("used {at}"));
    format!(
        "  {} {} {}: {}, until {}, {used}",
        token.id,
        token.state.word(),
        plain(&token.name),
        token.scope,
        token.expires_at
    )
}
