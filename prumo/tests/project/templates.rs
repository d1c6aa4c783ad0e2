//! Holds the templates of `docs/night/`, the workflows and the action: each is well-formed, and calls verbs,
//! options and scripts that exist.

use std::path::{Path, PathBuf};

use crate::prumo;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/night")
}

fn files() -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = fs_err::read_dir(folder())
        .expect("the templates")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs_err::read_to_string(path).expect("a text"))
        })
        .collect();
    files.sort();
    files
}

/// Returns the verb and the options of every call of `prumo` in a template.
fn calls(text: &str) -> Vec<(String, Vec<String>)> {
    // A line that starts with an option continues the one before.
    let text = text.replace([',', '[', ']', '"', ';'], " ");
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim) {
        match lines.last_mut() {
            Some(last) if line.starts_with("--") => *last += &format!(" {line}"),
            _ => lines.push(line.to_owned()),
        }
    }
    let mut calls: Vec<(String, Vec<String>)> = Vec::new();
    for line in lines {
        let mut before = "";
        let mut is_call = false;
        for word in line.split_whitespace() {
            let is_program = before == "prumo" || before.ends_with("/bin/prumo");
            if is_program && ["nightly", "notify"].contains(&word) {
                calls.push((word.to_owned(), Vec::new()));
                is_call = true;
            } else if word == "prumo" || word == "&&" {
                is_call = false;
            } else if let Some((_, options)) =
                calls.last_mut().filter(|_| is_call && word.starts_with("--"))
            {
                options.push(word.to_owned());
            }
            before = word;
        }
    }
    calls
}

#[test]
fn every_call_of_a_template_is_one_that_the_program_takes() {
    let mut n_calls = 0;
    for (file, text) in files().into_iter().filter(|(file, _)| file != "README.md") {
        for (verb, options) in calls(&text) {
            n_calls += 1;
            let help = prumo(&folder(), &[&verb, "--help"]);
            assert_eq!(help.code, Some(0), "{file}: `{verb}`: {}", help.told);
            for option in options {
                let is_known = help.out.contains(&format!("{option} "))
                    || help.out.contains(&format!("{option}\n"));
                assert!(is_known, "{file}: `prumo {verb}` takes no `{option}`");
            }
        }
    }
    assert!(n_calls >= 12, "{n_calls} calls");
}

#[test]
fn every_template_is_well_formed() {
    for (file, text) in files() {
        if file.ends_with(".yml") || file.ends_with(".yaml") {
            for part in text.split("\n---\n") {
                let parsed = prumo_spec::Document::parse(&file, part);
                assert!(parsed.is_ok(), "{file}: {:?}", parsed.err());
            }
        } else if file.ends_with(".service") || file.ends_with(".timer") {
            for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
                assert!(line.starts_with('[') || line.contains('='), "{file}: {line}");
            }
        }
    }
    let systemd = std::process::Command::new("systemd-analyze")
        .args(["calendar", "*-*-* 03:17:00 America/Sao_Paulo"])
        .output();
    // Not every machine has systemd; where it is, it must read the time.
    if let Ok(output) = systemd {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn every_workflow_is_well_formed_and_runs_scripts_that_exist() {
    let root = folder().join("../..");
    let workflows = fs_err::read_dir(root.join(".github/workflows")).expect("the workflows");
    let workflows = workflows.map(|entry| entry.expect("an entry").path());
    let mut n_scripts = 0;
    for path in workflows.chain([root.join("action.yml")]) {
        let (file, text) = (path.display(), fs_err::read_to_string(&path).expect("a text"));
        let parsed = prumo_spec::Document::parse(&file.to_string(), &text);
        assert!(parsed.is_ok(), "{file}: {:?}", parsed.err());
        let words = text.split(|sign: char| !sign.is_alphanumeric() && !"./-_".contains(sign));
        let is_script = |word: &&str| word.starts_with("release/") || word.starts_with(".ci/");
        for script in words.filter(is_script) {
            assert!(root.join(script).is_file(), "{file} runs `{script}`, which is no file");
            n_scripts += 1;
        }
    }
    assert!(n_scripts >= 8, "{n_scripts} scripts");
}

#[test]
fn every_file_is_in_the_list() {
    let all = files();
    let (_, list) = all.iter().find(|(file, _)| file == "README.md").expect("the list");
    for (file, _) in all.iter().filter(|(file, _)| file != "README.md") {
        assert!(list.contains(&format!("({file})")), "`{file}` is not in README.md");
    }
}
