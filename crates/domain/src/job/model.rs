//! The states of a copy job against a model that was written without looking at them.
//!
//! The model knows four facts about a job and what each event needs and changes of them. Random
//! events must be taken or refused by both alike, and must show the same word.

use super::{CopyEvent, JobEvent, JobKind, JobWord};
use crate::arn::ProjectVersionArn;
use crate::clock::Millis;
use crate::failure::{Failure, FailureCode};
use crate::job::Step;
use proptest::prelude::*;

/// What AWS may know of the copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sent {
    Nothing,
    InDoubt,
    Taken,
    Ended,
}

/// What is to become of the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Success,
    Failure,
    Stop,
    /// Back into the queue.
    Later,
    /// An operator's word.
    Word,
}

#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts: that they are not one enum is what makes the model another one"
)]
struct Model {
    /// The check has passed since the job was last in the queue.
    begun: bool,
    /// A statement may stand.
    granted: bool,
    /// The grant is being put or removed.
    moving: bool,
    sent: Sent,
    wanted: Wanted,
    ended: bool,
}

impl Model {
    fn new() -> Self {
        Self {
            begun: false,
            granted: false,
            moving: false,
            sent: Sent::Nothing,
            wanted: Wanted::Success,
            ended: false,
        }
    }

    /// Going on: wanted, with the grant put and nobody asked.
    fn copies(self, sent: Sent) -> bool {
        self.begun
            && self.granted
            && !self.moving
            && self.sent == sent
            && self.wanted == Wanted::Success
    }

    fn waits_for_a_word(self) -> bool {
        self.wanted == Wanted::Word && !self.moving
    }

    /// Stopped with the grant removed.
    fn looks_on(self, sent: Sent) -> bool {
        self.wanted == Wanted::Stop && !self.granted && !self.ended && self.sent == sent
    }

    /// Whatever may be left of the grant is removed.
    fn revokes(&mut self, wanted: Wanted) {
        self.granted = true;
        self.moving = true;
        self.wanted = wanted;
    }

    /// Applies the event, or says that it cannot happen.
    fn apply(&mut self, event: &CopyEvent) -> bool {
        use CopyEvent as E;
        if self.ended {
            return false;
        }
        let puts = self.begun && self.moving && !self.granted && self.wanted == Wanted::Success;
        let legal = match event {
            E::CheckPassed | E::CheckFailed(_) => !self.begun,
            E::Granted | E::GrantFailed(_) => puts,
            E::CopyIntended { .. } => {
                self.copies(Sent::Nothing)
                    || self.copies(Sent::InDoubt)
                    || (self.waits_for_a_word() && self.granted)
            }
            E::CopyAccepted { .. } => {
                self.copies(Sent::InDoubt)
                    || self.waits_for_a_word()
                    || self.looks_on(Sent::InDoubt)
            }
            E::CopyPutOff | E::CopyUnclear(_) => self.copies(Sent::InDoubt),
            E::CopyRefused(_) => self.copies(Sent::Nothing) || self.copies(Sent::InDoubt),
            E::CopyForeign(_) => {
                self.copies(Sent::InDoubt) || (self.waits_for_a_word() && self.granted)
            }
            E::CopyAdopted { .. } | E::GivenUp { .. } => self.waits_for_a_word(),
            E::CopyNotSeen => self.looks_on(Sent::InDoubt),
            E::CopyCompleted | E::CopyFailed(_) => {
                self.copies(Sent::Taken) || self.looks_on(Sent::Taken)
            }
            E::Verified | E::VerifyFailed(_) => self.copies(Sent::Ended),
            E::Revoked => self.begun && self.moving && !puts,
            E::Paused => puts || self.copies(Sent::Nothing),
            E::Stopped => {
                !self.begun
                    || puts
                    || (self.wanted == Wanted::Success && !self.moving)
                    || (self.wanted == Wanted::Later)
            }
        };
        if legal {
            self.change(event);
        }
        legal
    }

