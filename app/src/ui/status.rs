//! States: icon, word and colour together, the same for the same state everywhere.

use domain::{JobWord, ProposalWord, StepStatus, VersionStatus};
use leptos::prelude::*;
use operations::accounts::{RoleState, TestResult};
use operations::jobs::StepView;

use super::icon::{Glyph, Icon};

/// The five families of states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Waits, or is settled without a verdict: grey.
    Waiting,
    /// Under way: blue.
    Moving,
    /// Ended well: green.
    Done,
    /// Ended badly: red.
    Failed,
    /// Needs a person: amber.
    Person,
}

/// How one state is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateLook {
    /// Its family.
    pub tone: Tone,
    /// Its icon; shapes differ between families.
    pub glyph: Glyph,
    /// Its word.
    pub word: String,
}

impl StateLook {
    fn new(tone: Tone, glyph: Glyph, word: &str) -> Self {
        Self {
            tone,
            glyph,
            word: word.to_owned(),
        }
    }

    fn of(tone: Tone, word: &str) -> Self {
        let glyph = match tone {
            Tone::Waiting => Glyph::Waiting,
            Tone::Moving => Glyph::Moving,
            Tone::Done => Glyph::Done,
            Tone::Failed => Glyph::Failed,
            Tone::Person => Glyph::Person,
        };
        Self::new(tone, glyph, word)
    }

    /// The look of what was stopped on request.
    pub fn stopped() -> Self {
        Self::from(JobWord::Stopped)
    }

    /// Whether nothing is expected to happen by itself: such states are shown quietly in lists.
    fn is_settled(&self) -> bool {
        matches!(self.tone, Tone::Done | Tone::Waiting)
    }
}

impl From<JobWord> for StateLook {
    fn from(word: JobWord) -> Self {
        let text = word.as_str();
        match word {
            JobWord::Queued => Self::of(Tone::Waiting, text),
            JobWord::Granting
            | JobWord::Copying
            | JobWord::Applying
            | JobWord::Verifying
            | JobWord::Revoking => Self::of(Tone::Moving, text),
            JobWord::Succeeded => Self::of(Tone::Done, text),
            JobWord::Failed => Self::of(Tone::Failed, text),
            JobWord::Stopped => Self::new(Tone::Waiting, Glyph::Stopped, text),
            JobWord::NeedsOperator => Self::of(Tone::Person, text),
        }
    }
}

impl From<ProposalWord> for StateLook {
    fn from(word: ProposalWord) -> Self {
        let text = word.as_str();
        match word {
            ProposalWord::Checking => Self::of(Tone::Waiting, text),
            ProposalWord::WaitingForApproval | ProposalWord::ChangesRequested => {
                Self::of(Tone::Person, text)
            }
            ProposalWord::Approved => Self::of(Tone::Done, text),
            ProposalWord::Rejected => Self::of(Tone::Failed, text),
            ProposalWord::Withdrawn | ProposalWord::Superseded => {
                Self::new(Tone::Waiting, Glyph::Stopped, text)
            }
            ProposalWord::Expired => Self::new(Tone::Waiting, Glyph::Clock, text),
        }
    }
}

impl From<&VersionStatus> for StateLook {
    fn from(status: &VersionStatus) -> Self {
        match status {
            VersionStatus::TrainingInProgress => Self::of(Tone::Moving, "Training"),
            VersionStatus::TrainingCompleted => Self::of(Tone::Done, "Trained"),
            VersionStatus::TrainingFailed => Self::of(Tone::Failed, "Training failed"),
            VersionStatus::CopyingInProgress => Self::of(Tone::Moving, "Copying"),
            VersionStatus::CopyingCompleted => Self::of(Tone::Done, "Copied"),
            VersionStatus::CopyingFailed => Self::of(Tone::Failed, "Copy failed"),
            VersionStatus::Starting => Self::of(Tone::Moving, "Starting"),
            VersionStatus::Running => Self::new(Tone::Done, Glyph::Play, "Running"),
            VersionStatus::Failed => Self::of(Tone::Failed, "Hosting failed"),
            VersionStatus::Stopping => Self::of(Tone::Moving, "Stopping"),
            VersionStatus::Stopped => Self::new(Tone::Waiting, Glyph::Stopped, "Stopped"),
            VersionStatus::Deleting => Self::of(Tone::Moving, "Deleting"),
            VersionStatus::Deprecated => Self::new(Tone::Person, Glyph::Warning, "Deprecated"),
            VersionStatus::Expired => Self::new(Tone::Person, Glyph::Clock, "Expired"),
            VersionStatus::Other(word) => Self::new(Tone::Waiting, Glyph::Unknown, word),
        }
    }
}

impl From<StepStatus> for StateLook {
    fn from(status: StepStatus) -> Self {
        match status {
            StepStatus::Waiting => Self::of(Tone::Waiting, "Waiting"),
            StepStatus::Moving => Self::of(Tone::Moving, "In progress"),
            StepStatus::Done => Self::of(Tone::Done, "Done"),
            StepStatus::Failed => Self::of(Tone::Failed, "Failed"),
            StepStatus::Skipped => Self::new(Tone::Waiting, Glyph::Stopped, "Not needed"),
        }
    }
}

impl From<&StepView> for StateLook {
    fn from(step: &StepView) -> Self {
        if never_ran(step) {
            return Self::new(Tone::Waiting, Glyph::Stopped, "Not run");
        }
        Self::from(step.status)
    }
}

/// Whether the job ended before it came to this step. A step that was found not needed had begun.
pub fn never_ran(step: &StepView) -> bool {
    step.status == StepStatus::Skipped && step.started_at.is_none()
}

impl From<RoleState> for StateLook {
    fn from(state: RoleState) -> Self {
        let word = state.word();
        match state {
            RoleState::NotTested => Self::of(Tone::Waiting, word),
            RoleState::Works => Self::of(Tone::Done, word),
            RoleState::Fails => Self::of(Tone::Failed, word),
            RoleState::CannotTell => Self::new(Tone::Person, Glyph::Unknown, word),
        }
    }
}

impl From<TestResult> for StateLook {
    fn from(result: TestResult) -> Self {
        let word = result.word();
        match result {
            TestResult::Ok => Self::of(Tone::Done, word),
            TestResult::Failed => Self::of(Tone::Failed, word),
            TestResult::CannotTell => Self::new(Tone::Person, Glyph::Unknown, word),
        }
    }
}

/// A state. In lists, settled states are quiet: coloured icon, plain word.
#[component]
pub fn Status(
    /// The state.
    #[prop(into)]
    look: StateLook,
    /// Beside the page title, once.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let tone = match look.tone {
        Tone::Waiting => "is-waiting",
        Tone::Moving => "is-moving",
        Tone::Done => "is-done",
        Tone::Failed => "is-failed",
        Tone::Person => "is-person",
    };
    let size = match (large, look.is_settled()) {
        (true, _) => "status-lg",
        (false, true) => "status-quiet",
        (false, false) => "",
    };
    let spin = if look.glyph == Glyph::Moving {
        "spin"
    } else {
        ""
    };
    view! {
        <span class=format!("status {tone} {size}")>
            <Icon glyph=look.glyph class=spin />
            {look.word}
        </span>
    }
}
