//! Looking through source projects for grants that a job left behind.
//!
//! Each project is claimed, so that of several processes one looks; what is removed is removed under
//! the project's revision guard, with an audit entry before and after. Why there can be such grants:
//! `operations::sweeps`.

use crate::backoff::between;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::parts::EngineParts;
use crate::policy_text::without_statement;
use crate::visit::{as_role, bounded};
use domain::{Account, PolicyName, RolePurpose};
use operations::OpContext;
use operations::accounts;
use operations::iam::PolicyDocument;
use operations::iam::generate::grant_session_policy;
use operations::jobs::CallRecord;
use operations::policies::managed_policy_name;
use operations::ports::aws::{AwsError, ErrorClass, ProjectPolicy, Refusal, WriteScope};
use operations::sweeps::{self, ClaimedSweep, Leftover};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How many statements one visit to a project removes at most.
const REMOVALS: usize = 20;

/// The longest pause between two searches, in milliseconds.
const LONGEST_PAUSE_MS: i64 = 60_000;

/// Why a project was not looked through to the end.
enum Trouble {
    /// Something in the way, in words for the log.
    Said(String),
    /// Another process has the project.
    Lost,
    /// The database could not be used.
    Engine(EngineError),
}

impl From<EngineError> for Trouble {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

impl Engine {
    /// Looks through every project that is due, one after the other, and gives how many there were.
    pub async fn sweep(&self) -> Result<usize, EngineError> {
        let mut count = 0;
        let cx = self.parts.context("sweep".to_owned());
        sweeps::enlist(&cx)
            .await
            .map_err(EngineError::when("find projects to look through"))?;
        loop {
            let (owner, lease_ms) = (&self.parts.instance, self.parts.settings.lease_ms);
            let claimed = sweeps::claim(&cx, owner, lease_ms)
                .await
                .map_err(EngineError::when("claim a project to look through"))?;
            let Some(claimed) = claimed else {
                return Ok(count);
            };
            sweep_one(&self.parts, &cx, &claimed).await?;
            count += 1;
        }
    }

    /// Sweeps all projects at once and then each when it is due, until `stop`.
    pub(crate) async fn keep_sweeping(&self, stop: CancellationToken) {
        let cx = self.parts.context("sweep".to_owned());
        let mut hurried = false;
        while !stop.is_cancelled() {
            let done = async {
                if !hurried {
                    sweeps::hurry(&cx)
                        .await
                        .map_err(EngineError::when("make projects due"))?;
                }
                self.sweep().await?;
                sweeps::next_due(&cx)
                    .await
                    .map_err(EngineError::when("read when projects fall due"))
            };
            let due = tokio::select! {
                () = stop.cancelled() => return,
                due = done => due,
            };
            let pause_ms = match due {
                Ok(due) => {
                    hurried = true;
                    due.map_or(LONGEST_PAUSE_MS, |due| due.since(self.parts.clock.now()))
                }
                Err(error) => {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "grants that were left behind were not looked for"
                    );
                    LONGEST_PAUSE_MS
                }
            };
            // Replicas do not search in step.
            let pause_ms = pause_ms.clamp(1_000, LONGEST_PAUSE_MS);
            let pause_ms = between(pause_ms, pause_ms + 1_000, &*self.parts.random);
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(Duration::from_millis(pause_ms.unsigned_abs())) => {}
            }
        }
    }
}

async fn sweep_one(
    parts: &EngineParts,
    cx: &OpContext,
    claimed: &ClaimedSweep,
) -> Result<(), EngineError> {
    let project = &claimed.project;
    let (after_ms, error) = match look_through(parts, cx, claimed).await {
        Ok(()) => (cx.settings.sweep_ms, None),
        Err(Trouble::Said(why)) => {
            tracing::warn!(%project, why, "a project was not looked through for old grants");
            (parts.settings.hold_ms, Some(why))
        }
        Err(Trouble::Lost) => return Ok(()),
        Err(Trouble::Engine(error)) => return Err(error),
    };
    sweeps::finish(cx, &claimed.claim, after_ms, error.as_deref())
        .await
        .map_err(EngineError::when("give a project back"))
}

/// Notes strays, and removes what was left behind until a list of the project's policies shows none
/// of it.
async fn look_through(
    parts: &EngineParts,
    cx: &OpContext,
    claimed: &ClaimedSweep,
) -> Result<(), Trouble> {
    let number = claimed.project.account();
    let account = accounts::by_number(cx, number)
        .await
        .map_err(EngineError::when("read an account"))?
        .ok_or_else(|| Trouble::Said(format!("The account {number} is not registered.")))?;
    let ours = managed_policy_name(&claimed.installation);
    for _ in 0..REMOVALS {
        let policy = find(parts, claimed, &account, &ours).await?;
        let document = policy.as_ref().map(read).transpose()?;
        sweeps::note_strays(cx, &claimed.claim, &ours, document.as_ref())
            .await
            .map_err(EngineError::when("note grants that no job put"))?;
        let (Some(policy), Some(document)) = (policy, document) else {
            return Ok(());
        };
        let Some(leftover) = first_leftover(cx, &document).await? else {
            return Ok(());
        };
        let sweep = Sweep {
            parts,
            cx,
            claimed,
            account: &account,
        };
        sweep.remove(&policy, &leftover).await?;
    }
    Err(Trouble::Said(format!(
        "{REMOVALS} statements were removed and there are more."
    )))
}

