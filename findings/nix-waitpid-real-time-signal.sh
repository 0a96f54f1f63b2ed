#!/usr/bin/env bash
# nix 0.31.3 (Rust): waitpid(2) of a child that was ended by a real-time signal.
#
# Expected: a status that tells the signal, as the kernel does (WTERMSIG is 34).
# Seen: waitpid returns Err(EINVAL), since the signal has no name in the library; but the kernel has been asked by then,
# so the child is reaped and how it ended is known to nobody: the next waitpid says ECHILD. The same happens to a stop of
# a traced thread by such a signal: it is never heard of, and the thread stays stopped.
#
# Needs cargo and a crate registry. Ends with 0 while nix does this, with 1 when it no longer does.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/src"
cat >"$folder/Cargo.toml" <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"
[dependencies]
nix = { version = "=0.31.3", features = ["process", "signal"] }
[workspace]
TOML
cat >"$folder/src/main.rs" <<'RUST'
use nix::{sys::wait::waitpid, unistd::Pid};
fn main() {
    let child = std::process::Command::new("sh").args(["-c", "kill -34 $$"]).spawn().unwrap();
    let pid = Pid::from_raw(child.id() as i32);
    println!("{:?}, then {:?}", waitpid(pid, None), waitpid(pid, None));
}
RUST
seen=$(cd "$folder" && CARGO_TARGET_DIR=$folder/target cargo run --quiet)
echo "nix 0.31.3: $seen"
[ "$seen" = "Err(EINVAL), then Err(ECHILD)" ]
