//! Checks the formats that a picture can't express.

use std::borrow::Cow;

use jiff::Timestamp;

use super::Picture;
use crate::kind::Kind;

const DAY: Picture = Picture("YYYY-MM-DD");
const TIME: Picture = Picture("hh:mm:ss");
const OFFSET: Picture = Picture("+oo:uu");

pub(super) fn is_epoch_millis(int: i128) -> bool {
    let known = Timestamp::MIN.as_millisecond()..=Timestamp::MAX.as_millisecond();
    i64::try_from(int).is_ok_and(|millis| known.contains(&millis))
}

pub(super) fn is_rfc3339(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(day), Some(separator), Some(time)) =
        (text.get(..10), bytes.get(10), text.get(11..19))
    else {
        return false;
    };
    // Pictures do not allow leap seconds.
    let minute = time.strip_suffix(":60");
    let full = minute.map_or(Cow::Borrowed(time), |minute| format!("{minute}:59").into());
    if !DAY.fits(day) || !matches!(separator, b'T' | b't') || !TIME.fits(&full) {
        return false;
    }
    let rest = text.get(19..).unwrap_or_default();
    let zone = match rest.strip_prefix('.') {
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            if zone.len() == fraction.len() {
                return false;
            }
            zone
        }
        None => rest,
    };
    is_zone(zone) && (minute.is_none() || is_last_minute(time, zone))
}

/// Returns whether this minute is the last of a day in UTC, the only one that can have a leap
/// second.
fn is_last_minute(time: &str, zone: &str) -> bool {
    let minutes = |text: &str| Some(digits(text, 0, 2)? * 60 + digits(text, 3, 5)?);
    let offset = match zone.split_at_checked(1) {
        Some(("+", offset)) => minutes(offset),
        Some(("-", offset)) => minutes(offset).map(|offset| -offset),
        _ => Some(0),
    };
    let since_midnight =
        minutes(time).zip(offset).map(|(time, offset)| (time - offset).rem_euclid(24 * 60));
    since_midnight == Some(23 * 60 + 59)
}

fn is_zone(zone: &str) -> bool {
    zone == "Z" || zone == "z" || OFFSET.fits(zone)
}

fn digits(text: &str, from: usize, to: usize) -> Option<i16> {
    text.as_bytes().get(from..to)?.iter().try_fold(0_i16, |number, byte| {
        let digit = byte.is_ascii_digit().then(|| i16::from(byte - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    })
}

pub(super) fn is_int(text: &str) -> bool {
    Kind::of_text(text) == Kind::IntText
}

pub(super) fn is_zero_or_one(int: i128) -> bool {
    int == 0 || int == 1
}

pub(super) fn is_int32(int: i128) -> bool {
    i32::try_from(int).is_ok()
}

pub(super) fn is_int64(int: i128) -> bool {
    i64::try_from(int).is_ok()
}

pub(super) fn is_uint64(int: i128) -> bool {
    u64::try_from(int).is_ok()
}

pub(super) fn is_ipv4(text: &str) -> bool {
    text.parse::<std::net::Ipv4Addr>().is_ok()
}

pub(super) fn is_ipv6(text: &str) -> bool {
    text.parse::<std::net::Ipv6Addr>().is_ok()
}

pub(super) fn is_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    match unsigned.split_once('.') {
        None => is_digits(unsigned),
        Some((whole, fraction)) => is_digits(whole) && is_digits(fraction),
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns whether a text is an amount: a decimal, or one as Brazilians write it (`1.234,56`).
pub(super) fn is_money(text: &str) -> bool {
    let Some((whole, cents)) = text.split_once(',') else { return is_decimal(text) };
    let mut groups = whole.strip_prefix('-').unwrap_or(whole).split('.');
    groups.next().is_some_and(is_digits)
        && groups.all(|group| group.len() == 3 && is_digits(group))
        && is_digits(cents)
}

pub(super) fn is_sim_or_nao(text: &str) -> bool {
    matches!(text, "sim" | "nao" | "não")
}

pub(super) fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    text.len() % 4 == 0
        && text.len() - body.len() <= 2
        && body.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/')
}

pub(super) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let is_dotted = |part: &str| {
        !part.is_empty()
            && !part.contains(char::is_whitespace)
            && !part.starts_with('.')
            && !part.ends_with('.')
            && !part.contains("..")
    };
    let is_quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
    is_dotted(domain) && (is_quoted || is_dotted(local))
}

pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Returns whether a text is a URI of RFC 3986: ASCII, with a scheme.
pub(super) fn is_uri(text: &str) -> bool {
    fluent_uri::Uri::parse(text).is_ok()
}

pub(super) fn is_hostname(text: &str) -> bool {
    text.len() <= 253
        && text.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
}
