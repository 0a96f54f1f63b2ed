//! Every system call of a lab has its source line, in every scenario, and the
//! line is the right one: it names the call, or the library function that made it.
#![forbid(unsafe_code)]

#[path = "support/mod.rs"]
mod support;

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use std::thread;

use labscope::source::{Attribution, Place, Site};
use labscope::trace::{Call, Happening, Trace};
use labscope::{Runner, Scenario, Transcript, scenario};
use support::{labs, root};

/// Which system calls a library function makes, where they are not one of its own name.
const CALLS: [(&str, &[&str]); 18] = [
    ("printf", &["fstat", "ioctl", "write"]),
    ("fprintf", &["fstat", "ioctl", "write"]),
    ("fwrite", &["fstat", "ioctl", "write"]),
    ("fflush", &["write"]),
    ("perror", &["write"]),
    // Input on a terminal writes out what waits for that terminal.
    ("getchar", &["fstat", "ioctl", "read", "write"]),
    ("getc", &["fstat", "ioctl", "read", "write"]),
    ("fgets", &["fstat", "ioctl", "read", "write"]),
    // Writes out what waits and gives back what was read ahead; main's return does the same.
    ("exit", &["write", "lseek", "exit_group"]),
    ("_exit", &["exit_group"]),
    ("execl", &["execve"]),
    ("wait", &["wait4"]),
    ("sleep", &["clock_nanosleep", "restart_syscall"]),
    ("usleep", &["clock_nanosleep", "restart_syscall"]),
    ("signal", &["rt_sigaction"]),
    // The helpers of the labs.
    ("complain", &["write"]),
    ("write_all", &["write"]),
    ("address_and_port", &["write"]),
];

/// How many runs go on at the same time: they mostly sleep.
const AT_ONCE: usize = 6;

fn may_make(function: &str, call: &str) -> bool {
    match CALLS.iter().find(|(name, _)| *name == function) {
        Some((_, calls)) => calls.contains(&call),
        None => function == call,
    }
}

/// The source lines of the labs, each file read once.
#[derive(Default)]
struct Sources(HashMap<PathBuf, Vec<String>>);

impl Sources {
    fn line(&mut self, file: &PathBuf, line: u32) -> String {
        let lines = self.0.entry(file.clone()).or_insert_with(|| {
            let text = fs::read_to_string(file)
                .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            text.lines().map(str::to_owned).collect()
        });
        lines.get(line as usize - 1).cloned().unwrap_or_default()
    }
}

/// What is wrong with the attribution of one call.
fn objection(call: &Call, site: &Site, trace: &Trace, sources: &mut Sources) -> Option<String> {
    if !matches!(site.place, Place::Program | Place::ReturnFromMain) {
        return match site.place {
            Place::Setup | Place::Foreign => None,
            Place::CutOff if was_cut_off(call, trace) => None,
            place => Some(format!("{place:?}")),
        };
    }
    let Some(line) = site.line() else {
        return Some(format!("{:?} calls it from several lines", site.callee));
    };
    let text = sources.line(&line.file, line.line);
    let told = format!("{}:{}: {text}", line.file.display(), line.line);
    if site.place == Place::ReturnFromMain {
        let right = text == "}" && may_make("exit", &call.name);
        return (!right).then(|| format!("not main's end: {told}"));
    }
    if site
        .frames
        .last()
        .is_none_or(|frame| frame.function != "main")
    {
        return Some(format!("does not lead to main: {:?}", site.frames));
    }
    let Some(callee) = &site.callee else {
        return Some(format!("no library function: {told}"));
    };
    if !may_make(callee, &call.name) {
        return Some(format!("{callee} does not make this call: {told}"));
    }
    let named = has_word(&text, callee) || has_word(&text, &call.name);
    (!named).then(|| format!("neither the call nor {callee} is in this line: {told}"))
}

/// Whether a text has this word, alone.
fn has_word(text: &str, word: &str) -> bool {
    let in_word = |c: char| c.is_alphanumeric() || c == '_';
    text.split(|c| !in_word(c)).any(|part| part == word)
}

/// Whether the process was in this call when it or the run was ended: it never returned.
fn was_cut_off(call: &Call, trace: &Trace) -> bool {
    let last = trace.calls_of(call.pid).last();
    let exited = trace
        .notices
        .iter()
        .any(|notice| notice.pid == call.pid && matches!(notice.what, Happening::Exited { .. }));
    !exited && call.value().is_none() && last.is_some_and(|last| std::ptr::eq(last, call))
}

fn traced(lab: &str, scenario: &Scenario) -> Transcript {
    let runner = Runner::new(root(), lab, scenario).trace_options(&["-k"]);
    let run = runner.run();
    run.unwrap_or_else(|error| panic!("{lab}, scenario {:?}: {error:#}", scenario.name))
}

/// Runs a scenario; tells how many calls it had in each place, and what is wrong.
fn examine(lab: &str, scenario: &Scenario) -> (HashMap<&'static str, usize>, Vec<String>) {
    let trace = traced(lab, scenario).trace.expect("a trace");
    let attribution = Attribution::new(&root().join("build/traced")).expect("the labs are built");
    let sites = attribution.sites(&trace);
    assert_eq!(sites.len(), trace.calls.len());
    let mut sources = Sources::default();
    let (mut counts, mut wrong) = (HashMap::new(), Vec::new());
    for (call, site) in trace.calls.iter().zip(&sites) {
        let place = match site.place {
            Place::Setup => "setup",
            Place::StartUp => "start-up",
            Place::Program => "program",
            Place::ReturnFromMain => "return from main",
            Place::CutOff => "cut off",
            Place::Foreign => "foreign",
        };
        *counts.entry(place).or_default() += 1;
        if let Some(objection) = objection(call, site, &trace, &mut sources) {
            let Call {
                pid,
                name,
                result,
                stack,
                ..
            } = call;
            wrong.push(format!(
                "{pid} {name} = {result:?}: {objection}\n    {stack:?}"
            ));
        }
    }
    (counts, wrong)
}

#[test]
fn every_call_of_every_scenario_has_its_line() {
    support::traced("fork_test");
    support::labscope();
    let mut runs = Vec::new();
    for lab in labs() {
        let scenarios = scenario::load(root(), &lab).unwrap_or_else(|error| panic!("{error:#}"));
        runs.extend(
            scenarios
                .scenarios
                .into_iter()
                .map(|scenario| (lab.clone(), scenario)),
        );
    }
    runs.reverse();
    let (left, total, wrong) = (
        Mutex::new(runs),
        Mutex::new(HashMap::new()),
        Mutex::new(Vec::new()),
    );
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let Some((lab, scenario)) = left.lock().unwrap().pop() else {
                        break;
                    };
                    let (counts, objections) = examine(&lab, &scenario);
                    for (place, count) in counts {
                        *total.lock().unwrap().entry(place).or_insert(0) += count;
                    }
                    let mut wrong = wrong.lock().unwrap();
                    wrong.extend(objections.into_iter().map(|objection| {
                        format!("{lab}, scenario {:?}: {objection}", scenario.name)
                    }));
                }
            });
        }
    });
    let (total, wrong) = (total.into_inner().unwrap(), wrong.into_inner().unwrap());
    println!("{total:?}");
    assert!(
        wrong.is_empty(),
        "{} calls:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(
        total["program"] > 1000 && total["return from main"] > 20,
        "{total:?}"
    );
}
