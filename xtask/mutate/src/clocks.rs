//! Lists the formats of dates and times: a text that fits each, and texts that must not.
//!
//! The table is written by hand: it examines the judge, so it must not be read from it.

/// Describes one format of dates or times.
pub(super) struct Clock {
    pub(super) format: &'static str,
    /// A text that fits this format and no other.
    pub(super) fits: &'static str,
    /// Texts of the right form whose date or time does not exist.
    pub(super) impossible: &'static [&'static str],
}

/// Lists every format of dates and times that a spec may use.
pub(super) const CLOCKS: &[Clock] = &[
    clock("br-date", "16/11/2018", &["31/02/2018", "11/16/2018", "00/01/2018"]),
    clock("br-datetime", "16/11/2018 10:58:21", &["31/02/2018 10:58:21", "16/11/2018 25:58:21"]),
    clock("br-datetime-minutes", "16/11/2018 10:58", &["31/02/2018 10:58", "16/11/2018 10:60"]),
    clock("br-date-short", "16-11-18", &["31-02-18", "11-16-18", "00-01-18"]),
    clock("sql-datetime", "2018-11-16 10:58:21", &["0000-00-00 00:00:00", "2018-02-31 10:58:21"]),
    clock("sql-datetime-minutes", "2018-11-16 10:58", &["0000-00-00 00:00", "2018-11-16 24:00"]),
    clock(
        "sql-datetime-offset",
        "2018-11-16 10:58:21-03",
        &["2018-02-31 10:58:21-03", "2018-11-16 10:58:21-24"],
    ),
    clock("sql-time", "10:58:21", &["24:00:00", "10:60:21", "10:58:60"]),
    clock("sql-time-minutes", "10:58", &["24:00", "10:60"]),
    clock(
        "offset-datetime",
        "2018-11-16 10:58:21-03:00",
        &["2018-02-31 10:58:21-03:00", "2018-11-16 10:58:21-03:60"],
    ),
    clock(
        "offset-datetime-filter",
        "2018-11-16 10:58:21-0300",
        &["2018-02-31 10:58:21-0300", "2018-11-16 10:58:21-0360"],
    ),
    clock(
        "php-datetime",
        "2018-11-16 10:58:21.000000",
        &["2018-02-31 10:58:21.000000", "2018-11-16 10:60:21.000000"],
    ),
    clock("date", "2018-11-16", &["0000-00-00", "2018-02-31"]),
    clock("date-time", "2018-11-16T10:58:21Z", &["2018-02-31T10:58:21Z", "2018-11-16T10:58:21"]),
];

const fn clock(format: &'static str, fits: &'static str, impossible: &'static [&'static str]) -> Clock {
    Clock { format, fits, impossible }
}

/// Finds the row of a format.
pub(super) fn clock_of(format: &str) -> Option<&'static Clock> {
    CLOCKS.iter().find(|clock| clock.format == format)
}
