//! Slide "1. 프로세스 복사에 따른 성능 문제": what a fork costs, and how much of it is the memory. C: `fork_cost.c`.
//!
//! Watch: with memory fork takes longer, as the page tables grow, and vfork does not.
//! Trace: `make strace-fork_cost ARGS=16`. Differences from the C: `clock_gettime` is a system call.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use libc::{c_int, c_long};
use rawlabs::{crt0::Argv, fcntl::*, helpers::complain, printf, stdio::*, stdlib::*};
use rawlabs::{string::memmem, sys::mman::*, sys::wait::waitpid, time::*, unistd::*};

const ROUNDS: c_int = 5; // the best of them counts
fn microseconds() -> c_long {
    clock_gettime(CLOCK_MONOTONIC).map_or(0, |now| now.tv_sec * 1_000_000 + now.tv_nsec / 1000)
}

/// The kB of page tables that this process has.
fn page_tables() -> Option<c_long> {
    let mut text = [0; 4096];
    let fd = open(c"/proc/self/status", O_RDONLY, 0).ok()?; // openat
    let _ = (read(fd, &mut text), close(fd));
    let line = memmem(&text, b"VmPTE:")?; // strstr
    strtol(text.get(line + 6..)?).0
}

/// One line: page tables, and how long a child takes from its beginning to its end.
fn measure(memory: &str) {
    let (mut best, mut best_vfork) = (1_000_000_000, 1_000_000_000);
    for _ in 0..ROUNDS {
        let start = microseconds();
        let pid = fork().unwrap_or(-1); // the page tables are copied
        if pid == 0 {
            _exit(0); // exit_group
        }
        let _ = waitpid(pid, None, 0); // wait4
        best = best.min(microseconds() - start);
    }
    for _ in 0..ROUNDS {
        let start = microseconds();
        let pid = vfork_exit(0).unwrap_or(-1); // vfork: the memory is lent; in the child exit_group
        let _ = waitpid(pid, None, 0); // wait4
        best_vfork = best_vfork.min(microseconds() - start);
    }
    printf!("{:<12} {:8} kB ", memory, page_tables().unwrap_or(0));
    printf!("{:8} us {:8} us\n", best, best_vfork);
}

/// The same with so much memory, each page of which has been written to.
fn measure_with(name: &str, size: usize, advice: c_int) {
    let Ok(memory) = mmap(size) else {
        fwrite(b"not so much memory\n", stderr);
        exit(1);
    };
    let _ = madvise(memory, advice);
    for byte in memory.iter_mut().step_by(4096) {
        *byte = 1;
    }
    measure(name);
    let _ = munmap(memory);
}

rawlabs::main!(main, argc, argv);

fn main(_argc: c_int, argv: Argv) -> c_int {
    let text = argv.get(1).unwrap_or(c"256");
    let (Some(mib @ 1..=65_536), b"") = strtol(text.to_bytes()) else {
        complain(text, "not a size in MiB");
        return 2;
    };
    printf!("memory       page tables        fork       vfork\n");
    measure("none");
    measure_with("small pages", (mib as usize) << 20, MADV_NOHUGEPAGE);
    measure_with("huge pages", (mib as usize) << 20, MADV_HUGEPAGE);
    0
}
