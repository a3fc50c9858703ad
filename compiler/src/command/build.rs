//! `googlenetc build`.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anstream::eprintln;
use googlenetc::rust;

use super::{FINE, IO_FAILED, Settings, USAGE, WRONG_SPEC, closing, print, shell, with_network, words, write};

/// Generate the Rust module of a network
///
/// For code that is kept in a repository; a build script needs no file (see `googlenetc::build`). The same spec gives the
/// same bytes on every machine, and --check tells a pipeline whether the file still belongs to the spec.
#[derive(clap::Args)]
#[command(after_help = closing(
    &[
        "googlenetc build net.yaml -o src/net.rs          write the module",
        "googlenetc build net.yaml -o src/net.rs --check  ask whether it is up to date",
    ],
    &["Exit codes: 0 fine, 1 the spec is wrong or, with --check, the file is stale, 2 wrong usage, 3 input or output failed."],
))]
pub(crate) struct Arguments {
    /// A file, `-` for standard input, or the name of an embedded network
    #[arg(value_parser = words::spec(), hide_possible_values = true)]
    spec: String,
    /// The file to write; `-` for standard output. It is only touched when its bytes change
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Write nothing; say whether the file has the bytes that would be written, and if not, why, and exit with 1
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    settings: Settings,
}

/// Writes the module of a spec, or holds it against the one that is there.
pub(crate) fn run(arguments: &Arguments) -> u8 {
    let file = &arguments.output;
    let to_standard_output = file.as_os_str() == "-";
    if arguments.check && to_standard_output {
        eprintln!("error: `--check` takes a file to look at: `--output FILE`");
        return USAGE;
    }
    with_network(&arguments.spec, &arguments.settings, |compilation, network| {
        let code = rust::rust(network, compilation.published.as_ref(), &compilation.sources, compilation.main);
        if arguments.check {
            check(file, &code, arguments)
        } else if to_standard_output {
            print(&code)
        } else {
            write(file, &code)
        }
    })
}

/// Says whether a file has these bytes, and what makes it anew.
fn check(file: &Path, code: &str, arguments: &Arguments) -> u8 {
    let shown = file.display();
    match std::fs::read(file) {
        Ok(bytes) if bytes == code.as_bytes() => {
            eprintln!("{shown} is up to date");
            return FINE;
        }
        Ok(bytes) => {
            eprintln!("error: {shown} is stale");
            for reason in rust::stale(&String::from_utf8_lossy(&bytes), code) {
                eprintln!("  {reason}");
            }
        }
        Err(error) if error.kind() == ErrorKind::NotFound => eprintln!("error: there is no {shown}"),
        Err(error) => {
            eprintln!("error: cannot read `{shown}`: {error}");
            return IO_FAILED;
        }
    }
    let mut words = vec!["googlenetc".into(), "build".into(), arguments.spec.clone()];
    words.extend(["-o".into(), shown.to_string()]);
    words.extend(arguments.settings.words());
    eprintln!("to make it new, run: {}", shell(&words));
    WRONG_SPEC
}
