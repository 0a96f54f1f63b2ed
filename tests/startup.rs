//! What a program finds when it begins: its arguments, its environment, a stack
//! as the compiler expects it, the memory functions; and how a panic ends it.

mod support;

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::process::Command;

use support::elf::Elf;
use support::{bounded, output, probe, root, text_of};

/// What `probe_startup` prints when it is started with these.
fn shown(args: &[&OsStr], variables: &[&OsStr]) -> Vec<u8> {
    let mut text = format!("argc {}\n", args.len()).into_bytes();
    for (name, strings) in [("argv", args), ("environ", variables)] {
        for string in strings {
            text.extend(format!("{name}[{}] ", string.len()).into_bytes());
            text.extend(string.as_bytes());
            text.push(b'\n');
        }
    }
    text
}

fn assert_shown(command: &mut Command, args: &[&OsStr], variables: &[&OsStr]) {
    let output = output(command);
    let expected = shown(args, variables);
    let expected = String::from_utf8_lossy(&expected);
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}",
        output.status,
        text_of(&output)
    );
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        expected,
        "{command:?}"
    );
}

/// The probe under a name of its own, without a shell or `timeout` that would
/// change the environment: it waits for nothing.
fn startup(name: &OsStr) -> Command {
    let mut command = Command::new(probe("probe_startup"));
    command.arg0(name).env_clear();
    command
}

#[test]
fn arguments_arrive_byte_for_byte() {
    let many: Vec<OsString> = (0..10_000)
        .map(|i| format!("argument {i}").into())
        .collect();
    let many: Vec<&OsStr> = many.iter().map(OsString::as_os_str).collect();
    let cases: [&[&OsStr]; 7] = [
        &[OsStr::new("./probe")],
        &[OsStr::new("")],
        &[OsStr::new("probe"), OsStr::new("one")],
        &[
            OsStr::new("probe"),
            OsStr::new(""),
            OsStr::new(""),
            OsStr::new("three"),
        ],
        &[
            OsStr::new("한글"),
            OsStr::new("two\nlines"),
            OsStr::new("{} %d \\"),
        ],
        &[
            OsStr::from_bytes(b"\xff\xfe"),
            OsStr::from_bytes(b"\x80\x01\x1b[0m"),
        ],
        &many,
    ];
    for args in cases {
        assert_shown(startup(args[0]).args(&args[1..]), args, &[]);
    }
}

#[test]
fn the_environment_arrives_byte_for_byte() {
    let name = OsStr::new("probe");
    let odd = OsStr::from_bytes(b"\xff=\xfe\n");
    assert_shown(&mut startup(name), &[name], &[]);
    let mut one = startup(name);
    one.env(OsStr::from_bytes(b"\xff"), OsStr::from_bytes(b"\xfe\n"));
    assert_shown(&mut one, &[name], &[odd]);
    let mut many = startup(name);
    many.envs((1000..3000).map(|i| (format!("NAME{i}"), "value")));
    let variables: Vec<OsString> = (1000..3000)
        .map(|i| format!("NAME{i}=value").into())
        .collect();
    let variables: Vec<&OsStr> = variables.iter().map(OsString::as_os_str).collect();
    assert_shown(&mut many, &[name], &variables);
}

#[test]
fn execl_hands_arguments_and_environment_on() {
    let path = probe("probe_startup");
    let path = path.as_os_str();
    let args = [path, OsStr::new(""), OsStr::new("last")];
    let mut none = startup(OsStr::new("probe"));
    assert_shown(none.arg("execl").arg(path), &args, &[]);
    let mut some = startup(OsStr::new("probe"));
    some.env("A", "b=c")
        .env("EMPTY", "")
        .env("LONG", "x".repeat(100_000));
    let long = format!("LONG={}", "x".repeat(100_000));
    let variables = [OsStr::new("A=b=c"), OsStr::new("EMPTY="), OsStr::new(&long)];
    assert_shown(some.arg("execl").arg(path), &args, &variables);
}

#[test]
fn a_program_may_be_started_without_arguments() {
    let path = probe("probe_startup");
    let mut none = startup(OsStr::new("probe"));
    let seen = output(none.arg("execve").arg(&path)).stdout;
    let variables = [
        OsStr::new(""),
        OsStr::new("no equals sign"),
        OsStr::new("A=b=c"),
    ];
    // Since Linux 5.18 the kernel puts an empty argv[0] there.
    let expected = [shown(&[], &variables), shown(&[OsStr::new("")], &variables)];
    assert!(
        expected.contains(&seen),
        "{none:?}\n{}",
        String::from_utf8_lossy(&seen)
    );
}

#[test]
fn the_stack_is_aligned() {
    for count in 0..4 {
        for variables in 0..4 {
            let mut probe = startup(OsStr::new("probe"));
            probe.arg("align").args(vec!["x"; count]);
            probe.envs((0..variables).map(|i| (format!("V{i}"), "x")));
            let output = output(&mut probe);
            assert_eq!(
                text_of(&output),
                "0\n",
                "{probe:?}: bytes beside a multiple of 16"
            );
        }
    }
}

#[test]
fn the_memory_functions_work() {
    let path = probe("probe_startup");
    let symbols = Elf::read(&path).symbols;
    // memcmp has become a part of its callers.
    for name in ["memcpy", "memmove", "memset"] {
        let used = symbols.iter().any(|symbol| symbol.name == name);
        assert!(
            used,
            "{name} is not in the probe, which says nothing then: nm {}",
            path.display()
        );
    }
    let output = output(bounded(&path).arg("memory"));
    assert!(
        output.status.success(),
        "probe_startup memory\n{}",
        text_of(&output)
    );
}

#[test]
fn a_panic_tells_its_place_and_ends_with_101() {
    let output = output(bounded(probe("probe_startup")).arg("panic"));
    let source = "tests/probes/startup.rs";
    let text = std::fs::read_to_string(root().join(source)).unwrap();
    let line = text
        .lines()
        .position(|line| line.contains("panic!("))
        .unwrap()
        + 1;
    let seen = text_of(&output);
    assert_eq!(output.status.code(), Some(101), "{seen}");
    assert!(output.stdout.is_empty(), "{seen}");
    assert!(seen.contains(&format!("{source}:{line}:")), "{seen}");
    assert!(seen.ends_with("2 bottles\n"), "{seen}");
}
