//! The libraries that libtorch needs, CUDA's, and those of another libtorch.

use std::fs;

use super::case::Case;

#[test]
fn libraries_that_libtorch_needs_are_looked_for() {
    let case = Case::with_libtorch();
    let rpath = "$ORIGIN/../../nvidia/cu13/lib:$ORIGIN";
    case.library("torch/lib/libtorch_cpu.so", &["libc10.so", "libcupti.so.13", "libc.so.6"], rpath);
    let packages = "'nvidia-cuda-runtime==13.0.*' 'nvidia-cuda-cupti==13.0.*'";
    let mend =
        format!("python3 -m pip install --no-deps --upgrade --target {} {packages}", case.folder.path().display());
    case.says(
        &[],
        1,
        &["libtorch_cpu.so` needs libcupti.so.13, which is not found", &mend, "needs libc10.so", "2 problems"],
    );
    in_an_environment_its_own_pip_is_asked(packages);
    case.library("nvidia/cu13/lib/libcupti.so.13", &[], "");
    case.library("torch/lib/libc10.so", &["libgooglenetc-nowhere.so.7"], "");
    case.is_wrong(&["libc10.so` needs libgooglenetc-nowhere.so.7, which is not found"]);
    case.library("elsewhere/libgooglenetc-nowhere.so.7", &[], "");
    let elsewhere = case.path("elsewhere").to_str().unwrap().to_owned();
    case.with("LD_LIBRARY_PATH", &elsewhere).is_fine(&["all libraries that it needs are found"]);
}

/// Where libtorch is one of a virtual environment's packages.
fn in_an_environment_its_own_pip_is_asked(packages: &str) {
    let case = Case::new();
    let site = "venv/lib/python3.12/site-packages";
    case.program("venv/bin/python", "");
    fs::create_dir_all(case.path(site)).unwrap();
    fs::rename(case.path("torch"), case.path(site).join("torch")).unwrap();
    case.library(&format!("{site}/torch/lib/libtorch_cpu.so"), &["libcudart.so.13"], "$ORIGIN");
    let libtorch = case.path(site).join("torch").to_str().unwrap().to_owned();
    let mend = format!("help: {} -m pip install {packages}\n", case.path("venv/bin/python").display());
    case.with("LIBTORCH", &libtorch).is_wrong(&["needs libcudart.so.13, which is not found", &mend]);
}

#[test]
fn cuda_that_cannot_be_used_harms_nobody_but_gnu_ld() {
    let case = Case::with_libtorch();
    case.library("torch/lib/libtorch_cuda.so", &["libcusparse.so.99", "libtorch_cpu.so"], "$ORIGIN");
    let note = "note: CUDA cannot be used: libcusparse.so.99 not found; the CPU works all the same";
    case.is_fine(&[note, "help: for CUDA: "]);
    let refused = "error: GNU ld links, and refuses this libtorch";
    case.rustc("1.95.0", "aarch64-unknown-linux-gnu");
    case.is_wrong(&[note, refused, "help: link with LLD"]);
    case.rustc("1.95.0", "x86_64-unknown-linux-gnu");
    let case = case.with("RUSTFLAGS", "-C link-arg=-fuse-ld=bfd");
    case.is_wrong(&[refused]);
    let case = case.with("RUSTFLAGS", "-Clinker-features=-lld");
    case.is_wrong(&[refused]);
    let case = case.with("RUSTFLAGS", "");
    case.write(
        ".cargo/config.toml",
        "[target.x86_64-unknown-linux-gnu]\nrustflags = [\"-C\", \"link-arg=-fuse-ld=gold\"]\n",
    );
    case.is_wrong(&["error: gold links"]);
    case.write(".cargo/config.toml", "[build]\nrustflags = \"-Clink-arg=-fuse-ld=lld\"\n");
    case.rustc("1.95.0", "aarch64-unknown-linux-gnu");
    case.is_fine(&[note]);
    case.remove(".cargo/config.toml");
    // With all that it needs, any linker will do.
    case.library("torch/lib/libcusparse.so.99", &[], "");
    let said = case.says(&[], 0, &["CUDA can be loaded"]);
    assert!(!said.contains("GNU ld"), "{said}");
}

#[test]
fn another_libtorch_in_the_way_is_found() {
    let case = Case::with_libtorch();
    case.library("other/libtorch_cpu.so", &[], "");
    let (own, other) = (case.path("torch/lib"), case.path("other"));
    let case = case.with("LD_LIBRARY_PATH", &format!("/usr/lib:{}:{}", other.display(), own.display()));
    let mend = format!("help: export LD_LIBRARY_PATH=/usr/lib:{}\n", own.display());
    case.is_wrong(&["error: LD_LIBRARY_PATH has another libtorch, `", &mend]);
    let case = case.with("LD_LIBRARY_PATH", other.to_str().unwrap());
    case.is_wrong(&["help: unset LD_LIBRARY_PATH\n"]);
    let case = case.with("LD_LIBRARY_PATH", own.to_str().unwrap());
    case.is_fine(&[]);
}
