//! Lists the forms of personal values and secrets, the most certain ones first.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::super::Sensitive;
use super::super::fake::{DOCUMENTS, is_boleto, is_card, is_everywhere};
use super::super::secrets;
use super::{Candidate, Row};

/// The area codes of Brazil.
const AREAS: [&str; 67] = [
    "11", "12", "13", "14", "15", "16", "17", "18", "19", "21", "22", "24", "27", "28", "31", "32",
    "33", "34", "35", "37", "38", "41", "42", "43", "44", "45", "46", "47", "48", "49", "51", "53",
    "54", "55", "61", "62", "63", "64", "65", "66", "67", "68", "69", "71", "73", "74", "75", "77",
    "79", "81", "82", "83", "84", "85", "86", "87", "88", "89", "91", "92", "93", "94", "95", "96",
    "97", "98", "99",
];

/// Every form.
pub(super) const ROWS: &[Row] = &[
    // A private key, whole.
    Row {
        kind: Sensitive::Secret,
        pattern: r"-----BEGIN [A-Za-z0-9 ]*(?:PRIVATE KEY(?: BLOCK)?|Static key V1)-----[A-Za-z0-9+/=:.,\s\\-]+?(?:-----END [A-Za-z0-9 ]*(?:PRIVATE KEY(?: BLOCK)?|Static key V1)-----|$)",
        is_value: always,
    },
    // The key of a tunnel, and a certificate or key in DER, as in a `.p12`.
    Row {
        kind: Sensitive::Secret,
        pattern: r"(?i-u:private|preshared)[ _-]?(?i-u:key)[ \t]*[=:][ \t]*([A-Za-z0-9+/_-]{20,}={0,2})",
        is_value: always,
    },
    Row {
        kind: Sensitive::Secret,
        pattern: r"MII[A-Za-z0-9+/\s\\]{61,}={0,2}",
        is_value: is_whole,
    },
    // A JWT.
    Row {
        kind: Sensitive::Secret,
        pattern: r"eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*",
        is_value: always,
    },
    Row {
        kind: Sensitive::Secret,
        pattern: r"(?i-u:bearer)[ +]+([A-Za-z0-9._~+/=-]{8,})",
        is_value: always,
    },
    Row {
        kind: Sensitive::Secret,
        pattern: r"(?i-u:basic)[ +]+([A-Za-z0-9+/=_-]{8,})",
        is_value: is_basic,
    },
    // The password of a URL.
    Row {
        kind: Sensitive::Secret,
        pattern: r#"://([^/\s:@"'<>]+:[^/\s@"'<>]+)@"#,
        is_value: always,
    },
    // The signature of a URL, and other secrets in its query.
    Row {
        kind: Sensitive::Secret,
        pattern: concat!(
            r"(?i-u:[?&;](?:x-(?:amz|goog)-(?:signature|credential|security-token)|signature|sig|awsaccesskeyid|policy|key-pair-id",
            r"|(?:access|auth|refresh|id|api|session)?[_-]?token|api[_-]?key|apikey|chave|auth|hash|hmac|senha|password|secret|session(?:id)?|sid)=)",
            r#"([^&\s"'<>#;]{6,})"#
        ),
        is_value: is_no_mark,
    },
    // The cookie of a session.
    Row {
        kind: Sensitive::Secret,
        pattern: r#"(?i-u:phpsessid|jsessionid|asp\.net_sessionid|laravel_session|[a-z_-]*session(?:_?id)?|connect\.sid|sid|xsrf-token|csrftoken|remember_[a-z_]+)=([^;,\s"'<>&]{6,})"#,
        is_value: is_no_mark,
    },
    // Keys of well-known services.
    Row {
        kind: Sensitive::Secret,
        pattern: r"AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|[sr]k_(?:live|test)_[A-Za-z0-9]{10,}|AIza[0-9A-Za-z_-]{30,}|ya29\.[0-9A-Za-z_-]{20,}|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}|\$aact_[A-Za-z0-9=:]{20,}|APP_USR-[0-9A-Za-z-]{20,}|(?:SK|AC)[0-9a-f]{32}",
        is_value: always,
    },
    // A Pix code ("copia e cola").
    Row {
        kind: Sensitive::Payment,
        pattern: r"000201[\x20-\x7eÀ-ÿ]{20,600}?6304[0-9A-Fa-f]{4}",
        is_value: always,
    },
    Row {
        kind: Sensitive::Email,
        pattern: r"[A-Za-z0-9À-ÿ._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
        is_value: always,
    },
    // The line of a bank's boleto and of a utility's.
    Row {
        kind: Sensitive::Payment,
        pattern: r"[0-9]{5}[. ]?[0-9]{5}[ .-]+[0-9]{5}[. ]?[0-9]{6}[ .-]+[0-9]{5}[. ]?[0-9]{6}[ .-]+[0-9][ .-]+[0-9]{14}",
        is_value: is_whole,
    },
    Row {
        kind: Sensitive::Payment,
        pattern: r"[0-9]{11}[- ]?[0-9] +[0-9]{11}[- ]?[0-9] +[0-9]{11}[- ]?[0-9] +[0-9]{11}[- ]?[0-9]",
        is_value: is_whole,
    },
    // A lawsuit, a CPF, a CNPJ, a PIS, an RG.
    Row {
        kind: Sensitive::Document,
        pattern: r"[0-9]{7}-[0-9]{2}\.[0-9]{4}\.[0-9]\.[0-9]{2}\.[0-9]{4}",
        is_value: is_whole,
    },
    Row {
        kind: Sensitive::Cpf,
        pattern: r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}[-/. ][0-9]{2}",
        is_value: is_whole,
    },
    Row {
        kind: Sensitive::Cpf,
        pattern: r"[0-9]{9}-[0-9]{2}|[0-9]{3} [0-9]{3} [0-9]{3} [0-9]{2}",
        is_value: is_document,
    },
    Row {
        kind: Sensitive::Cnpj,
        pattern: r"[0-9A-Za-z]{2}\.[0-9A-Za-z]{3}\.[0-9A-Za-z]{3}/[0-9A-Za-z]{4}-[0-9]{2}",
        is_value: is_whole,
    },
    Row {
        kind: Sensitive::Cnpj,
        pattern: r"[0-9A-Z]{8}/[0-9A-Z]{4}-[0-9]{2}",
        is_value: is_document,
    },
    Row {
        kind: Sensitive::Document,
        pattern: r"[0-9]{3}\.[0-9]{5}\.[0-9]{2}-[0-9]",
        is_value: is_whole,
    },
    Row {
        kind: Sensitive::Document,
        pattern: r"(?:[A-Z]{2}[- ]?)?[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}-[0-9Xx]",
        is_value: is_whole,
    },
    // A card of a bank or of the health service, a voter's title, in blocks.
    Row {
        kind: Sensitive::Payment,
        pattern: r"[2-6][0-9]{3}[ .-][0-9]{4}[ .-][0-9]{4}[ .-][0-9]{1,4}(?:[ .-][0-9]{1,3})?|3[0-9]{3}[ .-][0-9]{6}[ .-][0-9]{4,5}",
        is_value: is_card_in_blocks,
    },
    Row {
        kind: Sensitive::Document,
        pattern: r"[0-9]{3} [0-9]{4} [0-9]{4} [0-9]{4}|[0-9]{4} [0-9]{4} [0-9]{4}",
        is_value: is_document,
    },
    // Addresses of a network.
    Row {
        kind: Sensitive::Network,
        pattern: r"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}(?:[:-][0-9A-Fa-f]{2}){0,2}",
        is_value: is_mac_in_pairs,
    },
    Row {
        kind: Sensitive::Network,
        pattern: r"[0-9A-Fa-f]{4}[.:-][0-9A-Fa-f]{4}[.:-][0-9A-Fa-f]{4}",
        is_value: is_mac,
    },
    Row {
        kind: Sensitive::Network,
        pattern: r"[0-9A-Fa-f]{6}[:-][0-9A-Fa-f]{6}",
        is_value: is_mac,
    },
    Row { kind: Sensitive::Network, pattern: r"[0-9A-Fa-f]{12}", is_value: is_bare_mac },
    Row {
        kind: Sensitive::Network,
        pattern: r"[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:[0-9.]+)?",
        is_value: is_ipv6,
    },
    Row {
        kind: Sensitive::Network,
        pattern: r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}",
        is_value: is_ipv4,
    },
    // The serial of an optical terminal: its vendor's four letters and eight digits.
    Row {
        kind: Sensitive::Network,
        pattern: r"[A-Z]{4}[0-9A-F]{8}|(?:HWTC|ZTEG|ALCL|FHTT)[0-9a-f]{8}",
        is_value: is_serial,
    },
    // A pair of coordinates.
    Row {
        kind: Sensitive::Address,
        pattern: r"-?[0-9]{1,2}\.[0-9]{4,}(?: ?[,;/] ?| )-?[0-9]{1,3}\.[0-9]{4,}",
        is_value: is_whole,
    },
    // A plus code.
    Row {
        kind: Sensitive::Address,
        pattern: r"[23456789CFGHJMPQRVWX]{8}\+[23456789CFGHJMPQRVWX]{2,3}",
        is_value: is_whole,
    },
    // The number of a member of a chamber: a lawyer, a doctor, an engineer, a broker.
    Row {
        kind: Sensitive::Document,
        pattern: r"(?:OAB|CRM|CREA|CRO|CRC|COREN|CRECI|CREF|CRP)[ /-]{1,3}[A-Z]{2}[ nº°.:-]{0,4}([0-9][0-9.]{2,8}[0-9])",
        is_value: is_whole,
    },
    // The link to a chat.
    Row {
        kind: Sensitive::Phone,
        pattern: r"(?:wa\.me/|api\.whatsapp\.com/send/?\?phone=)\+?([0-9]{10,15})",
        is_value: always,
    },
    // A phone with its area, a local one, a bare one with its country.
    Row {
        kind: Sensitive::Phone,
        pattern: r"(?:\+?55[ .-]?)?\(0?[0-9]{2}\)[ .-]?(?:9[ .-]?)?[0-9]{4}[ .-]?[0-9]{4}",
        is_value: is_whole,
    },
    Row {
        kind: Sensitive::Phone,
        pattern: r"\+55[ .-]?[0-9]{2}[ .-]?(?:9[ .-]?)?[0-9]{4}[ .-]?[0-9]{4}",
        is_value: is_whole,
    },
    Row {
        kind: Sensitive::Phone,
        pattern: r"(?:55[ .-]?)?0?[0-9]{2}[ .-](?:9[ .-]?)?[0-9]{4}[ .-]?[0-9]{4}",
        is_value: is_phone,
    },
    Row {
        kind: Sensitive::Phone,
        pattern: r"9[ .-]?[0-9]{4}[ .-][0-9]{4}|[2-5][0-9]{3}-[0-9]{4}",
        is_value: is_local_phone,
    },
    // A postal code, a street.
    Row { kind: Sensitive::Address, pattern: r"[0-9]{2}\.?[0-9]{3}-[0-9]{3}", is_value: is_alone },
    Row {
        kind: Sensitive::Address,
        pattern: concat!(
            r"(?:Rua|RUA|rua|Av\.|AV\.|Avenida|AVENIDA|avenida|Travessa|TRAVESSA|Alameda|ALAMEDA|Rodovia|RODOVIA|Estrada|ESTRADA|Pra[çc]a|PRA[ÇC]A|R\.)",
            r"(?:[ +](?:d[aeo]s?|DA|DE|DO|DOS|DAS|e))*(?:[ +](?:[A-ZÀ-Ý][A-Za-zÀ-ÿ.]*|d[aeo]s?|[0-9]{1,2}|e)){1,6}",
            r"(?:,? ?(?:n[ºo°.]{0,2} ?)?[0-9]{1,5}\b)?"
        ),
        is_value: is_whole,
    },
    // A plate, in both forms.
    Row {
        kind: Sensitive::Document,
        pattern: r"[A-Z]{3}[- ]?[0-9][A-Z][0-9]{2}|[A-Z]{3}-?[0-9]{4}|[a-z]{3}-?[0-9][a-z][0-9]{2}|[a-z]{3}-[0-9]{4}",
        is_value: is_plate,
    },
    // Digits alone, and a CNPJ with letters.
    Row {
        kind: Sensitive::Payment,
        pattern: r"[0-9]{44,48}",
        is_value: |one| one.is_whole() && is_boleto(one.text),
    },
    Row {
        kind: Sensitive::Document,
        pattern: r"[0-9]{20}|[0-9]{15}|[0-9]{12}",
        is_value: is_document,
    },
    Row { kind: Sensitive::Cpf, pattern: r"[0-9]{11}", is_value: is_document },
    Row { kind: Sensitive::Cnpj, pattern: r"[0-9A-Z]{12}[0-9]{2}", is_value: is_document },
    Row {
        kind: Sensitive::Payment,
        pattern: r"[2-6][0-9]{12,18}",
        is_value: |one| one.is_alone() && is_card(one.text) && !is_time(one.text),
    },
    Row { kind: Sensitive::Phone, pattern: r"\+?[0-9]{10,13}", is_value: is_bare_phone },
];

