//! Reports the promised members that no page names, where pages name others beside them.

use super::value::Promise;
use super::{Sheet, Spot};
use crate::rules::Rule;
use crate::shape::Shape;

/// Goes on in the value of a member that some page names.
pub(super) type Deeper<'f, 'c> = &'f dyn Fn(&mut Sheet<'c>, &Spot, &Promise<'c>, &[&Shape]);

/// Reports the members that are in no page's shape, unless `is_named` says that the page has them
/// elsewhere.
pub(super) fn members<'c>(
    sheet: &mut Sheet<'c>,
    spot: &Spot,
    ours: &Promise<'c>,
    pages: &[&Shape],
    is_named: &dyn Fn(&str) -> bool,
    deeper: Deeper<'_, 'c>,
) {
    if pages.iter().all(|page| page.fields.is_empty()) {
        return;
    }
    for (name, is_required) in ours.fields() {
        let spot = spot.below(name);
        let inner: Vec<&Shape> =
            pages.iter().filter_map(|page| page.fields.get(name).map(|one| &*one.shape)).collect();
        if !inner.is_empty() {
            deeper(sheet, &spot, &ours.below(sheet.promised, name), &inner);
        } else if is_named(name) {
            continue;
        } else if is_required {
            sheet.finding(&spot, Rule::FieldMissing, "required", "on no page", None);
        } else {
            sheet.gap(&spot, Rule::FieldMissing, "optional", "on no page", None);
        }
    }
}
