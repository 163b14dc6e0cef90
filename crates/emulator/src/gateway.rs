//! One AWS call from signature to answer, with its line in the ledger.
//!
//! The world sits behind one lock, so each call sees and makes one consistent change. A call that
//! a fault rule delays waits outside the lock.

use crate::asked::{Asked, Operation};
use crate::authorize::Judge;
use crate::caller::{Caller, authenticate};
use crate::clock::exact;
use crate::error::ApiError;
use crate::faults::Effect;
use crate::inside::{Inside, Shared};
use crate::ledger::{DecisionRecord, Entry, Outcome};
use crate::reply::{Answer, Body, Reply};
use crate::request::Request;
use crate::service::Service;
use crate::sigv4::{Authorization, SignatureRefusal};
use crate::{faulty, iam_service, kms, rekognition, s3, sts};
use domain::Region;
use serde_json::Value;
use std::time::Duration;

/// A call whose signature is good.
struct Call {
    service: Service,
    region: Region,
    caller: Caller,
    asked: Asked,
    effect: Option<Effect>,
}

/// Answers one call to an AWS service.
pub(crate) async fn answer(shared: &Shared, request: Request) -> Reply {
    let authorization = Authorization::read(&request.headers);
    let service = Service::meant(authorization.as_ref().ok(), &request);
    let request_id = service.request_id(&shared.random);
    let call = match admit(shared, &request, authorization, service, &request_id) {
        Ok(call) => call,
        Err(refusal) => return refusal.into_reply(&request_id),
    };
    if let Some(Effect::Delay { milliseconds, .. }) = &call.effect {
        tokio::time::sleep(Duration::from_millis(milliseconds.0)).await;
    }
    let mut inside = shared.lock();
    inside.settle(shared.clock.now());
    carry_out(shared, &mut inside, call, &request_id)
}

/// Checks the signature, reads the operation and looks whether a fault rule hits it. A refusal
/// here has its ledger line already.
fn admit(
    shared: &Shared,
    request: &Request,
    authorization: Result<Authorization, SignatureRefusal>,
    service: Service,
    request_id: &str,
) -> Result<Call, Box<Answer>> {
    let mut inside = shared.lock();
    let now = shared.clock.now();
    inside.settle(now);
    let asked = Asked::read(service, request);
    let region = authorization
        .as_ref()
        .ok()
        .and_then(|one| one.scope.region.parse().ok());
    let proven = authorization
        .map_err(|refusal| unproven(refusal, service, request, &asked))
        .and_then(|one| {
            if Service::from_signing_name(&one.scope.service).is_none() {
                return Err(ApiError::not_emulated(&format!(
                    "the service {}",
                    one.scope.service
                )));
            }
            let machine_now = shared.clock.machine_now();
            let caller = authenticate(&inside.state, request, &one, service, machine_now, now);
            let region = region.clone().ok_or_else(|| {
                SignatureRefusal::Scope("Credential should be scoped to a valid region.".to_owned())
            });
            caller
                .and_then(|caller| Ok((caller, region?)))
                .map_err(|refusal| refuse(refusal, service, Some(&one.access_key_id)))
        });
    match proven {
        Ok((caller, region)) => {
            let name = asked.name.as_deref().unwrap_or_default();
            let effect = inside.faults.meet(name, &caller.account);
            Ok(Call {
                service,
                region,
                caller,
                asked,
                effect,
            })
        }
        Err(error) => {
            let answer = Answer::refusal(service, error);
            let mut entry = blank_entry(shared, request_id, service, &answer);
            entry.operation = asked.name;
            entry.parameters = asked.parameters;
            entry.region = region;
            inside.ledger.append(entry);
            Err(Box::new(answer))
        }
    }
}

/// The answer to a request whose `Authorization` header is absent or cannot be read. What AWS
/// takes without that header is not refused for want of it.
fn unproven(
    refusal: SignatureRefusal,
    service: Service,
    request: &Request,
    asked: &Asked,
) -> ApiError {
    if refusal == SignatureRefusal::Missing {
        if request.query.contains("X-Amz-Signature=") {
            return ApiError::not_emulated("presigned URLs");
        }
        let name = asked.name.as_deref().unwrap_or_default();
        if let (Service::Sts, Err(error)) = (service, &asked.operation)
            && sts::operation::taken_unsigned(name)
        {
            return error.clone();
        }
    }
    refuse(refusal, service, None)
}

/// A refusal in the words of `service`, with the reason for the ledger.
fn refuse(refusal: SignatureRefusal, service: Service, access_key_id: Option<&str>) -> ApiError {
    let detail = refusal.detail(access_key_id);
    refusal.into_error(service).with_detail(detail)
}