/// Our policy on the project, if it is there.
async fn find(
    parts: &EngineParts,
    claimed: &ClaimedSweep,
    account: &Account,
    ours: &PolicyName,
) -> Result<Option<ProjectPolicy>, Trouble> {
    let reader = account.access(RolePurpose::Reader);
    let call = parts.reads.list_project_policies(&reader, &claimed.project);
    match bounded(parts, "ListProjectPolicies", call).await {
        Ok(answer) => Ok(answer.value.into_iter().find(|policy| policy.name == *ours)),
        // A project that is gone has no policies.
        Err(error) if error.class == ErrorClass::Refused(Refusal::NotFound) => Ok(None),
        Err(error) => Err(Trouble::Said(error.to_string())),
    }
}

fn read(policy: &ProjectPolicy) -> Result<PolicyDocument, Trouble> {
    PolicyDocument::parse(&policy.document)
        .map_err(|error| Trouble::Said(format!("The policy cannot be read: {error}.")))
}

async fn first_leftover(
    cx: &OpContext,
    document: &PolicyDocument,
) -> Result<Option<Leftover>, Trouble> {
    let statements = document.statements.iter();
    let sids: Vec<&str> = statements.filter_map(|one| one.sid.as_deref()).collect();
    let found = sweeps::leftovers(cx, &sids)
        .await
        .map_err(EngineError::when("find out whose grants stand"))?;
    Ok(found.into_iter().next())
}

struct Sweep<'a> {
    parts: &'a EngineParts,
    cx: &'a OpContext,
    claimed: &'a ClaimedSweep,
    account: &'a Account,
}

impl Sweep<'_> {
    /// Removes one statement, under the revision that was read.
    async fn remove(&self, policy: &ProjectPolicy, leftover: &Leftover) -> Result<(), Trouble> {
        let sid = &leftover.plan.grant.sid;
        let rest = without_statement(&policy.document, sid)
            .map_err(|error| Trouble::Said(format!("The policy cannot be read: {error}.")))?;
        let operation = match rest {
            Some(_) => "PutProjectPolicy",
            None => "DeleteProjectPolicy",
        };
        let (cx, claim) = (self.cx, &self.claimed.claim);
        let lease_ms = self.parts.settings.lease_ms;
        let held = sweeps::intend(cx, claim, leftover, operation, lease_ms)
            .await
            .map_err(EngineError::when("store an intent"))?;
        if !held {
            return Err(Trouble::Lost);
        }
        let (call, error) = self.send(policy, leftover, rest.as_deref()).await;
        sweeps::told(cx, claim, leftover, &call, lease_ms)
            .await
            .map_err(EngineError::when("store an outcome"))?;
        match error {
            None => {
                let (project, job) = (&self.claimed.project, leftover.job);
                tracing::warn!(%project, %job, sid, "a grant that was left behind was removed");
                Ok(())
            }
            // Somebody edited it in between: the next round reads it again.
            Some(error) if error.class == ErrorClass::Refused(Refusal::Revision) => Ok(()),
            Some(error) => Err(Trouble::Said(error.to_string())),
        }
    }

    async fn send(
        &self,
        policy: &ProjectPolicy,
        leftover: &Leftover,
        rest: Option<&str>,
    ) -> (CallRecord, Option<AwsError>) {
        let project = &self.claimed.project;
        let scope = WriteScope {
            access: as_role(self.account, &leftover.plan.grantor),
            region: project.region().clone(),
            job: leftover.job,
            session_policy: grant_session_policy(project),
            send_by: self.parts.clock.now().plus(self.parts.settings.call_ms()),
        };
        let writes = Arc::clone(&self.parts.writes);
        let (name, revision) = (&policy.name, &policy.revision);
        let (operation, answered) = if let Some(text) = rest {
            let call = writes.put_project_policy(&scope, project, name, text, Some(revision));
            let answered = bounded(self.parts, "PutProjectPolicy", call).await;
            ("PutProjectPolicy", answered.map(|answer| answer.call))
        } else {
            let call = writes.delete_project_policy(&scope, project, name, revision);
            let answered = bounded(self.parts, "DeleteProjectPolicy", call).await;
            ("DeleteProjectPolicy", answered.map(|answer| answer.call))
        };
        let account = &self.account.number;
        let (record, error) = match answered {
            Ok(call) => (CallRecord::made(account, call), None),
            Err(error) => (CallRecord::refused(account, &error), Some(error)),
        };
        let record = CallRecord {
            write: Some(operation),
            ..record
        };
        (record, error)
    }
}
