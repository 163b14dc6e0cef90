//! The states of a version and how one may follow another ("Deleting an Amazon Rekognition Custom
//! Labels model", "Copying an Amazon Rekognition Custom Labels model (SDK)").

use super::model::Version;
use crate::world::file::VersionStatus;
use domain::Millis;

impl VersionStatus {
    /// Whether a version in this state can be deleted. AWS refuses one that is training or
    /// running; one that is on its way from one state to another is refused with it.
    pub(crate) fn can_be_deleted(self) -> bool {
        match self {
            Self::TrainingInProgress
            | Self::CopyingInProgress
            | Self::Starting
            | Self::Running
            | Self::Stopping
            | Self::Deleting => false,
            Self::TrainingCompleted
            | Self::TrainingFailed
            | Self::CopyingCompleted
            | Self::CopyingFailed
            | Self::Failed
            | Self::Stopped
            | Self::Deprecated
            | Self::Expired => true,
        }
    }

    /// Whether training or copying has written its results.
    pub(crate) fn has_results(self) -> bool {
        !matches!(
            self,
            Self::TrainingInProgress
                | Self::TrainingFailed
                | Self::CopyingInProgress
                | Self::CopyingFailed
        )
    }
}

impl Version {
    /// Begins the deletion, which lasts until `gone_at`. The caller has looked whether the state
    /// permits it.
    pub(crate) fn begin_deletion(&mut self, gone_at: Millis) {
        self.status = VersionStatus::Deleting;
        self.status_message = Some("The model is being deleted.".to_owned());
        self.gone_at = Some(gone_at);
    }

    /// Ends the copy, well or with a status message.
    pub(crate) fn end_copy(&mut self, outcome: Result<(), String>) {
        self.copy = None;
        self.results_written = outcome.is_ok();
        (self.status, self.status_message) = match outcome {
            Ok(()) => (
                VersionStatus::CopyingCompleted,
                Some("The model copy completed successfully.".to_owned()),
            ),
            Err(message) => (VersionStatus::CopyingFailed, Some(message)),
        };
    }
}
