//! Turns the blocks of a page into its operations with their parameters and responses.
//!
//! A page is read from top to bottom. Headings and the sentence before a table or example say what
//! it is about; the operations that the page speaks of at that place get its facts.

use crate::addresses::{self, Operations};
use crate::block::{Block, Item, Table};
use crate::curl;
use crate::draft::Draft;
use crate::facts::{Fault, Told};
use crate::json::{self, Node, Value};
use crate::origin::Origin;
use crate::plain::{folded, is_name, plain};
use crate::prose;
use crate::route;
use crate::statement::{self, Context, Statement};
use crate::words::{Column, ONE_EXAMPLE, REQUEST, RESPONSE};

/// Reads a page whose operations its blocks name.
pub(crate) fn page(blocks: &[Block]) -> (Vec<Draft>, Vec<Fault>) {
    let Operations { drafts, starts } = addresses::operations(blocks);
    let mut reader = Reader::new(drafts);
    for (n, block) in blocks.iter().enumerate() {
        if let Some(active) = starts.get(&n) {
            reader.begin(active);
        }
        reader.block(block);
    }
    (reader.drafts, reader.faults)
}

/// Reads the description of one operation.
pub(crate) fn description(draft: Draft, blocks: &[Block]) -> (Draft, Vec<Fault>) {
    let mut reader = Reader::new(vec![draft]);
    reader.is_description = true;
    for block in blocks {
        reader.block(block);
    }
    (reader.drafts.pop().unwrap_or_default(), reader.faults)
}

/// The subject of a table or example.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Request,
    Response,
}

struct Reader {
    drafts: Vec<Draft>,
    /// The operations that get the facts.
    active: Vec<usize>,
    has_facts: bool,
    is_description: bool,
    faults: Vec<Fault>,
    side: Option<Side>,
    context: Context,
    /// The folded text of the last paragraph, item or heading.
    lead: String,
}

impl Reader {
    fn new(drafts: Vec<Draft>) -> Self {
        Self {
            active: (0..drafts.len()).collect(),
            drafts,
            has_facts: false,
            is_description: false,
            faults: Vec::new(),
            side: None,
            context: Context::default(),
            lead: String::new(),
        }
    }

