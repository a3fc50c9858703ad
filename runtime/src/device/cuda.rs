//! libtorch's part for CUDA, which no program here is linked with.
//!
//! A program that is linked with it does not start where any of CUDA's many libraries is missing, whether or not there is a
//! card. So it is loaded while the program runs, and where that fails only CUDA is missing.

use dlopen2::raw::Library;
use std::sync::OnceLock;

const PART: &str = "libtorch_cuda.so";

/// Loads it, unless that was tried before. It is found as the program's other libraries are: through its rpath.
pub(super) fn load() -> Result<(), String> {
    // Kept, because dropping it would unload it.
    static PART_OR_REASON: OnceLock<Result<Library, String>> = OnceLock::new();
    let flags = Some(libc::RTLD_NOW | libc::RTLD_GLOBAL);
    let loaded = PART_OR_REASON.get_or_init(|| Library::open_with_flags(PART, flags).map_err(|e| explain(&e)));
    loaded.as_ref().map(drop).map_err(Clone::clone)
}

/// The loader's own words name what it did not find.
fn explain(error: &dlopen2::Error) -> String {
    let said = error.to_string();
    let said = said.split_once(": ").map_or(said.as_str(), |(_, said)| said);
    if said.starts_with(PART) {
        return format!(
            "libtorch is for the CPU alone ({said}); name one for CUDA with LIBTORCH and build again, or choose \
             `--device cpu`"
        );
    }
    format!(
        "a library of CUDA is missing that libtorch needs ({said}); `pip install torch` in the same version brings all of \
         them, unless it is told `--no-deps`; or choose `--device cpu`"
    )
}

#[cfg(test)]
mod tests {
    use super::explain;

    fn said(message: &str) -> String {
        explain(&dlopen2::Error::OpeningLibraryError(std::io::Error::other(message.to_owned())))
    }

    #[test]
    fn the_reason_tells_a_libtorch_without_cuda_from_one_whose_libraries_are_missing() {
        let rest = "cannot open shared object file: No such file or directory";
        let without = said(&format!("libtorch_cuda.so: {rest}"));
        assert!(
            without.starts_with(&format!("libtorch is for the CPU alone (libtorch_cuda.so: {rest});")),
            "{without}"
        );
        let missing = said(&format!("libcusparse.so.12: {rest}"));
        assert!(missing.contains(&format!("is missing that libtorch needs (libcusparse.so.12: {rest});")), "{missing}");
    }
}
