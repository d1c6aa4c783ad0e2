//! Compares a response's statements about its pages with its items and with the request.
//!
//! The body is scanned once more along a few pointers, but only for operations with `x-paging`.
//!
//! Invariants:
//!
//! * The pages of a response that leaves its shape are not compared, and only the first
//!   contradiction is reported, since others may follow from it.
//! * Values that were not recorded, or that leave the spec themselves, contradict no others.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::observed::ObservedContract;
use super::request::{query_of, texts};
use super::route::Matched;
use crate::contract::{self, Contradiction, Media, PageSize, Paging};
use crate::exchange::Request;
use crate::observe::Origin;
use crate::shape::Scalar;

/// The page that was requested.
#[derive(Clone, Copy, Debug, Default)]
struct Asked {
    page: Option<u64>,
    size: Option<u64>,
}

/// A response's statements about its pages.
#[derive(Clone, Copy, Debug, Default)]
struct Said {
    n_items: Option<u64>,
    total: Option<u64>,
    current: Option<u64>,
    last: Option<u64>,
    /// `Some(None)` if there is no next page.
    next: Option<Option<u64>>,
}

impl ObservedContract<'_> {
    /// Records the first contradiction in the pages of a good response.
    pub(crate) fn pages(
        &mut self,
        (id, status, media): (usize, u16, &str),
        promised: &contract::Operation,
        text: &str,
        (matched, request): (&Matched<'_>, &Request<'_>),
        origin: &Origin<'_>,
    ) {
        let Some(paging) = promised.paging.as_deref().filter(|_| (200..300).contains(&status))
        else {
            return;
        };
        let promise = promised.response(status).and_then(|body| body.media.get(media));
        let tag = promise.and_then(Media::tagged).and_then(|all| all.tag.as_deref());
        let tag = tag.map(|tag| prumo_spec::document::below("", tag));
        let places = [
            Some(&paging.items),
            paging.total.as_ref(),
            paging.current.as_ref(),
            paging.last.as_ref(),
            paging.next.as_ref(),
            tag.as_ref(),
        ];
        let Some([items, total, current, last, next, tag]) = found(places, text) else {
            return;
        };
        let said = Said {
            n_items: items.length(),
            total: total.number(),
            current: current.number(),
            last: last.number(),
            next: next.number_or_none(),
        };
        let asked = self.asked(id, promised, paging, (matched, request));
        let Some(how) = contradiction(paging, asked, said) else {
            return;
        };
        let case = promise.and_then(Media::tagged).and_then(|all| {
            let is_case = |branch: &&crate::shape::Branch| tag.is_one_of(&branch.values);
            all.branches.iter().find(|(_, branch)| is_case(branch)).map(|(name, _)| name.clone())
        });
        let pointer = match how {
            Contradiction::Page => paging.current.as_ref(),
            Contradiction::Total => paging.total.as_ref(),
            Contradiction::Last => paging.last.as_ref(),
            Contradiction::Next => paging.next.as_ref(),
            _ => Some(&paging.items),
        };
        let pointer = pointer.map(String::as_str).unwrap_or_default();
        let contradictions = &mut self.answered_media(id, status, media).contradictions;
        contradictions
            .entry((case.unwrap_or_default(), how))
            .or_default()
            .tally
            .see(origin.place(), pointer);
    }

    /// Returns the requested page, if it was recorded and is as promised; it is unknown how the
    /// vendor understood anything else.
    fn asked(
        &mut self,
        id: usize,
        promised: &contract::Operation,
        paging: &Paging,
        (matched, request): (&Matched<'_>, &Request<'_>),
    ) -> Asked {
        let query = query_of(request);
        let mut number = |pointer: &String| {
            let mut all = promised.parameters.iter().enumerate();
            let (index, (_, parameter)) = all.find(|(_, (known, _))| *known == pointer)?;
            let texts = texts(pointer, parameter, matched, request, &query)?;
            let [(None, text)] = texts.as_slice() else {
                return None;
            };
            whole_number(text)
                .filter(|_| self.is_as_promised(id, (index, pointer), parameter, &texts))
        };
        let page = paging.page.as_ref().and_then(&mut number);
        let size = match &paging.size {
            PageSize::Unsaid => None,
            PageSize::Asked(pointer) => number(pointer),
            PageSize::Fixed(size) => Some(*size),
        };
        Asked { page, size: size.filter(|size| *size > 0) }
    }
}

/// Returns the first contradiction.
fn contradiction(paging: &Paging, asked: Asked, said: Said) -> Option<Contradiction> {
    let n_items = said.n_items?;
    if asked.page.is_some_and(|asked| said.current.is_some_and(|current| current != asked)) {
        return Some(Contradiction::Page);
    }
    if asked.size.is_some_and(|size| n_items > size) {
        return Some(Contradiction::Items);
    }
    let page = asked.page.or(said.current);
    let n_pages_before = page.and_then(|page| page.checked_sub(paging.first));
    if let Some(total) = said.total {
        // The page after the last one is empty, however many pages came before.
        let before = n_pages_before.zip(asked.size).filter(|_| n_items > 0);
        let before = before.map_or(0, |(n_pages, size)| n_pages.saturating_mul(size));
        if before.saturating_add(n_items) > total {
            return Some(Contradiction::Total);
        }
    }
    // Vendors disagree on the last page of an empty list: some name the first page, others none.
    let by_total = said.total.filter(|total| *total > 0).zip(asked.size);
    let last = by_total.map(|(total, size)| paging.first.saturating_add((total - 1) / size));
    if last.is_some_and(|last| said.last.is_some_and(|said| said != last)) {
        return Some(Contradiction::Last);
    }
    let last = last.or(said.last)?;
    let is_off = match said.next? {
        None => page.is_some_and(|page| page < last),
        Some(next) => next > last,
    };
    is_off.then_some(Contradiction::Next)
}

