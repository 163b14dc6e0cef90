//! Panics anywhere in this process: a task of the emulator hides its own from everybody else.

use std::panic;
use std::sync::{Mutex, PoisonError};

static SEEN: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// From here on every panic is kept instead of printed.
pub(crate) fn watch() {
    panic::set_hook(Box::new(|panic| {
        SEEN.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(panic.to_string());
    }));
}

/// The panics since the last call.
pub(crate) fn take() -> Vec<String> {
    std::mem::take(&mut *SEEN.lock().unwrap_or_else(PoisonError::into_inner))
}
