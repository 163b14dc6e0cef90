//! `customhouse roles ALIAS`.

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use customhouse_aws::Aws;
use domain::{Account, AccountAlias, RoleArn, RolePurpose};
use iam::PolicyDocument;
use iam::generate::{
    PromoterScope, ReaderScope, console_permissions, promoter_permissions, reader_permissions,
    trust_policy,
};
use std::fmt::Write as _;
use std::sync::Arc;

use super::output::say;
use super::{Verdict, registered};
use crate::config::{Config, is_principal};
use crate::machine::{MachineClock, MachineRandom};

/// Whose roles are printed, and for whom.
#[derive(Args)]
pub(super) struct Options {
    /// The account's alias.
    alias: String,
    /// The ARN of the IAM user or role that Customhouse runs as. Without it AWS is asked.
    #[arg(long, value_name = "ARN")]
    principal: Option<String>,
}

/// Prints trust policy and permissions of both roles. An account that has no ExternalId yet gets
/// a new one of 128 random bits, printed as the line to put into the file; it is not stored.
pub(super) async fn run(config: &Config, options: &Options) -> Result<Verdict> {
    let (account, is_new) = account(config, &options.alias).await?;
    let principal = principal(config, options).await?;
    say(document(&account, is_new, &principal).trim_end())?;
    Ok(Verdict::Good)
}

async fn account(config: &Config, alias: &str) -> Result<(Account, bool)> {
    let alias = AccountAlias::new(alias)?;
    if let Some(registry) = registered::in_database(config).await? {
        let mut accounts = registry.accounts.into_iter();
        let found = accounts.find(|account| account.alias == alias);
        let found = found.ok_or_else(|| anyhow!("the database has no account {alias}"))?;
        return Ok((found, false));
    }
    config
        .account_for_roles(&alias, &MachineRandom)
        .ok_or_else(|| {
            anyhow!("there is no [[account]] with alias = \"{alias}\" in the configuration")
        })
}

async fn principal(config: &Config, options: &Options) -> Result<String> {
    if let Some(named) = options.principal.as_ref().or(config.aws.principal.as_ref()) {
        if !is_principal(named) {
            bail!("--principal must be the ARN of an IAM user or role, not of a session");
        }
        return Ok(named.clone());
    }
    let aws = Aws::new(config.aws.settings(), Arc::new(MachineClock)).await;
    let answer = aws
        .own_identity(&config.aws.home_region)
        .await
        .map_err(|error| {
            anyhow!(
                "AWS could not be asked who Customhouse is: {}; set up its credentials, or name \
                 the user or role with --principal",
                error.message
            )
        })?;
    principal_of(&answer.value.arn).with_context(|| {
        "AWS says that the credentials are those of a session whose role cannot be named from it; \
         name the role with --principal"
    })
}

/// The ARN that a trust policy can name. A session's ARN lacks the role's path, so it is turned
/// into a role's only where people can correct it: in what is printed.
fn principal_of(arn: &str) -> Option<String> {
    if is_principal(arn) {
        return Some(arn.to_owned());
    }
    let parts: Vec<_> = arn.splitn(6, ':').collect();
    let ["arn", partition, "sts", "", account, resource] = parts.as_slice() else {
        return None;
    };
    let role = resource.strip_prefix("assumed-role/")?.split('/').next()?;
    let named = format!("arn:{partition}:iam::{account}:role/{role}");
    is_principal(&named).then_some(named)
}

fn document(account: &Account, is_new: bool, principal: &str) -> String {
    let mut text = format!(
        "# Roles of {} ({}) for {principal}\n",
        account.alias, account.number
    );
    if is_new {
        let _ = write!(
            text,
            "\n# This account has no ExternalId yet. Put this line into its [[account]]:\n\
             external_id = \"{}\"\n",
            account.external_id
        );
    }
    for purpose in RolePurpose::ALL {
        let role = account.access(purpose).role;
        let trust = trust_policy(principal, &account.external_id);
        let _ = write!(
            text,
            "\n# {purpose}: {role}\n# Trust policy\n{}\n# Permissions\n{}\n",
            pretty(&trust),
            pretty(&permissions(account, purpose, &role)),
            purpose = purpose.as_str(),
        );
    }
    let own = console_permissions(&[account.reader.clone(), account.promoter.clone()]);
    let _ = write!(
        text,
        "\n# What {principal} itself needs for this account\n{}\n",
        pretty(&own)
    );
    text
}

fn permissions(account: &Account, purpose: RolePurpose, role: &RoleArn) -> PolicyDocument {
    match purpose {
        RolePurpose::Reader => reader_permissions(&ReaderScope {
            partition: role.partition(),
            account: &account.number,
            regions: &account.regions,
            buckets: &[],
        }),
        RolePurpose::Promoter => promoter_permissions(&PromoterScope {
            role,
            regions: &account.regions,
            models_leave: true,
            models_arrive: true,
            sources: &[],
            buckets: &[],
            keys: &[],
        }),
    }
}

fn pretty(document: &PolicyDocument) -> String {
    serde_json::to_string_pretty(document).unwrap_or_else(|_| document.to_json())
}
