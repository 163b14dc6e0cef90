//! What a request asks for: the operation and its parameters.

use crate::error::ApiError;
use crate::rekognition::wire;
use crate::request::Request;
use crate::service::Service;
use crate::sts::input::Form;
use crate::{iam_service, kms, rekognition, s3, sts};
use serde_json::{Map, Value, json};

/// An operation that the emulator carries out, with its parameters.
pub(crate) enum Operation {
    Rekognition(rekognition::operation::Operation, Map<String, Value>),
    Sts(sts::operation::Operation, Form),
    S3(s3::Operation),
    /// KMS has one operation here: `DescribeKey`.
    DescribeKey(Map<String, Value>),
    /// IAM has one operation here: `SimulatePrincipalPolicy`.
    SimulatePrincipalPolicy(Form),
}

/// The operations that the emulator carries out, each with the name of its service in IAM actions,
/// such as `rekognition:CopyProjectVersion`. All else that AWS has answers `NotEmulated`.
pub fn operations() -> Vec<String> {
    played()
        .map(|(service, name)| format!("{}:{name}", service.signing_name()))
        .collect()
}

/// The operations that the emulator carries out.
pub(crate) fn played() -> impl Iterator<Item = (Service, &'static str)> {
    let rekognition = rekognition::operation::Operation::ALL
        .into_iter()
        .map(|operation| (Service::Rekognition, operation.name()));
    let sts = sts::operation::Operation::ALL
        .into_iter()
        .map(|operation| (Service::Sts, operation.name()));
    let s3 = s3::PLAYED.into_iter().map(|name| (Service::S3, name));
    let others = [
        (Service::Kms, kms::DESCRIBE_KEY),
        (Service::Iam, iam_service::SIMULATE),
    ];
    rekognition.chain(sts).chain(s3).chain(others)
}

/// A request as far as it can be understood.
pub(crate) struct Asked {
    /// The operation's name as sent, for the ledger; `None` when there is none.
    pub(crate) name: Option<String>,
    /// For the ledger; never a secret.
    pub(crate) parameters: Value,
    pub(crate) operation: Result<Operation, ApiError>,
}

impl Asked {
    /// Reads `request` as one for `service`.
    pub(crate) fn read(service: Service, request: &Request) -> Self {
        match service {
            Service::Rekognition => read_json(request, "RekognitionService.", rekognition),
            Service::Kms => read_json(request, kms::TARGET_PREFIX, kms),
            Service::Sts => read_query(request, sts::input::VERSION, sts),
            Service::Iam => read_query(request, iam_service::VERSION, iam),
            Service::S3 => read_rest(request),
        }
    }
}

/// What a service makes of an operation's name: `None` when AWS has no such operation.
type Named = Option<Result<Operation, ApiError>>;

fn rekognition(name: &str, members: &Map<String, Value>) -> Named {
    use rekognition::operation::{Operation as Rekognition, known_to_aws};
    if known_to_aws(name) {
        let what = format!("rekognition:{name}");
        return Some(Err(ApiError::not_emulated(&what)));
    }
    let operation = Rekognition::from_name(name)?;
    Some(Ok(Operation::Rekognition(operation, members.clone())))
}

fn kms(name: &str, members: &Map<String, Value>) -> Named {
    if name == kms::DESCRIBE_KEY {
        return Some(Ok(Operation::DescribeKey(members.clone())));
    }
    let what = format!("kms:{name}");
    kms::known_to_aws(name).then(|| Err(ApiError::not_emulated(&what)))
}

fn sts(name: &str, form: Form) -> Named {
    use sts::operation::{Operation as Sts, known_to_aws};
    if known_to_aws(name) {
        return Some(Err(ApiError::not_emulated(&format!("sts:{name}"))));
    }
    let operation = Sts::from_name(name)?;
    Some(Ok(Operation::Sts(operation, form)))
}

fn iam(name: &str, form: Form) -> Named {
    if name == iam_service::SIMULATE {
        return Some(Ok(Operation::SimulatePrincipalPolicy(form)));
    }
    let what = format!("iam:{name}");
    iam_service::known_to_aws(name).then(|| Err(ApiError::not_emulated(&what)))
}

fn read_json(
    request: &Request,
    prefix: &str,
    named: fn(&str, &Map<String, Value>) -> Named,
) -> Asked {
    let target = request.header("x-amz-target").unwrap_or_default();
    let name = target.strip_prefix(prefix);
    let body = wire::read_body(&request.body);
    let parameters = body.as_ref().map_or(Value::Null, |members| json!(members));
    let unknown = || ApiError::common("UnknownOperationException", 400, "");
    let right_door = request.path == "/" && request.method == http::Method::POST;
    let nothing = Map::new();
    let found = name
        .filter(|_| right_door)
        .and_then(|name| named(name, body.as_ref().unwrap_or(&nothing)));
    let operation = match (found, body) {
        (None, _) => Err(unknown()),
        (Some(Ok(_)), Err(unreadable)) => Err(unreadable),
        (Some(found), _) => found,
    };
    Asked {
        name: name.map(str::to_owned),
        parameters: shown(parameters, &operation),
        operation,
    }
}

fn read_query(request: &Request, own_version: &str, named: fn(&str, Form) -> Named) -> Asked {
    let form = Form::read(&request.query, &request.body);
    let name = form.get("Action").map(str::to_owned);
    let parameters = form.parameters();
    let version = form.get("Version").unwrap_or_default().to_owned();
    let operation = match name.as_deref() {
        None => Err(ApiError::common(
            "MissingAction",
            400,
            "The request has no Action.",
        )),
        Some(action) => Some(action)
            .filter(|_| version == own_version)
            .and_then(|action| named(action, form))
            .unwrap_or_else(|| {
                let message = format!("Could not find operation {action} for version {version}");
                Err(ApiError::common("InvalidAction", 400, message))
            }),
    };
    Asked {
        name,
        parameters: shown(parameters, &operation),
        operation,
    }
}

/// The parameters as the ledger shows them. Of an operation that is not carried out nobody has
/// looked which ones are secret, so only their names are shown.
fn shown(mut parameters: Value, operation: &Result<Operation, ApiError>) -> Value {
    if operation.is_err()
        && let Value::Object(members) = &mut parameters
    {
        for value in members.values_mut() {
            *value = Value::from("…");
        }
    }
    parameters
}

fn read_rest(request: &Request) -> Asked {
    let operation = s3::Operation::read(request);
    Asked {
        name: Some(operation.name().to_owned()),
        parameters: operation.parameters(request),
        operation: Ok(Operation::S3(operation)),
    }
}
