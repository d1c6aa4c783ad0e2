//! A whole list to the page of it that was asked for, and what is told of the page.

use prumo_drift::contract::{PageSize, Paging};

use crate::arguments::Arguments;
use crate::fact::{Fact, Facts};
use crate::refusal::Refusal;
use crate::vendor::Behind;

/// How many items a page has where neither the request nor the spec says it.
const DEFAULT_SIZE: u64 = 50;

/// Leaves of the list in `facts` one page, and tells where it stands among all.
///
/// * `size`: how many items a page has in place of the spec's number.
///
/// # Errors
///
/// The page is behind the last, and the vendor refuses that.
pub(crate) fn cut(
    facts: &mut Facts,
    paging: &Paging,
    arguments: &Arguments,
    size: Option<u64>,
    behind: Behind,
) -> Result<(), Refusal> {
    let steps: Vec<&str> = paging.items.split('/').skip(1).collect();
    let Some(items) = list_at(facts, &steps) else { return Ok(()) };
    let asked = |pointer: &str| {
        let number = arguments.number(pointer.rsplit('/').next().unwrap_or_default());
        number.and_then(|number| u64::try_from(number).ok())
    };
    let size = match &paging.size {
        PageSize::Asked(pointer) => asked(pointer).or(size).unwrap_or(DEFAULT_SIZE),
        PageSize::Fixed(fixed) => size.unwrap_or(*fixed),
        PageSize::Unsaid => size.unwrap_or(DEFAULT_SIZE),
    };
    let size = size.max(1);
    let number = paging.page.as_deref().and_then(asked).unwrap_or(paging.first).max(paging.first);
    let page = Page { first: paging.first, number, size, n_items: items.len() as u64 };
    if page.number > page.last() && behind == Behind::Refused {
        return Err(Refusal::NoSuchPage);
    }
    let start = usize::try_from(page.n_before()).unwrap_or(usize::MAX).min(items.len());
    let end = start.saturating_add(usize::try_from(size).unwrap_or(usize::MAX)).min(items.len());
    *items = items.drain(start..end).collect();
    page.tell(facts, paging, &steps);
    Ok(())
}

/// Where a page stands among all.
struct Page {
    first: u64,
    number: u64,
    size: u64,
    n_items: u64,
}

impl Page {
    fn last(&self) -> u64 {
        self.first + self.n_items.div_ceil(self.size).max(1) - 1
    }

    /// How many items stand before it.
    fn n_before(&self) -> u64 {
        (self.number - self.first).saturating_mul(self.size)
    }

    /// What the vendors tell of a page, by the name that they have for it.
    fn told(&self) -> [(&'static str, Option<u64>); 15] {
        let next = (self.number < self.last()).then_some(self.number + 1);
        let previous = (self.number > self.first).then(|| self.number - 1);
        let is_behind = self.n_before() >= self.n_items;
        let from = (!is_behind).then(|| self.n_before() + 1);
        let to = (!is_behind).then(|| self.n_before().saturating_add(self.size).min(self.n_items));
        [
            ("total_itens", Some(self.n_items)),
            ("size", Some(self.n_items)),
            ("pages", Some(self.last())),
            ("next_page", next),
            ("previous_page", previous),
            ("primeira_pagina", Some(self.first)),
            ("ultima_pagina", Some(self.last())),
            ("pagina_atual", Some(self.number)),
            ("total_registros", Some(self.n_items)),
            ("current_page", Some(self.number)),
            ("last_page", Some(self.last())),
            ("per_page", Some(self.size)),
            ("total", Some(self.n_items)),
            ("from", from),
            ("to", to),
        ]
    }

    /// Sets it beside the list, and in `paginacao`, which HubSoft has for it.
    fn tell(&self, facts: &mut Facts, paging: &Paging, steps: &[&str]) {
        let is_promised = |name: &str| {
            let members = [&paging.total, &paging.current, &paging.last, &paging.next];
            members.into_iter().flatten().any(|pointer| pointer.starts_with(&format!("/{name}/")))
        };
        let told = |facts: &mut Facts| {
            for (name, number) in self.told() {
                facts.set(name, number);
            }
        };
        match steps {
            [around, _] => {
                if let Some(Fact::Own(around)) = facts.get_mut(around) {
                    told(around);
                }
            }
            _ if is_promised("paginacao") => {
                let mut around = Facts::new();
                told(&mut around);
                facts.set("paginacao", around);
            }
            _ => told(facts),
        }
    }
}

/// The list at these steps, of which all but the last lead to facts within facts.
fn list_at<'f>(facts: &'f mut Facts, steps: &[&str]) -> Option<&'f mut Vec<Fact>> {
    let (last, way) = steps.split_last()?;
    let mut around = facts;
    for step in way {
        around = match around.get_mut(step)? {
            Fact::Own(facts) => facts,
            _ => return None,
        };
    }
    match around.get_mut(last)? {
        Fact::List(items) => Some(items),
        _ => None,
    }
}
