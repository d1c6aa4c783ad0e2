//! Lists the mutators: what each does, where it applies and which findings it must give.
//!
//! Expected findings come from the spec and the mutation, never from the judge. A mutator does not
//! apply where the spec leaves a value free. A mutator that applies to no fixture fails the run.

use serde_json::{Value, json};

use super::change::Change;
use super::mutant::{self, Mutant, with};
use super::promise::JsonType;
use super::site::Site;
use super::subject::Subject;
use super::{
    answers, codings, content, envelopes, harmless, headers, limits, members, pages, requests,
    values,
};

/// One kind of mutation.
pub(super) struct Mutator {
    pub(super) name: &'static str,
    /// A short description for the score.
    pub(super) does: &'static str,
    apply: Apply,
}

/// The places where a mutator applies, and its work there.
enum Apply {
    /// Replaces JSON values of a promised type by values of a type that is not promised.
    Retype { from: &'static [JsonType], to: JsonType, put: fn(&Value) -> Value },
    /// Changes JSON values of responses and requests.
    Value(fn(&Site<'_>) -> Vec<Change>),
    /// Changes JSON values and the texts of parameters and forms.
    Text(fn(&Site<'_>) -> Vec<Change>),
    /// Changes any other part of the exchange.
    Exchange(fn(&Subject<'_>) -> Vec<Mutant>),
}

use Apply::{Exchange, Text};
use JsonType::{Bool, Int, List, Number, Object};

const SCALARS: &[JsonType] = &[Bool, Int, Number, JsonType::Text];

const fn swap(
    name: &'static str,
    from: &'static [JsonType],
    to: JsonType,
    put: fn(&Value) -> Value,
    does: &'static str,
) -> Mutator {
    Mutator { name, does, apply: Apply::Retype { from, to, put } }
}

const fn row(name: &'static str, apply: Apply, does: &'static str) -> Mutator {
    Mutator { name, does, apply }
}

const fn value(
    name: &'static str,
    change: fn(&Site<'_>) -> Vec<Change>,
    does: &'static str,
) -> Mutator {
    Mutator { name, does, apply: Apply::Value(change) }
}

/// Every mutator. The first rows keep the promise and must give no finding.
pub(super) const MUTATORS: &[Mutator] = &[
    row("none", Exchange(harmless::none), "the unchanged recording"),
    value("null-allowed", harmless::null_allowed, "null where null is promised"),
    value("optional-dropped", harmless::optional_dropped, "an optional member missing"),
    value("members-reversed", harmless::members_reversed, "members in another order"),
    value("entry-added", harmless::entry_added, "one more entry of a map"),
    value("items-repeated", harmless::items_repeated, "a list twice as long, or empty"),
    value(
        "empty-list-allowed",
        harmless::empty_list_allowed,
        "an object as [], where that is promised",
    ),
    value("known-value", harmless::known_value, "another value of the enum"),
    value(
        "unlisted-value",
        harmless::unlisted_value,
        "a value outside of an enum that accounts extend",
    ),
    value("int-for-number", harmless::int_for_number, "a whole number where numbers are promised"),
    row("charset-added", Exchange(harmless::charset_added), "a parameter of the content type"),
    row("coded", Exchange(codings::coded), "the bytes plain, gzipped or in chunks"),
    row("status-alike", Exchange(harmless::status_alike), "another status of the same promise"),
    row("body-left-out", Exchange(harmless::body_left_out), "no body where it is optional"),
    row("header-added", Exchange(headers::added), "an unknown response header"),
    row("cookie-added", Exchange(headers::cookie_added), "an unknown cookie"),
    row(
        "request-not-recorded",
        Exchange(harmless::request_not_recorded),
        "only the response recorded",
    ),
    // Types.
    value("null", values::null, "null where null is not promised"),
    swap("int-to-text", &[Int], JsonType::Text, values::as_text, "320 as \"320\""),
    swap("int-to-empty-text", &[Int], JsonType::Text, |_| json!(""), "a number as \"\""),
    swap("int-to-number", &[Int], Number, |_| json!(1.5), "320 as 1.5"),
    swap("int-to-bool", &[Int], Bool, |_| json!(true), "1 as true"),
    swap("number-to-text", &[Number], JsonType::Text, values::as_text, "69.9 as \"69.9\""),
    swap("number-to-bool", &[Number], Bool, |_| json!(false), "69.9 as false"),
    swap("text-to-int", &[JsonType::Text], Int, |_| json!(320), "text as 320"),
    swap("text-to-number", &[JsonType::Text], Number, |_| json!(69.9), "text as 69.9"),
    swap(
        "text-to-bool",
        &[JsonType::Text],
        Bool,
        |_| json!(false),
        "text as false, as PHP does for nothing",
    ),
    swap("bool-to-text", &[Bool], JsonType::Text, values::as_text, "true as \"true\""),
    swap("bool-to-letter", &[Bool], JsonType::Text, |_| json!("S"), "true as \"S\""),
    swap(
        "bool-to-int",
        &[Bool],
        Int,
        |value| json!(i64::from(value == &Value::Bool(true))),
        "true as 1",
    ),
    swap("scalar-to-list", SCALARS, List, |value| json!([value]), "7 as [7]"),
    swap("scalar-to-empty-list", SCALARS, List, |_| json!([]), "nothing as [], as PHP does"),
    swap("scalar-to-object", SCALARS, Object, |value| json!({"id": value}), "7 as {\"id\": 7}"),
    swap("list-to-object", &[List], Object, values::numbered, "[a] as {\"0\": a}, as PHP does"),
    swap("list-to-text", &[List], JsonType::Text, |_| json!("1,2"), "a list as text with commas"),
    swap("list-to-empty-text", &[List], JsonType::Text, |_| json!(""), "[] as \"\""),
    swap("list-to-bool", &[List], Bool, |_| json!(false), "[] as false"),
    swap("object-to-list", &[Object], List, |value| json!([value]), "{} as [{}]"),
    swap("object-to-empty-list", &[Object], List, |_| json!([]), "{} as [], as PHP does"),
    swap(
        "object-to-text",
        &[Object],
        JsonType::Text,
        |value| json!(value.to_string()),
        "JSON within a text",
    ),
    swap("object-to-empty-text", &[Object], JsonType::Text, |_| json!(""), "{} as \"\""),
    swap("object-to-int", &[Object], Int, |_| json!(7), "the id in the place of the object"),
    row("word-for-scalar", Text(values::word_for_scalar), "a word for a number or a bool"),
    row(
        "empty-for-scalar",
        Text(values::empty_for_scalar),
        "an empty parameter where a number or a bool is promised",
    ),
    // Members.
    value("field-dropped", members::dropped, "a required member missing"),
    value("field-renamed", members::renamed, "a member under a new name"),
    value("field-respelled", members::respelled, "a member in capital letters"),
    value("field-added", members::added, "an unknown member"),
    value("null-field-added", members::null_added, "an unknown member that is null"),
    value("object-field-added", members::object_added, "an unknown member that is an object"),
    value("field-misplaced", members::misplaced, "a member of the other side"),
    value("field-twice", members::twice, "a member twice with the same value"),
    value("field-twice-unlike", members::twice_unlike, "a member twice, the second time null"),
    value("entry-twice", members::entry_twice, "an entry of a map twice"),
    // Formats and bounds.
    row("enum-value", Text(values::unknown_value), "a value outside the enum"),
    value("enum-case", values::another_spelling, "a value of the enum in other letter case"),
    row("another-date", Text(values::another_date), "a date in the form of another format"),
    row("impossible-date", Text(values::impossible_date), "31 February, hour 25"),
    row("no-such-format", Text(values::not_of_format), "a text without the format"),
    value("empty-for-format", values::empty_for_format, "\"\" where a format is promised"),
    row("other-decimal", Text(values::other_decimal), "1.234,56 for a decimal"),
    row("number-out-of-format", Text(values::number_out_of_format), "a number without the format"),
    row("beyond-64-bits", Text(values::beyond_64_bits), "an integer beyond 64 bits"),
    row("pattern", Text(limits::pattern), "a text that breaks the pattern"),
    row("minimum", Text(limits::minimum), "a number below the minimum"),
    row("maximum", Text(limits::maximum), "a number above the maximum"),
    row("multiple-of", Text(limits::multiple_of), "a number between two steps"),
    row("min-length", Text(limits::min_length), "a text that is too short"),
    row("max-length", Text(limits::max_length), "a text that is too long"),
    value("min-items", limits::min_items, "too few items"),
    value("max-items", limits::max_items, "too many items"),
    value("list-not-empty", limits::list_not_empty, "[7] where [] stands for an absent object"),
    value("unique-items", limits::unique_items, "an item twice"),
    value("min-properties", limits::min_properties, "too few members"),
    value("max-properties", limits::max_properties, "too many members"),
    value("not", limits::not, "a value that is forbidden"),
    value(
        "two-branches",
        members::two_branches,
        "the members of two branches where only one may fit",
    ),
    value("half-a-pair", values::half_a_pair, "an escape of half a surrogate pair"),
    value("replacement-character", values::replacement_character, "U+FFFD in a text"),
    // Responses.
    row("status", Exchange(answers::status), "a status that is not promised"),
    row("content-type", Exchange(answers::content_type), "another media type around the same body"),
    row("html", Exchange(answers::html), "a web page with its own media type"),
    row(
        "html-as-promised",
        Exchange(answers::html_as_promised),
        "a web page under the promised type",
    ),
    row("truncated", Exchange(answers::truncated), "the body cut off in the middle"),
    row("empty", Exchange(answers::empty), "an empty body"),
    row("mark-before", Exchange(answers::mark_before), "a byte order mark before the body"),
    row("warning-before", Exchange(answers::warning_before), "a warning of PHP before the body"),
    row("text-behind", Exchange(answers::text_behind), "a text after the body"),
    row("single-quotes", Exchange(answers::single_quotes), "the body in single quotes"),
    row("latin-1", Exchange(codings::latin_1), "the body in Latin-1"),
    row(
        "cut-while-coded",
        Exchange(codings::cut_while_coded),
        "half of the gzip, half of the chunks",
    ),
    row("not-coded", Exchange(codings::not_coded), "the plain body with the header of gzip"),
    row("too-deep", Exchange(answers::too_deep), "a body nested 200 levels deep"),
    row("tag-flipped", Exchange(envelopes::flipped), "the tag of the other case"),
    row(
        "members-of-the-other",
        Exchange(envelopes::members_of_the_other),
        "the tag of one case with all members of the other",
    ),
    row(
        "success-with-failing-status",
        Exchange(envelopes::failing_status),
        "a success with a failing status",
    ),
    row("header-dropped", Exchange(headers::dropped), "a required response header missing"),
    row("page-overfull", Exchange(pages::overfull), "more items than the page size"),
    row(
        "page-of-another",
        Exchange(pages::another_page),
        "the number of a page that was not requested",
    ),
    row(
        "total-too-small",
        Exchange(pages::total_too_small),
        "a total smaller than the items so far",
    ),
    row(
        "last-page-off",
        Exchange(pages::another_last),
        "a last page that contradicts total and size",
    ),
    row(
        "next-page-off",
        Exchange(pages::another_next),
        "a next page after the last, or none before it",
    ),
    // Requests.
    row("method", Exchange(requests::method), "another method"),
    row("path", Exchange(requests::path), "another path"),
    row("no-operation", Exchange(requests::no_operation), "a request of no operation"),
    row("query-added", Exchange(requests::query_added), "an unknown query parameter"),
    row("parameter-dropped", Exchange(requests::parameter_dropped), "a required parameter missing"),
    row("cookie-dropped", Exchange(headers::cookie_dropped), "a required cookie missing"),
    row("json-parameter-retyped", Exchange(content::retyped), "another type in a JSON parameter"),
    row(
        "json-parameter-member-added",
        Exchange(content::member_added),
        "JSON with an unknown member",
    ),
    row(
        "json-parameter-member-dropped",
        Exchange(content::member_dropped),
        "JSON without a required member",
    ),
    row("parameter-twice", Exchange(requests::parameter_twice), "a single parameter twice"),
    row("request-type", Exchange(requests::content_type), "another media type for the request"),
    row("request-body-dropped", Exchange(requests::body_dropped), "no body where one is required"),
    row("part-added", Exchange(requests::part_added), "an unknown part of a form"),
    row("part-dropped", Exchange(requests::part_dropped), "a required part missing"),
    row("part-twice", Exchange(requests::part_twice), "a single part twice"),
    row(
        "item-with-key",
        Exchange(requests::item_with_key),
        "a list item with a key instead of its position",
    ),
    row("file-for-text", Exchange(requests::file_for_text), "a file where text is promised"),
    row("text-for-file", Exchange(requests::text_for_file), "text where a file is promised"),
    row("request-too-large", Exchange(requests::too_large), "more bytes than a request may have"),
];

impl Mutator {
    /// Makes every mutant of `subject`.
    pub(super) fn mutants(&self, subject: &Subject<'_>, places: &Sites<'_>) -> Vec<Mutant> {
        let all = |change: &dyn Fn(&Site<'_>) -> Vec<Change>, with_texts: bool| {
            let headers = places.headers.iter().filter(|_| with_texts);
            let answers = places.answer.iter().chain(headers).map(|site| (&subject.answered, site));
            let texts = places.texts.iter().filter(|_| with_texts);
            let requests = places.request.iter().chain(texts).map(|site| (&subject.exchange, site));
            answers
                .chain(requests)
                .flat_map(|(base, site)| of_place(base, site, change(site)))
                .collect()
        };
        let mut mutants: Vec<Mutant> = match self.apply {
            Apply::Retype { from, to, put } => all(&|site| kind(site, from, to, put), false),
            Apply::Value(change) => all(&change, false),
            Apply::Text(change) => all(&change, true),
            Apply::Exchange(mutate) => mutate(subject),
        };
        // A change that keeps its own promise may still contradict the other numbers of a page.
        mutants.retain(|mutant| {
            !mutant.expected.is_empty() || !pages::speaks_of_pages(subject, &mutant.place)
        });
        mutants
    }
}

/// The sites of one subject, with response and request apart.
pub(super) struct Sites<'s> {
    answer: Vec<Site<'s>>,
    headers: Vec<Site<'s>>,
    request: Vec<Site<'s>>,
    texts: Vec<Site<'s>>,
}

impl<'s> Sites<'s> {
    pub(super) fn of(subject: &Subject<'s>) -> Self {
        Self {
            answer: subject.answer_places(),
            headers: headers::places(subject),
            request: subject.request_places(),
            texts: subject.text_places(),
        }
    }
}

fn kind(site: &Site<'_>, from: &[JsonType], to: JsonType, put: fn(&Value) -> Value) -> Vec<Change> {
    let is_promised = from.iter().any(|kind| site.kinds.contains(kind));
    let is_its = site.value.is_null() || from.contains(&JsonType::of(&site.value));
    if !is_promised || !is_its || site.allows(to) {
        return Vec::new();
    }
    vec![Change::new(put(&site.value), vec![site.expect(prumo_drift::Rule::TypeChanged)])]
}

fn of_place(base: &Value, site: &Site<'_>, changes: Vec<Change>) -> Vec<Mutant> {
    let mutant = |change: Change| {
        let mut name = mutant::name(&site.slot);
        if !change.member.is_empty() {
            name = prumo_drift::below(&name, &change.member);
        }
        let expected = change.expected.into_iter().chain(site.always()).collect();
        Mutant::new(name, &with(base, &site.slot, change.value), expected)
    };
    changes.into_iter().map(mutant).collect()
}