/// Parses a page number, which fits 64 bits with a sign.
fn whole_number(text: &str) -> Option<u64> {
    let number: i64 =
        text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    u64::try_from(number).ok()
}

/// The value at a place in a body.
#[derive(Debug, Default)]
enum Found {
    #[default]
    Nothing,
    List(u64),
    Scalar(Scalar),
    Other,
}

impl Found {
    fn length(&self) -> Option<u64> {
        match self {
            Self::List(length) => Some(*length),
            Self::Nothing | Self::Scalar(_) | Self::Other => None,
        }
    }

    /// Returns a whole number, which may be written as text.
    fn number(&self) -> Option<u64> {
        match self {
            Self::Scalar(Scalar::Int(number)) => u64::try_from(*number).ok(),
            Self::Scalar(Scalar::Text(text)) => whole_number(text),
            Self::Nothing | Self::List(_) | Self::Scalar(_) | Self::Other => None,
        }
    }

    fn number_or_none(&self) -> Option<Option<u64>> {
        match self {
            Self::Scalar(Scalar::Null) => Some(None),
            other => other.number().map(Some),
        }
    }

    fn is_one_of(&self, values: &std::collections::BTreeSet<Scalar>) -> bool {
        matches!(self, Self::Scalar(value) if values.contains(value))
    }
}

/// Returns the values at these places in a JSON text.
fn found<const N: usize>(places: [Option<&String>; N], text: &str) -> Option<[Found; N]> {
    let mut found = [const { Found::Nothing }; N];
    let wanted = places
        .iter()
        .enumerate()
        .filter_map(|(index, place)| Some((index, place.as_deref()?.as_str())));
    let walk = Walk { wanted: wanted.collect(), found: &mut found };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    walk.deserialize(&mut deserializer).ok()?;
    Some(found)
}

/// Follows pointers into a value and skips everything else.
struct Walk<'w, 'f> {
    /// The rest of each pointer.
    wanted: Vec<(usize, &'w str)>,
    found: &'f mut [Found],
}

impl Walk<'_, '_> {
    /// Keeps the current value for the pointers that end here.
    fn keep(self, found: impl Fn() -> Found) {
        for (index, _) in self.wanted.iter().filter(|(_, rest)| rest.is_empty()) {
            if let Some(place) = self.found.get_mut(*index) {
                *place = found();
            }
        }
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.keep(|| Found::Scalar(Scalar::Null));
        Ok(())
    }

    fn visit_bool<E>(self, bool: bool) -> Result<(), E> {
        self.keep(|| Found::Scalar(Scalar::Bool(bool)));
        Ok(())
    }

    fn visit_i64<E>(self, int: i64) -> Result<(), E> {
        self.keep(|| Found::Scalar(Scalar::Int(int)));
        Ok(())
    }

    fn visit_u64<E>(self, int: u64) -> Result<(), E> {
        self.keep(|| {
            i64::try_from(int).map_or(Found::Other, |int| Found::Scalar(Scalar::Int(int)))
        });
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.keep(|| Found::Scalar(Scalar::from_f64(number)));
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.keep(|| Found::Scalar(Scalar::Text(text.to_owned())));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let mut n_items = 0;
        while items.next_element::<IgnoredAny>()?.is_some() {
            n_items += 1;
        }
        self.keep(|| Found::List(n_items));
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(wanted) = members.next_key_seed(Step { wanted: &self.wanted })? {
            match wanted.is_empty() {
                true => drop(members.next_value::<IgnoredAny>()?),
                false => members.next_value_seed(Walk { wanted, found: &mut *self.found })?,
            }
        }
        self.keep(|| Found::Other);
        Ok(())
    }
}

/// The name of a member, and the pointers that lead into its value.
struct Step<'s, 'w> {
    wanted: &'s [(usize, &'w str)],
}

impl<'de, 'w> DeserializeSeed<'de> for Step<'_, 'w> {
    type Value = Vec<(usize, &'w str)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'w> Visitor<'_> for Step<'_, 'w> {
    type Value = Vec<(usize, &'w str)>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a member's name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        let below = |(index, rest): &(usize, &'w str)| {
            let rest = rest.strip_prefix('/')?;
            let end = rest.find('/').unwrap_or(rest.len());
            let (token, rest) = rest.split_at(end);
            (unescaped(token) == name).then_some((*index, rest))
        };
        Ok(self.wanted.iter().filter_map(below).collect())
    }
}

fn unescaped(token: &str) -> Cow<'_, str> {
    match token.contains('~') {
        true => token.replace("~1", "/").replace("~0", "~").into(),
        false => token.into(),
    }
}
