//! Signs of life for whatever supervises the server.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Serialize;

use super::state::AppState;

/// What `/readyz` tells: words, never the reason, which is in the log.
#[derive(Serialize)]
struct Readiness {
    ready: bool,
    /// How many event streams are open.
    streams: usize,
    checks: [Check; 2],
}

#[derive(Serialize)]
struct Check {
    name: &'static str,
    ok: bool,
}

/// `GET /healthz`: the process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database answers, its tables are those of this program and the one row of
/// numbers can be read. 503 when not.
pub async fn ready(State(state): State<AppState>) -> Response {
    let (database, ledger) = look(&state).await;
    let ready = database && ledger;
    let checks = [
        Check {
            name: "database",
            ok: database,
        },
        Check {
            name: "ledger_head",
            ok: ledger,
        },
    ];
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let streams = state.hub.subscribers();
    let readiness = Readiness {
        ready,
        streams,
        checks,
    };
    (status, Json(readiness)).into_response()
}

async fn look(state: &AppState) -> (bool, bool) {
    let mut reader = match state.store.read().await {
        Ok(reader) => reader,
        Err(error) => {
            tracing::warn!(%error, "the database does not answer");
            return (false, false);
        }
    };
    match store::ledger::head(&mut reader).await {
        Ok(_) => (true, true),
        Err(error) => {
            tracing::warn!(%error, "the ledger's head cannot be read");
            (true, false)
        }
    }
}
