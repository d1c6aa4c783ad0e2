//! Turns the picture of a date or a time into texts that fit it, and texts that are no valid
//! moment.
//!
//! Only the list of pictures comes from the table of formats. The invalid texts are written by
//! hand, because the mutants test the judge's own check.

use prumo_spec::formats::{FORMATS, Picture};

/// The parts of a moment, by their letters in a picture.
type Parts = &'static [(u8, u64)];

/// A moment whose text differs between any two pictures.
const MOMENT: Parts =
    &[(b'Y', 2018), (b'M', 11), (b'D', 16), (b'h', 10), (b'm', 58), (b's', 21), (b'o', 3)];

/// Moments that no calendar and no clock has.
const IMPOSSIBLE: &[Parts] = &[
    &[(b'M', 2), (b'D', 31)],
    &[(b'M', 16)],
    &[(b'Y', 0), (b'M', 0), (b'D', 0)],
    &[(b'h', 24)],
    &[(b'm', 60)],
    &[(b's', 60)],
    &[(b'o', 24)],
    &[(b'u', 60)],
];

/// Formats with a text that lacks a required part.
const INCOMPLETE: &[(&str, &str)] = &[("date-time", "2018-11-16T10:58:21")];

/// Returns the picture of a format of dates or times.
pub(super) fn picture_of(format: &str) -> Option<Picture> {
    FORMATS.iter().find(|row| row.name == format)?.picture
}

/// Returns a text that fits a picture, and no other.
pub(super) fn fitting(picture: Picture) -> String {
    picture.text(|letter| number(MOMENT, letter).unwrap_or_default())
}

/// Returns texts that look like the format but are no valid moment.
pub(super) fn impossible(format: &str) -> Vec<String> {
    let Some(picture) = picture_of(format) else {
        return Vec::new();
    };
    let wrong = |parts: &Parts| {
        picture.text(|letter| {
            number(parts, letter).or_else(|| number(MOMENT, letter)).unwrap_or_default()
        })
    };
    let incomplete =
        INCOMPLETE.iter().filter(|(name, _)| *name == format).map(|(_, text)| (*text).to_owned());
    // The 31st of February is no moment only where the day is shown beside the month.
    let is_shown =
        |part: u8| picture.text(|letter| u64::from(letter == part)) != picture.text(|_| 0);
    let shown = IMPOSSIBLE.iter().filter(|parts| parts.iter().all(|(part, _)| is_shown(*part)));
    shown.map(wrong).chain(incomplete).collect()
}

fn number(parts: Parts, letter: u8) -> Option<u64> {
    parts.iter().find(|(part, _)| *part == letter).map(|(_, number)| *number)
}

#[cfg(test)]
mod tests {
    use super::{FORMATS, fitting, impossible, picture_of};

    #[test]
    fn a_format_of_dates_or_times_has_a_text_of_its_own_and_texts_that_show_no_moment() {
        let texts = |name| (picture_of(name).map(fitting).unwrap_or_default(), impossible(name));
        let (fits, wrong) = texts("offset-datetime");
        assert_eq!(fits, "2018-11-16 10:58:21-03:00");
        assert_eq!(
            wrong,
            [
                "2018-02-31 10:58:21-03:00",
                "2018-16-16 10:58:21-03:00",
                "0000-00-00 10:58:21-03:00",
                "2018-11-16 24:58:21-03:00",
                "2018-11-16 10:60:21-03:00",
                "2018-11-16 10:58:60-03:00",
                "2018-11-16 10:58:21-24:00",
                "2018-11-16 10:58:21-03:60",
            ]
        );
        for format in FORMATS.iter().filter(|format| format.picture.is_some()) {
            let (fits, wrong) = texts(format.name);
            assert!(!wrong.is_empty() && !wrong.contains(&fits), "`{}`", format.name);
            assert!(
                !wrong.iter().any(|text| format.fits_text(text)),
                "`{}`: {wrong:?}",
                format.name
            );
        }
    }
}
