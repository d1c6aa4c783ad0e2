//! Facts about an API that no recording contains.

/// Facts that the caller adds to the recording.
#[derive(Clone, Debug)]
pub struct Options {
    /// The name of the API.
    pub name: String,
    /// The day of the evidence, if the recording has no times.
    pub date: String,
    /// The hosts of the API; an empty list lets the traffic decide.
    pub hosts: Vec<String>,
}
