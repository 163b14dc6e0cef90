//! Testing a role of an account.
//!
//! Four things are looked at, in this order: the role can be assumed; its session acts in the
//! configured account; without the ExternalId it cannot be assumed (a role that can then still be
//! assumed is open to a confused deputy, so that counts as a failure); its session may list
//! projects in every Region of the account.
//!
//! The promoter does not need to list projects: jobs look through the reader, and the promoter only
//! grants, copies and asks S3 for its bucket. So a promoter that may not is *cannot tell*, not a
//! failure, and says which statement would show it.

use super::get::named;
use super::registry::Registry;
use super::role_test::{RoleCheck, RoleTestStep, RoleTestView, TestResult};
use crate::audit::{Entry, Verb, about_account};
use crate::context::OpContext;
use crate::error::{Kind, OpError, OpResult};
use crate::ports::aws::{AwsError, ErrorClass, ExternalIdUse, Refusal};
use domain::{Account, Action, Actor, Region, RoleAccess, RolePurpose};
use iam::generate::{self, ReaderScope};
use store::role_tests::{self, RoleTestRow};

/// Assumes a role of the account named by number or alias, looks whether it is fit for its purpose
/// (`reader` or `promoter`), and keeps what was found as the role's last test.
///
/// A role that does not work is a result, not an error.
pub async fn test_role(cx: &OpContext, number: &str, purpose: &str) -> OpResult<RoleTestView> {
    cx.require(Action::TestRole)?;
    let purpose = RolePurpose::ALL
        .into_iter()
        .find(|known| known.as_str() == purpose)
        .ok_or_else(|| OpError::not_found(Kind::Role, purpose))?;
    let account = {
        let mut reader = cx.store.read().await?;
        let registry = Registry::visible(cx, &mut reader, Action::TestRole).await?;
        named(&registry, number)?.clone()
    };
    let steps = Test::new(cx, &account, purpose)?.run().await;
    let view = RoleTestView {
        purpose,
        role: account.access(purpose).role,
        tested_at: cx.now(),
        result: TestResult::of(&steps),
        steps,
    };
    keep(cx, &account, &view).await?;
    Ok(view)
}

/// Keeps the test. One that the engine made by itself is an audit entry only if it found something
/// else than the one before: it makes one after the other, and the log is for what people ask about.
async fn keep(cx: &OpContext, account: &Account, view: &RoleTestView) -> OpResult<()> {
    let result = serde_json::to_value(view).map_err(|_| OpError::stored("role test"))?;
    let mut tx = cx.store.begin().await?;
    let before = role_tests::find(&mut tx, &account.number, view.purpose).await?;
    let same = before.is_some_and(|row| row.result["result"] == result["result"]);
    let row = RoleTestRow {
        account: account.number.clone(),
        purpose: view.purpose,
        tested_at: view.tested_at,
        result,
    };
    role_tests::save(&mut tx, &row).await?;
    if !(same && *cx.actor() == Actor::Engine) {
        tx.audit(
            Entry::new(
                cx,
                Verb::TestRole,
                about_account(&account.number),
                view.tested_at,
            )
            .with("role", &view.role)
            .with("result", &view.result.word())
            .done(),
        );
    }
    tx.commit().await?;
    Ok(())
}

struct Test<'a> {
    cx: &'a OpContext,
    account: &'a Account,
    access: RoleAccess,
    /// STS is asked in the first Region of the account.
    region: &'a Region,
}

impl<'a> Test<'a> {
    fn new(cx: &'a OpContext, account: &'a Account, purpose: RolePurpose) -> OpResult<Self> {
        let region = account.regions.first();
        Ok(Self {
            cx,
            account,
            access: account.access(purpose),
            region: region.ok_or_else(|| OpError::stored("account without a Region"))?,
        })
    }

