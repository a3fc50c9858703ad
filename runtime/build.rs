//! Hands on where libtorch is.
//!
//! torch-sys tells only its direct dependents. Crates that depend on this one read the folder again as
//! `DEP_GOOGLENETC_RUNTIME_LIBTORCH_LIB`, and their build scripts turn it into the rpath of their binaries.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Absent without the feature `torch`, and then there is nothing to find.
    if let Ok(lib) = std::env::var("DEP_TCH_LIBTORCH_LIB") {
        println!("cargo::metadata=libtorch_lib={lib}");
        println!("cargo::rustc-link-arg=-Wl,-rpath,{lib}");
    }
}