fn always(_: &Candidate<'_>) -> bool {
    true
}

fn is_whole(one: &Candidate<'_>) -> bool {
    one.is_whole()
}

fn is_alone(one: &Candidate<'_>) -> bool {
    one.is_alone()
}

/// Returns whether the text is no placeholder of a value that was removed before.
fn is_no_mark(one: &Candidate<'_>) -> bool {
    !one.text.starts_with('{') && !one.text.starts_with("***")
}

fn is_basic(one: &Candidate<'_>) -> bool {
    secrets::base64(one.text).contains(&b':')
}

/// Returns whether it is a document that its check digits alone identify.
fn is_document(one: &Candidate<'_>) -> bool {
    let number = one.compact();
    let is_end = !one.after.is_some_and(char::is_alphanumeric);
    let is_start = !one.before.is_some_and(|c| c.is_ascii_digit() || c == '.');
    is_end
        && is_start
        && !is_time(&number)
        && DOCUMENTS.iter().any(|document| document.is_sure && document.fits(&number))
}

fn is_card_in_blocks(one: &Candidate<'_>) -> bool {
    one.is_whole() && is_card(&one.compact())
}

fn is_mac_in_pairs(one: &Candidate<'_>) -> bool {
    let separators = |sign: char| one.text.contains(sign);
    let is_part = |c: Option<char>| matches!(c, Some(':' | '-'));
    one.is_whole()
        && !is_part(one.before)
        && !is_part(one.after)
        && separators(':') != separators('-')
}

