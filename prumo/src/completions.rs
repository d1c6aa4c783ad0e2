//! `prumo completions`: turns a shell's half-typed command into the words that can follow.
//!
//! The shell's script calls `prumo complete`, so its suggestions always follow the current specs:
//! verbs, options, operations, their parameters and the values of an enum.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::call::{Catalogue, Kind, spellings};
use crate::project::Location;
use crate::screen;

/// Prints a completion script for a shell.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The shell that runs the script.
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Shell {
    /// `source <(prumo completions bash)`.
    Bash,
    /// `source <(prumo completions zsh)`, or `_prumo` in a folder of `fpath`.
    Zsh,
    /// `prumo completions fish | source`.
    Fish,
}

/// Arguments that a script passes to `prumo complete`.
#[derive(clap::Args)]
pub(crate) struct Question {
    /// The words after `prumo`; the last one is unfinished.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<String>,
}

const BASH: &str = r#"_prumo() {
    local IFS=$'\n'
    local words=("${COMP_WORDS[@]:1:COMP_CWORD}")
    COMPREPLY=($(prumo complete -- "${words[@]}" 2>/dev/null))
    [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace
}
COMP_WORDBREAKS=${COMP_WORDBREAKS//=}
complete -o default -F _prumo prumo
"#;

const ZSH: &str = r#"#compdef prumo
_prumo() {
    local -a found
    found=("${(@f)$(prumo complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    compadd -Q -- "${(@)found:#*=}"
    compadd -Q -S '' -- "${(@M)found:#*=}"
}
# As a file of `fpath` it is the function's own body; else it is sourced.
if [ "$funcstack[1]" = "_prumo" ]; then
    _prumo "$@"
else
    compdef _prumo prumo
fi
"#;

const FISH: &str = r#"function __prumo_complete
    set -l words (commandline --tokenize --cut-at-cursor --current-process) (commandline --current-token --cut-at-cursor)
    prumo complete -- $words[2..] 2>/dev/null
end
complete --command prumo --arguments '(__prumo_complete)'
"#;

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    screen::print(match args.shell {
        Shell::Bash => BASH,
        Shell::Zsh => ZSH,
        Shell::Fish => FISH,
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the completions of the last word, one per line; `program` has the verbs and options.
pub(crate) fn answer(program: &clap::Command, question: &Question) -> anyhow::Result<ExitCode> {
    let words: Vec<&str> = question.words.iter().map(String::as_str).collect();
    let lines: String = found(program, &words)?.into_iter().map(|one| one + "\n").collect();
    screen::print(&lines)?;
    Ok(ExitCode::SUCCESS)
}

/// Lists the completions of the last word.
fn found(program: &clap::Command, words: &[&str]) -> anyhow::Result<Vec<String>> {
    let (last, before) = words.split_last().map_or(("", words), |(last, before)| (*last, before));
    let (location, before) = split_location(before);
    let mut all = candidates(program, &location, last, &before)?;
    all.retain(|one| one.starts_with(last));
    Ok(all)
}

/// Removes `--root` and `--config` from the words, at any position.
fn split_location<'w>(words: &[&'w str]) -> (Location, Vec<&'w str>) {
    let (mut root, mut config, mut others) = (None, None, Vec::new());
    let mut words = words.iter().copied();
    while let Some(word) = words.next() {
        let (name, value) =
            word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
        let place = match name {
            "--root" => &mut root,
            "--config" => &mut config,
            _ => {
                others.push(word);
                continue;
            }
        };
        *place = value.or_else(|| words.next()).map(PathBuf::from);
    }
    (Location::new(root, config), others)
}

fn candidates(
    program: &clap::Command,
    location: &Location,
    last: &str,
    before: &[&str],
) -> anyhow::Result<Vec<String>> {
    let verbs = program.get_subcommands().filter(|verb| !verb.is_hide_set());
    let global = program.get_arguments().filter_map(|one| one.get_long());
    let options = |of: Vec<&str>| of.into_iter().map(|name| format!("--{name}")).collect();
    let Some((verb, behind)) = before.split_first() else {
        return Ok(match last.starts_with('-') {
            true => options(global.collect()),
            false => verbs.map(|verb| verb.get_name().to_owned()).collect(),
        });
    };
    if last.starts_with('-') {
        let verb = program.get_subcommands().find(|known| known.get_name() == *verb);
        let own = verb
            .into_iter()
            .flat_map(clap::Command::get_arguments)
            .filter_map(|one| one.get_long());
        return Ok(options(own.chain(global).collect()));
    }
    let plain: Vec<&str> = behind.iter().copied().filter(|word| !word.starts_with('-')).collect();
    match (*verb, &plain[..]) {
        ("call" | "diff" | "lint", []) => {
            let specs = location.project()?.spec_files()?.into_iter();
            Ok(specs.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect())
        }
        ("call", [spec]) => {
            let catalogue = Catalogue::read(location, Path::new(spec))?;
            Ok(catalogue.all().map(|one| one.row.id.to_owned()).collect())
        }
        ("call", [spec, operation, ..]) => {
            arguments(&Catalogue::read(location, Path::new(spec))?, operation, last)
        }
        _ => Ok(Vec::new()),
    }
}

/// Lists names of parameters and fields; after an `=`, the values of those with a limited number.
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
            let values =
                all.filter(|(name, _)| *name == wanted).flat_map(|(_, kind)| spellings(&kind));
            values.map(|value| format!("{wanted}={value}")).collect()
        }
    })
}

#[cfg(test)]
mod tests {
    use clap::{Arg, Command};

    /// Completes words of a program with two verbs, each with an option.
    fn found(words: &[&str]) -> anyhow::Result<Vec<String>> {
        let verb = |name: &'static str, option: &'static str| {
            Command::new(name).arg(Arg::new(option).long(option))
        };
        let program = Command::new("prumo")
            .arg(Arg::new("root").long("root").global(true))
            .subcommands([verb("call", "dry-run"), verb("judge", "coverage")]);
        super::found(&program, words)
    }

    #[test]
    fn every_kind_of_word_is_completed() {
        let cases: [(&[&str], &str); 11] = [
            (&["cal"], "call"),
            (&["call", "tomticket-v"], "tomticket-v1 tomticket-v2"),
            (&["call", "tomticket-v1", "ler_c"], "ler_chamado"),
            (&["call", "tomticket-v1", "ler_chamado", "stop"], "stopwatch="),
            (
                &["call", "tomticket-v1", "ler_chamado", "stopwatch="],
                "stopwatch=true stopwatch=false",
            ),
            (&["call", "tomticket-v1", "ler_chamado", "--dry"], "--dry-run"),
            (&["judge", "--cov"], "--coverage"),
            (&["judge", "x"], ""),
            (&["--ro"], "--root"),
            (&["--root", ".", "cal"], "call"),
            (&["call", "--root=..", "tomticket-v1", "ler_c"], "ler_chamado"),
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
