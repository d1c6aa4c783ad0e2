//! `prumo init`: turns a folder into a project that passes `prumo nightly` at once.
//!
//! Invariants:
//!
//! * No file is overwritten: an existing `prumo.toml` stops the verb, any other existing file is
//!   kept.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::ensure;

use crate::project::{FILE, Project};
use crate::specs::shown;
use crate::{scaffold, screen};

/// Makes a project.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder, which is created if necessary; by default the current one.
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

/// Runs the verb: 0 if the project was made.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let here = std::env::current_dir()?;
    let root = args.folder.as_ref().map_or(here.clone(), |folder| here.join(folder));
    ensure!(
        !root.join(FILE).exists(),
        "`{}` is there already\n  hint: this folder is a project; `prumo new-vendor NAME` adds a vendor",
        shown(&root.join(FILE), &here)
    );
    let (kept, made): (Vec<_>, Vec<_>) = FILES
        .iter()
        .map(|(name, text)| (root.join(name), (*text).to_owned()))
        .partition(|(file, _)| file.exists());
    scaffold::write(&here, &made)?;
    for (file, _) in kept {
        screen::print(&format!("Kept     {}\n", shown(&file, &here)))?;
    }
    // Reads the new project, to report problems of files that were kept.
    Project::open(&root)?;
    screen::print(NEXT)?;
    Ok(ExitCode::SUCCESS)
}

const NEXT: &str = "
Next:
  prumo new-vendor NAME   # a spec, a good answer and a refusal
  prumo nightly           # all of it in one report

To give a person the same fake in all recordings, set `PRUMO_REDACT_KEY`, or `redact_key` in
`prumo.toml`.
";

/// The files of a project. Folders get a file because Git keeps no empty folder.
const FILES: [(&str, &str); 5] = [
    (FILE, PROJECT),
    ("specs/.gitkeep", ""),
    ("fixtures/.gitkeep", ""),
    ("README.md", README),
    (".gitignore", "/target/\n"),
];

const PROJECT: &str = r#"# Paths are relative to this file.
specs = "specs"            # <name>.yaml, parts in <name>/, <name>.waivers.yaml
fixtures = "fixtures"      # <name>/<operation>/<situation>.json
generated = "generated"    # leave out: no clients
out = "target/prumo"       # reports of a night
# history = ".prumo/history.sqlite"   # all nights; by default in `out`

# What a night asks, below the vendor's table, such as [vendor.alfa]:
# traffic = ["inbox/*.ndjson.gz"]           # recordings of your programs
# probe = { budget = 40, seconds = 300 }    # asks the live vendor what the spec's `x-probe` marks

# `prumo redact` and `call --record` replace persons with fakes. This key gives a person the same fake
# in all recordings. Keep it outside the repository, or in the variable PRUMO_REDACT_KEY:
#   head -c 32 /dev/urandom | base64 > ~/.config/prumo/redact.key
# redact_key = "~/.config/prumo/redact.key"

# A command of your own that `prumo nightly` runs:
# [[step]]
# name = "tests"
# run = "cargo test"
"#;

const README: &str = "\
# Vendors

What we believe of each vendor's API, what it said, and typed clients of it.

```console
$ prumo new-vendor NAME                      # or: --from openapi.yaml
$ prumo lint && prumo generate && prumo judge
$ prumo call NAME OPERATION --dry-run
$ prumo nightly                              # one report; 0 fine, 1 could not judge, 4 stale or drifting
```
";
