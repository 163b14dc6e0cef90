//! Who waits for one bucket, and whose turn it is.

use super::bucket::Bucket;
use super::settings::Precedence;
use domain::Millis;
use std::collections::VecDeque;

/// After so many turns of people and looks in a row, background work that waits has one.
const IN_A_ROW: u32 = 3;

/// One operation in one Region of one account: its bucket and those who wait for it. In each of the
/// two lines who came first goes first.
pub(super) struct Lane {
    pub(super) bucket: Bucket,
    /// People, and looks at running copies.
    ahead: VecDeque<u64>,
    background: VecDeque<u64>,
    /// Turns of the first line in a row while background work waited.
    in_a_row: u32,
}

impl Lane {
    pub(super) fn new(bucket: Bucket) -> Self {
        Self {
            bucket,
            ahead: VecDeque::new(),
            background: VecDeque::new(),
            in_a_row: 0,
        }
    }

    /// Puts the ticket at the end of its line.
    pub(super) fn enter(&mut self, ticket: u64, precedence: Precedence) {
        match precedence {
            Precedence::Interactive | Precedence::Look => self.ahead.push_back(ticket),
            Precedence::Background => self.background.push_back(ticket),
        }
    }

    /// Forgets a ticket that has not had its turn.
    pub(super) fn leave(&mut self, ticket: u64) {
        self.ahead.retain(|waiting| *waiting != ticket);
        self.background.retain(|waiting| *waiting != ticket);
    }

    /// The ticket whose turn it is, if the bucket has a token; it is taken.
    pub(super) fn next(&mut self, now: Millis) -> Option<u64> {
        let nobody = self.ahead.is_empty() && self.background.is_empty();
        if nobody || !self.bucket.take(now) {
            return None;
        }
        let must_yield = self.in_a_row >= IN_A_ROW && !self.background.is_empty();
        if !must_yield && let Some(ticket) = self.ahead.pop_front() {
            self.in_a_row = if self.background.is_empty() {
                0
            } else {
                self.in_a_row + 1
            };
            return Some(ticket);
        }
        self.in_a_row = 0;
        self.background.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        /// However people and background work come, each has its turn after a bounded number of
        /// turns of others, and within its line in the order in which it came.
        #[test]
        fn nobody_starves_and_lines_keep_their_order(
            comers in proptest::collection::vec((any::<bool>(), 0_i64..700), 1..120),
        ) {
            let mut now = Millis::new(0);
            let mut lane = Lane::new(Bucket::new(5.0, 0.7, now));
            let mut turns: Vec<u64> = Vec::new();
            let mut ahead: BTreeMap<u64, usize> = BTreeMap::new();
            let mut person: Vec<bool> = Vec::new();
            for (ticket, (is_person, pause_ms)) in comers.iter().enumerate() {
                now = now.plus(*pause_ms);
                while let Some(ticket) = lane.next(now) {
                    turns.push(ticket);
                }
                let precedence = match (is_person, ticket % 2) {
                    (true, 0) => Precedence::Interactive,
                    (true, _) => Precedence::Look,
                    (false, _) => Precedence::Background,
                };
                let ticket = ticket as u64;
                ahead.insert(ticket, lane.ahead.len() + lane.background.len());
                lane.enter(ticket, precedence);
                person.push(*is_person);
                // The turn of this ticket is counted from here.
                ahead.entry(ticket).and_modify(|waiting| *waiting += turns.len());
            }
            for _ in 0..10_000 {
                now = now.plus(100);
                while let Some(ticket) = lane.next(now) {
                    turns.push(ticket);
                }
            }
            prop_assert_eq!(turns.len(), comers.len(), "everybody had a turn");
            for line in [true, false] {
                let line: Vec<_> = turns.iter().filter(|ticket| {
                    person[usize::try_from(**ticket).unwrap()] == line
                }).collect();
                prop_assert!(line.is_sorted());
            }
            for (turn, ticket) in turns.iter().enumerate() {
                // Everybody who was there, and for each of them and itself at most three who came later.
                prop_assert!(turn <= ahead[ticket] + (IN_A_ROW as usize) * (comers.len().min(ahead[ticket] + 1)));
            }
        }
    }

    #[test]
    fn people_and_looks_come_first_but_never_for_ever() {
        let now = Millis::new(0);
        let mut lane = Lane::new(Bucket::new(1_000.0, 0.01, now));
        lane.enter(100, Precedence::Background);
        for ticket in 0..8 {
            let precedence = [Precedence::Interactive, Precedence::Look][usize::from(ticket > 3)];
            lane.enter(ticket, precedence);
        }
        let turns: Vec<_> = std::iter::from_fn(|| lane.next(now)).collect();
        assert_eq!(turns, [0, 1, 2, 100, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn who_leaves_takes_nobodys_turn() {
        let now = Millis::new(0);
        let mut lane = Lane::new(Bucket::new(5.0, 1.0, now));
        lane.enter(1, Precedence::Background);
        lane.enter(2, Precedence::Background);
        lane.leave(1);
        assert_eq!(lane.next(now), Some(2));
        assert_eq!(lane.next(now), None);
    }
}
