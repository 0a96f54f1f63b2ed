//! What a reader makes of a lab on this machine, with the tool that was built for it. `boot.rs` runs these tests on arm64 too.

mod support;

use std::fs;
use std::path::Path;
use std::process::Stdio;

use support::{Scratch, labscope, output, root, study, text_of, traced, twin, unoptimised};

const LAB: &str = "child_wait";

/// The call that makes a process here: a kernel that came after x86_64's has no other.
const FORK: &str = match () {
    () if cfg!(target_arch = "x86_64") => "fork(",
    () => "clone(",
};

/// What a program of the tool prints when it ends well.
fn printed(program: &Path, arguments: &[&str]) -> String {
    for of_lab in [traced, twin, unoptimised] {
        of_lab(LAB); // is built
    }
    let mut command = support::bounded(program);
    command.args(arguments).env("LANG", "C.UTF-8");
    command.current_dir(root()).stdin(Stdio::null());
    let output = output(&mut command);
    assert!(output.status.success(), "{command:?}: {}", text_of(&output));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// It ends well only if the lab was the same as its C program in each scenario.
#[test]
fn a_study_page_has_the_calls_and_the_values_in_memory() {
    let scratch = Scratch::new();
    let folder = scratch.path("study");
    let out = folder.display().to_string();
    printed(&study(), &["--lab", LAB, "--out", &out]);
    for name in ["child_wait.html", "child_wait.ko.html"] {
        let page = fs::read_to_string(folder.join(name)).expect("a page");
        let has = |what: &str| assert!(page.contains(what), "{name} lacks {what}");
        has("<code>fork() = ");
        has(r#""pstatus","0""#);
        has(r#""pstatus","25600""#); // 100 << 8, in the parent behind its wait
    }
}

#[test]
fn a_timeline_has_both_processes_and_the_values_in_memory() {
    let scratch = Scratch::new();
    let file = scratch.path("timeline.svg");
    let out = file.display().to_string();
    printed(&labscope(), &["timeline", LAB, "tty", "--out", &out]);
    let drawn = fs::read_to_string(&file).expect("a picture");
    for what in ["fork → ", "zombie", "pstatus", "0 … 25600"] {
        assert!(drawn.contains(what), "it lacks {what}: {drawn}");
    }
}

#[test]
fn a_step_has_the_call_of_this_machine_its_line_and_what_waits_in_the_buffer() {
    let steps = ["--out", "pipe", "--steps", "1", "--json"];
    let step = printed(&labscope(), &[&["step", LAB], &steps[..]].concat());
    let step: serde_json::Value = serde_json::from_str(&step).expect("JSON");
    assert!(
        step["last"].as_str().expect("a call").starts_with(FORK),
        "{step:#}"
    );
    let parent = &step["processes"][0];
    assert_eq!(parent["line"], "child_wait.rs:30", "{step:#}");
    let unwritten = parent["unwritten"].as_str().expect("a text");
    assert!(unwritten.ends_with("\nhit a key"), "{step:#}");
    let child = step["processes"][1]["unwritten"].as_str().expect("a text");
    assert!(
        unwritten.starts_with(child) && !child.is_empty(),
        "{step:#}"
    );
}

#[test]
fn all_orders_of_a_lab_are_made() {
    let orders = printed(&labscope(), &["orders", LAB, "--json"]);
    let orders: serde_json::Value = serde_json::from_str(&orders).expect("JSON");
    assert_eq!(orders["complete"], true, "{orders:#}");
    let outcomes = orders["outcomes"].as_array().expect("a list");
    let output = outcomes[0]["output"].as_str().expect("a text");
    assert_eq!(outcomes.len(), 1, "{orders:#}");
    assert!(
        output.ends_with("return value from child : 100\n"),
        "{orders:#}"
    );
}
