//! Reads the exchanges of a recording of any kind: our own format, HAR, the saved responses of a Postman
//! collection, the cassettes of VCR and its relatives.
//!
//! An exchange that can't be read is told, with file and line, and left out. A file of another kind is
//! in memory as a whole; of the others, one exchange at a time.

use std::io::{self, BufRead, Read};

use prumo_drift::exchange::foreign::{self, ForeignKind};
use prumo_drift::exchange::{ExchangeFault, split};
use prumo_drift::{Exchange, read_exchange};

use crate::judge::input::broken;
use crate::screen;

/// The largest file of another kind, which is read as a whole.
const MAX_FOREIGN_BYTES: u64 = 256 << 20;

/// Takes an exchange.
pub(crate) type Take<'t> = &'t mut dyn FnMut(&Exchange<'_>) -> io::Result<()>;

/// Hands on the exchanges of one stream, and tells those that can't be read.
///
/// # Errors
///
/// Returns the errors of `take`.
pub(crate) fn each_exchange(
    name: &str,
    mut reader: Box<dyn BufRead>,
    max_exchange_bytes: usize,
    take: Take<'_>,
    tell: &mut dyn FnMut(String),
) -> io::Result<()> {
    let kind = reader.fill_buf().ok().and_then(foreign::recognize);
    if let Some(kind) = kind.filter(|kind| kind.is_readable()) {
        return each_foreign(kind, name, reader, take, tell);
    }
    let mut n_aborted = 0;
    for item in split(reader, max_exchange_bytes) {
        let taken = item.and_then(|item| item.read().map(|exchange| take(&exchange)));
        match taken {
            Ok(taken) => taken?,
            Err(error) if *error.fault() == ExchangeFault::Aborted => n_aborted += 1,
            Err(error) => tell(broken(name, &error)),
        }
    }
    if n_aborted > 0 {
        screen::note(&format!("skipped  `{name}`: {n_aborted} requests that were given up"));
    }
    Ok(())
}

/// Hands on the exchanges of a file of another kind.
fn each_foreign(
    kind: &ForeignKind,
    name: &str,
    reader: Box<dyn BufRead>,
    take: Take<'_>,
    tell: &mut dyn FnMut(String),
) -> io::Result<()> {
    let mut text = String::new();
    let is_read = reader.take(MAX_FOREIGN_BYTES + 1).read_to_string(&mut text).is_ok();
    if !is_read || text.len() as u64 > MAX_FOREIGN_BYTES {
        let most = MAX_FOREIGN_BYTES >> 20;
        tell(format!("`{name}`: {}, but no text in UTF-8 of at most {most} MiB", kind.name));
        return Ok(());
    }
    let converted = match kind.read(&text) {
        Ok(converted) => converted,
        Err(fault) => {
            tell(format!("`{name}`: {}: {fault}", kind.name));
            return Ok(());
        }
    };
    for (number, exchange) in (1..).zip(&converted.exchanges) {
        match read_exchange(exchange.to_string().as_bytes()) {
            Ok(exchange) => take(&exchange)?,
            Err(error) => {
                tell(format!("`{name}`: {}: exchange {number}: {}", kind.name, error.fault()))
            }
        }
    }
    if converted.n_unanswered > 0 {
        let count = converted.n_unanswered;
        screen::note(&format!("skipped  `{name}`: {count} requests without a saved response"));
    }
    Ok(())
}
