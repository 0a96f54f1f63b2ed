//! C programs on another C library (musl) and by a compiler that writes no DWARF (tcc): what the library does otherwise is
//! told as that, and what the program does wrong is told all the same.

use std::process::Command;

use labscope::compare::{ScenarioResult, is_habit};
use libtest_mimic::Trial;

use crate::mutants::{Mutant, mutants};
use crate::programs::{Change, add_needed, c, compare, complaints, lab, source};
use crate::rewritings::build;
use crate::support::trials::{Subject, name_of};
use crate::support::{self, Scratch, root, scenarios_of};

/// Those whose C programs are compared by tcc too, in each scenario; on musl all labs are.
const BY_TCC: [&str; 8] = [
    "fork_test",
    "child_wait",
    "wait_status",
    "exec_test",
    "echo_server",
    "echo_client",
    "myshell",
    "daemon",
];

/// Scenarios in which a habit of musl's shows.
const SHOWN: [(&str, &str, &[&str]); 7] = [
    ("child_wait", "tty", &["musl-asks", "musl-prompt"]),
    (
        "child_wait",
        "pipe",
        &["musl-asks", "musl-room", "musl-buffer"],
    ),
    ("exec_test", "file", &["musl-asks", "musl-room"]),
    ("echo_server", "no-socket", &["musl-words"]),
    ("cal_linux_cli", "tty", &["musl-asks", "musl-prompt"]),
    ("myps", "tty", &["musl-asks", "musl-folder"]),
    ("daemon", "tty", &[]),
];

/// Those that are compared without symbols too, and without stacks where they are static as well.
const STRIPPED: [(&str, &str); 4] = [
    ("child_wait", "pipe"),
    ("child_wait", "tty"),
    ("exec_test", "file"),
    ("daemon", "tty"),
];

/// Mistakes that look like a habit of musl's, or like what is declared for it, and are none: lab, name, scenario, what is replaced, by what, what is told.
const NO_HABIT: [[&str; 6]; 11] = [
    [
        "fork_test",
        "the second line is flushed before fork",
        "pipe",
        "    pid = fork();",
        "    fflush(stdout);\n    pid = fork();",
        "calls write(1, \"hit a key \\n\") = all (line 2",
    ],
    [
        "child_wait",
        "no prompt",
        "tty",
        "    printf(\"hit a key\");\n",
        "",
        "hit a key",
    ],
    [
        "child_wait",
        "another line in a pipe",
        "pipe",
        "=====\\n",
        "====\\n",
        "(line 3",
    ],
    [
        "wait_status",
        "the first line is printed by the child",
        "pipe",
        "    pid = fork();",
        "    pid = fork();\n    if (pid == 0)\n        printf(\"child\\n\");",
        "process 1.1",
    ],
    [
        "cal_linux_cli",
        "a prompt once",
        "tty",
        "printf(\"> \");",
        "if (left_num == 0)\n            printf(\"> \");",
        "the lab calls write(1, \"> \") = all",
    ],
    [
        "cal_linux_cli",
        "a prompt with an end",
        "tty",
        "printf(\"> \");",
        "printf(\"> \\n\");",
        "the C calls write(1, \"> \\n\") = all (line 5",
    ],
    [
        "cal_linux_cli",
        "a prompt that is flushed behind the read",
        "tty",
        "fgets(buf, MAXLINE, stdin);",
        "fgets(buf, MAXLINE, stdin);\n        fflush(stdout);",
        "write(1, \"> \") = all comes later in the C (line 55)",
    ],
    [
        "cal_linux_cli",
        "a prompt twice",
        "tty",
        "printf(\"> \");",
        "printf(\"> > \");",
        "the C calls write(1, \"> > \") = all (line 7",
    ],
    [
        "myps",
        "opens another folder",
        "tty",
        "opendir(\".\")",
        "opendir(\"..\")",
        "the C calls openat(AT_FDCWD, \"..\", O_RDONLY|O_CLOEXEC|O_DIRECTORY) = 3 (line 1",
    ],
    [
        "echo_server_multi",
        "does not put a client into the set",
        "descriptors",
        "FD_SET(client_fd, &allfds);",
        "",
        "the lab calls select(4, [], NULL, NULL, {tv_sec=0, tv_usec=100000}) = 0",
    ],
    [
        "echo_server_thread",
        "does not detach",
        "no-thread",
        "pthread_detach(tid);",
        "",
        "the lab calls close(4) = 0",
    ],
];

