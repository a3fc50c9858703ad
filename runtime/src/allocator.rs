//! What becomes of memory that libtorch gives back: the one place with unsafe code, as `tests/tests/architecture.rs` holds.

#![cfg_attr(
    all(target_os = "linux", target_env = "gnu"),
    expect(unsafe_code, reason = "glibc's allocator is told in C, and no library tells it safely")
)]

/// Settings of glibc's allocator that a user may have made; they win.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const SETTINGS: [&str; 4] = ["GLIBC_TUNABLES", "MALLOC_MMAP_MAX_", "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"];

/// Has the C library keep the memory of tensors for the next ones.
///
/// glibc takes every block of 32 MiB and more anew from the system and hands it back as soon as it is free. The system then clears the
/// same pages in every step of a training or pass, which takes up to a third of the time. After this call freed memory stays with the
/// program: passes over many images at once are faster by a fifth to a half, steps of training by up to a seventh, and training may have a
/// fifth more memory in use (docs/performance.md).
///
/// The programs that [`cli::run`](crate::cli::run) makes begin with it. A program of your own calls it first in `main`, before there are
/// threads. It does nothing with another C library, nor where one of the environment variables `GLIBC_TUNABLES`, `MALLOC_MMAP_MAX_`,
/// `MALLOC_MMAP_THRESHOLD_` and `MALLOC_TRIM_THRESHOLD_` is set.
pub fn keep_freed_memory() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    if SETTINGS.iter().all(|name| std::env::var_os(name).is_none()) {
        // SAFETY: mallopt(3) sets one number of the allocator, under the allocator's own lock; it takes no pointer, and refuses a number
        // that it cannot use. 0 blocks come from the system one by one, and -1 is "never" for giving the end of the heap back.
        unsafe {
            libc::mallopt(libc::M_MMAP_MAX, 0);
            libc::mallopt(libc::M_TRIM_THRESHOLD, -1);
        }
    }
}