fn is_mac(one: &Candidate<'_>) -> bool {
    let has_letter = one.text.contains(|c: char| c.is_ascii_alphabetic());
    let is_part = |c: Option<char>| matches!(c, Some(':' | '-' | '.'));
    one.is_whole() && has_letter && !is_part(one.before) && !is_part(one.after)
}

/// Returns whether twelve digits of one case are a MAC: with letters, and no end of a UUID.
fn is_bare_mac(one: &Candidate<'_>) -> bool {
    let has = |is: fn(&char) -> bool| one.text.chars().any(|c| is(&c));
    let is_one_case = has(char::is_ascii_uppercase) != has(char::is_ascii_lowercase);
    one.is_whole() && is_one_case && has(char::is_ascii_digit) && one.before != Some('-')
}

fn is_ipv6(one: &Candidate<'_>) -> bool {
    let address = one.text.parse::<Ipv6Addr>();
    let n_groups = one.text.split(':').filter(|group| !group.is_empty()).count();
    one.is_whole() && n_groups >= 2 && address.is_ok_and(|address| !address.is_loopback())
}

fn is_ipv4(one: &Candidate<'_>) -> bool {
    let is_part =
        |c: Option<char>| matches!(c, Some('.' | '_')) || c.is_some_and(char::is_alphanumeric);
    let is_version = matches!(one.before, Some('/' | 'v')) && one.text.ends_with(".0");
    let is_end = !one.after.is_some_and(char::is_alphanumeric);
    !is_part(one.before)
        && is_end
        && !is_version
        && one.text.parse::<Ipv4Addr>().is_ok_and(|address| !is_everywhere(address))
}

