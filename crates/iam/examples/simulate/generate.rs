//! Making calls with policies that are about them more often than not.

mod conditions;
mod dice;
mod documents;
mod keys;
mod scenario;

use crate::case::{Attachment, Caller, Case};
use dice::Dice;
use documents::Place;

/// `count` cases, the same for the same seed.
pub(crate) fn cases(seed: u64, count: usize) -> Vec<Case> {
    let mut dice = Dice::new(seed);
    (0..count).map(|_| case(&mut dice)).collect()
}

fn case(dice: &mut Dice) -> Case {
    let (operation, caller) = scenario::roll(dice);
    let owner = match operation.attached {
        scenario::Attached::Nothing => caller.account().unwrap_or_default(),
        _ => scenario::OWNER.to_owned(),
    };
    let own = caller.account().as_ref() == Some(&owner);
    let mut case = Case {
        action: operation.action.to_owned(),
        resource: operation.resource.to_owned(),
        attachment: match operation.attached {
            scenario::Attached::Trust => Attachment::Trust,
            scenario::Attached::Key => Attachment::Key,
            _ => Attachment::Beside,
        },
        context: keys::context(dice, &caller, &owner, operation),
        caller,
        owner,
        identity: Vec::new(),
        session: None,
        attached: None,
        expected: None,
    };
    let has_identity = matches!(case.caller, Caller::User(_) | Caller::Session { .. });
    if has_identity && dice.percent(92) {
        case.identity = (0..=usize::from(dice.percent(25)))
            .map(|_| documents::roll(dice, &case, operation, Place::Identity))
            .collect();
    }
    if matches!(case.caller, Caller::Session { .. }) && dice.percent(30) {
        case.session = Some(documents::roll(dice, &case, operation, Place::Session));
    }
    let has_attached = match operation.attached {
        scenario::Attached::Nothing => false,
        scenario::Attached::Trust => true,
        scenario::Attached::Policy | scenario::Attached::Key => {
            dice.percent(if own { 55 } else { 92 })
        }
    };
    if has_attached {
        let place = match operation.attached {
            scenario::Attached::Trust => Place::Trust,
            _ => Place::Resource,
        };
        case.attached = Some(documents::roll(dice, &case, operation, place));
    }
    case
}
