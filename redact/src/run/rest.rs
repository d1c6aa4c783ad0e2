//! Redacts what neither a mark nor a name made personal: by form, and by what is known already.

use super::super::fake::{DOCUMENTS, is_boleto, is_card, is_mark};
use super::super::json::{Json, Token};
use super::super::search::{Place, Search};
use super::super::spec::Nodes;
use super::super::view::View;
use super::super::{Sensitive, cues, detect, names, people};
use super::value::is_json_text;
use super::{Around, Run};

impl Run<'_> {
    /// Remembers persons that texts name, so that they are found wherever they are named again.
    pub(super) fn gather(&mut self, value: &Json<'_>) {
        match value {
            Json::Text(token) => self.gather_text(token),
            Json::List(items) => items.iter().for_each(|item| self.gather(item)),
            Json::Object(members) => {
                for (name, member) in members {
                    self.gather_text(name);
                    self.gather(member);
                }
            }
            Json::Word(_) | Json::Number(_) => {}
        }
    }

    fn gather_text(&mut self, token: &Token<'_>) {
        // A free text that was replaced still names its persons.
        let view = View::of(&token.text);
        let text = view.text();
        if text.len() < 6 || is_mark(text) {
            return;
        }
        for at in people::found(text) {
            let name = text.get(at).unwrap_or_default();
            if name.contains(' ') {
                self.known.add(Sensitive::Name, name, &self.faker.fake(&[Sensitive::Name], name));
            }
        }
        for (at, kind) in cues::found(text) {
            let part = text.get(at).unwrap_or_default();
            match kind {
                Sensitive::Secret if part.len() >= 6 => self.secrets.add(part),
                Sensitive::Name if part.contains(' ') => {
                    self.known.add(kind, part, &self.faker.fake(&[kind], part));
                }
                Sensitive::BirthDate => self.known.add(kind, part, &self.faker.fake(&[kind], part)),
                _ => {}
            }
        }
    }

    /// Redacts everything that is open yet, by form and by known values.
    pub(super) fn searched(&mut self, value: &mut Json<'_>, search: &Search<'_>, place: Place) {
        match value {
            Json::Text(token) => self.search_text(token, search, place),
            Json::Number(token) => self.search_number(token, search, place),
            Json::List(items) => {
                items.iter_mut().for_each(|item| self.searched(item, search, place));
            }
            Json::Object(members) => {
                for (name, member) in members.iter_mut() {
                    let place = if names::is_id(&name.text) { Place::Id } else { Place::Value };
                    self.searched(member, search, place);
                    self.search_name(name, search);
                }
                apart(members);
            }
            Json::Word(_) => {}
        }
    }

    fn search_name(&mut self, name: &mut Token<'_>, search: &Search<'_>) {
        if !name.is_open() {
            return;
        }
        if let Some(new) = search.text(&name.text, Place::Name, &mut self.counts) {
            name.replace(new);
        }
    }

    fn search_text(&mut self, token: &mut Token<'_>, search: &Search<'_>, place: Place) {
        if !token.is_open() {
            return;
        }
        let inner =
            Some(&token.text).filter(|text| is_json_text(text)).and_then(|text| Json::parse(text));
        if let Some(mut inner) = inner {
            self.value(&mut inner, &Nodes::default(), Around { is_top: false, ..Around::top() });
            self.searched(&mut inner, search, place);
            let written = inner.written(&token.text);
            token.replace(written);
            return;
        }
        if let Some(new) = search.text(&token.text, place, &mut self.counts) {
            token.replace(new);
        }
    }

    fn search_number(&mut self, token: &mut Token<'_>, search: &Search<'_>, place: Place) {
        if !token.is_open() {
            return;
        }
        let text = token.text.to_string();
        if !search.secrets.found(&text).is_empty() {
            self.counts.count(Sensitive::Secret);
            token.replace(self.faker.fake_number(&[Sensitive::Secret], &text));
            return;
        }
        let known = search
            .known
            .number(&text)
            .filter(|(_, fake)| fake.len() == text.len() && !fake.starts_with('0'));
        let (kind, fake) = match known {
            Some((kind, fake)) => (*kind, fake.clone()),
            None => match self.kind_of_number(&text, place) {
                Some(kind) => (kind, self.faker.fake_number(&[kind], &text)),
                None => return,
            },
        };
        self.counts.count(kind);
        token.replace(fake);
    }

    /// Returns the kind of a number that can only be personal.
    fn kind_of_number(&self, digits: &str, place: Place) -> Option<Sensitive> {
        let fits =
            |kind: Sensitive| DOCUMENTS.iter().any(|row| row.kind == kind && row.fits(digits));
        let is_phone =
            || place == Place::Value && digits.len() == 11 && !detect::found(digits).is_empty();
        match digits.len() {
            11 if fits(Sensitive::Cpf) => Some(Sensitive::Cpf),
            14 if fits(Sensitive::Cnpj) && !detect::found(digits).is_empty() => {
                Some(Sensitive::Cnpj)
            }
            15 | 16 if is_card(digits) && place == Place::Value => Some(Sensitive::Payment),
            44.. if is_boleto(digits) => Some(Sensitive::Payment),
            11 if is_phone() => Some(Sensitive::Phone),
            _ => None,
        }
    }
}

/// Keeps names of members apart that became one.
fn apart(members: &mut [(Token<'_>, Json<'_>)]) {
    for index in 1..members.len() {
        let (before, rest) = members.split_at_mut(index);
        let Some((name, _)) = rest.first_mut() else {
            continue;
        };
        let is_taken = |name: &Token<'_>| {
            before.iter().any(|(other, _)| other.now() == name.now() && other.text != name.text)
        };
        for number in 2..1000 {
            if !is_taken(name) {
                break;
            }
            let next = format!("{} {number}", name.now());
            name.replace(next);
        }
    }
}
