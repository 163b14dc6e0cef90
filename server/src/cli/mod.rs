//! The command line of `customhouse`.
//!
//! Results go to standard output, logs and mistakes to standard error. Exit codes: 0 done, 1 not
//! done, 2 wrong usage or configuration, 3 the database's storage failed while it was served.

mod backup;
mod check;
mod checkpoint;
mod log;
mod migrate;
mod output;
mod pause;
mod person;
mod pseudonymise;
mod registered;
mod restore;
mod resume;
mod roles;
mod routes;
mod serve;
mod service_account;
mod set_up_link;
mod verify_audit;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::config::{Config, ConfigError};
use crate::startup::ServeError;

/// Promotes Amazon Rekognition Custom Labels model versions between AWS accounts.
#[derive(Parser)]
#[command(name = "customhouse", version)]
pub struct Cli {
    /// The configuration [default: customhouse.toml, if there is one].
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer HTTP and carry out approved plans, until Ctrl-C or SIGTERM.
    Serve,
    /// Check the configuration and test both roles of every account against AWS.
    Check,
    /// Print trust policies and permissions for the two roles of an account.
    Roles(roles::Options),
    /// Bring the database's tables up to date.
    Migrate,
    /// Copy the SQLite database into a new file, whether a server uses it or not.
    Backup(backup::Options),
    /// Put a backup in the database's place, paused; without a file: pause after other tools did.
    Restore(restore::Options),
    /// Let nothing new be sent to AWS; looking, verifying and revoking go on.
    Pause,
    /// Lift the pause, also that of a restored database.
    Resume(resume::Options),
    /// Make service accounts, which come in at /v1, and their tokens.
    #[command(subcommand)]
    ServiceAccount(service_account::Command),
    /// Make a one-time link that makes an administrator, also when nobody can sign in.
    SetUpLink,
    /// List people; make local users, reset their passwords, keep people out.
    Person(person::Options),
    /// List every route: method, path, action, kind.
    Routes(routes::Options),
    /// Print a signed checkpoint of the audit, to be kept elsewhere, or the key that checks it.
    Checkpoint(checkpoint::Options),
    /// Put a person's id in the place of their name everywhere, so that the name is forgotten.
    Pseudonymise(pseudonymise::Options),
    /// Check that no audit entry was changed, removed or put in between.
    VerifyAudit(verify_audit::Options),
}

/// Whether a command found everything as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Good,
    Bad,
}

/// Runs one command and says how it went.
pub async fn run(cli: Cli) -> ExitCode {
    match execute(cli).await {
        Ok(Verdict::Good) => ExitCode::SUCCESS,
        Ok(Verdict::Bad) => ExitCode::FAILURE,
        Err(error) if output::reader_left(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("customhouse: {error:#}");
            if error.downcast_ref::<ConfigError>().is_some() {
                ExitCode::from(2)
            } else if let Some(ServeError::Storage) = error.downcast_ref() {
                ExitCode::from(3)
            } else {
                ExitCode::FAILURE
            }
        }
    }
}

async fn execute(cli: Cli) -> Result<Verdict> {
    if let Command::Routes(options) = &cli.command {
        return routes::run(options);
    }
    let config = Config::load(cli.config.as_deref())?;
    match &cli.command {
        Command::Serve => serve::run(&config).await,
        Command::Check => check::run(&config).await,
        Command::Roles(options) => roles::run(&config, options).await,
        Command::Migrate => migrate::run(&config).await,
        Command::Backup(options) => backup::run(&config, options).await,
        Command::Restore(options) => restore::run(&config, options).await,
        Command::Pause => pause::run(&config).await,
        Command::Resume(options) => resume::run(&config, options).await,
        Command::ServiceAccount(command) => service_account::run(&config, command).await,
        Command::Checkpoint(options) => checkpoint::run(&config, options).await,
        Command::Pseudonymise(options) => pseudonymise::run(&config, options).await,
        Command::VerifyAudit(options) => verify_audit::run(&config, options).await,
        Command::SetUpLink => set_up_link::run(&config).await,
        Command::Person(options) => person::run(&config, options).await,
        Command::Routes(options) => routes::run(options),
    }
}
