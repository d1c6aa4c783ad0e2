//! Turns a text in one of OpenAPI's styles into the JSON of its value.
//!
//! A text that does not follow its style is left unchanged, and so has the wrong kind where a list
//! or an object is promised.

use serde_json::Value;

use crate::contract::Style;
use crate::observe::body::visit::Pass;
use crate::observe::counts::plan::PlanRef;
use prumo_spec::Kind;

/// The way in which a style writes a list or an object into one text.
struct Spelling {
    separators: &'static [char],
    /// Whether members are `name=value`, rather than names and values by turns.
    has_pairs: bool,
}

fn spelling(style: Style) -> Option<Spelling> {
    let (separators, has_pairs): (&[char], bool) = match style {
        Style::Repeated | Style::DeepObject | Style::Exploded | Style::Json => return None,
        Style::Commas => (&[','], false),
        Style::Pairs => (&[','], true),
        Style::Spaces => (&[' '], false),
        Style::Pipes => (&['|'], false),
        // Editions of OpenAPI 3.0 differ in the separator.
        Style::Label => (&['.', ','], false),
        Style::LabelPairs => (&['.'], true),
        Style::Matrix => (&[','], false),
        Style::MatrixPairs => (&[';'], true),
    };
    Some(Spelling { separators, has_pairs })
}

impl Pass<'_> {
    /// Returns the JSON that `text` stands for where `at` is promised, or `None` if the style
    /// leaves the text unchanged.
    pub(crate) fn styled(
        &self,
        at: PlanRef,
        style: Style,
        name: &str,
        text: &str,
    ) -> Option<String> {
        let Spelling { separators, has_pairs } = spelling(style)?;
        let plan = self.plans.get(at);
        let is_object = plan.allows(Kind::Object) && !plan.allows(Kind::Text);
        let quoted = || Some(Value::from(text).to_string());
        let Some(bare) = bare(style, name, text, is_object && !plan.allows(Kind::Array)) else {
            return quoted();
        };
        let parts = || bare.split(separators).map(str::trim);
        if plan.allows(Kind::Array) {
            let repeated = format!("{name}=");
            let is_matrix = style == Style::MatrixPairs;
            let items = parts()
                .map(|part| if is_matrix { part.trim_start_matches(&repeated) } else { part });
            let items: Vec<String> = items.map(|part| self.literal(plan.item, part)).collect();
            return Some(format!("[{}]", items.join(",")));
        }
        if !is_object {
            let is_marked = bare.len() != text.len();
            return is_marked.then(|| self.literal(Some(at), bare));
        }
        let members: Option<Vec<(&str, &str)>> = if has_pairs {
            parts().map(|part| part.split_once('=')).collect()
        } else {
            let parts: Vec<&str> = parts().collect();
            parts.chunks(2).map(|pair| Some((*pair.first()?, *pair.get(1)?))).collect()
        };
        let Some(members) = members else {
            return quoted();
        };
        let written = members.into_iter().map(|(member, value)| {
            format!("{}:{}", Value::from(member), self.literal(self.member(at, member), value))
        });
        Some(format!("{{{}}}", written.collect::<Vec<_>>().join(",")))
    }
}

/// Returns the text without the prefix of its style, or `None` if the prefix is missing.
fn bare<'t>(style: Style, name: &str, text: &'t str, is_object: bool) -> Option<&'t str> {
    match style {
        Style::Label | Style::LabelPairs => text.strip_prefix('.'),
        Style::MatrixPairs if is_object => text.strip_prefix(';'),
        Style::Matrix | Style::MatrixPairs => {
            let behind = text.strip_prefix(';')?.strip_prefix(name)?;
            // An empty value has no `=`.
            if behind.is_empty() { Some(behind) } else { behind.strip_prefix('=') }
        }
        _ => Some(text),
    }
}
