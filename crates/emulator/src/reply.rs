//! Answers as bytes.

use crate::error::ApiError;
use crate::kms;
use crate::query_xml;
use crate::rekognition::wire;
use crate::s3;
use crate::service::Service;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use domain::Region;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::Value;
use sha2::{Digest as _, Sha384};

/// What goes back over the connection.
pub(crate) enum Reply {
    Response(Response<Bytes>),
    /// Nothing: the connection is reset.
    Reset,
}

/// The body of a good answer.
pub(crate) enum Body {
    Json(Value),
    /// The inside of a Query operation's result element.
    Xml {
        operation: &'static str,
        inside: String,
    },
    /// An object of a bucket.
    Object(s3::Object),
    Empty,
}

/// The answer to one call, before it is written.
pub(crate) struct Answer {
    service: Service,
    body: Body,
    pub(crate) error: Option<ApiError>,
    /// For `x-amz-bucket-region`.
    pub(crate) bucket_region: Option<Region>,
    /// Whether it answers a HEAD request and so has no body, whatever happened.
    pub(crate) head: bool,
}

impl Answer {
    pub(crate) fn of(service: Service, result: Result<Body, ApiError>) -> Self {
        match result {
            Ok(body) => Self {
                service,
                body,
                error: None,
                bucket_region: None,
                head: false,
            },
            Err(error) => Self::refusal(service, error),
        }
    }

    pub(crate) fn refusal(service: Service, error: ApiError) -> Self {
        let body = Body::Empty;
        Self {
            service,
            body,
            error: Some(error),
            bucket_region: None,
            head: false,
        }
    }

    /// For a call that was not carried out and gets no answer.
    pub(crate) fn nothing(service: Service) -> Self {
        Self {
            service,
            body: Body::Empty,
            error: None,
            bucket_region: None,
            head: false,
        }
    }

    pub(crate) fn status(&self) -> u16 {
        self.error.as_ref().map_or(200, |error| error.status)
    }

    /// The ARN or revision id that the operation gave back.
    pub(crate) fn result_id(&self) -> Option<String> {
        let Body::Json(body) = &self.body else {
            return None;
        };
        ["ProjectVersionArn", "PolicyRevisionId", "ProjectArn"]
            .into_iter()
            .find_map(|member| body.get(member)?.as_str().map(str::to_owned))
    }

    /// Writes the answer.
    pub(crate) fn into_reply(self, request_id: &str) -> Reply {
        let (kind, text) = self.text(request_id);
        Reply::Response(self.response(request_id, kind, text))
    }

    /// Writes the head of the answer over a body that no reader understands.
    pub(crate) fn into_garbage(self, request_id: &str) -> Reply {
        let (kind, _) = self.text(request_id);
        Reply::Response(self.response(request_id, kind, "\u{1}<{garbage".to_owned()))
    }

    fn text(&self, request_id: &str) -> (&'static str, String) {
        match (self.service, &self.error, &self.body) {
            (Service::Rekognition, Some(error), _) => (
                wire::CONTENT_TYPE,
                wire::error_body(error, request_id).to_string(),
            ),
            (Service::Kms, Some(error), _) => {
                (wire::CONTENT_TYPE, kms::error_body(error).to_string())
            }
            (Service::Sts, Some(error), _) => (
                query_xml::CONTENT_TYPE,
                query_xml::error(query_xml::STS, error, request_id),
            ),
            (Service::Iam, Some(error), _) => (
                query_xml::CONTENT_TYPE,
                query_xml::error(query_xml::IAM, error, request_id),
            ),
            (Service::S3, Some(error), _) => (
                s3::xml::CONTENT_TYPE,
                s3::xml::error(error, request_id, &host_id(request_id)),
            ),
            (_, None, Body::Json(body)) => (wire::CONTENT_TYPE, body.to_string()),
            (Service::Iam, None, Body::Xml { operation, inside }) => (
                query_xml::CONTENT_TYPE,
                query_xml::answer(query_xml::IAM, operation, inside, request_id),
            ),
            (_, None, Body::Xml { operation, inside }) => (
                query_xml::CONTENT_TYPE,
                query_xml::answer(query_xml::STS, operation, inside, request_id),
            ),
            (_, None, Body::Object(object)) => (s3::OBJECT_TYPE, object.text.clone()),
            (_, None, Body::Empty) => (s3::xml::CONTENT_TYPE, String::new()),
        }
    }

    fn response(&self, request_id: &str, kind: &'static str, text: String) -> Response<Bytes> {
        let text = if self.head { String::new() } else { text };
        let mut response = Response::new(Bytes::from(text));
        *response.status_mut() = StatusCode::from_u16(self.status())
            .expect("every error of this crate has a valid status");
        let headers = response.headers_mut();
        let mut put = |name: &'static str, value: &str| {
            let value = HeaderValue::from_str(value).expect("ids and Regions are plain text");
            headers.insert(HeaderName::from_static(name), value);
        };
        put("content-type", kind);
        match self.service {
            Service::Rekognition | Service::Sts | Service::Kms | Service::Iam => {
                put("x-amzn-requestid", request_id);
            }
            Service::S3 => {
                put("x-amz-request-id", request_id);
                put("x-amz-id-2", &host_id(request_id));
            }
        }
        if let (Body::Object(object), None) = (&self.body, &self.error) {
            for (name, value) in object.headers() {
                put(name, &value);
            }
        }
        if let Some(region) = &self.bucket_region {
            put("x-amz-bucket-region", region.as_str());
        }
        response
    }
}

/// S3's second request id, made from the first.
fn host_id(request_id: &str) -> String {
    STANDARD.encode(Sha384::digest(request_id))
}
