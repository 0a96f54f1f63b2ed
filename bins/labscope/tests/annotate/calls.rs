//! What is told of each call.

use std::fs;

use serde_json::Value;

use crate::project::{PROMPT, Project};
use crate::support::{squeezed, text};

#[test]
fn a_call_that_blocks_is_told_at_once_with_its_line() {
    let project = Project::new("blocks", PROMPT);
    let mut terminal = project.on_terminal(&[]);
    let before = terminal.expect("read(0 …") + &terminal.expect("getchar();");
    let before = squeezed(&before);
    for part in [
        "│ 1 0.000 --- is born: pid ".to_owned(),
        "[tracing: strace starts the program]".to_owned(),
        "calls of start-up (libc)".to_owned(),
        "write(1, \"a key \", 6) = 6".to_owned(),
        format!("read(0 … prog.c:{} getchar();", project.line("getchar")),
    ] {
        assert!(before.contains(&part), "{part:?} is not in:\n{before}");
    }
    terminal.types("\n");
    let after = squeezed(&terminal.expect("status 0"));
    for part in [
        format!(
            "… read(0, \"\\n\", 1024) = 1 prog.c:{} getchar();",
            project.line("getchar")
        ),
        format!("prog.c:{} [libc threads: ", project.line("fork")),
        "+++ exited with 100".to_owned(),
        format!("prog.c:{} wait(NULL);", project.line("wait(NULL)")),
        format!(
            "prog.c:{} }} [return from main]",
            project.line("return 3") + 1
        ),
        "[prog ended with status 3]".to_owned(),
    ] {
        assert!(after.contains(&part), "{part:?} is not in:\n{after}");
    }
    terminal.leave();
}