/// What is said of a mutant on musl in the place of what is said of it on glibc. Of one whose text is empty nothing is: the
/// line that it flushes musl has written already, musl's sbrk asks for nothing, and a join that finds its thread ended
/// makes no call.
const OTHERWISE: [(&str, &str, &str); 7] = [
    ("wait_status", "flushes before fork", ""),
    ("exec_test", "reads without a buffer", "calls readv(0, "),
    (
        "exec_test",
        "a read that is too short",
        "calls read(0, \"a\", 1)",
    ),
    (
        "command",
        "does not wait for the key",
        "the lab calls read(0, ",
    ),
    (
        "echo_client_loop",
        "takes a single byte for an error",
        "calls write(2, \"read error :: No error information",
    ),
    ("cal_linux_server", "moves the end of its memory itself", ""),
    ("thread1", "does not join the producer", ""),
];

pub fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    let compilers = ["clang", "musl-gcc", "tcc"].into_iter();
    for compiler in compilers.filter(|compiler| is_there(compiler)) {
        let labs = match compiler {
            "tcc" => BY_TCC.map(str::to_owned).to_vec(),
            _ => support::labs(),
        };
        for lab in &labs {
            let scenarios = scenarios_of(lab).scenarios.iter();
            trials.extend(scenarios.map(|it| twin(compiler, "-O0", lab, &it.name)));
        }
        if compiler == "clang" {
            continue; // what it makes of a mistake is found as what gcc makes of it
        }
        let wrong = mutants("mutants.toml").into_iter();
        let wrong = wrong.filter(|mutant| labs.contains(&mutant.lab));
        // tcc has no functions of gcc's own.
        let wrong = wrong.filter(|mutant| compiler != "tcc" || !mutant.to.contains("__builtin_"));
        trials.extend(wrong.map(|wrong| mutant(compiler, wrong)));
        if compiler == "musl-gcc" {
            trials.extend(NO_HABIT.map(|[lab, name, scenario, from, to, says]| {
                let [lab, name, scenario, from, to, says] =
                    [lab, name, scenario, from, to, says].map(str::to_owned);
                mutant(
                    compiler,
                    Mutant {
                        lab,
                        name,
                        scenario,
                        from,
                        to,
                        says,
                    },
                )
            }));
            trials.extend(SHOWN.map(|(lab, scenario, habits)| shown(lab, scenario, habits)));
        }
    }
    for options in ["-s", "-s -static"] {
        trials.extend(STRIPPED.map(|(lab, scenario)| twin("gcc", options, lab, scenario)));
    }
    trials
}

/// Whether a compiler is installed; in CI it has to be.
pub fn is_there(compiler: &str) -> bool {
    let there = Command::new(compiler).arg("-v").output().is_ok();
    there || std::env::var("CI").is_ok()
}

/// The options by which a lab's C program is compiled, and others.
fn with_flags(options: &str, lab: &str) -> String {
    let flags = &support::head(lab).c_flags;
    let options = [options]
        .into_iter()
        .chain(flags.iter().map(String::as_str));
    options.collect::<Vec<_>>().join(" ")
}