    /// Makes some operations active; those of an enumeration without facts between are one group.
    fn begin(&mut self, active: &[usize]) {
        if self.has_facts || self.active.len() == self.drafts.len() {
            self.active.clear();
        }
        self.active.extend(active);
        self.active.sort_unstable();
        self.active.dedup();
        self.has_facts = false;
        self.side = None;
        self.context = Context::default();
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { text, .. } => self.heading(text),
            Block::Paragraph { text, .. } => self.paragraph(text),
            Block::Table(table) => self.table(table),
            Block::Entries(entries) => {
                let statements = statement::of_entries(entries, self.context());
                self.state(&statements);
            }
            Block::Items(items) => self.items(items),
            Block::Code { text, origin } => self.code(text, *origin),
        }
    }

    fn heading(&mut self, text: &str) {
        self.lead = folded(text);
        let side = side_of(&self.lead);
        self.side = side.or(self.side);
        self.context.place = statement::place_in(text);
        self.context.required = statement::required_section(text);
    }

    fn paragraph(&mut self, text: &str) {
        self.lead = folded(text);
        // Flattened text has headings as lines of a paragraph.
        text.lines().for_each(|line| self.label(line));
    }

    /// Reads a short line as the heading that it may be.
    fn label(&mut self, line: &str) {
        let folded = folded(line);
        if folded.split_whitespace().count() > 6 || folded.ends_with('.') {
            return;
        }
        let side = side_of(&folded);
        let required = statement::required_section(line);
        let place = statement::place_in(line);
        self.side = side.or(self.side);
        if side.is_some() || required.is_some() || place.is_some() {
            self.context.required = required;
            self.context.place = place;
        }
    }

    /// Returns the last sentence of the lead, which introduces what follows.
    fn last_sentence(&self) -> &str {
        let lead = self.lead.trim_end_matches(['.', ':', ' ']);
        lead.rsplit(['.', '!', '\n']).find(|part| part.trim().len() > 3).unwrap_or(lead)
    }

    fn context(&self) -> Context {
        let is_about_values = self.last_sentence().contains("valor")
            || self.last_sentence().contains("values")
            || self.last_sentence().contains("conter");
        Context { is_about_values, ..self.context }
    }

    fn table(&mut self, table: &Table) {
        let context = self.context();
        let found = statement::columns(table);
        let has_header = found.is_some();
        let Some(columns) = found.or_else(|| self.columns_without_header(table, context)) else {
            return;
        };
        let rows = &table.rows[usize::from(has_header)..];
        let statements = statement::of_table(rows, &columns, context);
        let is_request = |column: &Column| statement::REQUEST_COLUMNS.contains(column);
        if columns.iter().flatten().any(is_request) {
            self.state_request(&statements);
        } else {
            self.state(&statements);
        }
    }

    /// Returns the usual columns if the header is forgotten and the first row is about a known name.
    fn columns_without_header(
        &self,
        table: &Table,
        context: Context,
    ) -> Option<Vec<Option<Column>>> {
        let first = table.rows.first()?;
        let name = plain(first.cells.first()?);
        let is_known = self.active.iter().any(|at| self.drafts[*at].knows_name(&name));
        let third = if context.is_about_values { Column::Default } else { Column::Required };
        let usual = [Column::Name, Column::Description, third];
        (is_known && first.cells.len() == usual.len()).then(|| usual.map(Some).to_vec())
    }

    fn state(&mut self, statements: &[Statement]) {
        let lead = self.last_sentence();
        if ONE_EXAMPLE.iter().any(|words| lead.contains(words)) {
            return;
        }
        let is_response = match (side_of_table(lead), self.side) {
            (Some(side), _) | (None, Some(side)) => side == Side::Response,
            (None, None) => false,
        };
        if !is_response {
            self.state_request(statements);
            return;
        }
        for at in &self.active {
            statements.iter().for_each(|one| self.drafts[*at].response_field(one));
        }
        self.has_facts |= !statements.is_empty();
    }

    fn state_request(&mut self, statements: &[Statement]) {
        for at in &self.active {
            statements.iter().for_each(|one| self.drafts[*at].state(one));
        }
        self.has_facts |= !statements.is_empty();
    }

    fn items(&mut self, items: &[Item]) {
        if !self.values_of_one(items) {
            let statements = statement::of_items(items, self.context());
            // One item with a colon among sentences is no list of parameters.
            if statements.len() * 2 >= items.len() {
                self.state(&statements);
            }
        }
        self.lead = items.last().map(|item| folded(&item.text)).unwrap_or_default();
    }

    /// Reads a list of values below a sentence that names a parameter.
    fn values_of_one(&mut self, items: &[Item]) -> bool {
        let lead = &self.lead;
        if !["valores", "values", "opcoes", "options"].iter().any(|word| lead.contains(word)) {
            return false;
        }
        let values: Vec<Told<String>> = items
            .iter()
            .filter_map(|item| Some(Told { value: prose::listed(&item.text)?, line: item.line }))
            .collect();
        if values.len() < items.len() {
            return false;
        }
        let words: Vec<&str> =
            lead.split(|c: char| !(c.is_alphanumeric() || "_.-".contains(c))).collect();
        let mut is_used = false;
        for at in self.active.clone() {
            let draft = &mut self.drafts[at];
            let name = words.iter().find(|word| is_name(word) && draft.knows_name(word));
            if let Some(name) = name {
                draft.values(name, values.clone());
                is_used = true;
            }
        }
        is_used
    }

    fn code(&mut self, text: &str, origin: Origin) {
        let commands = addresses::commands(text);
        if !commands.is_empty() {
            for (at, command) in commands {
                self.command(&command, origin.below(at));
            }
            return;
        }
        let reading = json::read(text, origin);
        let roots: Vec<Node> = reading.roots.into_iter().filter(is_example).collect();
        if roots.is_empty() {
            return;
        }
        self.faults.extend(reading.faults);
        let side = self.side_of_example(&roots);
        for at in self.spoken_of() {
            let draft = &mut self.drafts[at];
            for root in &roots {
                match side {
                    Side::Request => draft.body(root),
                    Side::Response => draft.response(root),
                }
            }
        }
        self.has_facts = true;
    }

    fn side_of_example(&self, roots: &[Node]) -> Side {
        let lead = self.last_sentence();
        let said = side_of(lead).or_else(|| side_of(&self.lead)).or(self.side);
        if let Some(side) = said {
            return side;
        }
        let is_known = |draft: &Draft| {
            let Some(Node { value: Value::Object(members), .. }) = roots.first() else {
                return false;
            };
            members.iter().filter(|(name, _)| draft.knows_name(name)).count() * 2 > members.len()
        };
        let is_request = self.active.iter().all(|at| {
            let draft = &self.drafts[*at];
            draft.method != "GET" && is_known(draft)
        });
        if is_request { Side::Request } else { Side::Response }
    }

    /// Returns the active operations that the lead names by a word of their path, or all.
    fn spoken_of(&self) -> Vec<usize> {
        let words: Vec<&str> =
            self.lead.split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() > 5).collect();
        let is_named = |at: &&usize| {
            let path = &self.drafts[**at].path;
            let last = path.rsplit('/').find(|one| !route::is_variable(one)).unwrap_or_default();
            let parts: Vec<&str> = last.split(['_', '-']).filter(|part| part.len() > 5).collect();
            !parts.is_empty()
                && parts.iter().all(|part| words.iter().any(|word| word.get(..6) == part.get(..6)))
        };
        let named: Vec<usize> = self.active.iter().filter(is_named).copied().collect();
        if named.len() == 1 { named } else { self.active.clone() }
    }

    fn command(&mut self, command: &str, origin: Origin) {
        let Some(curl) = curl::read(command) else { return };
        let Some(route) = route::Route::parse(&curl.url) else { return };
        let line = origin.line(0);
        let key = route::key(&route.path);
        let is_same = |draft: &&mut Draft| {
            let mut paths = std::iter::once(&draft.path).chain(&draft.other_path);
            draft.method == curl.method && paths.any(|path| route::key(path) == key)
        };
        let Some(draft) = self.drafts.iter_mut().find(is_same) else { return };
        curl.headers.iter().for_each(|name| draft.header(name, line));
        curl.form.iter().for_each(|name| draft.body_part(name, line));
        for data in &curl.data {
            let reading = json::read(data, Origin::on_line(line));
            if reading.roots.is_empty() {
                route::pairs(data).iter().for_each(|(name, _)| draft.body_part(name, line));
            }
            reading.roots.iter().for_each(|root| draft.body(root));
        }
        self.has_facts = true;
    }
}

/// Tells whether a tree is an example, not a placeholder or a text in brackets.
fn is_example(root: &Node) -> bool {
    match &root.value {
        Value::Object(members) => !members.is_empty(),
        Value::Array(items) => items.iter().any(is_example),
        _ => false,
    }
}

/// Returns what a sentence before an example announces.
fn side_of(text: &str) -> Option<Side> {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(RESPONSE) {
        return Some(Side::Response);
    }
    has(REQUEST).then_some(Side::Request)
}

/// Returns what a sentence before a table announces: a sentence that names parameters is about the
/// request even if it speaks of a response.
fn side_of_table(text: &str) -> Option<Side> {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&["parametro", "atributo", "campos", "obrigatoriedade", "parameter"])
        && !text.starts_with("retorno")
    {
        return (!has(&["retorno", "resposta", "response"]) || has(&["podem", "devem"]))
            .then_some(Side::Request);
    }
    if has(RESPONSE) { Some(Side::Response) } else { None }
}
