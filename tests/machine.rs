//! The files that make a machine ready name what exists: the image for containers, the tasks of VS Code, the workflow.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use support::documents::read;
use support::{labs, root};

fn json(path: &str) -> Value {
    let text = read(&root().join(path));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Strings of an array.
fn texts(value: &Value) -> Vec<&str> {
    let values = value.as_array().expect("an array").iter();
    values
        .map(|value| value.as_str().expect("a text"))
        .collect()
}

/// The words behind each `apt-get install` of a text, without options.
fn installed(text: &str) -> BTreeSet<String> {
    let text = text.replace("\\\n", " ");
    let words = text.split("apt-get install ").skip(1).flat_map(|rest| {
        let end = rest.find([')', '&', ';', '\n', '"']).unwrap_or(rest.len());
        rest[..end].split_whitespace().map(str::to_owned)
    });
    words.filter(|word| !word.starts_with(['-', '$'])).collect()
}

/// What `.ci/run` installs beside what doctor asks for.
fn tools_of_ci() -> BTreeSet<String> {
    let text = read(&root().join(".ci/run"));
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("for tool in "));
    let line = line.and_then(|line| line.strip_suffix("; do")).unwrap();
    let packages = line.split(' ').filter_map(|pair| pair.split_once(':'));
    packages.map(|(_, package)| package.to_owned()).collect()
}

#[test]
fn the_image_has_what_doctor_and_the_tests_ask_for() {
    let wanted = installed(&read(&root().join("Makefile")));
    assert!(
        wanted.contains("gdb") && wanted.contains("strace"),
        "{wanted:?}"
    );
    let image = read(&root().join(".devcontainer/Dockerfile"));
    let mut all: BTreeSet<String> = wanted.union(&tools_of_ci()).cloned().collect();
    all.insert("make".to_owned()); // doctor itself
    assert_eq!(installed(&image), all);
}

/// The version of Rust in the image, and the distribution that it is made on: `1.90.0`, `bookworm`.
fn base() -> (String, String) {
    let image = read(&root().join(".devcontainer/Dockerfile"));
    let from = image
        .lines()
        .find_map(|line| line.strip_prefix("FROM rust:"));
    let (version, distribution) = from.and_then(|tag| tag.split_once('-')).expect("a tag");
    (version.to_owned(), distribution.to_owned())
}

#[test]
fn the_image_has_the_oldest_rust_that_is_supported() {
    let package = read(&root().join("Cargo.toml"));
    let oldest = package
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = "));
    assert_eq!(base().0, format!("{}.0", oldest.unwrap().trim_matches('"')));
}

#[test]
fn the_packages_of_the_image_are_those_of_its_distribution() {
    let here = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let codename = format!("VERSION_CODENAME={}", base().1);
    if !here.lines().any(|line| line == codename) {
        return eprintln!("not tested here: this is not {}", base().1);
    }
    let image = read(&root().join(".devcontainer/Dockerfile"));
    let knows = |program: &str, option: &str, package: &str| {
        let mut command = Command::new(program);
        let told = command.args([option, package]).output();
        told.is_ok_and(|told| told.status.success())
    };
    for package in installed(&image) {
        let is_known = knows("dpkg", "-s", &package) || knows("apt-cache", "show", &package);
        assert!(is_known, "{package}; after apt-get update?");
    }
}

#[test]
fn the_container_may_trace() {
    let container = json(".devcontainer/devcontainer.json");
    let file = container["build"]["dockerfile"].as_str().unwrap();
    assert!(root().join(".devcontainer").join(file).is_file());
    let run = texts(&container["runArgs"]);
    assert!(run.contains(&"--cap-add=SYS_PTRACE"), "{run:?}");
    assert!(
        run.contains(&"--security-opt=seccomp=unconfined"),
        "{run:?}"
    );
    assert_eq!(container["init"], true); // who is pid 1 waits for orphans
    let after = container["postCreateCommand"].as_str().unwrap();
    for command in after.split(" && ") {
        let target = command.strip_prefix("make").expect("make").trim();
        assert_is_target(if target.is_empty() { "all" } else { target });
    }
}

