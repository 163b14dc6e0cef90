//! Which part of a list is wanted.

use axum::extract::FromRequestParts;
use axum::response::Response;
use http::request::Parts;
use operations::PageRequest;
use utoipa::IntoParams;

use super::{clipped, unreadable};
use crate::http::layers::request_id::RequestId;

const USUAL: u32 = 50;
const LARGEST: u32 = 200;

/// Which part of a list is wanted. Taken from the query, or refused with 400.
#[derive(Debug, Default, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Part {
    /// Only what has a smaller number: the `next` of the part before.
    before: Option<i64>,
    /// How many, 1 to 200; 50 unless told.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

impl Part {
    pub(super) fn request(&self) -> PageRequest {
        PageRequest {
            before: self.before,
            limit: self.limit.unwrap_or(USUAL),
        }
    }

    /// Reads a query, or says in sentences what is wrong with it.
    fn read(query: &str) -> Result<Self, String> {
        let mut part = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let twice = match name.as_ref() {
                "before" => part.before.replace(before(&value)?).is_some(),
                "limit" => part.limit.replace(limit(&value)?).is_some(),
                _ => {
                    let name = clipped(&name);
                    return Err(format!(
                        "There is no parameter \"{name}\"; a list takes before and limit."
                    ));
                }
            };
            if twice {
                return Err(format!("The parameter {name} stands twice."));
            }
        }
        Ok(part)
    }
}

fn before(value: &str) -> Result<i64, String> {
    value.parse().map_err(|_| {
        "The parameter before must be a whole number: the next of the part before.".to_owned()
    })
}

fn limit(value: &str) -> Result<u32, String> {
    let limit = value.parse().ok();
    limit
        .filter(|limit| (1..=LARGEST).contains(limit))
        .ok_or_else(|| "The parameter limit must be a whole number from 1 to 200.".to_owned())
}

impl<S: Send + Sync> FromRequestParts<S> for Part {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        Self::read(parts.uri.query().unwrap_or_default()).map_err(|why| {
            let request_id = parts.extensions.get::<RequestId>();
            unreadable(&why).json(&request_id.cloned().unwrap_or_default())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_read_or_refused_in_words() {
        for (query, part) in [
            ("", (None, None)),
            ("limit=1", (None, Some(1))),
            ("limit=200&before=7", (Some(7), Some(200))),
            ("before=-1", (Some(-1), None)),
        ] {
            let (before, limit) = part;
            assert_eq!(
                Part::read(query).unwrap(),
                Part { before, limit },
                "{query}"
            );
        }
        for (query, word) in [
            ("limit=0", "from 1 to 200"),
            ("limit=201", "from 1 to 200"),
            ("limit=-1", "from 1 to 200"),
            ("limit=many", "from 1 to 200"),
            ("limit=", "from 1 to 200"),
            ("limit=1&limit=2", "stands twice"),
            ("before=x", "before must be"),
            ("limits=1", "no parameter \"limits\""),
        ] {
            let why = Part::read(query).unwrap_err();
            assert!(why.contains(word), "{query}: {why}");
        }
    }
}
