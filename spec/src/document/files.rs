//! Brings what a document refers to in other files into the document.
//!
//! The target of `pedido.yaml#/Pedido` becomes `components.schemas.Pedido`, and the reference leads
//! there. A path item is copied to where it is referred to, because `components` has no place for
//! it.
//!
//! Invariants:
//!
//! * A file has one key: its path from the folder of the document, without `.` and `..`. A path out
//!   of that folder is left alone, and so is a file that is not there: the reader names the
//!   reference.
//! * A target is brought once, however many references lead to it, also in a circle.
//! * Every member keeps the file and the position where it is written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use super::tree::{Held, Members, Tree};
use super::{Document, lower};
use crate::pointer::{names, percent_decoded};
use crate::vocabulary::{ObjectKind, may_refer};

/// The folders of components, by the object that a reference stands for.
const FOLDERS: [(ObjectKind, &str); 9] = [
    (ObjectKind::Schema, "schemas"),
    (ObjectKind::Response, "responses"),
    (ObjectKind::Parameter, "parameters"),
    (ObjectKind::Example, "examples"),
    (ObjectKind::RequestBody, "requestBodies"),
    (ObjectKind::Header, "headers"),
    (ObjectKind::SecurityScheme, "securitySchemes"),
    (ObjectKind::Link, "links"),
    (ObjectKind::Callback, "callbacks"),
];

/// The most path items that are copied into each other, and at all.
const MAX_COPY_DEPTH: usize = 4;
const MAX_COPIES: usize = 10_000;

/// The most folders in the key of a file.
const MAX_FOLDERS: usize = 32;

impl Document {
    /// Takes in the files that references lead to, and those that these refer to. `read` returns a
    /// file by its key, its path from the document's folder, or `None` if there is none.
    ///
    /// # Errors
    ///
    /// Returns the errors of `read`.
    pub fn with_referenced_files<E>(
        self,
        mut read: impl FnMut(&str) -> Result<Option<Self>, E>,
    ) -> Result<Self, E> {
        let (mut files, mut known) = (BTreeMap::new(), BTreeSet::new());
        let mut open = self.referenced_files("");
        while let Some(key) = open.pop() {
            // A link to its own folder gives one file paths without end.
            if key.matches('/').count() > MAX_FOLDERS || !known.insert(key.clone()) {
                continue;
            }
            if let Some(file) = read(&key)? {
                open.extend(file.referenced_files(&key));
                files.insert(key, file);
            }
        }
        Ok(self.with_files(files))
    }

    /// Returns the keys of the files that references lead to.
    ///
    /// `from` is the key of this document, with respect to the folder of the document that will take
    /// the files in: empty for that document itself.
    ///
    /// ```
    /// let text = "paths: {/a: {$ref: 'paths/a.yaml'}}";
    /// let document = prumo_spec::Document::parse("loja.yaml", text)?;
    /// assert_eq!(document.referenced_files(""), ["paths/a.yaml"]);
    /// # Ok::<(), prumo_spec::DocumentError>(())
    /// ```
    pub fn referenced_files(&self, from: &str) -> Vec<String> {
        let mut keys = BTreeSet::new();
        super::each_reference(self.value(), &mut |reference| {
            keys.extend(Target::of(reference, from).map(|target| target.file));
        });
        keys.remove(from);
        keys.into_iter().filter(|key| !key.is_empty()).collect()
    }

    /// Takes in what references lead to in other files, by the keys of
    /// [`Self::referenced_files`].
    #[must_use]
    pub fn with_files(self, files: BTreeMap<String, Self>) -> Self {
        if files.is_empty() {
            return self;
        }
        let Self { mut sources, value, place, is_lowered, .. } = self;
        let mut trees = BTreeMap::new();
        for (key, file) in files {
            let mut tree = Tree::of(file.value, file.place);
            tree.renumber(u32::try_from(sources.len()).unwrap_or(u32::MAX));
            sources.extend(file.sources);
            trees.insert(key, (tree, file.is_lowered));
        }
        let mut document = Tree::of(value, place);
        let components = document.as_mapping().and_then(|members| members.get("components"));
        let mut bringer = Bringer {
            taken: components.map(taken).unwrap_or_default(),
            files: trees,
            is_lowered,
            names: BTreeMap::new(),
            open: Vec::new(),
            n_copies: 0,
            copy_depth: 0,
        };
        bringer.object(ObjectKind::Document, &mut document, "");
        bringer.bring(&mut document);
        let (value, place) = document.parted();
        Self { sources, value, place, is_lowered, mended: OnceLock::new() }
    }
}

/// The file and the place in it that a reference leads to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Target {
    file: String,
    pointer: String,
}

impl Target {
    /// Reads a reference in the file `from`; `None` if it leads out of the folder.
    fn of(reference: &str, from: &str) -> Option<Self> {
        let (path, pointer) = reference.split_once('#').unwrap_or((reference, ""));
        let pointer = percent_decoded(pointer).into_owned();
        if path.is_empty() {
            return Some(Self { file: from.to_owned(), pointer });
        }
        let path = percent_decoded(path);
        if path.contains("://") || path.starts_with('/') || path.contains(['\\', ':']) {
            return None;
        }
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
        for step in path.split('/') {
            match step {
                "" | "." => {}
                ".." => drop(steps.pop()?),
                step => steps.push(step),
            }
        }
        Some(Self { file: steps.join("/"), pointer })
    }

    /// Returns a name for the component that the target becomes.
    fn name(&self) -> String {
        let last = names(&self.pointer).last();
        let stem = || {
            let file = self.file.rsplit('/').next().unwrap_or_default();
            file.split('.').next().unwrap_or_default().to_owned()
        };
        let name = last.filter(|name| !name.is_empty()).unwrap_or_else(stem);
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        name.chars().map(|c| if is_allowed(c) { c } else { '_' }).collect()
    }
}

