//! `/v1/audit`: reading the audit.

use axum::Json;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};
use operations::PageRequest;
use operations::audit::{self, AuditForm, Found};
use url::form_urlencoded;

use super::unreadable;
use super::wire::{self, AuditItem};
use crate::http::problem::Problem;
use crate::http::state::Context;

/// Lists audit entries, newest first.
///
/// `hash` is the SHA-256 over the byte 1, `n` as eight bytes (big-endian), the 32 bytes of the hash
/// before it, and `canonical`.
#[utoipa::path(
    get, path = "/v1/audit", tag = "audit",
    params(
        ("who" = Option<String>, Query, description = "A person's id, or local_operator, engine, rule, configuration"),
        ("action" = Option<String>, Query, description = "What was done, or what was refused"),
        ("kind" = Option<String>, Query, description = "Kind of the object"),
        ("object" = Option<String>, Query, description = "Id of the object"),
        ("result" = Option<String>, Query, description = "done, refused, intended or outcome"),
        ("from" = Option<String>, Query, description = "First day, or first moment (ISO 8601)"),
        ("to" = Option<String>, Query, description = "Last day, or the moment before which"),
        ("before" = Option<i64>, Query, description = "Only what has a smaller number: the `next` of the part before"),
        ("limit" = Option<u32>, Query, description = "How many, 1 to 200; 50 unless told", minimum = 1, maximum = 200),
    ),
    responses(
        (status = 200, description = "One part of the list", body = wire::Part<AuditItem>),
        (status = 400, description = "A parameter cannot be read", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn list(context: Context, RawQuery(query): RawQuery) -> Response {
    match find(&context, query.as_deref().unwrap_or_default()).await {
        Ok(part) => Json(part).into_response(),
        Err(problem) => problem.json(&context.request_id),
    }
}

async fn find(context: &Context, query: &str) -> Result<wire::Part<AuditItem>, Box<Problem>> {
    let (form, page) = read(query).map_err(|why| Box::new(unreadable(&why)))?;
    let found = audit::list(&context.cx, &form, page).await;
    match found.map_err(|error| Box::new(Problem::from_operation(&error)))? {
        Found::Entries(page) => Ok(wire::Part {
            items: page.items.iter().map(AuditItem::from).collect(),
            next: page.next,
        }),
        Found::Unreadable(parts) => {
            let parts = parts.iter();
            let why = parts.map(|part| format!("The parameter {}: {}", part.name, part.wanted));
            let why = why.collect::<Vec<_>>().join(" ");
            Err(Box::new(unreadable(&why)))
        }
    }
}

fn read(query: &str) -> Result<(AuditForm, PageRequest), String> {
    let (mut form, mut page) = (AuditForm::default(), PageRequest::default());
    let mut seen = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "before" => {
                let before = value.parse().map_err(|_| {
                    "The parameter before must be a whole number: the next of the part before."
                        .to_owned()
                })?;
                page.before = Some(before);
            }
            "limit" => {
                let limit = value.parse().ok().filter(|limit| (1..=200).contains(limit));
                page.limit =
                    limit.ok_or("The parameter limit must be a whole number from 1 to 200.")?;
            }
            other => {
                if !form.set(other, &value) {
                    let name = super::clipped(other);
                    return Err(format!("There is no parameter \"{name}\"."));
                }
            }
        }
        if seen.contains(&name) {
            let name = super::clipped(&name);
            return Err(format!("The parameter {name} stands twice."));
        }
        seen.push(name);
    }
    Ok((form, page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_or_refused_in_words() {
        let (form, page) = read("who=engine&before=7&limit=200").unwrap();
        assert_eq!(
            (form.who.as_str(), page.before, page.limit),
            ("engine", Some(7), 200)
        );
        for (query, word) in [
            ("limit=0", "from 1 to 200"),
            ("before=x", "before must be"),
            ("sort=n", "no parameter \"sort\""),
            ("who=a&who=b", "stands twice"),
        ] {
            let why = read(query).unwrap_err();
            assert!(why.contains(word), "{query}: {why}");
        }
    }
}
