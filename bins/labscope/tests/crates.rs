//! `make tour` on a fresh clone waits for the tool to be compiled, so the crates that it takes are quick to compile.

use std::process::Command;

#[test]
fn none_of_the_crates_of_the_tool_is_a_procedural_macro() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["tree", "--locked", "--offline", "--package", "labscope"]);
    cargo.args(["--edges", "normal,build", "--prefix", "none"]);
    let output = cargo.output().expect("cargo runs");
    let tree = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && tree.contains("nix v"),
        "{output:?}"
    );
    let macros: Vec<&str> = tree
        .lines()
        .filter(|line| line.contains("(proc-macro)"))
        .collect();
    assert!(
        macros.is_empty(),
        "{macros:?}: see CONTRIBUTING.md, \"No procedural macros in the tool\""
    );
}

#[test]
fn the_tour_alone_compiles_without_the_rest() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["check", "--locked", "--offline", "--package", "labscope"]);
    cargo.args(["--no-default-features", "--bin", "labscope-tour"]);
    let output = cargo.output();
    let output = output.expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}
