//! `GET /audit/export`: the audit as a file, JSON Lines or CSV, streamed.
//!
//! It is read page by page while it is sent, so an audit of any length takes the memory of one page,
//! and a slow reader holds no transaction open.

use std::fmt::Write as _;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use bytes::Bytes;
use domain::Action;
use futures::future::BoxFuture;
use futures::{FutureExt as _, stream};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use operations::OpError;
use operations::audit::{self, AuditForm, AuditView, Export};
use url::form_urlencoded;

use super::problem::Problem;
use super::state::{AppState, Context};

const HEAD: &str = "n,at,actor,name,on_behalf_of,action,result,object_kind,object,channel,address,request_id,details,hash\r\n";

/// How the file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    JsonLines,
    Csv,
}

/// Sends the entries that fit, oldest first, up to the one that is the newest now. The query is that
/// of the page, with `format=jsonl` (as it is without) or `format=csv`.
pub(super) async fn download(
    State(state): State<AppState>,
    context: Context,
    RawQuery(query): RawQuery,
) -> Response {
    let begun = begin(&context, query.as_deref().unwrap_or_default()).await;
    let (format, export) = match begun {
        Ok(begun) => begun,
        Err(problem) => return problem.page(&context.request_id),
    };
    let (kind, name) = match format {
        Format::JsonLines => ("application/jsonl", "attachment; filename=\"audit.jsonl\""),
        Format::Csv => (
            "text/csv; charset=utf-8",
            "attachment; filename=\"audit.csv\"",
        ),
    };
    let ended = Box::pin(state.standing.until_ended(&context.cx.caller));
    let mut response = Response::new(Body::from_stream(pages(format, export, ended)));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static(name));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn begin(context: &Context, query: &str) -> Result<(Format, Export), Box<Problem>> {
    let mut form = AuditForm::default();
    let mut format = Format::JsonLines;
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match (name.as_ref(), value.as_ref()) {
            ("format", "jsonl") => format = Format::JsonLines,
            ("format", "csv") => format = Format::Csv,
            ("format", _) => {
                return Err(Box::new(unreadable("The format must be jsonl or csv.")));
            }
            (name, value) => {
                if !form.set(name, value) {
                    return Err(Box::new(unreadable("There is no such filter.")));
                }
            }
        }
    }
    match audit::export(&context.cx, &form).await {
        Ok(Ok(export)) => Ok((format, export)),
        Ok(Err(parts)) => {
            let why = parts.first().map_or("", |part| part.wanted);
            Err(Box::new(unreadable(why)))
        }
        Err(error) => Err(Box::new(Problem::from_operation(&error))),
    }
}

fn unreadable(why: &str) -> Problem {
    let detail = format!("The filter cannot be read. {why} Nothing was exported.");
    Problem::new(StatusCode::BAD_REQUEST, "unreadable", detail)
}

/// The file in pieces. When reading fails in the middle, or the reader may not read any more, the
/// connection is cut, so that a part is not taken for the whole.
fn pages(
    format: Format,
    export: Export,
    ended: BoxFuture<'static, ()>,
) -> impl futures::Stream<Item = Result<Bytes, OpError>> + Send + 'static {
    stream::try_unfold((export, ended, true), move |state| async move {
        let (mut export, mut ended, first) = state;
        if (&mut ended).now_or_never().is_some() {
            tracing::info!("an export of the audit was cut off: its reader may not read any more");
            return Err(OpError::Forbidden {
                action: Action::ViewAudit,
            });
        }
        let mut text = String::new();
        if first && format == Format::Csv {
            text.push_str(HEAD);
        }
        let views = export.next().await.inspect_err(|error| {
            tracing::error!(%error, "an export of the audit was cut off");
        })?;
        let Some(views) = views else {
            return Ok((!text.is_empty()).then(|| (Bytes::from(text), (export, ended, false))));
        };
        for view in &views {
            match format {
                Format::JsonLines => json_line(&mut text, view),
                Format::Csv => csv_line(&mut text, view),
            }
        }
        Ok(Some((Bytes::from(text), (export, ended, false))))
    })
}

/// The entry stands in it exactly as it is hashed, so that the chain can be followed from the file.
fn json_line(text: &mut String, view: &AuditView) {
    let name = serde_json::Value::from(view.actor.name.as_str());
    let _ = writeln!(
        text,
        "{{\"n\":{},\"hash\":\"{}\",\"name\":{name},\"entry\":{}}}",
        view.n, view.hash, view.canonical
    );
}

fn csv_line(text: &mut String, view: &AuditView) {
    let details = serde_json::to_string(&view.details).unwrap_or_default();
    let address = view.address.map(|address| address.to_string());
    let cells = [
        view.n.to_string(),
        view.at.to_string(),
        view.actor.actor.to_string(),
        view.actor.name.clone(),
        view.on_behalf_of
            .as_ref()
            .map(|whom| whom.name.clone())
            .unwrap_or_default(),
        view.action.clone(),
        view.phase.as_str().to_owned(),
        view.subject.kind.as_str().to_owned(),
        view.subject.id.clone(),
        view.channel.clone().unwrap_or_default(),
        address.unwrap_or_default(),
        view.request_id.clone().unwrap_or_default(),
        details,
        view.hash.clone(),
    ];
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        csv_cell(text, cell);
    }
    text.push_str("\r\n");
}

/// One cell (RFC 4180). What a spreadsheet would take for a formula gets an apostrophe in front
/// ("CSV Injection", OWASP): names and details are untrusted.
fn csv_cell(text: &mut String, cell: &str) {
    text.push('"');
    if cell.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ]) {
        text.push('\'');
    }
    text.push_str(&cell.replace('"', "\"\""));
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_none_ends_early() {
        for (cell, written) in [
            ("v7", "\"v7\""),
            ("", "\"\""),
            ("a,\"b\"\r\nc", "\"a,\"\"b\"\"\r\nc\""),
            ("=HYPERLINK(1)", "\"'=HYPERLINK(1)\""),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
            ("\u{ff1d}1", "\"'\u{ff1d}1\""),
        ] {
            let mut text = String::new();
            csv_cell(&mut text, cell);
            assert_eq!(text, written, "{cell:?}");
        }
    }
}
