//! Projects, their policies and their versions.

use crate::arn::{ProjectArn, ProjectVersionArn};
use crate::caller::Caller;
use crate::world::file::{Label, OutputFile, VersionStatus};
use crate::world::text::PolicyText;
use domain::{AccountNumber, Millis, Region};
use std::collections::BTreeMap;

/// A Custom Labels project.
pub(crate) struct Project {
    pub(crate) account: AccountNumber,
    pub(crate) region: Region,
    pub(crate) name: String,
    /// The number that ends the ARN: the creation time in epoch milliseconds.
    pub(crate) number: u64,
    pub(crate) policies: Vec<ProjectPolicy>,
    pub(crate) versions: Vec<Version>,
    pub(crate) tags: BTreeMap<String, String>,
    /// Name and number of every version that was deleted.
    pub(crate) deleted: Vec<(String, u64)>,
}

impl Project {
    /// The project's ARN.
    pub(crate) fn arn(&self) -> ProjectArn {
        ProjectArn {
            region: self.region.clone(),
            account: self.account.clone(),
            name: self.name.clone(),
            number: self.number,
        }
    }

    /// Whether `arn` is this project's, its number included.
    pub(crate) fn is(&self, arn: &ProjectArn) -> bool {
        self.number == arn.number
            && self.name == arn.name
            && self.region == arn.region
            && self.account == arn.account
    }

    /// Whether it has a version with this name and number, visible or not.
    pub(crate) fn has_version(&self, arn: &ProjectVersionArn) -> bool {
        let same = |one: &Version| one.name == arn.name && one.number == arn.number;
        self.versions.iter().any(same)
    }

    /// The version with this name and number, also while no description shows it.
    pub(crate) fn version_mut(&mut self, arn: &ProjectVersionArn) -> Option<&mut Version> {
        self.versions
            .iter_mut()
            .find(|version| version.name == arn.name && version.number == arn.number)
    }

    /// A number for a new version: the creation time, moved on while another version of the
    /// project has or had it.
    pub(crate) fn free_number(&self, now: Millis) -> u64 {
        let mut number = u64::try_from(now.get()).unwrap_or_default();
        let taken = |number| {
            let mut deleted = self.deleted.iter().map(|(_, number)| *number);
            self.versions.iter().any(|one| one.number == number) || deleted.any(|one| one == number)
        };
        while taken(number) {
            number += 1;
        }
        number
    }

    /// The ARN of one of this project's versions.
    pub(crate) fn version_arn(&self, version: &Version) -> ProjectVersionArn {
        ProjectVersionArn {
            region: self.region.clone(),
            account: self.account.clone(),
            project: self.name.clone(),
            name: version.name.clone(),
            number: version.number,
        }
    }
}

/// A project policy as it was put.
#[derive(Clone)]
pub(crate) struct ProjectPolicy {
    pub(crate) name: String,
    pub(crate) revision: String,
    /// The text exactly as it was sent, and its meaning.
    pub(crate) document: PolicyText,
    pub(crate) created: Millis,
    pub(crate) updated: Millis,
}

/// A model version.
pub(crate) struct Version {
    pub(crate) name: String,
    /// The number that ends the ARN: the creation time in epoch milliseconds.
    pub(crate) number: u64,
    pub(crate) created: Millis,
    /// From when it is described; before that only its name is taken.
    pub(crate) visible_from: Millis,
    pub(crate) status: VersionStatus,
    pub(crate) status_message: Option<String>,
    /// Set on copies alone.
    pub(crate) source_version_arn: Option<String>,
    /// The version that was trained, at the far end of a chain of copies.
    pub(crate) origin_version_arn: Option<String>,
    pub(crate) output: Option<OutputFile>,
    pub(crate) kms_key: Option<String>,
    pub(crate) details: Details,
    pub(crate) tags: BTreeMap<String, String>,
    /// Whether training or copying ended well, so that its results lie in the output place.
    pub(crate) results_written: bool,
    /// Set while the version is being copied. It is large and few versions have one.
    pub(crate) copy: Option<Box<RunningCopy>>,
    /// Set once the version is being deleted: when it is gone.
    pub(crate) gone_at: Option<Millis>,
}

impl Version {
    /// Whether a description shows it.
    pub(crate) fn visible(&self, now: Millis) -> bool {
        self.visible_from <= now
    }
}

/// What training left behind.
#[derive(Clone, Default)]
pub(crate) struct Details {
    pub(crate) f1: Option<f64>,
    pub(crate) labels: Vec<Label>,
    /// The evaluation summary's place.
    pub(crate) summary: Option<OutputFile>,
    pub(crate) description: Option<String>,
    pub(crate) training_seconds: Option<u32>,
    pub(crate) training_ended: Option<Millis>,
}

/// A copy that AWS is working on.
pub(crate) struct RunningCopy {
    pub(crate) ends: Millis,
    /// Set when it is already certain that it will fail: the status message.
    pub(crate) fails_with: Option<String>,
    /// Who called, for what is looked at once more at the end.
    pub(crate) caller: Caller,
    /// The tags of the request, which conditions can ask for.
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) source_project: ProjectArn,
    pub(crate) source_version: ProjectVersionArn,
    pub(crate) target: CopyTarget,
}

/// Where a copy writes its results and what it encrypts them with.
#[derive(Clone)]
pub(crate) struct CopyTarget {
    pub(crate) bucket: String,
    pub(crate) prefix: String,
    /// The key of the evaluation summary that the copy will write.
    pub(crate) summary: String,
    /// As the caller wrote it.
    pub(crate) kms_key: Option<String>,
}
