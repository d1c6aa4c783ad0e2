//! Turns a Postman collection (v2.0.0 and v2.1.0) into its operations.
//!
//! Requests of the same method and path are one operation, wherever the collection keeps them.

use crate::draft::Draft;
use crate::facts::{Fault, Page};
use crate::json::{self, Node, Value};
use crate::markdown;
use crate::origin::Origin;
use crate::outline;
use crate::route::{self, Route};
use crate::statement::Statement;

/// How deep folders may nest.
const MAX_FOLDERS: usize = 40;

/// Tells whether a JSON document is a collection.
pub(crate) fn is_collection(root: &Node) -> bool {
    root.get("item").is_some() && root.get("info").is_some()
}

/// Reads the operations of a collection.
pub(crate) fn page(root: &Node) -> Page {
    let mut reader = Reader::default();
    reader.folder(root, 0);
    let operations = reader.drafts.into_iter().map(Draft::finish).collect();
    Page { operations, faults: reader.faults }
}

#[derive(Default)]
struct Reader {
    drafts: Vec<Draft>,
    by_key: std::collections::HashMap<(String, String), usize>,
    faults: Vec<Fault>,
}

impl Reader {
    fn folder(&mut self, folder: &Node, depth: usize) {
        for item in folder.items("item") {
            if item.get("request").is_some() {
                self.item(item);
            }
            if depth < MAX_FOLDERS {
                self.folder(item, depth + 1);
            }
        }
    }

    fn item(&mut self, item: &Node) {
        let Some(request) = item.get("request") else { return };
        let method = request.text("method").unwrap_or("GET").to_uppercase();
        // A request may be its address alone.
        let url = request.as_text().map_or(request.get("url"), |_| Some(request));
        let Some(route) = url.and_then(address) else {
            let message = "a request without an address that can be read";
            self.faults.push(Fault { line: item.line, message });
            return;
        };
        if route::method(&method).is_none() {
            self.faults
                .push(Fault { line: item.line, message: "a request with an unknown method" });
            return;
        }
        let at = self.draft(&method, &route, item.line);
        let mut draft = std::mem::take(&mut self.drafts[at]);
        draft.titles.extend(
            ["id", "_postman_id", "name"]
                .iter()
                .filter_map(|name| item.text(name))
                .map(str::to_owned),
        );
        let draft = self.described(draft, request, item);
        let draft = self.read(draft, url, request, &route);
        self.drafts[at] = self.answered(draft, item);
    }

    fn draft(&mut self, method: &str, route: &Route, line: usize) -> usize {
        *self.by_key.entry((method.to_owned(), route::key(&route.path))).or_insert_with(|| {
            self.drafts.push(Draft::new(method, &route.path, line));
            self.drafts.len() - 1
        })
    }

    /// Reads the description, whose tables outrank the rest.
    fn described(&mut self, mut draft: Draft, request: &Node, item: &Node) -> Draft {
        for node in [request.get("description"), item.get("description")].into_iter().flatten() {
            let Some(text) = description(node) else { continue };
            let blocks = markdown::blocks(text, Origin::on_line(node.line));
            let (described, faults) = outline::description(draft, &blocks);
            draft = described;
            self.faults.extend(faults);
        }
        draft
    }

    fn read(
        &mut self,
        mut draft: Draft,
        url: Option<&Node>,
        request: &Node,
        route: &Route,
    ) -> Draft {
        let line = request.line;
        for header in request.items("header") {
            draft.header(header.text("key").unwrap_or_default(), header.line);
        }
        let query = url.map(|url| url.items("query")).unwrap_or_default();
        for one in query {
            let Some(name) = one.text("key").filter(|name| !name.is_empty()) else { continue };
            draft.query(name, one.line);
            state(&mut draft, name, one);
        }
        if query.is_empty() {
            route.query.iter().for_each(|(name, _)| draft.query(name, line));
        }
        for one in url.map(|url| url.items("variable")).unwrap_or_default() {
            if let Some(name) = one.text("key").or(one.text("id")) {
                state(&mut draft, name, one);
            }
        }
        if let Some(body) = request.get("body") {
            self.body(&mut draft, body);
        }
        draft
    }

    fn body(&mut self, draft: &mut Draft, body: &Node) {
        if let Some(raw) = body.get("raw") {
            let text = raw.as_text().unwrap_or_default();
            let reading = json::read(text, Origin::on_line(raw.line));
            reading.roots.iter().for_each(|root| draft.body(root));
            self.faults.extend(reading.faults);
        }
        for mode in ["urlencoded", "formdata"] {
            for part in body.items(mode) {
                let Some(name) = part.text("key").filter(|name| !name.is_empty()) else { continue };
                draft.body_part(name, part.line);
                state(draft, name, part);
            }
        }
    }

    fn answered(&mut self, mut draft: Draft, item: &Node) -> Draft {
        for response in item.items("response") {
            let Some(body) = response.get("body") else { continue };
            let Some(text) = body.as_text().filter(|text| !text.trim().is_empty()) else {
                continue;
            };
            let start = text.trim_start();
            if !start.starts_with(['{', '[']) {
                self.faults
                    .push(Fault { line: body.line, message: "a saved response that is not JSON" });
                continue;
            }
            let reading = json::read(text, Origin::on_line(body.line));
            reading.roots.iter().take(1).for_each(|root| draft.response(root));
            self.faults.extend(reading.faults);
        }
        draft
    }
}

/// Returns the text of a description, which is a text or an object.
fn description(node: &Node) -> Option<&str> {
    node.as_text().or_else(|| node.text("content"))
}

/// Reads the description of a part of the request, if it has one.
fn state(draft: &mut Draft, name: &str, part: &Node) {
    let Some(node) = part.get("description") else { return };
    let Some(text) = description(node).filter(|text| !text.trim().is_empty()) else { return };
    let kind = part.text("type").filter(|kind| *kind == "file").map(str::to_owned);
    let text = Some(text.to_owned());
    draft.state(&Statement {
        name: name.to_owned(),
        line: node.line,
        text,
        kind,
        ..Statement::default()
    });
}

/// Reads an address, which is a text or an object with its parts.
fn address(url: &Node) -> Option<Route> {
    if let Some(text) = url.as_text() {
        return parse(text);
    }
    if let Some(route) = url.text("raw").and_then(parse) {
        return Some(route);
    }
    let segment = |node: &Node| match &node.value {
        Value::Text(text) => Some(text.clone()),
        _ => node.text("value").map(str::to_owned),
    };
    let path = match &url.get("path")?.value {
        Value::Text(path) => path.trim_start_matches('/').to_owned(),
        _ => url.items("path").iter().filter_map(segment).collect::<Vec<_>>().join("/"),
    };
    Route::parse(&format!("/{path}"))
}

/// Reads an address as people type it: with spaces in values, and without the slash after `{{url}}`.
fn parse(text: &str) -> Option<Route> {
    let text = text.trim();
    let (path, query) = text.split_once('?').unwrap_or((text, ""));
    let mut route = Route::parse(path).or_else(|| Route::parse(&format!("/{path}")))?;
    route.query = route::pairs(query);
    Some(route)
}
