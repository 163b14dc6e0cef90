//! The status of a model version, as AWS reports it.

use serde::{Deserialize, Serialize};
use std::fmt;

/// `ProjectVersionStatus` of the Rekognition API model (`2016-06-27`). A value that the model does
/// not list is kept as it came.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum VersionStatus {
    /// Training runs.
    TrainingInProgress,
    /// Trained and not hosted.
    TrainingCompleted,
    /// Training ended without a model.
    TrainingFailed,
    /// A copy runs into this version.
    CopyingInProgress,
    /// The copy is done: the good end of a copied version.
    CopyingCompleted,
    /// The copy failed; the version stays and holds its name.
    CopyingFailed,
    /// Hosting is being prepared.
    Starting,
    /// Hosted and billed.
    Running,
    /// Hosting failed.
    Failed,
    /// Hosting is being ended.
    Stopping,
    /// Hosting has ended.
    Stopped,
    /// Being deleted.
    Deleting,
    /// An adapter whose base model was superseded.
    Deprecated,
    /// An adapter past its grace period.
    Expired,
    /// A word that the API model does not list.
    Other(String),
}

const WORDS: [(&str, VersionStatus); 14] = [
    ("TRAINING_IN_PROGRESS", VersionStatus::TrainingInProgress),
    ("TRAINING_COMPLETED", VersionStatus::TrainingCompleted),
    ("TRAINING_FAILED", VersionStatus::TrainingFailed),
    ("COPYING_IN_PROGRESS", VersionStatus::CopyingInProgress),
    ("COPYING_COMPLETED", VersionStatus::CopyingCompleted),
    ("COPYING_FAILED", VersionStatus::CopyingFailed),
    ("STARTING", VersionStatus::Starting),
    ("RUNNING", VersionStatus::Running),
    ("FAILED", VersionStatus::Failed),
    ("STOPPING", VersionStatus::Stopping),
    ("STOPPED", VersionStatus::Stopped),
    ("DELETING", VersionStatus::Deleting),
    ("DEPRECATED", VersionStatus::Deprecated),
    ("EXPIRED", VersionStatus::Expired),
];

impl VersionStatus {
    /// AWS's word.
    pub fn as_str(&self) -> &str {
        if let Self::Other(word) = self {
            return word;
        }
        WORDS
            .iter()
            .find(|(_, status)| status == self)
            .map_or("", |(word, _)| word)
    }

    /// Whether a version in this status can be the source of a copy.
    ///
    /// AWS says only that the version must exist. We take every status that follows a finished
    /// training or a finished copy; AWS decides in the end.
    pub fn is_copyable(&self) -> bool {
        matches!(
            self,
            Self::TrainingCompleted
                | Self::CopyingCompleted
                | Self::Starting
                | Self::Running
                | Self::Stopping
                | Self::Stopped
        )
    }
}

impl From<String> for VersionStatus {
    fn from(word: String) -> Self {
        WORDS
            .iter()
            .find(|(known, _)| *known == word)
            .map_or(Self::Other(word), |(_, status)| status.clone())
    }
}

impl From<VersionStatus> for String {
    fn from(status: VersionStatus) -> Self {
        status.as_str().to_owned()
    }
}

impl fmt::Display for VersionStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_and_strange_ones_are_kept() {
        for (word, status) in WORDS {
            assert_eq!(VersionStatus::from(word.to_owned()), status);
            assert_eq!(status.as_str(), word);
        }
        assert_eq!(VersionStatus::from("NEW".to_owned()).as_str(), "NEW");
    }
}