fn is_serial(one: &Candidate<'_>) -> bool {
    let digits = one.text.get(4..).unwrap_or_default();
    one.is_whole() && digits.bytes().filter(u8::is_ascii_digit).count() >= 2
}

fn is_area(area: &str) -> bool {
    AREAS.contains(&area)
}

/// Returns whether digits are an area code and a number of a mobile or a fixed line.
fn has_area(digits: &str) -> bool {
    let digits = digits.strip_prefix("55").filter(|rest| rest.len() >= 10).unwrap_or(digits);
    let digits = digits.strip_prefix('0').unwrap_or(digits);
    let Some((area, number)) = digits.split_at_checked(2) else {
        return false;
    };
    let is_number = match number.len() {
        9 => number.starts_with('9'),
        8 => number.starts_with(['2', '3', '4', '5']),
        _ => false,
    };
    is_area(area) && is_number
}

fn is_phone(one: &Candidate<'_>) -> bool {
    let is_part = |c: Option<char>| matches!(c, Some('.' | '/' | '-' | ','));
    one.is_whole()
        && !is_part(one.before)
        && !is_part(one.after.filter(|c| *c == '/'))
        && has_area(&one.compact())
}

fn is_bare_phone(one: &Candidate<'_>) -> bool {
    let digits = one.compact();
    let is_part = |c: Option<char>| matches!(c, Some('.' | ',' | '/' | '-' | '_' | ':'));
    one.is_whole() && !is_part(one.before) && has_area(&digits)
}

