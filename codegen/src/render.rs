//! Renders a prepared draft as the syntax tree of progenitor's client.
//!
//! Invariants:
//!
//! * Code that the emitters write anew is left out.
//! * A panic of progenitor or typify becomes an error with the panic's message: it is a gap in the
//!   lint that should be reported.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle, TypeImpl};
use quote::quote;

use super::prepare::{self, Draft};

/// The panic hook is global to the process, and tests run on many threads.
static QUIET: Mutex<()> = Mutex::new(());

/// Returns progenitor's client for `draft`, or the reason why it makes none.
pub(crate) fn render(draft: &Draft) -> Result<syn::File, String> {
    let document = prepare::openapi(draft)
        .map_err(|error| format!("the prepared document is not OpenAPI 3.0: {error}"))?;
    let settings = settings(draft);
    let tokens = quietly(|| Generator::new(&settings).generate_tokens(&document))
        .map_err(|message| format!("progenitor panicked: {message}"))?
        .map_err(|error| format!("progenitor refuses the prepared document: {error}"))?;
    syn::parse2(prepare::unmarked(without_what_is_emitted(tokens)))
        .map_err(|error| format!("progenitor's output is not Rust: {error}"))
}

fn settings(draft: &Draft) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(::prumo_runtime::Inner))
        .with_map_type("::std::collections::BTreeMap");
    let text = [TypeImpl::Display, TypeImpl::FromStr];
    for scalar in prepare::scalars() {
        let name = prepare::stand_in(scalar.rust);
        settings.with_replacement(
            name,
            format!("::prumo_runtime::{}", scalar.rust),
            text.iter().cloned(),
        );
    }
    settings.with_replacement(
        prepare::stand_in("FilePart"),
        "::prumo_runtime::FilePart",
        [].into_iter(),
    );
    for (name, rust) in &draft.empty_ors {
        settings.with_replacement(name, rust, [].into_iter());
    }
    for one in &draft.enums {
        settings.with_replacement(
            &one.name,
            format!("crate::enums::{}", one.name),
            text.iter().cloned(),
        );
    }
    settings
}

/// Removes the code that the emitters write anew before it is parsed, since that is most of it: the
/// client's methods, the function bodies of its builders, and `types::builder`.
fn without_what_is_emitted(tokens: TokenStream) -> TokenStream {
    let mut before: [Option<String>; 2] = [None, None];
    let kept = tokens.into_iter().map(|token| {
        let words = [before[0].as_deref(), before[1].as_deref()];
        let token = match (token, words) {
            (TokenTree::Group(group), [Some("mod"), Some("types")]) => {
                changed(&group, |body| without_module(body, "builder"))
            }
            (TokenTree::Group(group), [Some("mod"), Some("builder")]) => {
                changed(&group, without_bodies)
            }
            (TokenTree::Group(group), [Some("impl"), Some("Client")]) => {
                changed(&group, |_| TokenStream::new())
            }
            (other, _) => other,
        };
        let [_, last] = std::mem::take(&mut before);
        before = [last, word(&token)];
        token
    });
    kept.collect()
}

/// Returns `group` with another body.
fn changed(group: &Group, change: impl FnOnce(TokenStream) -> TokenStream) -> TokenTree {
    TokenTree::Group(Group::new(group.delimiter(), change(group.stream())))
}

/// Empties the functions of all `impl`s.
fn without_bodies(tokens: TokenStream) -> TokenStream {
    let is_braced = |group: &Group| group.delimiter() == Delimiter::Brace;
    let emptied = |body: TokenStream| -> TokenStream {
        let each = body.into_iter().map(|token| match token {
            TokenTree::Group(group) if is_braced(&group) => changed(&group, |_| TokenStream::new()),
            other => other,
        });
        each.collect()
    };
    let mut is_impl = false;
    let kept = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) if is_impl && is_braced(&group) => changed(&group, emptied),
        other => {
            match word(&other).as_deref() {
                Some("impl") => is_impl = true,
                Some("struct" | "mod") => is_impl = false,
                _ => {}
            }
            other
        }
    });
    kept.collect()
}

/// Removes `pub mod name { … }` with its documentation.
fn without_module(tokens: TokenStream, name: &str) -> TokenStream {
    let mut kept: Vec<TokenTree> = Vec::new();
    for token in tokens {
        let last = kept.len().saturating_sub(2);
        let before: Vec<Option<String>> = kept[last..].iter().map(word).collect();
        if let (TokenTree::Group(_), [first, second]) = (&token, before.as_slice())
            && first.as_deref() == Some("mod")
            && second.as_deref() == Some(name)
        {
            kept.truncate(kept.len() - 2);
            without_visibility_and_attributes(&mut kept);
        } else {
            kept.push(token);
        }
    }
    kept.into_iter().collect()
}

/// Removes `pub` and the attributes from the end of `kept`.
fn without_visibility_and_attributes(kept: &mut Vec<TokenTree>) {
    if kept.last().and_then(word).is_some_and(|word| word == "pub") {
        kept.pop();
    }
    while let [.., TokenTree::Punct(sign), TokenTree::Group(group)] = kept.as_slice()
        && sign.as_char() == '#'
        && group.delimiter() == Delimiter::Bracket
    {
        kept.truncate(kept.len() - 2);
    }
}

fn word(token: &TokenTree) -> Option<String> {
    match token {
        TokenTree::Ident(ident) => Some(ident.to_string()),
        _ => None,
    }
}

/// Runs `work`, and returns a panic as its message without printing it.
fn quietly<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let _guard = QUIET.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let result = catch_unwind(AssertUnwindSafe(work));
    std::panic::set_hook(hook);
    result.map_err(|payload| {
        let text = payload.downcast_ref::<String>().cloned();
        text.or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned()))
            .unwrap_or_else(|| "no message".to_owned())
    })
}
