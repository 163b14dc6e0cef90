//! Numbers of a world file that have a range.

use serde::{Deserialize, Deserializer, de::Error as _};

/// The least number of milliseconds since 1970 that is taken for a creation time: as seconds it
/// lies in the year 2286. AWS's own examples have ARNs whose number is as early as
/// `16565123456`.
const LEAST_CREATED_MS: u64 = 10_000_000_000;

/// Reads a metric, which is a share from 0 to 1.
pub(super) fn metric<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let metric = f64::deserialize(deserializer)?;
    if (0.0..=1.0).contains(&metric) {
        Ok(metric)
    } else {
        Err(D::Error::custom(format!(
            "{metric} is no metric; one is a share from 0 to 1"
        )))
    }
}

/// The same for a metric that may be left out.
pub(super) fn optional_metric<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<f64>, D::Error> {
    metric(deserializer).map(Some)
}

/// Reads a creation time in milliseconds since 1970, and refuses one that was written in seconds.
pub(super) fn created_ms<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let created = u64::deserialize(deserializer)?;
    if created >= LEAST_CREATED_MS {
        Ok(created)
    } else {
        Err(D::Error::custom(format!(
            "milliseconds since 1970 belong here, such as 1656565123456; {created} is too small \
             and may be seconds"
        )))
    }
}
