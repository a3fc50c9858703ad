//! `googlenetc fmt`.

use std::path::{Path, PathBuf};

use anstream::{eprint, eprintln};
use clap::ValueEnum;
use googlenetc::input::{self, Text};
use googlenetc_dsl::format::format;
use googlenetc_dsl::render::render;
use googlenetc_dsl::source::Sources;
use googlenetc_dsl::{Syntax, codes};

use super::{FINE, IO_FAILED, USAGE, WRONG_SPEC, closing, print, replace, words, write};

/// Lay specs out in the one canonical way, or turn YAML into the text language and back
///
/// Files are changed in place, and only when something in them changes. What a spec says stays what it is, and so does
/// every comment: what comes out is read again and compared before anything is written. A file with mistakes in its syntax
/// is left alone, and its messages are shown; whether the network makes sense is not asked.
#[derive(clap::Args)]
#[command(after_help = closing(
    &[
        "googlenetc fmt net.yaml                         lay out a file, in place",
        "googlenetc fmt specs/*.yaml --check             only say which files would change",
        "googlenetc fmt net.yaml --to gnet               print it in the text language",
        "googlenetc fmt googlenet --output my-net.yaml   make a copy of an embedded network",
    ],
    &[
        "Standard input and embedded networks go to standard output.",
        "Exit codes: 0 fine, 1 a file would change (with --check) or has mistakes, 2 wrong usage, 3 input or output failed.",
    ],
))]
pub(crate) struct Arguments {
    /// Files, `-` for standard input, or names of embedded networks
    #[arg(required = true, value_name = "SPEC", value_parser = words::spec(), hide_possible_values = true)]
    specs: Vec<String>,
    /// Change nothing; print the names of the files that would change, and exit with 1 if there are any
    #[arg(long, conflicts_with_all = ["to", "output"])]
    check: bool,
    /// Write the spec in this syntax, to standard output unless there is `--output`; nothing is lost on the way [default: that
    /// of the file in `--output`, or else its own]
    #[arg(long, value_name = "SYNTAX", value_enum)]
    to: Option<Name>,
    /// The file to write instead of the spec's own; `-` for standard output. Its ending says the syntax, unless `--to` does
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The syntax of standard input, which has no ending
    #[arg(long, value_name = "SYNTAX", value_enum, default_value_t = Name::Yaml)]
    from: Name,
}

/// What a syntax is called.
#[derive(Clone, Copy, ValueEnum)]
enum Name {
    /// YAML, as in files that end in .yaml or .yml
    Yaml,
    /// The text language, as in files that end in .gnet
    Gnet,
}

impl Name {
    fn syntax(self) -> Syntax {
        match self {
            Self::Yaml => Syntax::Yaml,
            Self::Gnet => Syntax::Text,
        }
    }
}

/// Formats each spec; the exit code is the worst.
pub(crate) fn run(arguments: &Arguments) -> u8 {
    if arguments.specs.len() > 1 && (arguments.to.is_some() || arguments.output.is_some()) {
        eprintln!("error: `--to` and `--output` take one spec at a time");
        return USAGE;
    }
    arguments.specs.iter().map(|spec| one(spec, arguments)).max().unwrap_or(FINE)
}

fn one(spec: &str, arguments: &Arguments) -> u8 {
    let text = match input::read(spec) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("error: {error}");
            return IO_FAILED;
        }
    };
    let from = if spec == "-" { arguments.from.syntax() } else { Syntax::of_name(&text.name) };
    let formatted = match formatted(&text, from, target(from, arguments)) {
        Ok(formatted) => formatted,
        Err(code) => return code,
    };
    if arguments.check {
        if formatted == text.text.text {
            return FINE;
        }
        return print(&format!("{}\n", text.name)).max(WRONG_SPEC);
    }
    match &arguments.output {
        Some(file) if file.as_os_str() == "-" => print(&formatted),
        Some(file) => write(file, &formatted),
        None if arguments.to.is_some() || text.embedded || spec == "-" => print(&formatted),
        None if formatted == text.text.text => FINE,
        None => {
            let code = replace(Path::new(spec), &formatted);
            if code == FINE {
                eprintln!("formatted {spec}");
            }
            code
        }
    }
}

/// The syntax to write.
fn target(from: Syntax, arguments: &Arguments) -> Syntax {
    let of_output = arguments.output.as_ref().and_then(|file| match file.extension()?.to_str()? {
        "gnet" => Some(Syntax::Text),
        "yaml" | "yml" => Some(Syntax::Yaml),
        _ => None,
    });
    arguments.to.map(Name::syntax).or(of_output).unwrap_or(from)
}

/// The text in the syntax `to`; messages are printed.
fn formatted(text: &Text, from: Syntax, to: Syntax) -> Result<String, u8> {
    let mut sources = Sources::new();
    let id = sources.add(&text.name, text.text.clone());
    format(&sources, id, from, to).map_err(|messages| {
        eprint!("{}", render(&messages, &sources, true));
        if !messages.iter().any(|message| message.code == codes::INEXPRESSIBLE) {
            eprintln!("{}: left as it is, because it cannot be read", text.name);
        }
        WRONG_SPEC
    })
}
