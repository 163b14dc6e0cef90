//! Noting which statements of ours no job put.

use super::SweepClaim;
use super::leftovers::proposal_of;
use crate::context::OpContext;
use crate::error::OpResult;
use domain::{Action, Millis, PolicyName};
use iam::{PolicyDocument, Statement};
use store::policy_sweeps::strays::{self, Stray};
use store::{Reader, jobs, policy_sweeps};

/// Notes those statements of `document`, which is our policy on the claimed project, that bear a Sid
/// of ours and that no job of this database put; none if the project has no such policy. What was
/// noted before and is not among them is forgotten. A claim that is lost changes nothing.
pub async fn note_strays(
    cx: &OpContext,
    claim: &SweepClaim,
    policy: &PolicyName,
    document: Option<&PolicyDocument>,
) -> OpResult<()> {
    cx.require(Action::RunJob)?;
    let project = claim.project();
    let mut reader = cx.store.read().await?;
    let mut seen: Vec<Stray> = Vec::new();
    for statement in document
        .into_iter()
        .flat_map(|document| &document.statements)
    {
        let Some(sid) = &statement.sid else { continue };
        let twice = seen.iter().any(|stray| stray.sid == *sid);
        if !twice && is_nobodys(&mut reader, sid).await? {
            seen.push(Stray {
                project: project.clone(),
                sid: sid.clone(),
                policy: policy.clone(),
                ends_at: end(statement),
                first_seen_at: cx.now(),
            });
        }
    }
    let known = strays::of_project(&mut reader, project).await?;
    drop(reader);
    let is_known = |stray: &Stray| {
        let facts = |stray: &Stray| (stray.sid.clone(), stray.policy.clone(), stray.ends_at);
        known.iter().any(|known| facts(known) == facts(stray))
    };
    if known.len() == seen.len() && seen.iter().all(is_known) {
        return Ok(());
    }
    let mut tx = cx.store.begin().await?;
    if !policy_sweeps::holds(&mut tx, claim).await? {
        return Ok(());
    }
    strays::replace(&mut tx, project, &seen).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether a Sid is of ours and stands for no job. The proposal may be known from before it was
/// approved.
async fn is_nobodys(reader: &mut Reader, sid: &str) -> OpResult<bool> {
    let Some(proposal) = proposal_of(sid) else {
        return Ok(false);
    };
    Ok(jobs::find_by_proposal(reader, proposal).await?.is_none())
}

/// From when on a statement grants nothing any more, as our grants say it.
fn end(statement: &Statement) -> Option<Millis> {
    let tests = statement.condition.iter();
    let tests = tests.filter(|test| test.operator == "DateLessThan");
    let mut keys = tests.flat_map(|test| &test.keys);
    let (_, values) = keys.find(|(key, _)| key.eq_ignore_ascii_case("aws:CurrentTime"))?;
    match values.as_slice() {
        [value] => Millis::parse_iso(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_read_as_our_grants_write_it() {
        let date = |condition: &str| {
            let document = format!(
                r#"{{"Version":"2012-10-17","Statement":[{{"Sid":"ChA","Effect":"Allow",
                "Principal":"*","Action":"*","Resource":"*"{condition}}}]}}"#
            );
            end(&PolicyDocument::parse(&document).unwrap().statements[0])
        };
        let written = iam::generate::grant_statement(
            "ChA",
            &"arn:aws:iam::333333333333:role/promoter".parse().unwrap(),
            &"arn:aws:rekognition:eu-west-1:111111111111:project/a/version/b/1656611123456"
                .parse()
                .unwrap(),
            Some(Millis::new(1_795_514_000_000)),
        );
        assert_eq!(end(&written.unwrap()), Some(Millis::new(1_795_514_000_000)));
        for condition in [
            "",
            r#","Condition":{"DateLessThan":{"aws:CurrentTime":["2026-11-24T00:00:00Z","2027-11-24T00:00:00Z"]}}"#,
            r#","Condition":{"DateLessThan":{"aws:CurrentTime":"soon"}}"#,
            r#","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2026-11-24T00:00:00Z"}}"#,
        ] {
            assert_eq!(date(condition), None, "{condition}");
        }
    }
}
