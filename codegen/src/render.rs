//! Turns a prepared draft into the syntax tree of progenitor's client.
//!
//! Invariants:
//!
//! * A panic of progenitor or typify is an error that keeps the panic's message:
//!   it is a hole in the lint, to be reported.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle, TypeImpl};
use quote::quote;

use super::prepare::{self, Draft};

/// The panic hook is one for the process; tests run on many threads.
static QUIET: Mutex<()> = Mutex::new(());

/// progenitor's client for `draft`, as it comes, or why there is none.
pub(crate) fn render(draft: &Draft) -> Result<syn::File, String> {
    let document = prepare::openapi(draft)
        .map_err(|error| format!("the prepared document is not OpenAPI 3.0: {error}"))?;
    let settings = settings(draft);
    let tokens = quietly(|| Generator::new(&settings).generate_tokens(&document))
        .map_err(|message| format!("progenitor panicked: {message}"))?
        .map_err(|error| format!("progenitor refuses the prepared document: {error}"))?;
    syn::parse2(prepare::unmarked(tokens))
        .map_err(|error| format!("progenitor's output is not Rust: {error}"))
}

fn settings(draft: &Draft) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(::progenitor_client::Inner))
        .with_map_type("::std::collections::BTreeMap");
    let text = [TypeImpl::Display, TypeImpl::FromStr];
    for scalar in prepare::scalars() {
        let name = prepare::stand_in(scalar.rust);
        settings.with_replacement(
            name,
            format!("::progenitor_client::{}", scalar.rust),
            text.iter().cloned(),
        );
    }
    settings.with_replacement(prepare::stand_in("FilePart"), "::progenitor_client::FilePart", [].into_iter());
    for (name, rust) in &draft.empty_ors {
        settings.with_replacement(name, rust, [].into_iter());
    }
    for one in &draft.enums {
        settings.with_replacement(&one.name, format!("crate::enums::{}", one.name), text.iter().cloned());
    }
    settings
}

/// Runs `work`; a panic comes back as its message, and nothing is printed.
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
