//! What an engine works with.

use crate::checkpoint::Checkpoints;
use crate::events::EventHub;
use crate::settings::EngineSettings;
use domain::{Actor, Clock, Random};
use operations::ports::aws::{AwsReads, AwsWrites};
use operations::{Caller, OpContext};
use std::sync::Arc;
use store::Store;

/// All that an engine works with.
pub struct EngineParts {
    /// The database.
    pub store: Store,
    /// Looking at AWS.
    pub reads: Arc<dyn AwsReads>,
    /// The same for looks at running copies, which come before what else jobs read.
    pub looks: Arc<dyn AwsReads>,
    /// Changing AWS: nothing but the engine is given this.
    pub writes: Arc<dyn AwsWrites>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// For jitter and ids.
    pub random: Arc<dyn Random>,
    /// The settings of the use cases.
    pub operations: Arc<operations::Settings>,
    /// The engine's own settings.
    pub settings: EngineSettings,
    /// Names this process in leases, such as `host-4711`.
    pub instance: String,
    /// Where looks without news are streamed to; none in tests of the steps.
    pub hub: Option<EventHub>,
    /// What happens between two effects; in the product [`crate::NoCheckpoints`].
    pub checkpoints: Arc<dyn Checkpoints>,
}

impl EngineParts {
    /// The context for one piece of work, named so that its log lines can be found.
    pub(crate) fn context(&self, request_id: String) -> OpContext {
        OpContext {
            caller: Caller::of(Actor::Engine),
            request_id,
            store: self.store.clone(),
            aws: Arc::clone(&self.reads),
            clock: Arc::clone(&self.clock),
            random: Arc::clone(&self.random),
            settings: Arc::clone(&self.operations),
        }
    }
}