/// The twin, built by a compiler, beside its lab.
fn compared(compiler: &str, options: &str, subject: &Subject) -> Result<ScenarioResult, String> {
    support::labscope();
    support::traced(&subject.lab);
    let folder = Scratch::new();
    let program = folder.path(&subject.lab);
    let options = with_flags(options, &subject.lab);
    build(compiler, &options, &source(&subject.lab), &program);
    add_needed(&subject.lab, &folder.path("."));
    let scenario = subject.scenario.as_deref().expect("a scenario");
    compare(
        &subject.lab,
        scenario,
        &c(&program),
        &lab(root(), &subject.lab),
    )
}

/// Its lines are known by what gcc writes, and not by what tcc does.
fn twin(compiler: &'static str, options: &'static str, lab: &str, scenario: &str) -> Trial {
    let by = format!("{compiler} {options}");
    let promise = format!("twin_is_the_same_built_by::{}", name_of(&by));
    let shown_by = format!("make compare-{lab} SCENARIO={scenario} CC='{by}'");
    Subject::scenario(lab, scenario).trial(&promise, shown_by, move |subject| {
        let outcome = match compared(compiler, options, subject) {
            Ok(outcome) => outcome,
            Err(error) => return vec![error],
        };
        let has_lines = compiler != "tcc" && !options.contains("-s");
        let wrong = (outcome.lacks_lines() == has_lines).then(|| "lines".to_owned());
        complaints(&outcome).into_iter().chain(wrong).collect()
    })
}

fn shown(lab: &str, scenario: &str, habits: &'static [&'static str]) -> Trial {
    let shown_by = format!("make compare-{lab} SCENARIO={scenario} CC=musl-gcc");
    let subject = Subject::scenario(lab, scenario);
    subject.trial("as_musl_does", shown_by, move |subject| {
        let outcome = match compared("musl-gcc", "-O0", subject) {
            Ok(outcome) => outcome,
            Err(error) => return vec![error],
        };
        let declared = outcome.declared().into_iter();
        let told = declared.filter(|one| is_habit(one));
        let told: Vec<&str> = told.map(|one| one.name.as_str()).collect();
        let wrong = told != habits;
        Vec::from_iter(wrong.then(|| format!("{told:?}, not {habits:?}")))
    })
}

/// A program that is wrong in one place, with another library or without lines: the call is told, its line where it can be.
fn mutant(compiler: &'static str, wrong: Mutant) -> Trial {
    let Mutant {
        lab: name,
        name: what,
        scenario,
        from,
        to,
        mut says,
    } = wrong;
    let mut otherwise = OTHERWISE.iter();
    let otherwise = otherwise.find(|(lab, mutant, _)| *lab == name && *mutant == what);
    if let Some((.., other)) = otherwise.filter(|_| compiler == "musl-gcc") {
        (*other).clone_into(&mut says);
    }
    let kind = name_of(&format!("{compiler}-mutant"));
    let change = Change::new(&kind, &what, &name, &scenario, &from, &to);
    let promise = format!("mutant_is_found_built_by::{kind}::{}", name_of(&what));
    let shown_by = format!("{} CC={compiler}", change.shown_by());
    Subject::scenario(&name, &scenario).trial(&promise, shown_by, move |subject| {
        support::labscope();
        support::traced(&subject.lab);
        let folder = Scratch::new();
        let program = folder.path(&subject.lab);
        if let Err(error) = change.written() {
            return vec![error];
        }
        build(
            compiler,
            &with_flags("-O0", &subject.lab),
            &change.file,
            &program,
        );
        add_needed(&subject.lab, &folder.path("."));
        let lab = lab(root(), &subject.lab);
        let said = match compare(&subject.lab, &change.scenario, &c(&program), &lab) {
            Ok(outcome) => complaints(&outcome),
            Err(error) => vec![error],
        };
        if says.is_empty() {
            return said;
        }
        let is_found = said.iter().any(|text| text.contains(&says));
        let missed = format!("nothing says {says:?} of\n  {}", said.join("\n  "));
        Vec::from_iter((!is_found).then_some(missed))
    })
}
