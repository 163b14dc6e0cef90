//! Brings the state up to a moment: ends copies whose time has come, forgets old sessions.

use super::State;
use super::model::RunningCopy;
use crate::rekognition::late;
use crate::world::Settings;
use crate::world::file::VersionStatus;
use domain::Millis;

/// How long an ended session is still known, so that its caller hears "expired" and not
/// "unknown": a day.
const SESSION_MEMORY_MS: i64 = 24 * 60 * 60 * 1000;

impl State {
    /// Lets everything happen that happens by itself until `now`.
    pub(crate) fn settle(&mut self, settings: &Settings, now: Millis) {
        self.sessions
            .retain(|_, session| now.since(session.ends) < SESSION_MEMORY_MS);
        let outcomes: Vec<(String, Result<(), String>)> = self
            .running_copies()
            .filter(|(_, copy)| copy.ends <= now)
            .map(|(arn, copy)| (arn, late::outcome(self, settings, copy)))
            .collect();
        for (arn, outcome) in outcomes {
            self.end_copy(&arn, &outcome);
        }
    }

    /// Every copy under way, with the ARN of the version that it makes.
    pub(crate) fn running_copies(&self) -> impl Iterator<Item = (String, &RunningCopy)> {
        self.accounts
            .values()
            .flat_map(|account| &account.projects)
            .flat_map(|project| {
                project.versions.iter().filter_map(move |version| {
                    let copy = version.copy.as_ref()?;
                    Some((project.version_arn(version).to_string(), copy))
                })
            })
    }

    fn end_copy(&mut self, arn: &str, outcome: &Result<(), String>) {
        for project in self
            .accounts
            .values_mut()
            .flat_map(|account| &mut account.projects)
        {
            let Some(index) = project
                .versions
                .iter()
                .position(|version| project.version_arn(version).to_string() == arn)
            else {
                continue;
            };
            let version = &mut project.versions[index];
            version.copy = None;
            match outcome {
                Ok(()) => {
                    version.status = VersionStatus::CopyingCompleted;
                    version.status_message =
                        Some("The model copy completed successfully.".to_owned());
                }
                Err(message) => {
                    version.status = VersionStatus::CopyingFailed;
                    version.status_message = Some(message.clone());
                }
            }
        }
    }
}
