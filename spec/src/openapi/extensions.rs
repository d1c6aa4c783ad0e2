//! Extensions of the house other than envelope and paging, each as a small value.

use serde_json::{Map, Value};

use super::{Node, SpecError};

/// The most requests in a period (`x-rate-limit`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// The most requests.
    pub requests: u64,
    /// The period in seconds.
    pub seconds: u64,
}

impl RateLimit {
    /// Reads the limit of an object.
    pub(super) fn read(holder: &Node<'_>) -> Option<Self> {
        let limit = holder.get("x-rate-limit")?;
        let number = |name: &str| limit.get(name).and_then(Value::as_u64);
        Some(Self { requests: number("requests")?, seconds: number("seconds")? })
    }
}

/// Where a fact was learned (`x-source`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// A page of the vendor's docs.
    pub page: Option<String>,
    /// Other evidence.
    pub evidence: Option<String>,
    /// The day, as `YYYY-MM-DD`.
    pub date: Option<String>,
}

impl Source {
    /// Reads one source, or a list of them.
    pub fn read_all(value: &Value) -> Vec<Self> {
        let all: Vec<&Value> = match value {
            Value::Array(all) => all.iter().collect(),
            one => vec![one],
        };
        let read = |one: &Value| {
            let text = |name: &str| one.get(name).and_then(Value::as_str).map(str::to_owned);
            Self { page: text("page"), evidence: text("evidence"), date: text("date") }
        };
        all.into_iter().map(read).collect()
    }

    /// Returns the page, or else the evidence.
    pub fn place(&self) -> Option<&str> {
        self.page.as_deref().or(self.evidence.as_deref())
    }
}

/// How the vendor signs a call (`x-signature`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signature {
    /// The header that carries it.
    pub header: Option<String>,
    /// The text before the signature in the header.
    pub prefix: String,
    /// One of [`Signature::ALGORITHMS`].
    pub algorithm: String,
    /// The signed content: one of [`Signature::SUBJECTS`].
    pub over: String,
    /// The encoding of the signature: one of [`Signature::ENCODINGS`].
    pub encoding: String,
}

impl Signature {
    /// The values of `algorithm`.
    pub const ALGORITHMS: [&str; 2] = ["hmac-sha1", "hmac-sha256"];
    /// The values of `over`.
    pub const SUBJECTS: [&str; 2] = ["body", "base64-of-body"];
    /// The values of `encoding`.
    pub const ENCODINGS: [&str; 2] = ["hex", "base64"];

    pub(super) fn read(node: &Node<'_>) -> Result<Self, SpecError> {
        node.members("a mapping")?;
        let text = |name: &str| node.words(name).to_owned();
        Ok(Self {
            header: node.text("header")?.map(str::to_owned),
            prefix: text("prefix"),
            algorithm: text("algorithm"),
            over: text("over"),
            encoding: text("encoding"),
        })
    }
}

/// How a probe may call an operation (`x-probe`).
#[derive(Clone, Debug)]
pub struct Probe<'d> {
    /// Whether a call has no effect.
    pub is_safe: bool,
    /// Values of parameters and of fields of the body, by name.
    pub parameters: Option<&'d Map<String, Value>>,
    /// Parameters and fields whose values come from the responses of other operations.
    pub from: Vec<ProbeSource<'d>>,
    /// Why the operation is not called, if it is not.
    pub reason: Option<&'d str>,
}

/// Where a probe finds the value of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProbeSource<'d> {
    /// The name of the parameter, or of a field of the body.
    pub name: &'d str,
    /// The operation that is called before.
    pub operation: &'d str,
    /// The place of the value in its response: a JSON Pointer, in which `*` is any item of a list.
    pub at: &'d str,
}

impl<'d> Probe<'d> {
    pub(super) fn read(node: &Node<'d>) -> Self {
        let text = |node: &Node<'d>, name: &str| node.get(name).and_then(Value::as_str);
        let source = |(name, node): (&'d str, Node<'d>)| ProbeSource {
            name,
            operation: text(&node, "operation").unwrap_or_default(),
            at: text(&node, "at").unwrap_or_default(),
        };
        Self {
            is_safe: node.is_marked("safe"),
            parameters: node.get("parameters").and_then(Value::as_object),
            from: node.child("from").iter().flat_map(Node::named_children).map(source).collect(),
            reason: text(node, "reason"),
        }
    }
}

/// The kind of personal data in a value (`x-pii`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pii {
    /// A person's tax number, or a company's in fields that take both.
    Cpf,
    /// A company's tax number, or a person's in fields that take both.
    Cnpj,
    /// A name of a person or company.
    Name,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// A street, a district, a postal code, coordinates.
    Address,
    /// Text that a person wrote.
    FreeText,
    /// A date of birth.
    BirthDate,
    /// Another document: RG, CNH, PIS, voter title, plate.
    Document,
    /// An IP or MAC address, a serial of equipment, the user name of a connection.
    Network,
    /// A card, a boleto, a Pix key or code, a bank account.
    Payment,
}

impl Pii {
    /// The spec's word for each.
    pub const WORDS: [(&str, Self); 11] = [
        ("cpf", Self::Cpf),
        ("cnpj", Self::Cnpj),
        ("name", Self::Name),
        ("email", Self::Email),
        ("phone", Self::Phone),
        ("address", Self::Address),
        ("free-text", Self::FreeText),
        ("birth-date", Self::BirthDate),
        ("document", Self::Document),
        ("network", Self::Network),
        ("payment", Self::Payment),
    ];

    /// Reads one word or a list of words; the lint finds unknown ones.
    pub(super) fn read(node: &Node<'_>) -> Vec<Self> {
        known(node, "x-pii", &Self::WORDS)
    }

    /// Returns whether the list of kinds is written and empty.
    pub(super) fn is_excluded(node: &Node<'_>) -> bool {
        node.get("x-pii").and_then(Value::as_array).is_some_and(Vec::is_empty)
    }

    /// Returns the kind that a word names.
    pub fn named(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, pii)| *pii)
    }
}

/// The evidence for a statement of the spec (`x-evidence`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// The vendor's docs state it.
    Documented,
    /// It was seen on the wire.
    Observed,
    /// It follows from other evidence.
    Inferred,
}

impl Evidence {
    /// The spec's word for each.
    pub const WORDS: [(&str, Self); 3] = [
        ("documented", Self::Documented),
        ("observed", Self::Observed),
        ("inferred", Self::Inferred),
    ];

    pub(super) fn read(node: &Node<'_>) -> Vec<Self> {
        known(node, "x-evidence", &Self::WORDS)
    }
}

/// Returns the texts of a value: itself, or the items of a list.
pub(super) fn texts(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn known<T: Copy>(node: &Node<'_>, name: &str, words: &[(&str, T)]) -> Vec<T> {
    let meaning =
        |text: &str| words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
    texts(node.get(name)).into_iter().filter_map(meaning).collect()
}
