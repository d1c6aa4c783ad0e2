//! Redacts the values of bodies by the marks of the spec and the names of members.

use super::super::Sensitive;
use super::super::fake::Faker;
use super::super::json::{Json, Token};
use super::super::names;
use super::super::spec::Nodes;
use super::{Around, MAX_DEPTH, Run};

impl Run<'_> {
    /// Redacts one value of a body by marks and names.
    pub(super) fn value(&mut self, value: &mut Json<'_>, nodes: &Nodes<'_>, around: Around<'_>) {
        let mut kinds = nodes.marks();
        if kinds.is_empty() {
            kinds = around.inherited.to_vec();
        }
        match value {
            Json::Object(members) => {
                let label = label(members);
                for (name, member) in members {
                    if nodes.declares(&name.text) {
                        name.settle();
                    }
                    let nodes = nodes.below(&name.text);
                    // The message of an envelope is the vendor's, not free text of a person.
                    let is_envelope =
                        around.is_top && !member.is_container() && names::is_message(&name.text);
                    let name = match &label {
                        _ if is_envelope => "",
                        Some(label) if names::is_value(&name.text) => label,
                        _ => &name.text,
                    };
                    let around =
                        Around { name, inherited: &kinds, is_top: false, depth: around.depth };
                    self.value(member, &nodes, around);
                }
            }
            Json::List(items) => {
                // The name of a list is that of its items, unless the spec takes it away.
                let name = if nodes.is_never_personal() { "" } else { around.name };
                let nodes = nodes.items();
                for item in items {
                    let around = Around { name, inherited: &kinds, is_top: false, ..around };
                    self.value(item, &nodes, around);
                }
            }
            Json::Text(_) | Json::Number(_) => self.leaf(value, nodes, kinds, around),
            Json::Word(_) => {}
        }
    }

    fn leaf(
        &mut self,
        value: &mut Json<'_>,
        nodes: &Nodes<'_>,
        mut kinds: Vec<Sensitive>,
        around: Around<'_>,
    ) {
        if kinds.is_empty() {
            kinds = nodes.implied(around.name);
            let is_free = nodes.is_impersonal() && kinds != [Sensitive::BirthDate];
            if nodes.is_enum() || is_free {
                match value {
                    Json::Text(token) | Json::Number(token) => token.settle(),
                    _ => {}
                }
                return;
            }
            if !names::may_be_personal(around.name, value, &kinds) {
                self.within(value, nodes, around);
                return;
            }
        }
        match value {
            Json::Text(token) => self.replace_text(token, &kinds),
            Json::Number(token) => self.replace(token, &kinds, Faker::fake_number),
            _ => {}
        }
    }

    /// Remembers the persons of JSON that is written in a text; the search replaces them.
    fn within(&mut self, value: &Json<'_>, nodes: &Nodes<'_>, around: Around<'_>) {
        let Some(text) = value.text().filter(|text| around.depth < MAX_DEPTH && is_json_text(text))
        else {
            return;
        };
        if let Some(mut inner) = Json::parse(text) {
            let counts = self.counts.clone();
            self.value(&mut inner, nodes, Around { depth: around.depth + 1, ..around });
            self.counts = counts;
        }
    }

    pub(super) fn replace_text(&mut self, token: &mut Token<'_>, kinds: &[Sensitive]) {
        self.replace(token, kinds, Faker::fake);
    }

    fn replace(
        &mut self,
        token: &mut Token<'_>,
        kinds: &[Sensitive],
        fake: fn(Faker, &[Sensitive], &str) -> String,
    ) {
        if !token.is_open() || token.text.is_empty() {
            return;
        }
        let text = token.text.to_string();
        let fake = fake(self.faker, kinds, &text);
        self.replaced(kinds, &text, &fake);
        token.replace(fake);
    }

    /// Remembers a replaced value.
    fn replaced(&mut self, kinds: &[Sensitive], text: &str, fake: &str) {
        let Some(kind) = kinds.first().copied() else {
            return;
        };
        if text == fake {
            // The words of a fake that stays are its own elsewhere, too.
            self.known.add(kind, text, fake);
            return;
        }
        self.counts.count(kind);
        if kinds.contains(&Sensitive::Secret) {
            self.secrets.add(text);
        } else {
            self.known.add(kind, text, fake);
        }
    }
}

/// Returns the name that one member gives to another: `{"nome": "CPF", "valor": "…"}`.
fn label(members: &mut [(Token<'_>, Json<'_>)]) -> Option<String> {
    let has_value = members.iter().any(|(name, _)| names::is_value(&name.text));
    let naming = members.iter_mut().find(|(name, _)| has_value && names::is_naming(&name.text));
    let token = naming.and_then(|(_, value)| value.text_mut())?;
    // The name of a field is a word or two; anything else may be a person.
    let is_label = !token.text.contains(|c: char| c == '@' || c.is_ascii_digit());
    names::kind(&token.text).filter(|_| is_label)?;
    token.settle();
    Some(token.text.to_string())
}

/// Returns whether a text may be an object or a list of JSON.
pub(super) fn is_json_text(text: &str) -> bool {
    let text = text.trim();
    text.len() > 2 && text.starts_with(['{', '[']) && text.ends_with(['}', ']'])
}
