//! The pairs of an action and a resource that one page of a simulation is about.

use super::request::Request;
use crate::error::ApiError;
use crate::rekognition::page::{Paging, page};

/// Indices of an action and a resource.
pub(super) type Pair = (usize, usize);

/// The page's pairs of an action and a resource, and the next page's marker. A request can name
/// more pairs than there is memory for, so no others are made.
pub(super) fn pairs(
    request: &Request,
    paging: &Paging<'_>,
) -> Result<(Vec<Pair>, Option<String>), ApiError> {
    let wide = request.resources.len();
    let first = match paging.after()? {
        Some((last, _)) => usize::try_from(last).map_or(usize::MAX, |last| last + 1),
        None => 0,
    };
    let pairs = (first..request.actions.len() * wide)
        .take(paging.most + 1)
        .map(|index| (index / wide, index % wide))
        .collect();
    let position = |(action, resource): &Pair| {
        let index = action * wide + resource;
        (i64::try_from(index).unwrap_or(i64::MAX), String::new())
    };
    page(pairs, position, paging)
}