    fn change(&mut self, event: &CopyEvent) {
        use CopyEvent as E;
        match event {
            E::CheckPassed => (self.begun, self.moving) = (true, true),
            E::CheckFailed(_) => (self.wanted, self.ended) = (Wanted::Failure, true),
            E::Granted => (self.granted, self.moving) = (true, false),
            E::GrantFailed(_) | E::CopyRefused(_) | E::VerifyFailed(_) => {
                self.revokes(Wanted::Failure);
            }
            E::CopyIntended { .. } => (self.sent, self.wanted) = (Sent::InDoubt, Wanted::Success),
            E::CopyAccepted { .. } | E::CopyAdopted { .. } => {
                self.sent = Sent::Taken;
                if self.wanted == Wanted::Word {
                    self.wanted = Wanted::Success;
                    // Whatever is left of the grant is removed at the end.
                    self.granted = true;
                }
            }
            E::CopyPutOff => self.sent = Sent::Nothing,
            E::CopyUnclear(_) => self.wanted = Wanted::Word,
            E::CopyForeign(_) => self.revokes(Wanted::Word),
            E::GivenUp { .. } => self.revokes(Wanted::Failure),
            E::CopyNotSeen => self.ended = true,
            E::CopyCompleted | E::CopyFailed(_) if self.wanted == Wanted::Stop => {
                (self.sent, self.ended) = (Sent::Ended, true);
            }
            E::CopyCompleted => self.sent = Sent::Ended,
            E::CopyFailed(_) => {
                self.sent = Sent::Ended;
                self.revokes(Wanted::Failure);
            }
            E::Verified => self.revokes(Wanted::Success),
            E::Paused => self.revokes(Wanted::Later),
            E::Stopped if !self.begun => (self.wanted, self.ended) = (Wanted::Stop, true),
            E::Stopped => self.revokes(Wanted::Stop),
            E::Revoked => {
                (self.granted, self.moving) = (false, false);
                match self.wanted {
                    Wanted::Later => *self = Self::new(),
                    Wanted::Word => {}
                    Wanted::Stop => {
                        self.ended = !matches!(self.sent, Sent::InDoubt | Sent::Taken);
                    }
                    Wanted::Success | Wanted::Failure => self.ended = true,
                }
            }
        }
    }

    fn word(self) -> JobWord {
        match (self.ended, self.wanted) {
            (true, Wanted::Success) => JobWord::Succeeded,
            (true, Wanted::Stop) => JobWord::Stopped,
            (true, _) => JobWord::Failed,
            (false, _) if !self.begun => JobWord::Queued,
            (false, _) if self.moving && !self.granted => JobWord::Granting,
            (false, _) if self.moving => JobWord::Revoking,
            (false, Wanted::Word) => JobWord::NeedsOperator,
            (false, _) if self.sent == Sent::Ended => JobWord::Verifying,
            (false, _) => JobWord::Copying,
        }
    }
}

fn events() -> impl Strategy<Value = CopyEvent> {
    let failure = || Failure::new(FailureCode::AwsRefused, Step::Copy);
    let version: ProjectVersionArn =
        "arn:aws:rekognition:eu-west-1:333333333333:project/inspector/version/v7/1"
            .parse()
            .unwrap();
    let well = vec![
        CopyEvent::CheckPassed,
        CopyEvent::Granted,
        CopyEvent::CopyIntended { at: Millis::new(1) },
        CopyEvent::CopyAccepted {
            version: version.clone(),
        },
        CopyEvent::CopyCompleted,
        CopyEvent::Verified,
        CopyEvent::Revoked,
    ];
    let all = vec![
        CopyEvent::CheckFailed(failure()),
        CopyEvent::GrantFailed(failure()),
        CopyEvent::CopyPutOff,
        CopyEvent::CopyRefused(failure()),
        CopyEvent::CopyUnclear(failure()),
        CopyEvent::CopyForeign(failure()),
        CopyEvent::CopyAdopted {
            version: version.clone(),
        },
        CopyEvent::GivenUp {
            failure: failure(),
            version: Some(version),
        },
        CopyEvent::CopyNotSeen,
        CopyEvent::CopyFailed(failure()),
        CopyEvent::VerifyFailed(failure()),
        CopyEvent::Paused,
        CopyEvent::Stopped,
    ];
    // The good way is taken more often, so that walks come far.
    prop_oneof![3 => proptest::sample::select(well), 1 => proptest::sample::select(all)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn states_and_model_agree(walk in proptest::collection::vec(events(), 0..120)) {
        let (mut state, mut model) = (JobKind::Copy.start(), Model::new());
        let (mut may_stand, mut intents) = (false, 0);
        for event in walk {
            let before = (state.clone(), model);
            let legal = model.apply(&event);
            match state.clone().apply(JobEvent::Copy(event.clone())) {
                Ok(next) => {
                    prop_assert!(legal, "{event:?} was taken by {before:?}");
                    state = next;
                }
                Err(refused) => {
                    prop_assert!(!legal, "{event:?} was refused by {before:?}");
                    prop_assert_eq!(refused.from, state.word().as_str());
                    continue;
                }
            }
            prop_assert_eq!(state.word(), model.word(), "{:?} {:?} {:?}", before, event, model);
            // The rules in words, on the states alone.
            match &event {
                CopyEvent::CheckPassed => may_stand = true,
                CopyEvent::Revoked => may_stand = false,
                CopyEvent::CopyIntended { .. } => intents += 1,
                CopyEvent::CopyAccepted { .. } | CopyEvent::CopyAdopted { .. } => {
                    prop_assert!(intents > 0, "accepted without an intent");
                }
                _ => {}
            }
            prop_assert!(!(state.is_terminal() && may_stand), "ended with a grant: {state:?}");
            prop_assert!(!(state.is_terminal() && state.holds_place()), "{state:?}");
            let sending = matches!(event, CopyEvent::CopyIntended { .. });
            prop_assert!(!sending || may_stand, "sent without a grant: {before:?}");
        }
    }
}
