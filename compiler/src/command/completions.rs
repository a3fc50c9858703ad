//! `googlenetc completions`.

use anstream::eprintln;
use clap::{Arg, Command, ValueHint};
use clap_complete::{Shell, generate};
use googlenetc_specs::Spec;

use super::words::EMBEDDED;
use super::{IO_FAILED, print};

/// Print a script with which a shell completes this command
///
/// The shell then completes subcommands, options and their values, the names of embedded networks beside files, the names of
/// lints, and the codes of messages.
#[derive(clap::Args)]
#[command(after_help = INSTALL)]
pub(crate) struct Arguments {
    /// The shell that is to complete
    shell: Shell,
}

const INSTALL: &str = "\
To install it, put the script where the shell looks for it, and open a new shell:

bash, with the package bash-completion:
  mkdir -p ~/.local/share/bash-completion/completions
  googlenetc completions bash > ~/.local/share/bash-completion/completions/googlenetc

zsh, with `fpath=(~/.zfunc $fpath)` before `compinit` in ~/.zshrc:
  mkdir -p ~/.zfunc
  googlenetc completions zsh > ~/.zfunc/_googlenetc

fish:
  mkdir -p ~/.config/fish/completions
  googlenetc completions fish > ~/.config/fish/completions/googlenetc.fish

PowerShell and elvish evaluate the script where they start, in the file that $PROFILE names and in rc.elv.

For one session of bash, without a file:
  source <(googlenetc completions bash)

Exit codes: 0 fine, 2 wrong usage, 3 output failed.";

/// Prints the script for all of `command`.
pub(crate) fn run(arguments: &Arguments, command: Command) -> u8 {
    let mut command = without_files(command);
    let mut script = Vec::new();
    generate(arguments.shell, &mut command, "googlenetc", &mut script);
    let Ok(script) = String::from_utf8(script) else {
        eprintln!("error: the script is no text");
        return IO_FAILED;
    };
    print(&match arguments.shell {
        Shell::Zsh => zsh(&script),
        Shell::Fish => fish(&script, &command),
        Shell::Bash | Shell::Elvish | Shell::PowerShell | _ => script,
    })
}

/// Where neither a path nor a known word is wanted, such as a number, shells are to offer no files.
fn without_files(command: Command) -> Command {
    let arguments = command.mut_args(|argument| {
        let is_free = argument.get_value_hint() == ValueHint::Unknown
            && argument.get_action().takes_values()
            && argument.get_value_parser().possible_values().is_none();
        if is_free { argument.value_hint(ValueHint::Other) } else { argument }
    });
    arguments.mut_subcommands(without_files)
}

/// The script for zsh with files beside embedded names: clap knows only one or the other.
fn zsh(script: &str) -> String {
    EMBEDDED.iter().fold(script.to_owned(), |script, files| {
        let words = format!("({})", names(files).join(" "));
        let both = format!(r#"{{_alternative "names\:name\:{words}" "files\:file\:_files"}}"#);
        script.replace(&words, &both)
    })
}

/// The script for fish with files beside embedded names, and with the words of arguments that are no options, which
/// `clap_complete` leaves out.
fn fish(script: &str, command: &Command) -> String {
    let mut script = EMBEDDED.iter().fold(script.to_owned(), |script, files| {
        let words = names(files).iter().map(|name| format!("{name}\\t''")).collect::<Vec<_>>().join("\n");
        script.replace(&format!(" -f -a \"{words}\""), &format!(" -F -a \"{words}\""))
    });
    for subcommand in command.get_subcommands() {
        let of = |argument: &Arg| {
            argument.get_possible_values().iter().map(|word| word.get_name().to_owned()).collect::<Vec<_>>()
        };
        // Where more than one is wanted, all take the same words.
        if let Some(words) = subcommand.get_positionals().map(of).find(|words| !words.is_empty()) {
            let (name, words) = (subcommand.get_name(), words.join(" "));
            script +=
                &format!("complete -c googlenetc -n \"__fish_googlenetc_using_subcommand {name}\" -a \"{words}\"\n");
        }
    }
    script
}

fn names(files: &[Spec]) -> Vec<&'static str> {
    files.iter().map(|file| file.name).collect()
}
