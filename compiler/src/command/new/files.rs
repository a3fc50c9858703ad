//! What lies in a new crate: templates, filled in.

use std::path::PathBuf;

use googlenetc::input::Text;
use googlenetc::report::{grouped, totals};
use googlenetc::{CheckedNetwork, Mode, at, rust};

use crate::command::{Settings, shell};

/// A file of the crate.
pub(super) struct File {
    /// Where, below the crate's folder.
    pub(super) place: PathBuf,
    pub(super) text: String,
    /// Whether it can be run.
    pub(super) runs: bool,
}

/// How the crate depends on googlenetc.
pub(super) enum Dependencies {
    /// On what crates.io has.
    Version,
    /// On a checkout: the folders of the runtime and of the compiler.
    Checkout { runtime: String, compiler: String },
}

/// What the templates are filled with.
pub(super) struct Crate<'a> {
    pub(super) package: &'a str,
    pub(super) network: &'a CheckedNetwork,
    /// Where the spec lies below the crate's folder, with `/`.
    pub(super) spec: &'a str,
    pub(super) settings: &'a Settings,
    pub(super) dependencies: Dependencies,
    /// Whether a workspace in a folder above would have to know the crate, and does not.
    pub(super) is_below_workspace: bool,
}

/// What keeps cargo from taking the crate for a part of a workspace above.
const WORKSPACE: &str = "\
# A workspace of its own: cargo refuses a crate that lies below the workspace of others and is none of its members.
[workspace]

";

impl Crate<'_> {
    /// Every file but the spec and its libraries.
    pub(super) fn files(&self) -> Vec<File> {
        let templates = [
            ("Cargo.toml", include_str!("templates/manifest.toml")),
            ("build.rs", include_str!("templates/build.rs")),
            ("src/main.rs", include_str!("templates/main.rs")),
            ("tests/network.rs", include_str!("templates/network.rs")),
            ("README.md", include_str!("templates/README.md")),
            (".gitignore", include_str!("templates/gitignore")),
            (".cargo/config.toml", include_str!("templates/config.toml")),
        ];
        let words = self.words();
        let mut files: Vec<File> =
            templates.map(|(place, text)| File { place: place.into(), text: fill(text, &words), runs: false }).into();
        let script = include_str!("templates/libtorch").to_owned();
        files.push(File { place: "scripts/libtorch".into(), text: script, runs: true });
        files
    }

    fn words(&self) -> Vec<(&'static str, String)> {
        let network = self.network.network();
        let [channels, height, width] = network.input.value;
        let name = self.spec.rsplit('/').next().unwrap_or(self.spec);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let parameters = totals(self.network).training.parameters;
        let classes =
            network.outputs.first().map_or(0, |head| self.network.shape(network.heads[*head].layers.output).channels());
        let (runtime, compiler) = self.dependencies();
        vec![
            ("PACKAGE", self.package.into()),
            ("RUNTIME", runtime),
            ("COMPILER", compiler),
            ("WORKSPACE", if self.is_below_workspace { WORKSPACE.into() } else { String::new() }),
            ("COMPILE", self.compile()),
            ("REPORT", self.report()),
            ("CHANGED", self.changed()),
            ("RUN", network.name.value.to_lowercase()),
            ("TITLE", network.name.value.clone()),
            ("TYPE", rust::type_name(self.network)),
            ("STEM", format!("{stem:?}")),
            ("SPEC", self.spec.into()),
            ("SIZES", format!("{channels}, {height}, {width}")),
            ("INPUT", self.network.input().to_string()),
            ("CLASSES", grouped(classes)),
            ("PARAMETERS", grouped(parameters).replace(',', "_")),
            ("GROUPED", grouped(parameters)),
            ("TRAINING", self.shapes(Mode::Training)),
            ("INFERENCE", self.shapes(Mode::Inference)),
        ]
    }

    fn dependencies(&self) -> (String, String) {
        match &self.dependencies {
            Dependencies::Version => {
                let version = concat!(env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));
                (format!("{version:?}"), format!("{{ version = {version:?}, default-features = false }}"))
            }
            Dependencies::Checkout { runtime, compiler } => {
                let quoted = |path: &String| toml::Value::String(path.clone());
                let compiler = format!("{{ path = {}, default-features = false }}", quoted(compiler));
                (format!("{{ path = {} }}", quoted(runtime)), compiler)
            }
        }
    }

    /// The call in the build script, with the settings that the crate is made with.
    fn compile(&self) -> String {
        let steps = self.settings.steps();
        if steps.is_empty() {
            return format!("googlenetc::build::compile({:?})", self.spec);
        }
        let chain = "\n        .";
        format!("googlenetc::build::Options::new(){chain}{}{chain}compile({:?})", steps.join(chain), self.spec)
    }

    /// The command that reports this network.
    fn report(&self) -> String {
        let mut words = vec!["googlenetc".to_owned(), "report".to_owned(), self.spec.to_owned()];
        words.extend(self.settings.words());
        // It stands in a comment of one line.
        shell(&words).replace(char::is_control, " ")
    }

    /// A paragraph on what the build script changes, if it changes anything.
    fn changed(&self) -> String {
        let words = self.settings.words();
        if words.is_empty() {
            return String::new();
        }
        let words = shell(&words);
        format!(
            "\n\nThe spec is as it was copied. What it says is changed by [build.rs](build.rs), as `{words}` does; the command \
             `googlenetc` needs the same words, as below."
        )
    }

    /// What the heads that run give for two samples.
    fn shapes(&self, mode: Mode) -> String {
        let network = self.network.network();
        let [_, height, width] = network.input.value;
        let trial = at(self.network, [height, width], 2, mode);
        let value = |index: &usize| trial.value(network.heads[*index].layers.output);
        let shape = |value: googlenetc::Value| {
            let sizes = std::iter::once(value.rows).chain(value.shape.sizes());
            format!("[{}]", sizes.map(|size| size.to_string()).collect::<Vec<_>>().join(", "))
        };
        let shapes: Vec<String> = network.outputs.iter().filter_map(value).map(shape).collect();
        format!("[{}]", shapes.join(", "))
    }
}

/// A template with its words, each in braces, replaced; in one pass, so that no text of the user's is taken for a word.
fn fill(template: &str, words: &[(&str, String)]) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let word = words.iter().find_map(|(word, text)| Some((after.strip_prefix(word)?.strip_prefix('}')?, text)));
        if let Some((after, text)) = word {
            filled.push_str(text);
            rest = after;
        } else {
            filled.push('{');
            rest = after;
        }
    }
    filled + rest
}

/// The spec or a library as it was read.
pub(super) fn copy(place: PathBuf, text: Text) -> File {
    File { place, text: text.text.text, runs: false }
}
