//! No lab contains libc by accident: whoever calls one of its functions gets a
//! link error that names it, in both profiles.

mod support;

use std::fs;
use std::os::unix::fs::symlink;
use std::process::{Command, Output};

use support::{Scratch, output, root, text_of};

/// A lab that does what `STATEMENT` says and returns 7.
const LAB: &str = "\
#![no_std]
#![no_main]

rawlabs::main!(main);

fn main() -> libc::c_int {
    STATEMENT
    7
}
";

const MANIFEST: &str = r#"
[workspace]

[package]
name = "lab"
version = "0.1.0"
edition = "2024"
build = "linker/build.rs"

[dependencies]
rawlabs = { path = "ROOT" }
libc = { version = "0.2", default-features = false }

[profile.dev]
panic = "abort"

[profile.release]
panic = "abort"
lto = "fat"
"#;

/// A package outside the workspace with that one lab.
fn package(statement: &str) -> Scratch {
    let package = Scratch::new();
    let root = root();
    package.file(
        "Cargo.toml",
        MANIFEST.replace("ROOT", root.to_str().unwrap()),
    );
    fs::copy(root.join("Cargo.lock"), package.path("Cargo.lock")).unwrap();
    symlink(root.join("linker"), package.path("linker")).unwrap();
    fs::create_dir(package.path("src")).unwrap();
    package.file("src/main.rs", LAB.replace("STATEMENT", statement));
    package
}

fn build(package: &Scratch, profile: &str, settings: &[(&str, &str)]) -> Output {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--offline", "--profile", profile]);
    cargo
        .current_dir(package.path(""))
        .envs(settings.iter().copied())
        .env("CARGO_TARGET_DIR", package.path("target"));
    output(&mut cargo)
}

#[test]
fn a_call_of_libc_is_a_link_error_that_names_it() {
    let calls = [
        ("getpid", "unsafe { libc::getpid() };"),
        (
            "malloc",
            "core::hint::black_box(unsafe { libc::malloc(1) });",
        ),
    ];
    for (name, call) in calls {
        let package = package(call);
        for profile in ["dev", "release"] {
            let built = build(&package, profile, &[]);
            let seen = text_of(&built);
            assert!(
                !built.status.success(),
                "{call} was linked in {profile}\n{seen}"
            );
            let named = [
                format!("undefined symbol: {name}\n"),
                format!("undefined reference to `{name}'"),
            ];
            assert!(
                named.iter().any(|error| seen.contains(error)),
                "{call} in {profile}\n{seen}"
            );
        }
    }
}

#[test]
fn without_such_a_call_the_same_lab_links_and_runs() {
    let package = package("rawlabs::printf!(\"{}\\n\", rawlabs::unistd::getpid());");
    // A profile's own settings, or those of someone who looks for the reason of something.
    let no_assertions = ("CARGO_PROFILE_DEV_DEBUG_ASSERTIONS", "false");
    let no_lto = ("CARGO_PROFILE_RELEASE_LTO", "off");
    for (profile, folder, settings) in [
        ("dev", "debug", &[][..]),
        ("dev", "debug", &[no_assertions]),
        ("release", "release", &[]),
        ("release", "release", &[no_lto]),
    ] {
        let built = build(&package, profile, settings);
        let what = format!("{profile} {settings:?}");
        assert!(built.status.success(), "{what}\n{}", text_of(&built));
        let ran = output(&mut Command::new(
            package.path(&format!("target/{folder}/lab")),
        ));
        assert_eq!(ran.status.code(), Some(7), "{what}\n{}", text_of(&ran));
    }
}

/// Else libunwind stops after one frame: it finds the wrong segment.
#[test]
fn variables_have_an_offset_of_their_own_whichever_linker_there_is() {
    let folder = Scratch::new();
    let text = "int counter; void _start(void) { for (;;) counter++; }\n";
    let source = folder.file("lab.c", text);
    let script = format!("-T{}", root().join("linker/rawlabs.ld").display());
    let program = folder.path("lab");
    let mut cc = Command::new("cc");
    cc.args([
        "-fuse-ld=bfd",
        "-fno-pic",
        "-no-pie",
        "-static",
        "-nostdlib",
    ]);
    cc.args(["-Wl,--build-id=none", "-Wl,--eh-frame-hdr", &script]);
    let linked = output(cc.arg("-o").arg(&program).arg(source));
    assert!(linked.status.success(), "{}", text_of(&linked));
    let told = text_of(&output(Command::new("readelf").arg("-lW").arg(&program)));
    let segments = told.lines().filter(|line| line.contains("LOAD"));
    let offsets: Vec<&str> = segments
        .filter_map(|line| line.split_whitespace().nth(1))
        .collect();
    assert!(offsets.len() == 2 && offsets[0] != offsets[1], "{told}");
}