fn carry_out(shared: &Shared, inside: &mut Inside, call: Call, request_id: &str) -> Reply {
    let refused = call
        .effect
        .as_ref()
        .and_then(|effect| faulty::refusal(effect, call.service));
    let reset_before = call.effect == Some(Effect::ResetBefore);
    let executed = refused.is_none() && !reset_before;
    let (answer, decisions) = match refused {
        Some(error) => (Answer::refusal(call.service, error), Vec::new()),
        None if reset_before => (Answer::nothing(call.service), Vec::new()),
        None => execute(shared, inside, &call),
    };
    let lost = matches!(
        call.effect,
        Some(Effect::ResetBefore | Effect::ResetAfter | Effect::GarbageBody)
    );
    let mut line = blank_entry(shared, request_id, call.service, &answer);
    line.operation = call.asked.name;
    line.parameters = call.asked.parameters;
    line.region = Some(call.region);
    line.account = Some(call.caller.account);
    line.principal = Some(call.caller.arn);
    line.decisions = decisions;
    line.fault = call.effect.as_ref().map(|effect| effect.name().to_owned());
    line.outcome.executed = executed && answer.error.is_none();
    line.outcome.answered = !lost;
    line.outcome.status = line.outcome.status.filter(|_| !reset_before);
    inside.ledger.append(line);
    match call.effect {
        Some(Effect::ResetBefore | Effect::ResetAfter) => Reply::Reset,
        Some(Effect::GarbageBody) => answer.into_garbage(request_id),
        _ => answer.into_reply(request_id),
    }
}

fn blank_entry(shared: &Shared, request_id: &str, service: Service, answer: &Answer) -> Entry {
    let now = shared.clock.now();
    Entry {
        number: 0,
        time_ms: now,
        time: exact(now),
        request_id: request_id.to_owned(),
        service: service.signing_name(),
        operation: None,
        region: None,
        account: None,
        principal: None,
        parameters: Value::Null,
        decisions: Vec::new(),
        outcome: Outcome {
            executed: false,
            answered: true,
            status: Some(answer.status()),
            error: answer.error.as_ref().map(|error| error.code.to_string()),
            message: answer.error.as_ref().map(|error| error.message.clone()),
            detail: answer.error.as_ref().and_then(|error| error.detail.clone()),
            result: answer.result_id(),
        },
        fault: None,
    }
}

/// Carries the call out, unless its operation cannot be or it comes too fast.
fn execute(shared: &Shared, inside: &mut Inside, call: &Call) -> (Answer, Vec<DecisionRecord>) {
    let now = shared.clock.now();
    let judge = Judge::new(&call.caller, &call.region, now);
    let operation = match &call.asked.operation {
        Ok(operation) => operation,
        Err(error) => return (Answer::refusal(call.service, error.clone()), Vec::new()),
    };
    match operation {
        Operation::Rekognition(operation, members) => {
            let per_second = operation.quota(inside.settings.quota_tps);
            let (account, region) = (&call.caller.account, &call.region);
            if !inside
                .throttle
                .take(account, region, operation.name(), per_second, now)
            {
                let error = rekognition::error::throughput_exceeded().with_detail(format!(
                    "{} of account {account} in {region} may be called {per_second} times a second, \
                     which quota_tps sets, and was.",
                    operation.name()
                ));
                return (Answer::refusal(call.service, error), Vec::new());
            }
            let copy_fails_with = match &call.effect {
                Some(Effect::CopyFails { message }) => Some(message.clone()),
                _ => None,
            };
            let mut context = rekognition::Call {
                state: &mut inside.state,
                settings: &inside.settings,
                caller: &call.caller,
                region,
                now,
                random: &shared.random,
                judge,
                token_key: &shared.token_key,
                copy_fails_with,
            };
            let result = rekognition::call(&mut context, *operation, members);
            (
                Answer::of(call.service, result.map(Body::Json)),
                context.judge.into_records(),
            )
        }
        Operation::Sts(operation, form) => {
            let mut context = sts::Call {
                state: &mut inside.state,
                caller: &call.caller,
                now,
                random: &shared.random,
                judge,
            };
            let result = sts::call(&mut context, *operation, form);
            let body = result.map(|inside| Body::Xml {
                operation: operation.name(),
                inside,
            });
            (Answer::of(call.service, body), context.judge.into_records())
        }
        Operation::S3(operation) => {
            let mut context = s3::Call {
                state: &inside.state,
                region: &call.region,
                judge,
            };
            let answered = s3::call(&mut context, operation);
            let body = answered
                .result
                .map(|object| object.map_or(Body::Empty, Body::Object));
            let mut answer = Answer::of(call.service, body);
            answer.bucket_region = answered.bucket_region;
            answer.head = matches!(operation, s3::Operation::HeadBucket(_));
            (answer, context.judge.into_records())
        }
        Operation::DescribeKey(members) => {
            let mut context = kms::Call {
                state: &inside.state,
                caller: &call.caller,
                region: &call.region,
                judge,
            };
            let result = kms::call(&mut context, members);
            (
                Answer::of(call.service, result.map(Body::Json)),
                context.judge.into_records(),
            )
        }
        Operation::SimulatePrincipalPolicy(form) => {
            let mut context = iam_service::Call {
                state: &inside.state,
                caller: &call.caller,
                judge,
                token_key: &shared.token_key,
            };
            let result = iam_service::call(&mut context, form);
            let body = result.map(|inside| Body::Xml {
                operation: iam_service::SIMULATE,
                inside,
            });
            (Answer::of(call.service, body), context.judge.into_records())
        }
    }
}
