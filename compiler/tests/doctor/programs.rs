//! Programs that do not find libtorch, and crates that build such ones.

use super::case::Case;

#[test]
fn programs_say_why_they_do_not_start() {
    let case = Case::with_libtorch();
    let lib = case.path("torch/lib");
    let needs = ["libtorch_cpu.so", "libgooglenetc-nowhere.so.7"];
    case.linked("right", &needs[..1], &["-pie", &format!("-Wl,--enable-new-dtags,-rpath,{}", lib.display())]);
    case.linked("lost", &needs[..1], &["-pie"]);
    case.linked("moved", &needs, &["-pie", "-Wl,-rpath,/nowhere/torch/lib"]);
    case.says(&["right"], 0, &["`right` finds all its libraries"]);
    let export = format!("or, for now: export LD_LIBRARY_PATH={}", lib.display());
    case.says(
        &["lost"],
        1,
        &["`lost` needs libtorch_cpu.so, which is not found: nothing tells it where", "build script", &export],
    );
    let moved =
        "needs libtorch_cpu.so, which is not found: it looks in `/nowhere/torch/lib`, which is not there any more";
    case.says(
        &["moved"],
        1,
        &[moved, "build it again", "needs libgooglenetc-nowhere.so.7, which is not found\n", "2 problems"],
    );
    case.says(
        &["torch/version.py", "none"],
        1,
        &["`torch/version.py` is no program", "`none` is not there", "2 problems"],
    );
}

#[test]
fn a_crate_that_hides_libtorch_from_its_programs_is_found() {
    let case = Case::with_libtorch();
    let package = "[package]\nname = \"net\"\n";
    let compiler = "[build-dependencies]\ngooglenetc = \"0.1\"\n";
    let runtime = "[dependencies]\ngooglenetc-runtime = \"0.1\"\n";
    case.write("Cargo.toml", package);
    case.is_fine(&[]);
    case.write("Cargo.toml", &format!("{package}[dev-dependencies]\ngooglenetc-runtime = \"0.1\"\n{compiler}"));
    case.is_wrong(&["one of [dev-dependencies] alone", "cargo add googlenetc-runtime"]);
    case.write("Cargo.toml", &format!("{package}{compiler}"));
    case.is_wrong(&["googlenetc-runtime is not among its [dependencies]"]);
    case.write("Cargo.toml", &format!("{package}{runtime}{compiler}"));
    case.is_wrong(&["no build script tells its programs where libtorch is", "googlenetc::build::compile(\"SPEC\")"]);
    case.write(
        "build.rs",
        "fn main() -> Result<(), googlenetc::build::Error> { googlenetc::build::compile(\"net.yaml\") }\n",
    );
    case.is_fine(&["build.rs tells this crate's programs"]);
    case.write("Cargo.toml", &format!("{package}build = \"other.rs\"\n{runtime}"));
    case.write("other.rs", "fn main() { std::env::var(\"DEP_GOOGLENETC_RUNTIME_LIBTORCH_LIB\"); }\n");
    case.is_fine(&["other.rs tells this crate's programs"]);
}
