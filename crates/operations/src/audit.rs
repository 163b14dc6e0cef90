//! The audit: its verbs, entries about what a use case did, and reading it.

mod filter;
mod list;
mod refused;
mod view;

pub use filter::{AuditForm, UnreadablePart};
pub use list::{Export, Found, actors, export, list};
pub use refused::note_refused;
pub use store::audit::{Phase, SubjectKind};
pub use view::{AuditView, Named};

use crate::context::OpContext;
use domain::{Action, Actor, JobId, Millis, PersonId, ProposalId, TokenId};
use std::collections::BTreeMap;
use store::audit::{AuditEntry, Subject};

/// What was done. One audit entry holds one verb; a write to AWS has two entries, *intended* before
/// it is sent and *outcome* after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// The configuration filled an empty registry.
    FillRegistry,
    /// A role was assumed to see whether it works.
    TestRole,
    /// AWS was looked at anew.
    RefreshModels,
    /// A promotion was proposed.
    ProposePromotion,
    /// A change of a project policy was proposed.
    ProposePolicyChange,
    /// A plan was approved.
    Approve,
    /// A proposal made way for a later one.
    Supersede,
    /// A job was queued.
    QueueJob,
    /// A job's state changed.
    AdvanceJob,
    /// A job ended.
    EndJob,
    /// A job was asked to stop.
    StopJob,
    /// A job was asked to look at AWS at once.
    LookAgain,
    /// A job was told which version is its copy.
    AdoptVersion,
    /// A job was asked to send its copy again.
    ResendCopy,
    /// A job was given up.
    GiveUpJob,
    /// The engine answered what was asked of a job.
    AnswerRequest,
    /// The installation was paused.
    Pause,
    /// The pause was lifted.
    Resume,
    /// The database was found or declared to be a restored one.
    DeclareRestored,
    /// `CopyProjectVersion`.
    CopyProjectVersion,
    /// `PutProjectPolicy`.
    PutProjectPolicy,
    /// `DeleteProjectPolicy`.
    DeleteProjectPolicy,
    /// Somebody signed in, or was known and not let in.
    SignIn,
    /// Somebody signed out.
    SignOut,
    /// Somebody ended one of their sign-ins.
    EndSignIn,
    /// Roles were taken over from somebody's groups.
    FollowGroups,
    /// A role was given.
    GiveRole,
    /// A role was taken away.
    TakeRole,
    /// Somebody was let in again.
    Activate,
    /// Somebody is kept out from now on.
    Deactivate,
    /// A service account was made.
    CreateServiceAccount,
    /// A token was made.
    CreateToken,
    /// A token was made worth nothing.
    RevokeToken,
    /// Somebody's name was taken out of everything.
    Pseudonymise,
    /// A link was made that makes an administrator.
    MakeSetUpLink,
    /// A link was made by which somebody sets a password.
    MakePasswordLink,
    /// A link made an administrator.
    SetUp,
    /// A local user was made.
    CreatePerson,
    /// A password was set, or was to be.
    SetPassword,
}

impl Verb {
    /// Every verb.
    pub const ALL: &'static [Self] = &[
        Self::FillRegistry,
        Self::TestRole,
        Self::RefreshModels,
        Self::ProposePromotion,
        Self::ProposePolicyChange,
        Self::Approve,
        Self::Supersede,
        Self::QueueJob,
        Self::AdvanceJob,
        Self::EndJob,
        Self::StopJob,
        Self::LookAgain,
        Self::AdoptVersion,
        Self::ResendCopy,
        Self::GiveUpJob,
        Self::AnswerRequest,
        Self::Pause,
        Self::Resume,
        Self::DeclareRestored,
        Self::CopyProjectVersion,
        Self::PutProjectPolicy,
        Self::DeleteProjectPolicy,
        Self::SignIn,
        Self::SignOut,
        Self::EndSignIn,
        Self::FollowGroups,
        Self::GiveRole,
        Self::TakeRole,
        Self::Activate,
        Self::Deactivate,
        Self::CreateServiceAccount,
        Self::CreateToken,
        Self::RevokeToken,
        Self::Pseudonymise,
        Self::MakeSetUpLink,
        Self::MakePasswordLink,
        Self::SetUp,
        Self::CreatePerson,
        Self::SetPassword,
    ];

    /// The word in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FillRegistry => "registry.fill",
            Self::TestRole => "role.test",
            Self::RefreshModels => "models.refresh",
            Self::ProposePromotion => "promotion.propose",
            Self::ProposePolicyChange => "policy_change.propose",
            Self::Approve => "proposal.approve",
            Self::Supersede => "proposal.supersede",
            Self::QueueJob => "job.queue",
            Self::AdvanceJob => "job.advance",
            Self::EndJob => "job.end",
            Self::StopJob => "job.stop",
            Self::LookAgain => "job.look_again",
            Self::AdoptVersion => "job.adopt",
            Self::ResendCopy => "job.resend",
            Self::GiveUpJob => "job.give_up",
            Self::AnswerRequest => "job.answer",
            Self::Pause => "installation.pause",
            Self::Resume => "installation.resume",
            Self::DeclareRestored => "installation.declare_restored",
            Self::CopyProjectVersion => "aws.copy_project_version",
            Self::PutProjectPolicy => "aws.put_project_policy",
            Self::DeleteProjectPolicy => "aws.delete_project_policy",
            Self::SignIn => "person.sign_in",
            Self::SignOut => "person.sign_out",
            Self::EndSignIn => "person.end_sign_in",
            Self::FollowGroups => "person.follow_groups",
            Self::GiveRole => "person.give_role",
            Self::TakeRole => "person.take_role",
            Self::Activate => "person.activate",
            Self::Deactivate => "person.deactivate",
            Self::CreateServiceAccount => "service_account.create",
            Self::CreateToken => "token.create",
            Self::RevokeToken => "token.revoke",
            Self::Pseudonymise => "person.pseudonymise",
            Self::MakeSetUpLink => "installation.make_set_up_link",
            Self::MakePasswordLink => "person.make_password_link",
            Self::SetUp => "person.set_up",
            Self::CreatePerson => "person.create",
            Self::SetPassword => "person.set_password",
        }
    }

    /// The verb of what an operator asks of a job.
    pub(crate) fn of_request(verb: domain::RequestVerb) -> Self {
        use domain::RequestVerb as R;
        match verb {
            R::LookAgain => Self::LookAgain,
            R::Adopt => Self::AdoptVersion,
            R::Resend => Self::ResendCopy,
            R::GiveUp => Self::GiveUpJob,
            R::Stop => Self::StopJob,
        }
    }

    /// The verb of AWS's operation of this name, if it changes anything in AWS.
    pub fn of_write(operation: &str) -> Option<Self> {
        match operation {
            "CopyProjectVersion" => Some(Self::CopyProjectVersion),
            "PutProjectPolicy" => Some(Self::PutProjectPolicy),
            "DeleteProjectPolicy" => Some(Self::DeleteProjectPolicy),
            _ => None,
        }
    }
}

