//! What `cargo build` shows of a spec that a build script compiles, in a package that is a workspace of its own, and in one
//! that is a member. Needs no libtorch: the crates include no generated code.

use std::path::Path;
use std::process::Output;

use googlenetc_tests::outside::Outside;
use googlenetc_tests::workspace;

const RIGHT: &str = "network: Tiny\ninput: 1x8x8\nclasses: 3\nstem:\n  conv1: conv 3x3 4 activation=relu -> 4x8x8\n\
                     heads: {main: {layers: [avgpool global, flatten, fc: linear $classes]}}\n";

/// The first layer delivers 4x8x8 for each sample, 256 values; the head makes two vectors of each.
const DOUBTFUL: &str = "network: Tiny\ninput: 1x8x8\nclasses: 3\nstem:\n  conv1: conv 3x3 4\nheads:\n\
                        \x20 main: {layers: [avgpool global, flatten, linear $classes]}\n\
                        \x20 aux: {when: training, layers: [reshape 128, linear $classes]}\n";

const BUILD: &str =
    "fn main() -> Result<(), googlenetc::build::Error> {\n    googlenetc::build::compile(\"specs/tiny.yaml\")\n}\n";

/// A workspace outside of this one, whose root is the package `built-alone`, and whose member `nets/member` is `built-within`.
struct Built(Outside);

impl Built {
    fn new() -> Self {
        let built = Outside::new();
        // The profile of this workspace, or everything would be built once more.
        let profile = "\n[workspace]\nmembers = ['nets/member']\n\n[profile.dev]\nopt-level = 1\ndebug = \"line-tables-only\"\n\n\
                       [profile.dev.package.\"*\"]\ndebug = false\n";
        built.write("Cargo.toml", &(manifest("built-alone") + profile));
        built.write("nets/member/Cargo.toml", &manifest("built-within"));
        for package in ["", "nets/member/"] {
            built.write(&format!("{package}build.rs"), BUILD);
            built.write(&format!("{package}src/lib.rs"), "");
            built.write(&format!("{package}specs/tiny.yaml"), RIGHT);
        }
        Self(built)
    }

    fn write(&self, name: &str, text: &str) {
        self.0.write(name, text);
    }

    fn cargo(&self, arguments: &[&str]) -> Output {
        let mut command = self.0.cargo(arguments);
        command.env("CARGO_TERM_COLOR", "never").env("CARGO_TERM_QUIET", "false").output().expect("cargo starts")
    }

    /// Whether a package is built, and what cargo says.
    fn build(&self, package: &str) -> (bool, String) {
        let output = self.cargo(&["build", "--package", package]);
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

impl Drop for Built {
    /// Every folder makes other packages, whose artifacts would pile up.
    fn drop(&mut self) {
        self.cargo(&["clean", "--quiet", "--package", "built-alone", "--package", "built-within"]);
    }
}

fn manifest(name: &str) -> String {
    let compiler = workspace().join("compiler");
    format!(
        "[package]\nname = '{name}'\nversion = '0.0.0'\nedition = '2024'\n\n[build-dependencies]\n\
         googlenetc = {{ path = '{}', default-features = false }}\n",
        compiler.display()
    )
}

#[test]
fn cargo_shows_messages_with_their_places() {
    let built = Built::new();
    for (package, folder) in [("built-alone", ""), ("built-within", "nets/member/")] {
        let spec = format!("{folder}specs/tiny.yaml");
        let (is_built, said) = built.build(package);
        assert!(is_built, "{said}");
        assert!(!said.contains("tiny.yaml"), "a right spec is nothing to talk about:\n{said}");

        built.write(&spec, DOUBTFUL);
        let (is_built, said) = built.build(package);
        assert!(is_built, "{said}");
        assert_line(&said, &format!("warning: {package}@0.0.0: {spec}:8:34: warning[W0401]: "));

        built.write(&spec, &RIGHT.replace("-> 4x8x8", "-> 5x8x8").replace("fc: linear", "fc: lineer"));
        let (is_built, said) = built.build(package);
        assert!(!is_built, "{said}");
        assert_line(&said, &format!("error: {package}@0.0.0: {spec}:5:40: error[E0301]: "));
        assert_line(&said, &format!("error: {package}@0.0.0: {spec}:6:54: error[E0202]: "));
        // The whole message, with the lines of the spec, and a place that terminals make a link.
        assert!(said.contains(&format!("--> {spec}:5:40\n")), "{said}");
        assert!(said.contains("asserted 5x8x8, derived 4x8x8"), "{said}");
        for part in ["panicked", "backtrace", "unwrap"] {
            assert!(!said.contains(part), "{part} is in:\n{said}");
        }

        std::fs::remove_file(built.0.path(&spec)).expect("files can be removed");
        let (is_built, said) = built.build(package);
        assert!(!is_built, "{said}");
        assert_line(&said, &format!("error: {package}@0.0.0: there is no file `specs/tiny.yaml`"));
        built.write(&spec, RIGHT);
        assert!(built.build(package).0, "it is built again when the spec is there");
    }
    assert!(Path::new(&built.0.path("Cargo.lock")).exists());
}

/// Asserts that cargo says a line that begins so.
fn assert_line(said: &str, start: &str) {
    assert!(said.lines().any(|line| line.starts_with(start)), "{start}\nbegins no line of\n{said}");
}
