//! Everything an emulator holds, behind its lock.

use crate::clock::WorldClock;
use crate::faults::{Faults, Rate};
use crate::ledger::Ledger;
use crate::random::SeededRandom;
use crate::state::State;
use crate::throttle::Throttle;
use crate::world::book::Book;
use crate::world::file::AccountFile;
use crate::world::{Settings, World, WorldError};
use domain::{Millis, Random};
use serde_json::Value;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What all connections share.
pub(crate) struct Shared {
    pub(crate) clock: WorldClock,
    /// For people; what [`Shared::random`] and the faults follow from.
    pub(crate) seed: u64,
    pub(crate) random: SeededRandom,
    fault_rate: Option<Rate>,
    /// Seals pagination tokens; new with every start.
    pub(crate) token_key: [u8; 32],
    /// Whether the control API answers.
    pub(crate) control: bool,
    inside: Mutex<Inside>,
}

/// How an emulator is started.
pub(crate) struct Start {
    pub(crate) clock: WorldClock,
    pub(crate) seed: u64,
    /// The chance of a fault at each call.
    pub(crate) fault_rate: Option<Rate>,
    /// Whether the control API answers.
    pub(crate) control: bool,
}

/// What changes from call to call.
pub(crate) struct Inside {
    /// As started, for a reset.
    original: Book,
    /// With everything merged since.
    world: Book,
    pub(crate) settings: Settings,
    pub(crate) state: State,
    pub(crate) ledger: Ledger,
    pub(crate) faults: Faults,
    pub(crate) throttle: Throttle,
}

impl Shared {
    pub(crate) fn new(world: World, start: Start) -> Self {
        let Start {
            clock,
            seed,
            fault_rate,
            control,
        } = start;
        let random = SeededRandom::new(seed);
        let mut token_key = [0; 32];
        random.fill(&mut token_key);
        let mut inside = Inside::new(world.book, world.accounts, &random);
        inside.faults = Faults::at_rate(fault_rate, seed);
        Self {
            clock,
            seed,
            random,
            fault_rate,
            token_key,
            control,
            inside: Mutex::new(inside),
        }
    }

    /// The world. A call that panicked leaves it as it was at that moment; later calls go on.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings everything back to the start: world, state, ledger, faults and time. What is drawn
    /// goes on, so that no id is given out twice.
    pub(crate) fn reset(&self) {
        let mut inside = self.lock();
        self.clock.reset();
        let original = inside.original.clone();
        let accounts = original.accounts();
        *inside = Inside::new(original, accounts, &self.random);
        inside.faults = Faults::at_rate(self.fault_rate, self.seed);
    }
}

impl Inside {
    fn new(world: Book, accounts: Vec<AccountFile>, random: &dyn Random) -> Self {
        Self {
            original: world.clone(),
            settings: world.settings(),
            state: State::seeded(accounts, random),
            world,
            ledger: Ledger::default(),
            faults: Faults::default(),
            throttle: Throttle::default(),
        }
    }

    /// Lets everything happen that happens by itself until `now`.
    pub(crate) fn settle(&mut self, now: Millis) {
        self.state.settle(&self.settings, now);
    }

    /// Lays a world fragment over the world. On an error nothing changes.
    pub(crate) fn merge(
        &mut self,
        fragment: &Value,
        random: &dyn Random,
    ) -> Result<(), WorldError> {
        let (world, accounts) = self.world.merged(fragment)?;
        self.settings = world.settings();
        self.state.apply(&accounts, fragment, random);
        self.world = world;
        Ok(())
    }
}
