//! What callers that are not HTML forms get when a server function does not succeed.

use http::StatusCode;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use operations::OpError;
use serde::{Deserialize, Serialize};

/// A closed list of codes without text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApiError {
    /// The request cannot be read.
    Unreadable,
    /// See [`OpError::NotFound`].
    NotFound,
    /// See [`OpError::Forbidden`].
    Forbidden,
    /// See [`OpError::Conflict`].
    Conflict,
    /// See [`OpError::Invalid`].
    Invalid,
    /// See [`OpError::Unavailable`].
    Unavailable,
    /// See [`OpError::Aws`].
    Aws,
    /// See [`OpError::Internal`].
    Internal,
}

impl ApiError {
    /// The status that goes with the code.
    pub fn status(self) -> StatusCode {
        match self {
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::Conflict => StatusCode::CONFLICT,
            Self::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Aws => StatusCode::BAD_GATEWAY,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<&OpError> for ApiError {
    fn from(error: &OpError) -> Self {
        match error {
            OpError::NotFound { .. } => Self::NotFound,
            OpError::Forbidden { .. } => Self::Forbidden,
            OpError::Conflict { .. } => Self::Conflict,
            OpError::Invalid(_) => Self::Invalid,
            OpError::Unavailable { .. } => Self::Unavailable,
            OpError::Aws(_) => Self::Aws,
            OpError::Internal(_) => Self::Internal,
        }
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_) => Self::Unreadable,
            _ => Self::Internal,
        }
    }
}