    async fn run(&self) -> Vec<RoleTestStep> {
        let assume = self.assume().await;
        if assume.result != TestResult::Ok {
            let mut steps = vec![assume];
            steps.extend(not_asked(
                &[RoleCheck::Identity, RoleCheck::WithoutExternalId],
                "Not asked, because the role could not be assumed.",
            ));
            steps.extend(self.not_listed("Not asked, because the role could not be assumed."));
            return steps;
        }
        let identity = self.identity().await;
        let at_home = identity.result == TestResult::Ok;
        let mut steps = vec![assume, identity, self.without_external_id().await];
        if at_home {
            for region in &self.account.regions {
                steps.push(self.describe_projects(region).await);
            }
        } else {
            let cause =
                "Not asked, because it is not certain that the session acts in the right account.";
            steps.extend(self.not_listed(cause));
        }
        steps
    }

    fn not_listed(&self, cause: &str) -> Vec<RoleTestStep> {
        let step = || RoleTestStep::new(RoleCheck::DescribeProjects, TestResult::CannotTell, cause);
        self.account
            .regions
            .iter()
            .map(|region| step().in_region(region))
            .collect()
    }

    async fn assume(&self) -> RoleTestStep {
        let check = RoleCheck::Assume;
        let presented = ExternalIdUse::Presented;
        match self
            .cx
            .aws
            .assume_role(&self.access, self.region, presented)
            .await
        {
            Ok(answer) => {
                let cause = "AWS lets Customhouse become the role.";
                RoleTestStep::new(check, TestResult::Ok, cause).called(&answer.call)
            }
            Err(error) => match error.class {
                ErrorClass::Refused(Refusal::Expired) => RoleTestStep::new(
                    check,
                    TestResult::Failed,
                    "AWS does not accept Customhouse's own credentials.",
                )
                .refused(&error)
                .fix("Renew the AWS credentials that Customhouse runs with.", None),
                ErrorClass::Refused(Refusal::Access) => RoleTestStep::new(
                    check,
                    TestResult::Failed,
                    "AWS refused: the role does not exist, its trust policy does not name Customhouse \
                     or asks for another ExternalId, or Customhouse itself may not call \
                     sts:AssumeRole on it.",
                )
                .refused(&error)
                .fix(self.trust_fix(), self.trust_policy()),
                ErrorClass::Refused(_) => {
                    RoleTestStep::new(check, TestResult::Failed, "AWS refused AssumeRole.")
                        .refused(&error)
                        .fix("Read AWS's answer and correct the account's role.", None)
                }
                ErrorClass::Ambiguous | ErrorClass::NotSent => unanswered(check, &error),
            },
        }
    }

    async fn identity(&self) -> RoleTestStep {
        let check = RoleCheck::Identity;
        match self.cx.aws.caller_identity(&self.access, self.region).await {
            Ok(answer) if answer.value.account == self.account.number => {
                let cause = format!("The session acts in {}.", self.account.number.grouped());
                RoleTestStep::new(check, TestResult::Ok, cause).called(&answer.call)
            }
            Ok(answer) => RoleTestStep::new(
                check,
                TestResult::Failed,
                format!(
                    "The session acts in {}, not in {}.",
                    answer.value.account.grouped(),
                    self.account.number.grouped()
                ),
            )
            .called(&answer.call)
            .fix(
                "Correct the role's ARN: it must be a role of this account.",
                None,
            ),
            Err(error) if matches!(error.class, ErrorClass::Refused(_)) => RoleTestStep::new(
                check,
                TestResult::Failed,
                "AWS refused GetCallerIdentity, which needs no permission.",
            )
            .refused(&error)
            .fix(
                "Look for a service control policy that denies sts:GetCallerIdentity.",
                None,
            ),
            Err(error) => unanswered(check, &error),
        }
    }

    async fn without_external_id(&self) -> RoleTestStep {
        let check = RoleCheck::WithoutExternalId;
        let omitted = ExternalIdUse::Omitted;
        match self
            .cx
            .aws
            .assume_role(&self.access, self.region, omitted)
            .await
        {
            Ok(answer) => RoleTestStep::new(
                check,
                TestResult::Failed,
                "The role can be assumed without the ExternalId, so anybody who can make Customhouse \
                 name this role could act through it.",
            )
            .called(&answer.call)
            .fix(
                "Put a condition on sts:ExternalId into the role's trust policy.",
                self.trust_policy(),
            ),
            Err(error) if error.class == ErrorClass::Refused(Refusal::Access) => {
                let cause = "AWS refuses the role without the ExternalId, as it must.";
                RoleTestStep::new(check, TestResult::Ok, cause).refused(&error)
            }
            Err(error) => unanswered(check, &error),
        }
    }

