//! Answering what was asked of a job.

use super::Claim;
use super::record::RequestAnswer;
use crate::audit::{Entry, Verb, about_job};
use crate::context::OpContext;
use crate::error::OpResult;
use domain::Millis;
use store::Tx;
use store::job_requests::{self, Answer, RequestRow};

/// Stores answers, each with its audit entry on behalf of whoever asked.
pub(super) async fn answer_requests(
    cx: &OpContext,
    tx: &mut Tx,
    claim: &Claim,
    answers: Vec<RequestAnswer>,
) -> OpResult<()> {
    if answers.is_empty() {
        return Ok(());
    }
    let open = job_requests::open(tx, claim.job()).await?;
    for answer in answers {
        if let Some(request) = open.iter().find(|request| request.n == answer.n) {
            store(cx, tx, claim, (request, answer.accepted, &answer.text)).await?;
        }
    }
    Ok(())
}

/// When a job that is given back is due: at `planned`, or at once if something was asked after the
/// request `heard`, the last one that its visit knew of.
pub(super) async fn due(
    tx: &mut Tx,
    claim: &Claim,
    planned: Millis,
    heard: i64,
    now: Millis,
) -> OpResult<Millis> {
    let open = job_requests::open(tx, claim.job()).await?;
    let unheard = open.iter().any(|request| request.n > heard);
    Ok(if unheard { now } else { planned })
}

/// Answers all that is left once the job has ended.
pub(super) async fn answer_the_rest(cx: &OpContext, tx: &mut Tx, claim: &Claim) -> OpResult<()> {
    for request in job_requests::open(tx, claim.job()).await? {
        let text = "The job had ended.";
        store(cx, tx, claim, (&request, false, text)).await?;
    }
    Ok(())
}

async fn store(
    cx: &OpContext,
    tx: &mut Tx,
    claim: &Claim,
    (request, accepted, text): (&RequestRow, bool, &str),
) -> OpResult<()> {
    let at = cx.now();
    let answer = Answer {
        at,
        accepted,
        text: text.to_owned(),
    };
    job_requests::answer(tx, claim, request.n, &answer).await?;
    let entry = Entry::new(cx, Verb::AnswerRequest, about_job(claim.job()), at)
        .on_behalf_of(&request.actor)
        .with("request", request.verb.as_str())
        .with("accepted", &accepted)
        .with("answer", text);
    tx.audit(entry.done());
    Ok(())
}