/// Whether the Makefile has the target, which asks for a lab or stands alone.
fn assert_is_target(target: &str) {
    let makefile = read(&root().join("Makefile"));
    let has = match target.strip_suffix("-${input:lab}") {
        Some(kind) => makefile.contains(&format!("$(LABS:%={kind}-%): {kind}-%:")),
        None => makefile.contains(&format!("\n{target}:")),
    };
    assert!(has, "make {target}");
}

#[test]
fn tasks_and_launch_entries_name_targets_and_labs() {
    let (tasks, launch) = (json(".vscode/tasks.json"), json(".vscode/launch.json"));
    for file in [&tasks, &launch] {
        let input = &file["inputs"][0];
        assert_eq!(input["id"], "lab");
        assert_eq!(texts(&input["options"]), labs());
    }
    let mut labels = Vec::new();
    for task in tasks["tasks"].as_array().unwrap() {
        assert_eq!(task["command"], "make");
        texts(&task["args"]).into_iter().for_each(assert_is_target);
        labels.push(task["label"].as_str().unwrap());
    }
    let mut names = Vec::new();
    for entry in launch["configurations"].as_array().unwrap() {
        names.push(entry["name"].as_str().unwrap());
        if let Some(command) = entry["command"].as_str() {
            assert_is_target(command.strip_prefix("make ").unwrap());
        } else {
            let first = entry["preLaunchTask"].as_str().unwrap();
            assert!(labels.contains(&first), "{first}");
            let program = entry["program"].as_str().unwrap();
            let program = program.replace("${workspaceFolder}/build/", "");
            assert_eq!(program, format!("{first}/${{input:lab}}"));
        }
    }
    for wanted in ["run", "strace", "compare", "step"] {
        assert!(
            labels.contains(&wanted) && names.contains(&wanted),
            "{wanted}"
        );
    }
}

#[test]
fn the_workflow_runs_ci_and_keeps_the_pages() {
    let text = read(&root().join(".github/workflows/ci.yml"));
    for part in [
        " .ci/run\n",
        " make study\n",
        "path: build/study/\n",
        "docker build --tag rawlabs .devcontainer\n",
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert!(!text.contains('\t'));
    for action in text.lines().filter_map(|line| line.split_once("uses: ")) {
        let (_, version) = action.1.split_once('@').expect("a version");
        assert!(version.starts_with('v'), "{version}");
    }
}

/// Who starts strace, or speaks of it by its name alone: the tool's own tracer does all else.
const OF_STRACE: [&str; 8] = [
    "bins/labscope/src/live/",                   // `make strace-<lab>`
    "bins/labscope/tests/annotate/",             // its tests
    "tests/every_lab/live.rs",                   // with every lab
    "tests/make.rs",                             // as a target, and without it
    "bins/labscope/tests/cli.rs",                // as a command, with its help
    "bins/labscope/tests/oracle/",               // the tracer held against it
    "bins/labscope/trace/src/tests/recorded.rs", // traces that it wrote
    "tests/machine.rs",                          // a package, and a task
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let found = paths.flat_map(|path| match path.is_dir() {
        true => sources(&path),
        false => vec![path],
    });
    let is_source = |path: &PathBuf| path.extension().is_some_and(|kind| kind == "rs");
    found.filter(is_source).collect()
}

#[test]
fn nothing_but_make_strace_and_the_oracle_needs_strace() {
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for path in ["tests", "bins"]
        .iter()
        .flat_map(|it| sources(&root().join(it)))
    {
        let name = path.strip_prefix(root()).unwrap().to_str().unwrap();
        let text = read(&path);
        let mut lines = text.lines();
        let of_qemu = |line: &str| line.contains("\"-strace\"");
        let is_it =
            |line: &&str| line.contains("strace\"") && !of_qemu(line) || line.contains("\"strace-");
        let Some(line) = lines.find(is_it) else {
            continue;
        };
        let reason = OF_STRACE.iter().find(|place| name.starts_with(**place));
        assert!(reason.is_some(), "{name}: {line}: the tool has a tracer");
        used.extend(reason);
    }
    let unused: Vec<_> = OF_STRACE.iter().filter(|it| !used.contains(*it)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}
