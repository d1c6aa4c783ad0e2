//! Reads and writes HAR 1.2, the format in which browsers and proxies save traffic.
//!
//! Facts that HAR can't express are in the member `_prumo` of an entry: the operation, the origin,
//! the source, and how a body was recorded. Other members that start with `_` are ignored.
//!
//! Invariants:
//!
//! * An exchange that is written and read again is judged as before.
//! * A body that the document does not have, although there was one or may have been one, is
//!   omitted and never read as empty: browsers leave out bodies that they did not keep, and write
//!   the size -1 if they do not know it.

mod entries;
mod read;
mod write;

pub(super) use self::entries::Entries;
pub(super) use self::read::read_at;
pub use self::write::{HEAD, SEPARATOR, TAIL, entry};

/// The member with the facts that HAR can't express.
const OURS: &str = "_prumo";

/// The time of an exchange that was recorded without one, since HAR requires one.
const NO_TIME: &str = "1970-01-01T00:00:00.000Z";

/// The media type of a body that was recorded without one.
const NO_MEDIA_TYPE: &str = "x-unknown";

/// The text in the document is JSON, not the body's own text.
const JSON: &str = "json";
/// The bytes as received, in base64.
const CODED: &str = "coded";
/// There was a body, but the recording does not have it.
const OMITTED: &str = "omitted";
/// There was no body, or an empty one, whatever sizes and headers say.
const EMPTY: &str = "empty";

/// The member of [`OURS`] of an exchange that was recorded without a host, since a URL has one.
const HOSTLESS: &str = "is_hostless";

/// The member of a body that Playwright keeps in a file of its own.
const FILE: &str = "_file";
