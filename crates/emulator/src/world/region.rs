//! Regions that a world may name.

use domain::Region;
use serde::{Deserialize, Deserializer, de::Error as _};

/// The Regions of the partition `aws` (`partitions.json` of AWS's SDKs).
const PARTITION: &[&str] = &[
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// Where Rekognition Custom Labels exists ("Amazon Rekognition endpoints and quotas", AWS General
/// Reference).
const CUSTOM_LABELS: &[&str] = &[
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "eu-central-1",
    "eu-west-1",
    "eu-west-2",
    "us-east-1",
    "us-east-2",
    "us-west-2",
];

/// Reads a Region of the partition `aws`.
pub(super) fn of_partition<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Region, D::Error> {
    let region = Region::deserialize(deserializer)?;
    if PARTITION.contains(&region.as_str()) {
        return Ok(region);
    }
    Err(D::Error::custom(format!(
        "{region} is no Region of the partition aws; write one such as eu-west-1"
    )))
}

/// Reads a Region that has Rekognition Custom Labels.
pub(super) fn of_custom_labels<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Region, D::Error> {
    let region = Region::deserialize(deserializer)?;
    if CUSTOM_LABELS.contains(&region.as_str()) {
        return Ok(region);
    }
    Err(D::Error::custom(format!(
        "{region} is no Region of Rekognition Custom Labels; it exists in {}",
        CUSTOM_LABELS.join(", ")
    )))
}
