//! Standard output, for results.

use std::io::{self, Write};

/// Writes one text and a line break. Fails when nobody reads any more.
pub(super) fn say(text: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    writeln!(output, "{text}")?;
    output.flush()
}

/// Text from AWS must not steer the terminal: control characters become spaces.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// Whether a command ended because whoever read its output has left, as `| head` does.
pub(super) fn reader_left(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
