//! What other tools say of a lab and of its C program is what the table in the README says.

mod support;

use std::path::Path;
use std::process::{Command, Stdio};

use support::documents::read;
use support::{root, text_of};

/// A tool, what it is asked of the lab and of the C program, and what it says to each; `!` begins what it does not say.
struct Tool {
    name: &'static str,
    command: &'static str,
    of_lab: (&'static str, &'static [&'static str]),
    of_c: (&'static str, &'static [&'static str]),
}

const TOOLS: [Tool; 8] = [
    Tool {
        name: "valgrind",
        command: "valgrind {} </dev/null",
        of_lab: ("wait_status", &["0 allocs, 0 frees", "ERROR SUMMARY: 0"]),
        of_c: ("wait_status", &["!0 allocs", "total heap usage"]),
    },
    Tool {
        name: "ltrace",
        command: "ltrace {} </dev/null",
        of_lab: ("exec_test", &["Couldn't find .dynsym", "!getc"]),
        of_c: ("exec_test", &["getc("]),
    },
    Tool {
        name: "uftrace",
        command: "cd $(mktemp -d) && uftrace -P . {} </dev/null; rm -rf \"$PWD\"",
        of_lab: ("exec_test", &["Cannot trace static binary"]),
        of_c: ("exec_test", &["main()", "getc()"]),
    },
    Tool {
        name: "ldd",
        command: "ldd {}",
        of_lab: ("exec_test", &["not a dynamic executable"]),
        of_c: ("exec_test", &["libc.so.6"]),
    },
    Tool {
        name: "file",
        command: "file {}",
        of_lab: ("exec_test", &["statically linked, stripped"]),
        of_c: ("exec_test", &["dynamically linked, interpreter"]),
    },
    Tool {
        name: "perf",
        command: "perf stat -x, -e page-faults {} </dev/null 2>&1 | \
                  awk -F, '/page-faults/ { print ($1 < 10 ? \"few\" : $1 > 24 ? \"dozens\" : $1) }'",
        of_lab: ("exec_test", &["few"]),
        of_c: ("exec_test", &["dozens"]),
    },
    Tool {
        name: "qemu-x86_64",
        command: "qemu-x86_64 -strace {} </dev/null",
        of_lab: ("exec_test", &["read(0,", "exit_group(0)", "!mmap", "!.rs"]),
        of_c: ("exec_test", &["mmap", "read(0,", "exit_group(0)"]),
    },
    Tool {
        name: "stdbuf",
        command: "stdbuf -oL {} | grep -c '^프로세스 시작'",
        of_lab: ("wait_status", &["2\n"]),
        of_c: ("wait_status", &["1\n"]),
    },
];

/// A lab or a C program under a tool: all that was said.
fn said(tool: &Tool, program: &Path) -> String {
    let command = tool.command.replace("{}", &program.display().to_string());
    let mut shell = support::bounded("sh");
    shell.args(["-c", &command]).env("LC_ALL", "C.UTF-8");
    text_of(&support::output(shell.stdin(Stdio::null())))
}

/// Why a tool is not asked here; where it must be, its absence is a failure.
fn missing(tool: &Tool) -> Option<String> {
    let shell = |command: &str| {
        let mut shell = Command::new("sh");
        let tried = shell.args(["-c", command]).output();
        tried.is_ok_and(|output| output.status.success())
    };
    if tool.name.starts_with("qemu-") && std::env::consts::ARCH != "x86_64" {
        return Some("it is for another processor".to_owned());
    }
    if !shell(&format!("command -v {}", tool.name)) {
        let must_be = std::env::var("CI").is_ok_and(|ci| ci == "true");
        assert!(!must_be, "{} is missing: .ci/run installs it", tool.name);
        return Some("it is not installed".to_owned());
    }
    let may_count = tool.name != "perf" || shell("perf stat -e page-faults true");
    (!may_count).then(|| "the kernel lets nobody count here".to_owned())
}

fn assert_says(tool: &Tool, program: &Path, expected: &[&str]) {
    let said = said(tool, program);
    for expected in expected {
        let holds = match expected.strip_prefix('!') {
            Some(unsaid) => !said.contains(unsaid),
            None => said.contains(expected),
        };
        let (name, program) = (tool.name, program.display());
        assert!(holds, "{name} of {program}: {expected}\n{said}");
    }
}

#[test]
fn each_line_of_the_table_holds() {
    for tool in &TOOLS {
        if let Some(why) = missing(tool) {
            eprintln!("not tested here: {}: {why}", tool.name);
            continue;
        }
        let ((lab, of_lab), (twin, of_c)) = (tool.of_lab, tool.of_c);
        assert_says(tool, &support::lab(lab), of_lab);
        assert_says(tool, &support::twin(twin), of_c);
    }
}

#[test]
fn the_table_names_these_tools_and_the_versions_of_debian_12() {
    let system = std::fs::read_to_string("/etc/debian_version").unwrap_or_default();
    for name in ["README.md", "README.ko.md"] {
        let text = read(&root().join(name));
        let (_, table) = text.split_once("<!-- tools -->\n").expect("a table");
        let rows = table
            .lines()
            .skip(2)
            .take_while(|line| line.starts_with('|'));
        let told: Vec<(&str, &str)> = rows
            .map(|row| {
                row[2..]
                    .split_once(" |")
                    .unwrap()
                    .0
                    .split_once(' ')
                    .unwrap()
            })
            .collect();
        let names: Vec<&str> = told.iter().map(|(tool, _)| *tool).collect();
        assert_eq!(names, TOOLS.each_ref().map(|tool| tool.name), "{name}");
        for (tool, version) in told {
            let output = Command::new(tool).arg("--version").output();
            if let (Ok(output), true) = (output, system.starts_with("12.")) {
                let said = text_of(&output);
                assert!(said.contains(version), "{name}: {tool} {version}: {said}");
            }
        }
    }
}

/// The instructions of a text, a blank between the words of each, without places and remarks.
fn instructions<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let bare = |line: &str| {
        let line = line
            .split("//")
            .next()
            .and_then(|line| line.split("  # ").next());
        let line = line.unwrap_or_default();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    lines.map(bare).filter(|line| !line.is_empty()).collect()
}

#[test]
fn the_guide_of_fork_test_shows_the_code_of_both_processors() {
    for (processor, machine, is_there) in [
        ("x86_64", "x86_64:", std::env::consts::ARCH == "x86_64"),
        ("aarch64", "arm64:", cross_compiles()),
    ] {
        if !is_there {
            eprintln!("not tested here: code of {processor}");
            continue;
        }
        let own = std::env::consts::ARCH == processor;
        let mut make = support::bounded("make");
        make.args(["-s", "objdump-fork_test"]).current_dir(root());
        make.args((!own).then(|| format!("ARCH={processor}")));
        let made = support::output(&mut make);
        assert!(made.status.success(), "{}", text_of(&made));
        let text = String::from_utf8_lossy(&made.stdout).into_owned();
        let code = text.lines().filter_map(|line| line.split_once(":\t"));
        let code = instructions(code.map(|(_, instruction)| instruction));
        for name in ["README.md", "README.ko.md"] {
            let guide = read(&root().join("bins/fork_test").join(name));
            let (_, shown) = guide.split_once(machine).expect("the code");
            let shown = instructions(shown.lines().take_while(|line| !line.trim().is_empty()));
            let shown: Vec<String> = shown.into_iter().filter(|line| line != "```").collect();
            assert!(shown.len() >= 2, "{name}: {shown:?}");
            let is_there = code.windows(shown.len()).any(|part| part == shown);
            assert!(is_there, "{name}: {shown:#?}");
        }
    }
}

/// Whether labs can be made for arm64 on this machine; where they must be, it is a failure if not.
fn cross_compiles() -> bool {
    let found = Command::new("sh")
        .args(["-c", "command -v aarch64-linux-gnu-objdump"])
        .output()
        .is_ok_and(|output| output.status.success());
    let must_be = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(
        found || !must_be,
        "binutils for arm64 are missing: .ci/run installs them"
    );
    found || std::env::consts::ARCH == "aarch64"
}
