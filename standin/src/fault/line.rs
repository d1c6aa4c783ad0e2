//! Reads a fault from one line:
//! `[OPERATION:]KIND[=ARGUMENT][,after][,times=N][,chance=P][,retry-after=S][,retry-after-date=S]`.
//!
//! | kind | argument | what happens |
//! | --- | --- | --- |
//! | `latency` | milliseconds | delays the answer |
//! | `status` | 100 to 999 | answers with this status and a web page |
//! | `page` | | answers with a web page and status 200 |
//! | `cut-unread` | | closes the connection before the body is read |
//! | `cut` | | closes the connection in place of an answer |
//! | `cut-body` | | closes the connection in the middle of the body |
//! | `truncate` | | sends JSON that ends in the middle |
//! | `redirect` | URL | redirects with 307 |
//! | `refuse` | `forbidden`, `not-found`, `invalid`, `token`, `expired`, `too-many`, `broken` | refuses in the vendor's own way |
//! | `rename` | `POINTER>NAME` | renames the member |
//! | `retype` | `POINTER` | changes the kind of the value |
//! | `drop` | `POINTER` | leaves out the member |
//! | `add` | `POINTER` | adds a member |
//! | `value` | `POINTER>TEXT` | sets a text, such as a new value of an enum |

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::{Fault, Refused, RetryAfter};
use crate::change::Change;

/// The reasons of a refusal, by their names in a line.
const REFUSED: &[(&str, Refused)] = &[
    ("forbidden", Refused::Forbidden),
    ("not-found", Refused::NotFound),
    ("invalid", Refused::Invalid),
    ("token", Refused::Token),
    ("expired", Refused::Expired),
    ("too-many", Refused::TooMany),
    ("broken", Refused::Broken),
];

/// The error of a line that is not a fault; its text says what belongs there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultError(&'static str);

impl fmt::Display for FaultError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl std::error::Error for FaultError {}

impl FromStr for Fault {
    type Err = FaultError;

    /// Reads
    /// `[OPERATION:]KIND[=ARGUMENT][,after][,times=N][,chance=P][,retry-after=S][,retry-after-date=S]`.
    ///
    /// Kinds: `latency=MS`, `status=CODE`, `page`, `cut-unread`, `cut`, `cut-body`, `truncate`,
    /// `redirect=URL`, `refuse=WHY`, and of drift `rename=POINTER>NAME`, `retype=POINTER`,
    /// `drop=POINTER`, `add=POINTER`, `value=POINTER>TEXT`; in a pointer `*` stands for every item.
    fn from_str(line: &str) -> Result<Self, FaultError> {
        let mut words = line.trim().split(',');
        let first = words.next().unwrap_or_default();
        // A colon behind `=` is part of an argument, such as a URL.
        let named = first.split_once(':').filter(|(operation, _)| !operation.contains('='));
        let (operation, kind) =
            named.map_or((None, first), |(operation, kind)| (Some(operation), kind));
        let (kind, argument) = kind.split_once('=').unwrap_or((kind, ""));
        let mut fault = effect(kind, argument)?;
        fault.operation = operation.filter(|name| !name.is_empty()).map(str::to_owned);
        for word in words {
            fault = with(fault, word)?;
        }
        Ok(fault)
    }
}

fn effect(kind: &str, argument: &str) -> Result<Fault, FaultError> {
    let pair =
        || argument.split_once('>').ok_or(FaultError("`rename` and `value` take `POINTER>WORD`"));
    let drift = |change: Change| match argument.starts_with('/') {
        true => Ok(Fault::drift(change)),
        false => Err(FaultError("a JSON Pointer begins with `/`")),
    };
    match kind {
        "latency" => Ok(Fault::latency(Duration::from_millis(number(argument)?))),
        "status" => {
            let status =
                u16::try_from(number(argument)?).ok().filter(|it| (100..1000).contains(it));
            status.map(Fault::status).ok_or(FaultError("`status` takes 100 to 999"))
        }
        "page" => Ok(Fault::page()),
        "cut-unread" => Ok(Fault::cut_unread()),
        "cut" => Ok(Fault::cut()),
        "cut-body" => Ok(Fault::cut_body()),
        "truncate" => Ok(Fault::truncate()),
        "redirect" if !argument.is_empty() => Ok(Fault::redirect(argument)),
        "redirect" => Err(FaultError("`redirect` takes a URL")),
        "refuse" => {
            let row = REFUSED.iter().find(|(name, _)| *name == argument);
            row.map(|(_, why)| Fault::refuse(*why)).ok_or(FaultError(
                "`refuse` takes forbidden, not-found, invalid, token, expired, too-many or broken",
            ))
        }
        "rename" => pair().and_then(|(pointer, name)| drift(Change::rename(pointer, name))),
        "value" => pair().and_then(|(pointer, text)| drift(Change::value(pointer, text))),
        "retype" => drift(Change::retype(argument)),
        "drop" => drift(Change::drop(argument)),
        "add" => drift(Change::add(argument)),
        _ => Err(FaultError(
            "unknown kind of fault: there are latency, status, page, cut-unread, cut, cut-body, truncate, \
             redirect, refuse, rename, retype, drop, add and value",
        )),
    }
}

fn with(fault: Fault, word: &str) -> Result<Fault, FaultError> {
    let (name, argument) = word.split_once('=').unwrap_or((word, ""));
    Ok(match name {
        "after" => fault.after_work(),
        "times" => fault.times(number(argument)?),
        "chance" => {
            let share = argument.parse().ok().filter(|share| (0.0..=1.0).contains(share));
            fault.chance(share.ok_or(FaultError("`chance` takes a number from 0 to 1"))?)
        }
        "retry-after" => {
            Fault { retry_after: Some(RetryAfter::Seconds(number(argument)?)), ..fault }
        }
        "retry-after-date" => {
            Fault { retry_after: Some(RetryAfter::Date(number(argument)?)), ..fault }
        }
        _ => {
            return Err(FaultError(
                "a fault takes only `after`, `times=`, `chance=`, `retry-after=` and `retry-after-date=`",
            ));
        }
    })
}

fn number(text: &str) -> Result<u64, FaultError> {
    text.parse().map_err(|_| FaultError("the argument must be a whole number"))
}
