//! What a request asks for: the operation and its parameters.

use crate::error::ApiError;
use crate::rekognition::wire;
use crate::request::Request;
use crate::service::Service;
use crate::sts::input::{Form, VERSION};
use crate::{rekognition, s3, sts};
use serde_json::{Map, Value, json};

/// An operation that the emulator carries out, with its parameters.
pub(crate) enum Operation {
    Rekognition(rekognition::operation::Operation, Map<String, Value>),
    Sts(sts::operation::Operation, Form),
    S3(s3::Operation),
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
            Service::Rekognition => read_json(request),
            Service::Sts => read_query(request),
            Service::S3 => read_rest(request),
        }
    }
}

fn read_json(request: &Request) -> Asked {
    use rekognition::operation::{Operation as Rekognition, known_to_aws};
    const PREFIX: &str = "RekognitionService.";
    let target = request.header("x-amz-target").unwrap_or_default();
    let name = target.strip_prefix(PREFIX);
    let body = wire::read_body(&request.body);
    let parameters = body.as_ref().map_or(Value::Null, |members| json!(members));
    let unknown = || ApiError::common("UnknownOperationException", 400, "");
    let operation = match name {
        _ if request.path != "/" || request.method != http::Method::POST => Err(unknown()),
        Some(name) if known_to_aws(name) => {
            Err(ApiError::not_emulated(&format!("rekognition:{name}")))
        }
        Some(name) => Rekognition::from_name(name)
            .ok_or_else(unknown)
            .and_then(|operation| body.map(|members| Operation::Rekognition(operation, members))),
        None => Err(unknown()),
    };
    Asked {
        name: name.map(str::to_owned),
        parameters,
        operation,
    }
}

fn read_query(request: &Request) -> Asked {
    use sts::operation::{Operation as Sts, known_to_aws};
    let form = Form::read(&request.query, &request.body);
    let name = form.get("Action").map(str::to_owned);
    let parameters = form.parameters();
    let version = form.get("Version").unwrap_or_default();
    let unknown = |name: &str| {
        let message = format!("Could not find operation {name} for version {version}");
        ApiError::common("InvalidAction", 400, message)
    };
    let operation = match name.as_deref() {
        None => Err(ApiError::common(
            "MissingAction",
            400,
            "The request has no Action.",
        )),
        Some(action) if version != VERSION => Err(unknown(action)),
        Some(action) if known_to_aws(action) => {
            Err(ApiError::not_emulated(&format!("sts:{action}")))
        }
        Some(action) => match Sts::from_name(action) {
            Some(operation) => Ok(Operation::Sts(operation, form)),
            None => Err(unknown(action)),
        },
    };
    Asked {
        name,
        parameters,
        operation,
    }
}

fn read_rest(request: &Request) -> Asked {
    let operation = s3::Operation::read(request);
    let parameters = match &operation {
        s3::Operation::HeadBucket { bucket } => json!({ "Bucket": bucket }),
        s3::Operation::NotEmulated(_) => json!({ "Path": request.path }),
    };
    Asked {
        name: Some(operation.name().to_owned()),
        parameters,
        operation: Ok(Operation::S3(operation)),
    }
}
