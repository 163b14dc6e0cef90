//! What is wrong with a world.

/// A world that cannot be played. The text names line and key and says what belongs there.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// The TOML cannot be read, a key is unknown or a value is out of shape.
    #[error("the world file cannot be read: {0}")]
    File(#[from] toml::de::Error),
    /// The same for a fragment merged over the control API.
    #[error("the merged world cannot be read: {0}")]
    Fragment(#[from] serde_json::Error),
    /// The fragment is not an object, or a list in it lacks what tells its entries apart.
    #[error("the fragment cannot be merged: {0}")]
    Merge(String),
    /// Each value is in shape, but they do not go together.
    #[error("{place}: {problem}")]
    Inconsistent {
        /// The key's path, with its line when the world came from a file.
        place: String,
        /// What is wrong and what to do.
        problem: String,
    },
}
