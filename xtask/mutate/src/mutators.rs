//! Lists the mutators: what each does, where it applies and what it must give.
//!
//! Expected findings come from the spec and the mutation, never from the judge. A mutator does not
//! apply where the spec leaves a value free. One that applies to no fixture at all fails the run.

use serde_json::{Value, json};

use super::change::Change;
use super::mutant::{self, Mutant, with};
use super::promise::JsonType;
use super::site::Site;
use super::subject::Subject;
use super::{
    answers, codings, content, envelopes, harmless, headers, limits, members, pages, requests, values,
};

/// Describes one kind of mutation.
pub(super) struct Mutator {
    pub(super) name: &'static str,
    /// What it does, in a few words for the score.
    pub(super) does: &'static str,
    apply: Apply,
}

/// Tells where a mutator applies and what it does there.
enum Apply {
    /// Replaces JSON values of a promised type by values of a type that is not promised.
    Retype { from: &'static [JsonType], to: JsonType, put: fn(&Value) -> Value },
    /// Changes JSON values of responses and requests.
    Value(fn(&Site<'_>) -> Vec<Change>),
    /// Changes these, and the texts of parameters and forms.
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

const fn value(name: &'static str, change: fn(&Site<'_>) -> Vec<Change>, does: &'static str) -> Mutator {
    Mutator { name, does, apply: Apply::Value(change) }
}

/// Lists every mutator. The first rows keep the promise and must give no finding.
pub(super) const MUTATORS: &[Mutator] = &[
    row("none", Exchange(harmless::none), "the recording as it is"),
    value("null-allowed", harmless::null_allowed, "null where null is promised"),
    value("optional-dropped", harmless::optional_dropped, "an optional member away"),
    value("members-reversed", harmless::members_reversed, "members in another order"),
    value("entry-added", harmless::entry_added, "one more entry of a map"),
    value("items-repeated", harmless::items_repeated, "a list twice as long, or empty"),
    value("empty-list-allowed", harmless::empty_list_allowed, "an object as [], where that is promised"),
    value("known-value", harmless::known_value, "another value of the enum"),
    value("int-for-number", harmless::int_for_number, "a whole number where numbers are promised"),
    row("charset-added", Exchange(harmless::charset_added), "a parameter of the content type"),
    row("coded", Exchange(codings::coded), "the bytes bare, gzipped, in chunks"),
    row("status-alike", Exchange(harmless::status_alike), "another status of the same promise"),
    row("body-left-out", Exchange(harmless::body_left_out), "no body where one may be left out"),
    row("header-added", Exchange(headers::added), "a header of the answer that the spec does not know"),
    row("cookie-added", Exchange(headers::cookie_added), "a cookie that the spec does not know"),
    row("request-not-recorded", Exchange(harmless::request_not_recorded), "only the answer recorded"),
    // Types.
    value("null", values::null, "null where none is promised"),
    swap("int-to-text", &[Int], JsonType::Text, values::as_text, "320 as \"320\""),
    swap("int-to-empty-text", &[Int], JsonType::Text, |_| json!(""), "a number as \"\""),
    swap("int-to-number", &[Int], Number, |_| json!(1.5), "320 as 1.5"),
    swap("int-to-bool", &[Int], Bool, |_| json!(true), "1 as true"),
    swap("number-to-text", &[Number], JsonType::Text, values::as_text, "69.9 as \"69.9\""),
    swap("number-to-bool", &[Number], Bool, |_| json!(false), "69.9 as false"),
    swap("text-to-int", &[JsonType::Text], Int, |_| json!(320), "text as 320"),
    swap("text-to-number", &[JsonType::Text], Number, |_| json!(69.9), "text as 69.9"),
    swap("text-to-bool", &[JsonType::Text], Bool, |_| json!(false), "text as false, as PHP does for nothing"),
    swap("bool-to-text", &[Bool], JsonType::Text, values::as_text, "true as \"true\""),
    swap("bool-to-letter", &[Bool], JsonType::Text, |_| json!("S"), "true as \"S\""),
    swap("bool-to-int", &[Bool], Int, |value| json!(i64::from(value == &Value::Bool(true))), "true as 1"),
    swap("scalar-to-list", SCALARS, List, |value| json!([value]), "7 as [7]"),
    swap("scalar-to-empty-list", SCALARS, List, |_| json!([]), "nothing as [], as PHP does"),
    swap("scalar-to-object", SCALARS, Object, |value| json!({"id": value}), "7 as {\"id\": 7}"),
    swap("list-to-object", &[List], Object, values::numbered, "[a] as {\"0\": a}, as PHP does"),
    swap("list-to-text", &[List], JsonType::Text, |_| json!("1,2"), "a list as text with commas"),
    swap("list-to-empty-text", &[List], JsonType::Text, |_| json!(""), "[] as \"\""),
    swap("list-to-bool", &[List], Bool, |_| json!(false), "[] as false"),
    swap("object-to-list", &[Object], List, |value| json!([value]), "{} as [{}]"),
    swap("object-to-empty-list", &[Object], List, |_| json!([]), "{} as [], as PHP does"),
    swap("object-to-text", &[Object], JsonType::Text, |value| json!(value.to_string()), "JSON within a text"),
    swap("object-to-empty-text", &[Object], JsonType::Text, |_| json!(""), "{} as \"\""),
    swap("object-to-int", &[Object], Int, |_| json!(7), "the id in the place of the object"),
    row("word-for-scalar", Text(values::word_for_scalar), "a word for a number or a bool"),
    row(
        "empty-for-scalar",
        Text(values::empty_for_scalar),
        "an empty parameter where a number or a bool is promised",
    ),
    // Members.
    value("field-dropped", members::dropped, "a required member away"),
    value("field-renamed", members::renamed, "a member under a new name"),
    value("field-respelled", members::respelled, "a member in capital letters"),
    value("field-added", members::added, "a member that the spec does not know"),
    value("null-field-added", members::null_added, "the same, with null in it"),
    value("object-field-added", members::object_added, "the same, with an object in it"),
    value("field-twice", members::twice, "a member twice, alike"),
    value("field-twice-unlike", members::twice_unlike, "a member twice, the second is null"),
    value("entry-twice", members::entry_twice, "an entry of a map twice"),
    // Formats and bounds.
    row("enum-value", Text(values::unknown_value), "a value outside the enum"),
    value("enum-case", values::another_spelling, "a value of the enum in the other case of letters"),
    row("another-date", Text(values::another_date), "a date in another of our forms"),
    row("impossible-date", Text(values::impossible_date), "the 31st of February, hour 25"),
    row("no-such-format", Text(values::not_of_format), "a text that has not the format"),
    value("empty-for-format", values::empty_for_format, "\"\" where a format is promised"),
    row("other-decimal", Text(values::other_decimal), "1.234,56 for a decimal"),
    row("number-out-of-format", Text(values::number_out_of_format), "a number that has not the format"),
    row("beyond-64-bits", Text(values::beyond_64_bits), "an int that 64 bits do not hold"),
    row("pattern", Text(limits::pattern), "a text that breaks the pattern"),
    row("minimum", Text(limits::minimum), "a number below the least"),
    row("maximum", Text(limits::maximum), "a number above the most"),
    row("multiple-of", Text(limits::multiple_of), "a number between two steps"),
    row("min-length", Text(limits::min_length), "a text that is too short"),
    row("max-length", Text(limits::max_length), "a text that is too long"),
    value("min-items", limits::min_items, "too few items"),
    value("max-items", limits::max_items, "too many items"),
    value("list-not-empty", limits::list_not_empty, "[7] where a list stands for no object"),
    value("unique-items", limits::unique_items, "an item twice"),
    value("min-properties", limits::min_properties, "too few members"),
    value("max-properties", limits::max_properties, "too many members"),
    value("not", limits::not, "what must not be there"),
    value("two-branches", members::two_branches, "the members of two branches, where one may fit"),
    value("half-a-pair", values::half_a_pair, "an escape without its half"),
    value("replacement-character", values::replacement_character, "U+FFFD in a text"),
    // Responses.
    row("status", Exchange(answers::status), "a status that is not promised"),
    row("content-type", Exchange(answers::content_type), "another media type around the same body"),
    row("html", Exchange(answers::html), "a web page, and says so"),
    row("html-as-promised", Exchange(answers::html_as_promised), "a web page under the promised type"),
    row("truncated", Exchange(answers::truncated), "the body cut in the middle"),
    row("empty", Exchange(answers::empty), "no byte in the body"),
    row("mark-before", Exchange(answers::mark_before), "a byte order mark before the body"),
    row("warning-before", Exchange(answers::warning_before), "a warning of PHP before the body"),
    row("text-behind", Exchange(answers::text_behind), "something behind the body"),
    row("single-quotes", Exchange(answers::single_quotes), "the body as no JSON is written"),
    row("latin-1", Exchange(codings::latin_1), "the body in Latin-1"),
    row("cut-while-coded", Exchange(codings::cut_while_coded), "half of the gzip, half of the chunks"),
    row("not-coded", Exchange(codings::not_coded), "the body bare, and said to be gzip"),
    row("too-deep", Exchange(answers::too_deep), "a body nested 200 levels deep"),
    row("tag-flipped", Exchange(envelopes::flipped), "the tag of the other case"),
    row(
        "members-of-the-other",
        Exchange(envelopes::members_of_the_other),
        "the tag of one case, all of the other",
    ),
    row(
        "success-with-failing-status",
        Exchange(envelopes::failing_status),
        "a success with a failing status",
    ),
    row("header-dropped", Exchange(headers::dropped), "a required header of the answer away"),
    row("page-overfull", Exchange(pages::overfull), "more items than a page has"),
    row("page-of-another", Exchange(pages::another_page), "the number of another page than was asked for"),
    row("total-too-small", Exchange(pages::total_too_small), "fewer items in all than up to this page"),
    row("last-page-off", Exchange(pages::another_last), "another last page than total and size give"),
    row("next-page-off", Exchange(pages::another_next), "a next page behind the last, or none before it"),
    // Requests.
    row("method", Exchange(requests::method), "another method"),
    row("path", Exchange(requests::path), "another path"),
    row("no-operation", Exchange(requests::no_operation), "a request of no operation"),
    row("query-added", Exchange(requests::query_added), "a query parameter that the spec does not know"),
    row("parameter-dropped", Exchange(requests::parameter_dropped), "a required parameter away"),
    row("cookie-dropped", Exchange(headers::cookie_dropped), "a required cookie away"),
    row("json-parameter-retyped", Exchange(content::retyped), "another kind in a parameter that is JSON"),
    row("json-parameter-member-added", Exchange(content::member_added), "an unknown member in it"),
    row("json-parameter-member-dropped", Exchange(content::member_dropped), "a required member away"),
    row("parameter-twice", Exchange(requests::parameter_twice), "a single parameter twice"),
    row("request-type", Exchange(requests::content_type), "another media type of the request"),
    row("request-body-dropped", Exchange(requests::body_dropped), "no body where one is required"),
    row("part-added", Exchange(requests::part_added), "a part that the form does not know"),
    row("part-dropped", Exchange(requests::part_dropped), "a required part away"),
    row("part-twice", Exchange(requests::part_twice), "a single part twice"),
    row("item-with-key", Exchange(requests::item_with_key), "an item of a list with a name for its position"),
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
            answers.chain(requests).flat_map(|(base, site)| of_place(base, site, change(site))).collect()
        };
        let mut mutants: Vec<Mutant> = match self.apply {
            Apply::Retype { from, to, put } => all(&|site| kind(site, from, to, put), false),
            Apply::Value(change) => all(&change, false),
            Apply::Text(change) => all(&change, true),
            Apply::Exchange(mutate) => mutate(subject),
        };
        // A change within its own promise may still contradict the other numbers of a page.
        mutants
            .retain(|mutant| !mutant.expected.is_empty() || !pages::speaks_of_pages(subject, &mutant.place));
        mutants
    }
}

/// Holds the sites of one subject, response and request apart.
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
        Mutant::new(name, &with(base, &site.slot, change.value), change.expected)
    };
    changes.into_iter().map(mutant).collect()
}