/// An audit entry that is being written. Finished by [`Entry::done`], [`Entry::intended`] or
/// [`Entry::outcome`].
pub(crate) struct Entry {
    entry: AuditEntry,
}

impl Entry {
    /// `cx`'s actor did `verb` to `subject` at `at`.
    pub(crate) fn new(cx: &OpContext, verb: Verb, subject: Subject, at: Millis) -> Self {
        Self::of(cx, verb.as_str().to_owned(), subject, at)
    }

    fn of(cx: &OpContext, action: String, subject: Subject, at: Millis) -> Self {
        Self {
            entry: AuditEntry {
                at,
                actor: cx.actor().clone(),
                actor_name: cx.caller.name_hash.clone(),
                on_behalf_of: None,
                action,
                phase: Phase::Done,
                subject,
                details: BTreeMap::new(),
                request_id: Some(cx.request_id.clone()),
                channel: Some(cx.caller.channel.as_str().to_owned()),
                address: cx.caller.address,
            },
        }
    }

    /// `cx`'s actor was refused `action`.
    fn refusal(cx: &OpContext, action: Action, at: Millis) -> AuditEntry {
        let mut refusal = Self::of(cx, word_of(action), about_installation(), at);
        refusal.entry.phase = Phase::Refused;
        refusal.entry
    }

    /// Somebody else is the one it was done for.
    pub(crate) fn on_behalf_of(mut self, actor: &Actor) -> Self {
        self.entry.on_behalf_of = (*actor != self.entry.actor).then(|| actor.clone());
        self
    }

    /// Adds a detail. Never a secret.
    pub(crate) fn with(mut self, name: &str, value: &(impl ToString + ?Sized)) -> Self {
        self.entry
            .details
            .insert(name.to_owned(), value.to_string());
        self
    }

    /// Adds a detail if there is one.
    pub(crate) fn with_some(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// It has been done.
    pub(crate) fn done(self) -> AuditEntry {
        self.entry
    }

    /// It is about to be sent to AWS.
    pub(crate) fn intended(mut self) -> AuditEntry {
        self.entry.phase = Phase::Intended;
        self.entry
    }

    /// It came from AWS.
    pub(crate) fn outcome(mut self) -> AuditEntry {
        self.entry.phase = Phase::Outcome;
        self.entry
    }
}

/// The word of an action, as it stands in the audit when it was refused: `propose_promotion`.
pub fn word_of(action: Action) -> String {
    match serde_json::to_value(action) {
        Ok(serde_json::Value::String(word)) => word,
        _ => format!("{action:?}"),
    }
}

pub(crate) fn about_proposal(id: ProposalId) -> Subject {
    subject(SubjectKind::Proposal, &id)
}

pub(crate) fn about_job(id: JobId) -> Subject {
    subject(SubjectKind::Job, &id)
}

pub(crate) fn about_account(number: &domain::AccountNumber) -> Subject {
    subject(SubjectKind::Account, number)
}

pub(crate) fn about_person(id: PersonId) -> Subject {
    subject(SubjectKind::Person, &id)
}

pub(crate) fn about_token(id: TokenId) -> Subject {
    subject(SubjectKind::Token, &id)
}

pub(crate) fn about_installation() -> Subject {
    subject(SubjectKind::Installation, "installation")
}

fn subject(kind: SubjectKind, id: &(impl ToString + ?Sized)) -> Subject {
    Subject {
        kind,
        id: id.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_has_a_word_of_its_own() {
        let mut words: Vec<_> = Verb::ALL.iter().map(|verb| verb.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Verb::ALL.len());
    }
}