/// Returns the names of all components, by folder.
fn taken(components: &Tree) -> BTreeSet<(String, String)> {
    let folders = components.as_mapping().into_iter().flat_map(|members| &members.0);
    folders
        .flat_map(|(folder, named)| {
            let named = named.as_mapping().into_iter().flat_map(|members| &members.0);
            named.map(|(name, _)| (folder.clone(), name.clone()))
        })
        .collect()
}

/// Leads references to the components that their targets become.
struct Bringer {
    files: BTreeMap<String, (Tree, bool)>,
    /// Whether the document is rewritten from OpenAPI 3.1, and what it takes in must be, too.
    is_lowered: bool,
    /// The names of all components, by folder.
    taken: BTreeSet<(String, String)>,
    /// The component that each target becomes.
    names: BTreeMap<(&'static str, Target), String>,
    /// The targets that are not brought yet.
    open: Vec<(ObjectKind, &'static str, Target)>,
    n_copies: usize,
    copy_depth: usize,
}

impl Bringer {
    /// Leads the references inside an object of the file `from`, where `""` is the document.
    fn object(&mut self, kind: ObjectKind, tree: &mut Tree, from: &str) {
        if may_refer(kind) && self.reference(kind, tree, from) {
            return;
        }
        let Held::Mapping(members) = &mut tree.held else { return };
        if let Some(mapping) =
            members.get_mut("mapping").filter(|_| kind == ObjectKind::Discriminator)
        {
            self.mapping(mapping, from);
        }
        members.each_object(kind, &mut |kind, tree| self.object(kind, tree, from));
    }

    /// Leads the reference that stands for an object, if it is one to another file.
    fn reference(&mut self, kind: ObjectKind, tree: &mut Tree, from: &str) -> bool {
        let members = tree.as_mapping();
        let Some(text) = members.and_then(|members| members.get("$ref")?.as_text()) else {
            return false;
        };
        let Some(target) = Target::of(text, from).filter(|target| !target.file.is_empty()) else {
            return false;
        };
        if kind == ObjectKind::PathItem {
            return self.copy(tree, target);
        }
        let Some(to) = self.led(kind, target) else { return false };
        if let Held::Mapping(members) = &mut tree.held {
            if let Some(written) = members.get("$ref") {
                let led = written.scalar(to);
                members.set("$ref", led);
            }
        }
        // Keywords beside the reference may refer, too.
        false
    }

    /// Leads the targets of a discriminator.
    fn mapping(&mut self, mapping: &mut Tree, from: &str) {
        let Held::Mapping(Members(values)) = &mut mapping.held else { return };
        for (_, value) in values {
            let text = value.as_text().filter(|text| text.contains(['#', '/', '.']));
            let target = text.and_then(|text| Target::of(text, from));
            let Some(target) = target.filter(|target| !target.file.is_empty()) else { continue };
            if let Some(to) = self.led(ObjectKind::Schema, target) {
                *value = value.scalar(to);
            }
        }
    }

    /// Returns the reference to the component that a target becomes.
    fn led(&mut self, kind: ObjectKind, target: Target) -> Option<String> {
        let (_, folder) = FOLDERS.iter().find(|(of, _)| *of == kind)?;
        self.find(&target)?;
        let key = (*folder, target.clone());
        let name = match self.names.get(&key) {
            Some(name) => name.clone(),
            None => {
                let name = self.free_name(folder, &target.name());
                self.names.insert(key, name.clone());
                self.open.push((kind, folder, target));
                name
            }
        };
        Some(format!("#/components/{folder}/{name}"))
    }

    fn free_name(&mut self, folder: &str, name: &str) -> String {
        let mut free = name.to_owned();
        let mut count = 1_u32;
        while !self.taken.insert((folder.to_owned(), free.clone())) {
            count += 1;
            free = format!("{name}_{count}");
        }
        free
    }

    fn find(&self, target: &Target) -> Option<&Tree> {
        let (tree, _) = self.files.get(&target.file)?;
        names(&target.pointer).try_fold(tree, |tree, name| match &tree.held {
            Held::Mapping(members) => members.get(&name),
            Held::List(items) => items.get(name.parse::<usize>().ok()?),
            Held::Scalar(_) => None,
        })
    }

    /// Puts a path item in the place of the reference to it.
    fn copy(&mut self, tree: &mut Tree, target: Target) -> bool {
        if self.n_copies >= MAX_COPIES || self.copy_depth >= MAX_COPY_DEPTH {
            return false;
        }
        let Some(mut item) = self.taken_from(ObjectKind::PathItem, &target) else { return false };
        self.n_copies += 1;
        self.copy_depth += 1;
        self.object(ObjectKind::PathItem, &mut item, &target.file);
        self.copy_depth -= 1;
        tree.held = item.held;
        true
    }

    /// Returns a copy of a target, in the words of the document's version.
    fn taken_from(&self, kind: ObjectKind, target: &Target) -> Option<Tree> {
        let mut tree = self.find(target)?.clone();
        let is_lowered_there = self.files.get(&target.file).is_some_and(|(_, lowered)| *lowered);
        if self.is_lowered && !is_lowered_there {
            lower::object(kind, &mut tree);
        }
        Some(tree)
    }

    /// Adds the components that targets become, and those that these refer to.
    fn bring(&mut self, document: &mut Tree) {
        while let Some((kind, folder, target)) = self.open.pop() {
            let Some(mut tree) = self.taken_from(kind, &target) else { continue };
            self.object(kind, &mut tree, &target.file);
            let Some(name) = self.names.get(&(folder, target)) else { continue };
            document.add(&["components", folder], name, tree);
        }
    }
}

#[cfg(test)]
mod tests;
