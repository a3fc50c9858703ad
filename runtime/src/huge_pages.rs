//! Tensors in huge pages: the one place with unsafe code, as `tests/tests/architecture.rs` holds.

#![cfg_attr(target_os = "linux", expect(unsafe_code, reason = "libtorch is told by a variable of the environment"))]

/// Read by libtorch at its first tensor: whether tensors of 2 MiB and more are marked for huge pages (`c10/core/impl/alloc_cpu.cpp` of PyTorch).
#[cfg(target_os = "linux")]
const SETTING: &str = "THP_MEM_ALLOC_ENABLE";

/// Has libtorch ask Linux for huge pages, of 2 MiB in place of 4 KiB, for tensors that fill one.
///
/// The allocator takes a large tensor anew from the system and hands it back as soon as it is free, and for each of its pages, in every step
/// of a training and every pass, the system is interrupted. With huge pages passes over many images at once take up to a fifth less time
/// (docs/performance.md).
///
/// The programs that [`cli::run`](crate::cli::run) makes begin with it. A program of your own calls it first in `main`. It does nothing where
/// `THP_MEM_ALLOC_ENABLE` is set already, nor when there is a second thread, which might be reading the environment; where the system gives no huge
/// pages (`never` in `/sys/kernel/mm/transparent_hugepage/enabled`), or libtorch has made a tensor before, it is without effect.
pub fn use_huge_pages() {
    #[cfg(target_os = "linux")]
    if std::env::var_os(SETTING).is_none() && is_alone() {
        // SAFETY: no other thread reads or writes the environment meanwhile, because there is none.
        unsafe { std::env::set_var(SETTING, "1") };
    }
}

/// Whether the process has one thread.
#[cfg(target_os = "linux")]
fn is_alone() -> bool {
    std::fs::read_dir("/proc/self/task").is_ok_and(|threads| threads.count() == 1)
}