fn is_local_phone(one: &Candidate<'_>) -> bool {
    let years = one.text.split('-').all(|half| half.starts_with("19") || half.starts_with("20"));
    let is_part = |c: Option<char>| matches!(c, Some('.' | '/' | '-' | ','));
    one.is_whole()
        && !years
        && !is_part(one.before)
        && !is_part(one.after.filter(|c| matches!(c, '/' | '-')))
}

/// Words before a number that make it look like a plate.
const NO_PLATES: [&str; 22] = [
    "jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez", "nfe",
    "olt", "pon", "onu", "lei", "art", "cep", "cod", "iso", "utf",
];

fn is_plate(one: &Candidate<'_>) -> bool {
    let letters = one.text.get(..3).unwrap_or_default().to_lowercase();
    one.is_whole()
        && one.before != Some('_')
        && one.before != Some('-')
        && !NO_PLATES.contains(&letters.as_str())
}

/// Returns whether the text is a time such as `20181116105821`.
fn is_time(text: &str) -> bool {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    let is_year = number(0, 4).is_some_and(|year| (1900..2100).contains(&year));
    let is_month = number(4, 6).is_some_and(|month| (1..=12).contains(&month));
    let is_day = number(6, 8).is_some_and(|day| (1..=31).contains(&day));
    let is_hour = number(8, 10).is_some_and(|hour| hour < 24);
    text.len() >= 12 && is_year && is_month && is_day && is_hour
}
