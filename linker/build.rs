//! Hands the linker what a program without libc needs. One paragraph a flag.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

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

    // Kernels for arm64 come with pages of 4, 16 and 64 KiB: where one page must not be of two segments, it is of the largest.
    let page = match env::var("CARGO_CFG_TARGET_ARCH").unwrap().as_str() {
        "aarch64" => 0x10000,
        _ => 0x1000,
    };
    let page = format!("-Wl,-z,max-page-size={page}");
    let script = format!("-T{}", linker.join("rawlabs.ld").display());
    let empty = format!("-L{}", empty.display());
    let lld = folder_of_lld().map(|folder| format!("-B{}", folder.display()));
    let lld = lld.iter().map(String::as_str);
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
        // How large a page may be; the default of 2 MiB on some linkers leaves holes in the file.
        &page,
        // The table by which a stack walker finds a function's frame (for tracing).
        "-Wl,--eh-frame-hdr",
    ];
    // One linker for all processors, the one that rustc takes on x86_64 by itself.
    for flag in lld.flat_map(|folder| [folder, "-fuse-ld=lld"]).chain(flags) {
        println!("cargo:rustc-link-arg-bins={flag}");
    }
}

/// Where this compiler has its own linker; some builds of it have none.
fn folder_of_lld() -> Option<PathBuf> {
    let rustc = env::var("RUSTC").unwrap();
    let sysroot = Command::new(rustc).args(["--print", "sysroot"]).output();
    let sysroot = String::from_utf8(sysroot.ok()?.stdout).ok()?;
    let host = env::var("HOST").unwrap();
    let folder = Path::new(sysroot.trim())
        .join("lib/rustlib")
        .join(host)
        .join("bin/gcc-ld");
    folder.is_dir().then_some(folder)
}
