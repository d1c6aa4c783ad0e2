//! Names the kinds of values that are replaced, and counts them.

use std::collections::BTreeMap;

use prumo_spec::openapi::Pii;

/// A kind of personal or secret value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Sensitive {
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
    /// A password, token or key.
    Secret,
    /// A date of birth.
    BirthDate,
    /// Another document: RG, CNH, PIS, CNS, voter title, RENAVAM, plate, lawsuit.
    Document,
    /// An IP or MAC address, a serial of equipment, the user name of a connection.
    Network,
    /// A card, a boleto, a Pix key or code, a bank account.
    Payment,
}

impl Sensitive {
    /// Returns the kind that an `x-pii` value names.
    pub fn parse(name: &str) -> Option<Self> {
        Pii::named(name).map(Self::from)
    }

    /// Returns the word for the kind: the one of `x-pii`, or `secret`.
    pub fn name(self) -> &'static str {
        let marked = Pii::WORDS.into_iter().find(|(_, pii)| Self::from(*pii) == self);
        // A secret has a mark of its own, `x-secret`.
        marked.map_or("secret", |(word, _)| word)
    }
}

impl From<Pii> for Sensitive {
    fn from(pii: Pii) -> Self {
        match pii {
            Pii::Cpf => Self::Cpf,
            Pii::Cnpj => Self::Cnpj,
            Pii::Name => Self::Name,
            Pii::Email => Self::Email,
            Pii::Phone => Self::Phone,
            Pii::Address => Self::Address,
            Pii::FreeText => Self::FreeText,
            Pii::BirthDate => Self::BirthDate,
            Pii::Document => Self::Document,
            Pii::Network => Self::Network,
            Pii::Payment => Self::Payment,
        }
    }
}

/// Counts the replaced values of each kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<Sensitive, u64>);

impl Counts {
    pub(crate) fn count(&mut self, kind: Sensitive) {
        *self.0.entry(kind).or_default() += 1;
    }

    /// Adds the counts of another exchange.
    pub fn add(&mut self, other: &Self) {
        for (kind, n) in &other.0 {
            *self.0.entry(*kind).or_default() += n;
        }
    }

    /// Returns each kind that was replaced, and how often.
    pub fn iter(&self) -> impl Iterator<Item = (Sensitive, u64)> + '_ {
        self.0.iter().map(|(kind, n)| (*kind, *n))
    }

    /// Returns the number of replaced values.
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }
}