    async fn describe_projects(&self, region: &Region) -> RoleTestStep {
        let check = RoleCheck::DescribeProjects;
        let step = match self.cx.aws.describe_projects(&self.access, region).await {
            Ok(answer) => {
                let cause = match answer.value.len() {
                    1 => "The session sees 1 project.".to_owned(),
                    count => format!("The session sees {count} projects."),
                };
                RoleTestStep::new(check, TestResult::Ok, cause).called(&answer.call)
            }
            Err(error) => match (error.class, self.access.purpose) {
                (ErrorClass::Refused(Refusal::Access), RolePurpose::Promoter) => {
                    promoter_does_not_list(region, &error)
                }
                (ErrorClass::Refused(_), _) => RoleTestStep::new(
                    check,
                    TestResult::Failed,
                    format!("AWS does not let the session list projects in {region}."),
                )
                .refused(&error)
                .fix(
                    "Attach these permissions to the role, and look for a service control policy \
                     that closes the Region.",
                    Some(self.reader_permissions()),
                ),
                (ErrorClass::Ambiguous | ErrorClass::NotSent, _) => unanswered(check, &error),
            },
        };
        step.in_region(region)
    }

    fn reader_permissions(&self) -> String {
        generate::reader_permissions(&ReaderScope {
            partition: self.account.reader.partition(),
            account: &self.account.number,
            regions: &self.account.regions,
            buckets: &[],
        })
        .to_json()
    }

    fn trust_fix(&self) -> String {
        let role = self.access.role.name();
        match self.cx.settings.principal {
            Some(_) => format!(
                "Give {role} this trust policy, and let Customhouse call sts:AssumeRole on it."
            ),
            None => format!(
                "Run “customhouse roles {}” and give {role} the trust policy that it prints.",
                self.account.alias
            ),
        }
    }

    fn trust_policy(&self) -> Option<String> {
        let principal = self.cx.settings.principal.as_deref()?;
        Some(generate::trust_policy(principal, &self.account.external_id).to_json())
    }
}

fn not_asked(checks: &[RoleCheck], cause: &str) -> Vec<RoleTestStep> {
    checks
        .iter()
        .map(|check| RoleTestStep::new(*check, TestResult::CannotTell, cause))
        .collect()
}

fn promoter_does_not_list(region: &Region, error: &AwsError) -> RoleTestStep {
    RoleTestStep::new(
        RoleCheck::DescribeProjects,
        TestResult::CannotTell,
        format!(
            "The promoter may not list projects in {region}, and does not need to: jobs look with \
             the reader, the promoter only grants and copies."
        ),
    )
    .refused(error)
    .not_needed()
    .fix(
        "Nothing needs to be mended. To have this step answered, add this statement to the role.",
        Some(
            r#"{"Effect":"Allow","Action":"rekognition:DescribeProjects","Resource":"*"}"#
                .to_owned(),
        ),
    )
}

fn unanswered(check: RoleCheck, error: &AwsError) -> RoleTestStep {
    let (cause, fix) = match error.class {
        ErrorClass::NotSent if error.lacks_credentials() => (
            "The call could not be sent: Customhouse has no AWS credentials.",
            "Give Customhouse AWS credentials, start it again, then test again.",
        ),
        ErrorClass::NotSent => (
            "The call could not be sent.",
            "Check the network and the endpoint, then test again.",
        ),
        _ => (
            "AWS gave no clear answer.",
            "Check the network and the endpoint, then test again.",
        ),
    };
    RoleTestStep::new(check, TestResult::CannotTell, cause)
        .refused(error)
        .fix(fix, None)
}