#[test]
fn a_file_gets_every_call_as_plain_text() {
    let project = Project::new("file", PROMPT);
    let output = project.strace(&["--all", "--to", "to", "--save", "save"]);
    assert!(output.status.success(), "{}", text(&output));
    assert_eq!(text(&output), "a key [prog ended with status 3]\n");
    let trace = project.read("to");
    let known = |line: &str| !line.contains(" …") && !line.contains("---");
    let lines = |text: &str| {
        text.lines()
            .filter(|line| known(line))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(lines(&trace), lines(&project.read("save")));
    assert!(!trace.contains('\x1b') && !trace.contains('│'), "{trace}");
    assert!(
        trace.contains("[libc loader: ") && !trace.contains("calls of start-up"),
        "{trace}"
    );
    assert!(squeezed(&trace).contains("= 6 prog.c"), "{trace}");
    for line in trace.lines() {
        let number: usize = line
            .split_whitespace()
            .next()
            .and_then(|it| it.parse().ok())
            .expect("a process");
        assert!((1..=2).contains(&number), "{line}");
    }
}

#[test]
fn a_file_to_read_folds_another_program_and_cuts_long_strings_and_all_opens_both() {
    let source = "int main(void)\n{\n\tstatic char text[3000];\n\tfor (int i = 0; i < 3000; i++)\n\t\ttext[i] = 'a';\n\twrite(1, text, 3000);\n\texecl(\"/bin/true\", \"true\", NULL);\n\treturn 1;\n}\n";
    let project = Project::new("folds", source);
    let traces = |words: &[&str]| {
        let output = project.strace(words);
        assert!(output.status.success(), "{}", text(&output));
        (project.read("to"), project.read("save"))
    };
    let (short, kept) = traces(&["--to", "to", "--save", "save"]);
    let (all, _) = traces(&["--to", "to", "--save", "save", "--all"]);
    let of_true = |trace: &str| {
        let own = trace.lines();
        own.filter(|line| line.ends_with("[true: not ours, no source]"))
            .count()
    };
    assert_eq!(of_true(&short), 0, "{short}");
    assert!(
        of_true(&kept) > 3 && of_true(&kept) == of_true(&all),
        "{kept}"
    );
    let folded = format!(
        "… {} calls of true (not ours, no source; ALL=1 lists them)",
        of_true(&kept)
    );
    assert!(
        short.contains(&folded) && !kept.contains(&folded),
        "{short}"
    );
    let write = |trace: &str| {
        let mut lines = trace.lines();
        let write = lines
            .find(|line| line.contains("  write(1, "))
            .expect("the write");
        assert!(write.contains(" = 3000  prog.c:"), "{write}");
        write.matches('a').count()
    };
    assert!(write(&short) < 200, "{short}");
    assert!(write(&kept) == 3000 && write(&all) == 3000, "{kept}");
}

#[test]
fn times_of_a_saved_trace_do_not_run_backwards() {
    let source = "int main(void)\n{\n\tif (fork() == 0) {\n\t\tusleep(200000);\n\t\treturn 0;\n\t}\n\tfor (int i = 0; i < 30; i++) {\n\t\tusleep(5000);\n\t\twrite(1, \"x\", 1);\n\t}\n\twait(NULL);\n\treturn 0;\n}\n";
    let project = Project::new("times", source);
    let output = project.strace(&["--to", "to"]);
    assert!(output.status.success(), "{}", text(&output));
    let trace = project.read("to");
    let times = trace.lines().map(|line| {
        let time = line.split_whitespace().nth(1);
        time.and_then(|it| it.parse::<f64>().ok()).expect("a time")
    });
    assert!(times.is_sorted(), "{trace}");
}

#[test]
fn json_has_one_object_a_call() {
    let project = Project::new("json", PROMPT);
    let output = project.strace(&["--to", "to", "--json"]);
    assert!(output.status.success(), "{}", text(&output));
    let calls = project.calls("to");
    let named = |name: &str| {
        calls
            .iter()
            .filter(|call| call["call"] == name)
            .collect::<Vec<_>>()
    };
    assert_eq!(calls[0]["artefact"], "strace");
    let wait = named("wait4");
    assert_eq!(
        (wait.len(), &wait[0]["process"]),
        (1, &Value::from(1)),
        "{wait:?}"
    );
    assert_eq!(wait[0]["line"], project.line("wait(NULL)"));
    assert_eq!(
        (&wait[0]["source"], &wait[0]["function"]),
        (&"wait(NULL);".into(), &"main".into())
    );
    assert_eq!(
        (&wait[0]["library_function"], &wait[0]["libc"]),
        (&"wait".into(), &Value::Null)
    );
    let exits = named("exit_group");
    let places: Vec<&Value> = exits.iter().map(|call| &call["place"]).collect();
    assert_eq!(places, ["program", "return-from-main"]);
    assert!(exits.iter().all(|call| call["result"].is_null()));
    let brks: Vec<&Value> = named("brk").iter().map(|call| &call["libc"]).collect();
    assert_eq!(brks[0], "mapping", "the loader asks where the heap begins");
    assert!(brks[1..].iter().all(|&libc| libc == "heap"), "{brks:?}");
    assert!(
        calls.iter().all(|call| call["place"] != "cut-off"),
        "{calls:?}"
    );
}

#[test]
fn the_twin_is_traced_and_what_libc_adds_is_marked() {
    let project = Project::new("twin", PROMPT);
    fs::remove_file(project.path("build/traced/prog")).expect("it is there");
    let missing = project.strace(&[]);
    assert!(!missing.status.success() && text(&missing).contains("`make prog` builds it"));
    let output = project.strace(&["--c", "--json", "--to", "to"]);
    assert!(output.status.success(), "{}", text(&output));
    let libc = |call: &Value| !call["libc"].is_null();
    let (by_libc, others): (Vec<Value>, Vec<Value>) =
        project.calls("to").into_iter().partition(libc);
    assert!(by_libc.len() > 20, "{by_libc:?}");
    let names: Vec<&str> = others
        .iter()
        .filter_map(|call| call["call"].as_str())
        .collect();
    let parents = [
        "execve",
        "newfstatat",
        "newfstatat",
        "write",
        "read",
        "clone",
        "wait4",
        "exit_group",
    ];
    for name in parents {
        assert!(names.contains(&name), "no {name} in {names:?}");
    }
    assert!(
        !names.contains(&"mmap") && !names.contains(&"brk"),
        "{names:?}"
    );
}

#[test]
fn the_order_after_fork_is_asked_for_and_proved() {
    let source = "int main(void)\n{\n\twrite(1, \"x\", 1);\n\tif (fork() == 0) {\n\t\twrite(1, \"c\", 1);\n\t\t_exit(0);\n\t}\n\twrite(1, \"p\", 1);\n\twait(NULL);\n\treturn 0;\n}\n";
    let project = Project::new("order", source);
    for (order, asked) in [("child-first", "xcp"), ("parent-first", "xpc")] {
        // A delay asks, a busy machine may refuse; but what is told is what happened.
        let comes_out = || {
            let run = project.strace(&["--order", order, "--to", "to"]);
            let told = text(&run);
            if told.contains("[order: after fork 1 both acted at the same moment: run it again]") {
                return false;
            }
            let first = if told.starts_with("xcp") {
                "the child ran first"
            } else {
                "the parent ran first"
            };
            assert!(told.contains("[order: ") && told.contains(first), "{told}");
            assert!(
                project.read("to").contains("[tracing: held back]"),
                "{}",
                project.read("to")
            );
            let as_asked = told.starts_with(asked);
            assert_eq!(as_asked, !told.contains("all the same"), "{told}");
            as_asked
        };
        assert!((0..10).any(|_| comes_out()), "never {order}");
    }
}

#[test]
fn only_a_signal_that_the_program_ignores_is_an_artefact_of_tracing() {
    let body = "int main(void)\n{\n\tSIGNAL;\n\tif (fork() == 0)\n\t\texit(0);\n\tsleep(1);\n\twait(NULL);\n\treturn 0;\n}\n";
    let broken = |name: &str, signal: &str| {
        let source = format!(
            "static void handler(int s) {{ (void)s; }}\n{}",
            body.replace("SIGNAL", signal)
        );
        let project = Project::new(name, &source);
        let output = project.strace(&["--json", "--to", "to", "--order", "parent-first"]);
        assert!(output.status.success(), "{}", text(&output));
        let calls = project.calls("to");
        calls
            .iter()
            .filter(|call| call["process"] == 1)
            .filter_map(|call| call["artefact"].as_str().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    let ignored = broken("ignored", "(void)handler");
    assert!(
        ignored.contains(&"broken-off".into()) && ignored.contains(&"goes-on".into()),
        "{ignored:?}"
    );
    let handled = broken("handled", "signal(SIGCHLD, handler)");
    assert!(
        !handled.contains(&"broken-off".into()) && !handled.contains(&"goes-on".into()),
        "{handled:?}"
    );
}

#[test]
fn a_flood_of_calls_is_told_to_the_last() {
    let source = "int main(void)\n{\n\tfor (int i = 0; i < 3000; i++)\n\t\tclose(1000 + i);\n\treturn 0;\n}\n";
    let project = Project::new("flood", source);
    let output = project.strace(&["--json", "--to", "to"]);
    assert!(output.status.success(), "{}", text(&output));
    let line = project.line("close(1000");
    let calls = project.calls("to");
    let closes: Vec<&Value> = calls.iter().filter(|call| call["line"] == line).collect();
    let others: Vec<&Value> = calls
        .iter()
        .filter(|call| call["call"] == "close" && call["line"] != line)
        .collect();
    assert_eq!(closes.len(), 3000, "{others:?}");
    assert!(
        closes
            .iter()
            .enumerate()
            .all(|(turn, call)| call["arguments"].as_str() == Some(&(1000 + turn).to_string()))
    );
}
