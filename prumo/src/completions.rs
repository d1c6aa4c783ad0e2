//! `cargo xtask completions`: turns a shell's half-typed command into what may follow.
//!
//! The script that a shell is given asks back with `cargo xtask complete`, so
//! what it offers is what the specs say now: verbs, options, operations, their
//! parameters and the values of an enum. It is given to the word `xtask`, which
//! the script makes, because completion of `cargo` itself is cargo's.

use std::process::ExitCode;

use clap::CommandFactory;

use crate::call::{Catalogue, Kind, spellings};
use crate::workspace;

/// Prints a script for a shell.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The shell that reads it.
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Shell {
    /// `source <(cargo xtask completions bash)`.
    Bash,
    /// `source <(cargo xtask completions zsh)`.
    Zsh,
    /// `cargo xtask completions fish | source`.
    Fish,
}

/// What a script asks back with.
#[derive(clap::Args)]
pub(crate) struct Question {
    /// The words behind `xtask`, the last one not finished.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<String>,
}

const BASH: &str = r#"xtask() { cargo xtask "$@"; }
_prumo_xtask() {
    local IFS=$'\n'
    local words=("${COMP_WORDS[@]:1:COMP_CWORD}")
    COMPREPLY=($(cargo xtask complete -- "${words[@]}" 2>/dev/null))
    [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace
}
COMP_WORDBREAKS=${COMP_WORDBREAKS//=}
complete -o default -F _prumo_xtask xtask
"#;

const ZSH: &str = r#"xtask() { cargo xtask "$@"; }
_prumo_xtask() {
    local -a found
    found=("${(@f)$(cargo xtask complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    compadd -Q -- "${(@)found:#*=}"
    compadd -Q -S '' -- "${(@M)found:#*=}"
}
compdef _prumo_xtask xtask
"#;

const FISH: &str = r#"function xtask; cargo xtask $argv; end
function __prumo_xtask
    set -l words (commandline --tokenize --cut-at-cursor --current-process) (commandline --current-token --cut-at-cursor)
    cargo xtask complete -- $words[2..] 2>/dev/null
end
complete --command xtask --arguments '(__prumo_xtask)'
"#;

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    workspace::print(match args.shell {
        Shell::Bash => BASH,
        Shell::Zsh => ZSH,
        Shell::Fish => FISH,
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Prints what may stand in the place of the last word, one a line.
pub(crate) fn answer(question: &Question) -> anyhow::Result<ExitCode> {
    let words: Vec<&str> = question.words.iter().map(String::as_str).collect();
    let lines: String = found(&words)?.into_iter().map(|one| one + "\n").collect();
    workspace::print(&lines)?;
    Ok(ExitCode::SUCCESS)
}

/// What may stand in the place of the last word.
fn found(words: &[&str]) -> anyhow::Result<Vec<String>> {
    let (last, before) = words.split_last().map_or(("", words), |(last, before)| (*last, before));
    let mut all = candidates(last, before)?;
    all.retain(|one| one.starts_with(last));
    Ok(all)
}

fn candidates(last: &str, before: &[&str]) -> anyhow::Result<Vec<String>> {
    let command = crate::Cli::command();
    let Some((verb, behind)) = before.split_first() else {
        let verbs = command.get_subcommands().filter(|verb| !verb.is_hide_set());
        return Ok(verbs.map(|verb| verb.get_name().to_owned()).collect());
    };
    if last.starts_with('-') {
        let verb = command.get_subcommands().find(|known| known.get_name() == *verb);
        let options = verb.into_iter().flat_map(clap::Command::get_arguments);
        return Ok(options.filter_map(|one| Some(format!("--{}", one.get_long()?))).collect());
    }
    if *verb != "call" {
        return Ok(Vec::new());
    }
    let root = workspace::root()?;
    let plain: Vec<&str> = behind.iter().copied().filter(|word| !word.starts_with('-')).collect();
    match plain[..] {
        [] => {
            let specs = workspace::spec_files(&root)?.into_iter();
            Ok(specs.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect())
        }
        [spec] => Ok(Catalogue::read(&root, spec)?.all().map(|one| one.row.id.to_owned()).collect()),
        [spec, operation, ..] => arguments(&Catalogue::read(&root, spec)?, operation, last),
    }
}

/// Names of parameters and fields; behind the `=`, the values of those that have only some.
fn arguments(catalogue: &Catalogue, operation: &str, last: &str) -> anyhow::Result<Vec<String>> {
    let chosen = catalogue.find(operation)?;
    let parameters = chosen.row.parameters.iter().zip(&chosen.drafted.parameters);
    let parameters = parameters
        .filter(|(one, _)| !one.secret)
        .map(|(one, drafted)| (one.name, Kind::of(&catalogue.draft, &drafted.schema)));
    let fields = catalogue.fields(chosen.drafted).into_iter().map(|field| (field.name, field.kind));
    let all = parameters.chain(fields);
    Ok(match last.split_once('=') {
        None => all.map(|(name, _)| format!("{name}=")).collect(),
        Some((wanted, _)) => {
            let values = all.filter(|(name, _)| *name == wanted).flat_map(|(_, kind)| spellings(&kind));
            values.map(|value| format!("{wanted}={value}")).collect()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::found;

    #[test]
    fn every_kind_of_word_is_completed() {
        let cases: [(&[&str], &str); 8] = [
            (&["cal"], "call"),
            (&["call", "tomticket-v"], "tomticket-v1 tomticket-v2"),
            (&["call", "tomticket-v1", "ler_c"], "ler_chamado"),
            (&["call", "tomticket-v1", "ler_chamado", "stop"], "stopwatch="),
            (&["call", "tomticket-v1", "ler_chamado", "stopwatch="], "stopwatch=true stopwatch=false"),
            (&["call", "tomticket-v1", "ler_chamado", "--dry"], "--dry-run"),
            (&["judge", "--cov"], "--coverage"),
            (&["judge", "x"], ""),
        ];
        for (words, expected) in cases {
            assert_eq!(found(words).unwrap().join(" "), expected, "words {words:?}");
        }
    }

    #[test]
    fn a_credential_is_not_offered() {
        let all = found(&["call", "tomticket-v1", "ler_chamado", ""]).unwrap();
        assert!(!all.contains(&"token=".to_owned()), "{all:?}");
    }
}
