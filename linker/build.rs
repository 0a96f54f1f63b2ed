//! Hands the linker what a program without libc needs. One paragraph a flag.

use std::{env, fs, path::Path};

/// Libraries that the crates `libc` and `core` ask for on this target. A lab uses
/// types and constants of `libc`, never a function, so each of these is an empty
/// archive here: whoever does call a function gets `undefined symbol: name` from the linker
/// instead of a program that half contains a libc which nobody has started.
const EMPTIED: [&str; 8] = ["c", "m", "rt", "pthread", "util", "dl", "gcc_s", "gcc_eh"];

fn main() {
    // Beside the package's Cargo.toml, or above it for the probes of the tests.
    let package = env::var("CARGO_MANIFEST_DIR").unwrap();
    let linker = Path::new(&package)
        .ancestors()
        .map(|folder| folder.join("linker"))
        .find(|linker| linker.is_dir())
        .unwrap();
    println!("cargo:rerun-if-changed={}", linker.display());

    let empty = Path::new(&env::var("OUT_DIR").unwrap()).join("empty");
    fs::create_dir_all(&empty).unwrap();
    for library in EMPTIED {
        fs::write(empty.join(format!("lib{library}.a")), "!<arch>\n").unwrap();
    }

    let script = format!("-T{}", linker.join("rawlabs.ld").display());
    let empty = format!("-L{}", empty.display());
    let flags = [
        // No crt1.o: `_start` is ours (src/crt0.rs).
        "-nostartfiles",
        // No -lc, no -lgcc: nothing is added that no source here names.
        "-nostdlib",
        // No dynamic linker: the kernel maps the file and jumps to `_start`.
        "-static",
        // Fixed addresses: nothing to relocate at start, and strace, objdump and
        // the program itself agree on every address.
        "-no-pie",
        // The empty archives, found before any real library.
        &empty,
        // Where each part lies.
        &script,
        // A build id is a note that only debuggers of distributions read.
        "-Wl,--build-id=none",
        // Read-only after relocation: there is no relocation.
        "-Wl,-z,norelro",
        // Pages of 4 KiB; the default of 2 MiB on some linkers leaves holes in the file.
        "-Wl,-z,max-page-size=4096",
        // The table by which a stack walker finds a function's frame (for tracing).
        "-Wl,--eh-frame-hdr",
    ];
    for flag in flags {
        println!("cargo:rustc-link-arg-bins={flag}");
    }
}
