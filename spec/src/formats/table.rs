//! Holds the rows: prumo's own formats first, then OpenAPI's.

use super::checks::{
    is_base64, is_decimal, is_email, is_epoch_millis, is_hostname, is_int, is_int32, is_int64,
    is_ipv4, is_ipv6, is_money, is_rfc3339, is_sim_or_nao, is_uint64, is_uri, is_uuid,
    is_zero_or_one,
};
use super::{Format, Picture};
use crate::kind::Kind;

/// All formats. A new one is a row here and in `specs/README.md`; if it has a type of its own, also
/// a type in a file of `runtime/src/scalars/`.
pub const FORMATS: &[Format] = &[
    clock("br-date", "DD/MM/YYYY", "BrDate", &["16/11/2018"]),
    clock("br-datetime", "DD/MM/YYYY hh:mm:ss", "BrDateTime", &["16/11/2018 10:58:21"]),
    clock("br-datetime-minutes", "DD/MM/YYYY hh:mm", "BrDateTimeMinutes", &["02/11/2023 20:18"]),
    clock("br-date-short", "DD-MM-YY", "BrDateShort", &["16-11-18"]),
    clock("sql-datetime", "YYYY-MM-DD hh:mm:ss", "SqlDateTime", &["2018-11-16 10:58:21"]),
    clock("sql-datetime-minutes", "YYYY-MM-DD hh:mm", "SqlDateTimeMinutes", &["2018-11-16 10:58"]),
    clock(
        "sql-datetime-offset",
        "YYYY-MM-DD hh:mm:ss+oo",
        "SqlDateTimeOffset",
        &["2018-11-16 10:58:21-03"],
    ),
    clock("sql-time", "hh:mm:ss", "SqlTime", &["10:58:21"]),
    clock("sql-time-minutes", "hh:mm", "SqlTimeMinutes", &["10:58"]),
    clock(
        "offset-datetime",
        "YYYY-MM-DD hh:mm:ss+oo:uu",
        "OffsetDateTime",
        &["2018-11-16 10:58:21-03:00"],
    ),
    clock(
        "offset-datetime-filter",
        "YYYY-MM-DD hh:mm:ss+oouu",
        "OffsetDateTimeFilter",
        &["2018-11-16 10:58:21-0300"],
    ),
    clock(
        "php-datetime",
        "YYYY-MM-DD hh:mm:ss.ffffff",
        "PhpDateTime",
        &["2018-11-16 10:58:21.000000"],
    ),
    Format {
        int: Some(is_epoch_millis),
        ..own("epoch-millis", &[Kind::Int], "EpochMillis", &["1542365901000"])
    },
    Format { is_own: false, ..clock("date", "YYYY-MM-DD", "IsoDate", &["2018-11-16"]) },
    Format {
        is_own: false,
        text: Some(is_rfc3339),
        ..clock("date-time", "YYYY-MM-DDThh:mm:ss+oo:uu", "IsoDateTime", &["2018-11-16T10:58:21Z"])
    },
    Format {
        text: Some(is_int),
        ..own("int-or-string", &[Kind::Int, Kind::Text], "IntOrString", &["320", r#""320""#])
    },
    Format {
        text: Some(is_decimal),
        ..own(
            "number-or-string",
            &[Kind::Number, Kind::Int, Kind::Text],
            "NumberOrString",
            &["69.9", r#""69.9""#],
        )
    },
    Format {
        text: Some(is_money),
        ..own(
            "money",
            &[Kind::Number, Kind::Int, Kind::Text],
            "Money",
            &["69.90", r#""69.90""#, r#""1.234,56""#],
        )
    },
    Format {
        text: Some(is_decimal),
        ..own("decimal-string", &[Kind::Text], "DecimalString", &[r#""119.9""#])
    },
    Format {
        int: Some(is_zero_or_one),
        ..own("bool-as-int", &[Kind::Int], "BoolAsInt", &["0", "1"])
    },
    Format {
        text: Some(is_sim_or_nao),
        ..own("sim-nao", &[Kind::Text], "SimNao", &["sim", "nao", "não"])
    },
    // A date that is none is the caller's to notice: the forms vary from one response to the next.
    Format {
        is_impersonal: false,
        ..own("any-date", &[Kind::Text], "AnyDate", &["2018-11-16", "16/11/2018 10:58:21"])
    },
    // The check digits are the caller's to examine: a vendor stores whatever was typed in.
    Format {
        is_impersonal: false,
        ..own("cpf-cnpj", &[Kind::Text], "CpfCnpj", &["11.222.333/0001-81"])
    },
    Format {
        int: Some(is_int32),
        is_impersonal: true,
        ..open_api("int32", &[Kind::Int], &["320"])
    },
    Format {
        int: Some(is_int64),
        is_impersonal: true,
        ..open_api("int64", &[Kind::Int], &["320"])
    },
    Format {
        int: Some(is_uint64),
        is_impersonal: true,
        ..open_api("uint64", &[Kind::Int], &["18446744073709551615"])
    },
    open_api("float", &[Kind::Number], &["69.9"]),
    open_api("double", &[Kind::Number], &["69.9"]),
    Format { is_impersonal: true, ..text("byte", is_base64, &["cHJ1bW8="]) },
    Format { is_impersonal: true, ..open_api("binary", &[Kind::Text], &["%PDF-1.7"]) },
    open_api("password", &[Kind::Text], &["k3y"]),
    text("email", is_email, &["ana7@acme.example"]),
    text("uuid", is_uuid, &["c2a50507-9e39-4a37-acbc-2e2859578537"]),
    text("uri", is_uri, &["https://acme.example/320"]),
    text("hostname", is_hostname, &["h7.acme.example"]),
    text("ipv4", is_ipv4, &["192.0.2.7"]),
    text("ipv6", is_ipv6, &["2001:db8::1"]),
];

/// Returns the row of a date or a time.
const fn clock(
    name: &'static str,
    picture: &'static str,
    rust: &'static str,
    examples: &'static [&'static str],
) -> Format {
    Format { picture: Some(Picture(picture)), ..own(name, &[Kind::Text], rust, examples) }
}

/// Returns the row of one of prumo's own formats, for which the runtime has a type.
const fn own(
    name: &'static str,
    kinds: &'static [Kind],
    rust: &'static str,
    examples: &'static [&'static str],
) -> Format {
    let format = open_api(name, kinds, examples);
    Format { is_own: true, rust: Some(rust), is_impersonal: true, ..format }
}

/// Returns the row of one of OpenAPI's text formats, which the client passes on unchecked.
const fn text(
    name: &'static str,
    check: fn(&str) -> bool,
    examples: &'static [&'static str],
) -> Format {
    Format { text: Some(check), ..open_api(name, &[Kind::Text], examples) }
}

/// Returns the row of one of OpenAPI's formats that only states the kind.
const fn open_api(
    name: &'static str,
    kinds: &'static [Kind],
    examples: &'static [&'static str],
) -> Format {
    Format {
        name,
        kinds,
        is_own: false,
        picture: None,
        rust: None,
        examples,
        is_impersonal: false,
        text: None,
        int: None,
    }
}
