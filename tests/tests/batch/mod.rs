//! One crate of many generated networks, outside of the workspace, and what its program prints.

use std::process::{Command, Output};
use std::time::{Duration, Instant};

use googlenetc_tests::outside::{Outside, PROFILE, said};
use googlenetc_tests::workspace;

/// The crate.
pub(crate) struct Batch(Outside);

impl Batch {
    /// A crate of networks of this code, each of which is called `Random`, in the modules `n0`, `n1`, and so on.
    pub(crate) fn new(codes: &[String], batch: i64) -> Self {
        let made = Outside::new();
        made.write("Cargo.toml", &manifest());
        made.write("build.rs", BUILD);
        made.write("src/formula.rs", include_str!("../walker/formula.rs"));
        for (index, code) in codes.iter().enumerate() {
            made.write(&format!("src/n{index}.rs"), code);
        }
        let lines = |line: &dyn Fn(usize) -> String| (0..codes.len()).map(line).collect::<Vec<_>>().concat();
        let modules = lines(&|index| format!("mod n{index};\n"));
        let calls = lines(&|index| format!("    run::<n{index}::Random>(\"n{index}\");\n"));
        let program = include_str!("program.rs");
        let main = format!(
            "#![deny(warnings)]\n\nmod formula;\n{modules}\n{IMPORTS}\nconst BATCH: i64 = {batch};\n\n\
             fn main() {{\n{calls}}}\n\n{program}"
        );
        made.write("src/main.rs", &main);
        Self(made)
    }

    /// Compiles it without a warning, and says how long that takes.
    pub(crate) fn build(&self) -> Duration {
        let start = Instant::now();
        let built = self.cargo(&["build", "--quiet"]);
        assert!(built.status.success(), "{}", said(&built));
        assert_eq!(said(&built), "");
        start.elapsed()
    }

    /// Runs it, and gives back what it prints.
    pub(crate) fn run(&self) -> String {
        let program = self.0.target.join("debug").join(NAME);
        let ran = Command::new(program).env_remove("LD_LIBRARY_PATH").output().expect("the program starts");
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8(ran.stdout).expect("it prints text")
    }

    fn cargo(&self, arguments: &[&str]) -> Output {
        self.0.cargo_with_libtorch(arguments).output().expect("cargo starts")
    }
}

impl Drop for Batch {
    /// Every folder makes another package, whose artifacts would pile up.
    fn drop(&mut self) {
        self.cargo(&["clean", "--quiet", "--package", NAME]);
    }
}

const NAME: &str = "googlenetc-batch";

const BUILD: &str = r#"fn main() {
    let lib = std::env::var("DEP_GOOGLENETC_RUNTIME_LIBTORCH_LIB").expect("the runtime says where libtorch is");
    println!("cargo::rustc-link-arg=-Wl,-rpath,{lib}");
}
"#;

const IMPORTS: &str = "\
use googlenetc_runtime::network::{Heads, Mode, Network, Probe, Statistics};
use googlenetc_runtime::tch::nn::VarStore;
use googlenetc_runtime::tch::{Device, Kind, Tensor, no_grad, set_num_threads};
";

/// The profile is the workspace's, whose artifacts are used, but for this crate itself, which runs but once.
fn manifest() -> String {
    let root = workspace().display();
    format!(
        r#"[package]
name = "{NAME}"
version = "0.0.0"
edition = "2024"

[dependencies]
googlenetc-runtime = {{ path = '{root}/runtime' }}

{PROFILE}
[profile.dev.package.{NAME}]
opt-level = 0

[workspace]
"#
    )
}
