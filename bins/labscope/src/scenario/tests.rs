use crate::i18n::Text;
use std::time::Duration;

use nix::sys::signal::Signal;

use crate::scenario::condition::Condition;
use crate::scenario::rubric::Criterion;
use crate::scenario::*;

/// A file with one scenario that has these lines.
fn file(lines: &str) -> String {
    format!("[[scenario]]\nname = \"one\"\ntitle = {{ en = \"a\", ko = \"b\" }}\n{lines}\n")
}

fn one(lines: &str) -> Scenario {
    let scenarios = parse(&file(lines)).unwrap_or_else(|error| panic!("{lines}: {error:#}"));
    scenarios.get("one").expect("the scenario").clone()
}

fn step(text: &str) -> Step {
    one(&format!(
        "stdin = \"pipe\"\nstdout = \"pipe\"\nsteps = [ {text} ]"
    ))
    .steps[0]
        .clone()
}

fn awaited(text: &str) -> Condition {
    match step(&format!("{{ await = {text} }}")) {
        Step::Await {
            condition,
            timeout: None,
        } => condition,
        other => panic!("{other:?}"),
    }
}

/// What is said about a file that is refused.
fn refusal(text: &str) -> String {
    format!("{:#}", parse(text).expect_err(text))
}

#[test]
fn a_scenario_that_names_nothing_has_the_defaults() {
    let expected = Scenario {
        title: Text {
            en: "a".into(),
            ko: "b".into(),
        },
        ..Scenario::named("one")
    };
    let scenario = one("");
    assert_eq!(scenario, expected);
    assert_eq!(scenario.deadline(), Duration::from_secs(10));
    assert!(!scenario.is_traced());
}

/// A file with a head of these lines, and with one scenario.
fn headed(lines: &str) -> String {
    format!(
        "[lab]\nslide = \"Lab. a.c\"\nwatch = {{ en = \"a\", ko = \"b\" }}\ncalls = [\"read\"]\nmax_size = 1536\n\
         first_call = \"fstat(0\"\n{lines}\n\n{}",
        file("")
    )
}

#[test]
fn every_key_of_a_head_is_read() {
    let text = headed(
        "arguments = \"[PORT]\"\nrefuses = [ { args = [\"x\"], says = \"\\\"x\\\": no port\" } ]\nport = 7\n\
         c_flags = [\"-DA\"]\nc_arguments = [[\"7\"]]\nc_in_tmp = true\npicture = \"tty\"\n\
         rubric = [ { points = 2, calls = [\"fork\"], what = { en = \"e\", ko = \"k\" } } ]\nalone = { processes = 2, endless = \"pause\", asleep_in = \"read\" }",
    );
    let head = parse(&text).expect("a good file").lab;
    let text = |en: &str, ko: &str| Text {
        en: en.into(),
        ko: ko.into(),
    };
    let expected = Head {
        slide: text("Lab. a.c", "Lab. a.c"),
        watch: text("a", "b"),
        calls: vec!["read".into()],
        max_size: 1536,
        first_call: "fstat(0".into(),
        arguments: Some("[PORT]".into()),
        refuses: vec![Refusal {
            args: vec!["x".into()],
            says: "\"x\": no port".into(),
        }],
        port: Some(7),
        c_flags: vec!["-DA".into()],
        rubric: vec![Criterion {
            what: text("e", "k"),
            points: 2,
            calls: vec!["fork".into()],
            ..Criterion::default()
        }],
        c_arguments: vec![vec!["7".into()]],
        c_in_tmp: true,
        picture: Some("tty".into()),
        alone: Some(Alone {
            processes: 2,
            status: None,
            endless: vec!["pause".into()],
            asleep_in: Some("read".into()),
        }),
    };
    assert_eq!(head, Some(expected));
    assert_eq!(parse(&file("")).expect("a file without a head").lab, None);
}

#[test]
fn a_head_that_says_too_little_or_too_much_is_refused() {
    let alone = "alone = { processes = 1, status = 0 }";
    let with = |line: &str| headed(&format!("{line}\n{alone}"));
    for (text, says) in [
        (
            headed(""),
            "[lab]: `alone` is missing, and no scenario has `network = true` or a companion",
        ),
        (
            headed("alone = { processes = 0, status = 0 }"),
            "`processes` is at least 1",
        ),
        (
            headed("alone = { processes = 1 }"),
            "`alone` has a `status`, or is `endless`",
        ),
        (
            headed("alone = { processes = 1, status = 0, endless = \"pause\" }"),
            "`alone` has a `status`, or is `endless`",
        ),
        (
            headed("alone = { processes = 3, endless = [\"read\", \"pause\"] }"),
            "`endless` is the call of all processes, or one for each",
        ),
        (
            with("arguments = \"[PORT]\""),
            "[lab]: `arguments` and `refuses` go together",
        ),
        (
            with("refuses = [ { args = [], says = \"no\" } ]"),
            "`arguments` and `refuses` go together",
        ),
        (
            with("arguments = \"A\"\nrefuses = [ { args = [], says = \"a\\nb\" } ]"),
            "`says` is one line",
        ),
        (with("port = 7"), "`port` is for a lab with `arguments`"),
        (
            with("").replace("[\"read\"]", "[]"),
            "`calls` names at least one system call",
        ),
        (
            with("").replace("fstat(0", "fstat"),
            "`first_call` is the beginning of a call",
        ),
        (
            with("").replace("Lab. a.c", "a | b"),
            "`slide` stands in a table",
        ),
        (
            with("").replace("ko = \"b\"", "ko = \"\""),
            "`watch` stands in a table",
        ),
        (
            with("").replace("\"Lab. a.c\"", "7"),
            "`slide` is a title, or { en = …, ko = … }",
        ),
        (with("weight = 7"), "unknown field `weight`"),
        (
            with("").replace("max_size = 1536\n", ""),
            "missing field `max_size`",
        ),
    ] {
        let refusal = refusal(&text);
        assert!(
            refusal.contains(says),
            "{text}\n{refusal}\nshould say {says}"
        );
    }
    let network = headed("").replace("\n\n[[", "\n[[") + "network = true\n";
    assert!(parse(&network).is_ok_and(|file| file.lab.is_some_and(|head| head.alone.is_none())));
}

#[test]
fn an_error_in_a_head_behind_the_scenarios_is_no_scenarios() {
    let text = format!("{}\n[lab]\nslide = 7\n", file(""));
    assert!(!refusal(&text).contains("scenario \"one\""));
}

#[test]
fn every_key_of_a_scenario_is_read() {
    let text = format!(
        "needs = [\"far\"]\n{}",
        file(
            "args = [\"a b\"]\nstdin = \"file\"\nstdout = \"/dev/full\"\ninput = \"in\"\nneeds = []\ntrace = true\n\
              inject = [\"x:retval=0\"]\ntimeout = 2.5\ntour = true\nsteps = []\nend = \"kill\""
        )
    );
    let scenarios = parse(&text).expect("a good file");
    let scenario = scenarios.get("one").expect("the scenario");
    assert_eq!(scenario.args, ["a b"]);
    assert_eq!(
        (&scenario.stdin, &scenario.stdout),
        (&Wiring::File, &Wiring::Path("/dev/full".into()))
    );
    assert_eq!(
        (scenario.input.as_deref(), scenario.needs.len()),
        (Some("in"), 0)
    );
    assert!(scenario.trace && scenario.tour && scenario.end == End::Kill);
    assert_eq!(
        (scenario.inject.len(), scenario.deadline()),
        (1, Duration::from_millis(2500))
    );
    assert!(scenarios.get("two").is_none());
}

#[test]
fn needs_of_the_file_hold_for_each_scenario() {
    let scenarios = parse(&format!("needs = [\"far\"]\n{}", file(""))).expect("a good file");
    assert_eq!(scenarios.scenarios[0].needs, ["far"]);
}

#[test]
fn every_step_is_read() {
    let text = |bytes: &[u8]| Step::Type {
        bytes: bytes.to_vec(),
        to: None,
    };
    assert_eq!(
        step("{ say = { en = \"x\", ko = \"y\" } }"),
        Step::Say(Text {
            en: "x".into(),
            ko: "y".into()
        })
    );
    assert_eq!(step("{ type = \"\\u0003\\n\" }"), text(b"\x03\n"));
    assert_eq!(step("{ type_hex = \"00ff 1B\" }"), text(b"\x00\xff\x1b"));
    assert_eq!(
        step("{ type = \"x\", to = \"tty\" }"),
        Step::Type {
            bytes: b"x".to_vec(),
            to: Some(Channel::Terminal)
        }
    );
    assert_eq!(step("{ close = \"stdin\" }"), Step::CloseStdin);
    assert_eq!(step("{ table = true }"), Step::Table);
    assert_eq!(step("{ go_on = true }"), Step::GoOn);
    assert_eq!(
        step("{ signal = \"STOP\", process = 2 }"),
        Step::Signal {
            signal: Signal::SIGSTOP,
            process: 2
        }
    );
    assert_eq!(
        step("{ signal = \"TERM\" }"),
        Step::Signal {
            signal: Signal::SIGTERM,
            process: 1
        }
    );
    let timed = step("{ await = { exit = 1, timeout = 0.5 } }");
    assert_eq!(
        timed,
        Step::Await {
            condition: Condition::Exit { process: 1 },
            timeout: Some(Duration::from_millis(500))
        }
    );
}

#[test]
fn every_event_is_read() {
    let call = |call: &str| (call.to_owned(), 2, 3);
    let cases = [
        ("{ terminal = \"hit\" }", Condition::Terminal("hit".into())),
        ("{ stream = \"out\" }", Condition::Stream("out".into())),
        (
            "{ state = \"Z\", process = 2 }",
            Condition::State {
                state: 'Z',
                process: 2,
            },
        ),
        (
            "{ name = \"x\" }",
            Condition::Name {
                name: "x".into(),
                process: 1,
            },
        ),
        (
            "{ parent = \"reaper\", process = 2 }",
            Condition::Adopted { process: 2 },
        ),
        (
            "{ parent = 1, process = 2 }",
            Condition::Parent {
                parent: 1,
                process: 2,
            },
        ),
        (
            "{ session = \"own\", process = 2 }",
            Condition::OwnSession { process: 2 },
        ),
        (
            "{ terminal_of = \"none\", process = 2 }",
            Condition::NoTerminal { process: 2 },
        ),
        ("{ processes = 0 }", Condition::Processes(0)),
        ("{ exit = 2 }", Condition::Exit { process: 2 }),
        ("{ listening = 3600 }", Condition::Listening(3600)),
        ("{ bound = 3800 }", Condition::Bound(3800)),
        (
            "{ listening = \"socket\" }",
            Condition::ListeningUnix("socket".into()),
        ),
        ("{ opened = \"fifo\" }", Condition::Opened("fifo".into())),
    ];
    for (text, condition) in cases {
        assert_eq!(awaited(text), condition);
    }
    let (name, process, count) = call("wait4");
    assert_eq!(
        awaited("{ entered = \"wait4\", process = 2, count = 3 }"),
        Condition::Entered {
            call: name.clone(),
            process,
            count
        }
    );
    assert_eq!(
        awaited("{ finished = \"wait4\", process = 2, count = 3 }"),
        Condition::Finished {
            call: name,
            process,
            count
        }
    );
}

#[test]
fn injections_and_awaited_calls_imply_a_trace() {
    assert!(one("inject = [\"pause:retval=0\"]").is_traced());
    assert!(one("steps = [ { await = { entered = \"read\" } } ]").is_traced());
    assert!(!one("steps = [ { await = { exit = 1 } } ]").is_traced());
}

#[test]
fn differences_are_kept() {
    let text = file("")
        + "[[difference]]\nname = \"d\"\nscenarios = [\"one\"]\nc = [\"exit(1)\"]\nreason = { en = \"r\", ko = \"s\" }\n";
    let scenarios = parse(&text).expect("a good file");
    assert_eq!(scenarios.differences[0].name, "d");
    assert_eq!(scenarios.differences[0].scenarios, ["one"]);
    let untied = text.replace("exit(1)", "exit(<same>)");
    assert!(refusal(&untied).contains("each <same> of c has one of lab"));
    let empty = text.replace("c = [\"exit(1)\"]\n", "");
    assert!(refusal(&empty).contains("neither c nor lab names a call"));
    let stray = text.replace("[\"one\"]", "[\"two\"]");
    assert!(refusal(&stray).contains("no scenario \"two\""));
}

#[test]
fn a_refusal_names_scenario_key_and_reason() {
    let cases = [
        ("nonsense = 1", "nonsense"),
        ("args = 1", "line 4: `args`: expected an array"),
        ("end = \"never\"", "line 4: `end`: \"never\""),
        ("time = \"slow\"", "line 4: `time`: \"slow\""),
        ("timeout = 0", "`timeout`"),
        ("timeout = -1", "`timeout`"),
        ("timeout = 1e300", "`timeout`"),
        ("input = \"x\"", "`input`"),
        ("steps = [ { } ]", "says what to do"),
        ("steps = [ { sleep = 1 } ]", "sleep"),
        ("steps = [ { table = true, type = \"x\" } ]", "one thing"),
        ("steps = [ { table = false } ]", "`table`"),
        ("steps = [ { say = { en = \"x\" } } ]", "ko"),
        ("steps = [ { type_hex = \"0\" } ]", "`type_hex`"),
        ("steps = [ { type_hex = \"0g\" } ]", "`type_hex`"),
        (
            "steps = [ { type = \"x\", to = \"moon\" } ]",
            "`to`: \"moon\"",
        ),
        ("steps = [ { table = true, to = \"tty\" } ]", "`to`"),
        ("steps = [ { table = true, process = 1 } ]", "`process`"),
        ("steps = [ { close = \"stdout\" } ]", "\"stdin\""),
        ("steps = [ { close = \"stdin\" } ]", "`close"),
        ("steps = [ { signal = \"SIGSTOP\" } ]", "without SIG"),
        ("steps = [ { signal = \"STOP\", process = 0 } ]", "from 1"),
        ("steps = [ { await = { } } ]", "no condition"),
        (
            "steps = [ { await = { exit = 1, bound = 2 } } ]",
            "more than one",
        ),
        ("steps = [ { await = { state = \"Q\" } } ]", "`state`"),
        ("steps = [ { await = { terminal = \"\" } } ]", "empty"),
        ("steps = [ { await = { stream = \"x\" } } ]", "`stream`"),
        ("steps = [ { await = { parent = \"init\" } } ]", "`parent`"),
        (
            "steps = [ { await = { parent = true } } ]",
            "process number",
        ),
        (
            "steps = [ { await = { session = \"other\" } } ]",
            "`session`",
        ),
        (
            "steps = [ { await = { terminal_of = \"me\" } } ]",
            "`terminal_of`",
        ),
        ("steps = [ { await = { exit = 0 } } ]", "from 1"),
        (
            "steps = [ { await = { exit = 1, process = 1 } } ]",
            "`process`",
        ),
        ("steps = [ { await = { exit = 1, count = 1 } } ]", "`count`"),
        (
            "steps = [ { await = { entered = \"read\", count = 0 } } ]",
            "`count`",
        ),
        (
            "steps = [ { await = { exit = 1, timeout = 0 } } ]",
            "`timeout`",
        ),
        ("steps = [ { await = { listening = 70000 } } ]", "70000"),
    ];
    for (lines, reason) in cases {
        let refusal = refusal(&file(lines));
        assert!(
            refusal.contains("scenario \"one\""),
            "{lines}: no scenario in: {refusal}"
        );
        assert!(
            refusal.contains(reason),
            "{lines}: {reason:?} is not in: {refusal}"
        );
    }
}

/// A scenario with these steps and a companion "client" that has these lines.
fn beside(steps: &str, lines: &str) -> String {
    file(&format!("network = true\nsteps = [ {steps} ]"))
        + "[[scenario.companion]]\nname = \"client\"\n"
        + lines
        + "\n"
}

#[test]
fn companions_are_read() {
    let text = beside(
        "{ start = \"client\" }, { type = \"x\", with = \"client\" }, \
         { await = { stream = \"x\", with = \"client\" } }, { descriptors = true }",
        "lab = \"far\"\nargs = [\"a\"]\nstdin = \"pipe\"\nstdout = \"file\"\ntrace = true\n\
         [[scenario.companion]]\nname = \"server\"\nprogram = \"/bin/nc\"\nready = { bound = 3800 }",
    );
    let scenarios = parse(&text).expect("a good file");
    let scenario = &scenarios.scenarios[0];
    assert!(scenario.network && !scenario.is_traced());
    let [client, server] = scenario.companions.as_slice() else {
        panic!("{:?}", scenario.companions)
    };
    assert_eq!(client.played, Played::Lab("far".into()));
    assert_eq!(
        (&client.stdin, &client.stdout),
        (&Wiring::Pipe, &Wiring::File)
    );
    assert!(client.trace && client.ready.is_none() && client.args == ["a"]);
    assert_eq!(server.played, Played::Program("/bin/nc".into()));
    assert_eq!(server.ready, Some(Condition::Bound(3800)));
    let with = |step: Step| Step::With {
        companion: "client".into(),
        step: Box::new(step),
    };
    let (bytes, to, timeout) = (b"x".to_vec(), None, None);
    let condition = Condition::Stream("x".into());
    assert_eq!(
        scenario.steps,
        [
            Step::Start("client".into()),
            with(Step::Type { bytes, to }),
            with(Step::Await { condition, timeout }),
            Step::Descriptors,
        ]
    );
}

#[test]
fn refusals_concerning_companions_say_why() {
    let (start, lab) = ("{ start = \"client\" }", "lab = \"far\"");
    let then = |step: &str| format!("{start}, {step}");
    let cases = [
        (beside("", ""), "either a `lab` or a `program`"),
        (
            beside("", "lab = \"a\"\nprogram = \"/b\""),
            "either a `lab`",
        ),
        (beside("", "program = \"nc\""), "a path from /"),
        (
            beside("", "lab = \"far\"").replace(
                "[[scenario.companion]]",
                "time = \"virtual\"\n[[scenario.companion]]",
            ),
            "without companions",
        ),
        (beside("", "lab = \"far\"\nodd = 1"), "odd"),
        (beside("", "lab = \"far\"\ninput = \"x\""), "`input`"),
        (
            beside(
                "",
                "lab = \"a\"\n[[scenario.companion]]\nname = \"client\"\nlab = \"b\"",
            ),
            "another one",
        ),
        (
            beside("", "lab = \"far\"\nready = { exit = 1, timeout = 1 }"),
            "`ready`",
        ),
        (
            beside("", "lab = \"far\"\nready = { stream = \"x\" }"),
            "`stream`",
        ),
        (
            beside("", "lab = \"far\"\nready = { entered = \"read\" }"),
            "`trace = true`",
        ),
        (
            beside("{ start = \"other\" }", lab),
            "no companion \"other\"",
        ),
        (
            beside("{ type = \"x\", with = \"other\" }", lab),
            "no companion \"other\"",
        ),
        (
            beside("{ type = \"x\", with = \"client\" }", lab),
            "before `start",
        ),
        (
            beside(
                &then("{ say = { en = \"\", ko = \"\" }, with = \"client\" }"),
                lab,
            ),
            "`with`",
        ),
        (
            beside(&then("{ await = { exit = 1 }, with = \"client\" }"), lab),
            "inside `await`",
        ),
        (
            beside(
                &then("{ await = { stream = \"x\", with = \"client\" } }"),
                lab,
            ),
            "`stream`",
        ),
        (
            beside(
                &then("{ await = { entered = \"read\", with = \"client\" } }"),
                lab,
            ),
            "`trace = true`",
        ),
        (
            beside(&then("{ close = \"stdin\", with = \"client\" }"), lab),
            "`close",
        ),
        (
            beside(&then(start), "lab = \"far\"\nstdout = \"pipe\""),
            "started twice",
        ),
        (
            beside(&then(start), "lab = \"far\"\ntrace = true"),
            "started twice",
        ),
        (beside("{ descriptors = false }", lab), "`descriptors`"),
    ];
    for (text, reason) in cases {
        let refusal = refusal(&text);
        assert!(refusal.contains("scenario \"one\""), "{text}: {refusal}");
        assert!(
            refusal.contains(reason),
            "{text}: {reason:?} is not in: {refusal}"
        );
    }
    parse(&beside(&then(start), lab)).expect("on a terminal it may be started again");
}

#[test]
fn a_file_is_refused_for_what_stands_around_the_scenarios() {
    assert!(refusal("odd = 1\n").contains("odd"));
    assert!(refusal(&(file("") + &file(""))).contains("another one of that name"));
    assert!(refusal(&file("").replace("\"one\"", "\"one two\"")).contains("one word"));
    assert!(refusal("[[scenario]]\nname = \"x\"\n").contains("title"));
    assert!(refusal("[[difference]]\nname = \"x\"\n").contains("reason"));
    let after = file("") + "[[difference]]\nname = \"d\"\nodd = 1\n";
    assert!(!refusal(&after).contains("scenario \"one\""));
    let second = file("") + &file("odd = 1").replace("\"one\"", "\"two\"");
    assert!(refusal(&second).contains("scenario \"two\"") && refusal(&second).contains("line "));
}

#[test]
fn a_missing_file_is_named() {
    let error = load(std::path::Path::new("/nowhere"), "lab").expect_err("no such file");
    assert!(format!("{error:#}").contains("/nowhere/bins/lab/scenarios.toml"));
}

#[test]
fn an_argument_may_name_a_process_that_is_there_before_the_lab() {
    let companion = "[[scenario.companion]]\nname = \"victim\"\nprogram = \"/bin/sleep\"\n";
    let ready = format!("{companion}ready = {{ state = \"S\" }}");
    for arg in [
        "<pid victim>",
        "-<pid victim 2>",
        "<pid victim> <pid victim>",
        "<p",
    ] {
        let args = format!("args = [{arg:?}]\n");
        assert_eq!(one(&format!("{args}{ready}")).args, [arg]);
    }
    for arg in [
        "<pid nobody>",
        "<pid victim 0>",
        "<pid victim x>",
        "<pid victim",
    ] {
        let said = refusal(&file(&format!("args = [{arg:?}]\n{ready}")));
        assert!(said.contains("names no process"), "{said}");
    }
    let said = refusal(&file(&format!("args = [\"<pid victim>\"]\n{companion}")));
    assert!(said.contains("`ready`"), "{said}");
}

/// A file with one scenario, and a task that has these lines.
fn with_task(lines: &str) -> String {
    file("") + "[[task]]\nname = \"t\"\n" + lines
}

const CHANGE: &str = "[[task.change]]\nfrom = \"a\"\nc = \"b\"\nwhat = { en = \"w\", ko = \"w\" }\nhint = { en = \"h\", ko = \"h\" }\n";

#[test]
fn a_task_has_scenarios_of_the_lab_and_its_own() {
    let own = "[[task.scenario]]\nname = \"two\"\ntitle = { en = \"a\", ko = \"b\" }\n";
    let text = with_task(&format!("scenarios = [\"one\"]\n{CHANGE}{own}"));
    let scenarios = parse(&text).unwrap_or_else(|error| panic!("{error:#}"));
    let task = scenarios.task("lab", "t").expect("the task");
    let names: Vec<&str> = task.scenarios.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["one", "two"]);
    assert_eq!(task.changes[0].c, "b");
    let error = scenarios.task("lab", "tt").expect_err("no task");
    assert!(error.to_string().contains("is it t?"), "{error}");
    assert_eq!(scenarios.scenarios.len(), 1);
}

#[test]
fn a_change_may_be_one_of_the_rust_too_or_alone() {
    let here = "scenarios = [\"one\"]\n";
    let rust = "[task.change.rust]\nbehind = \"r\"\nlines = \"s\"\n";
    let text = with_task(&format!("{here}{CHANGE}{rust}[[task.change]]\n{rust}"));
    let scenarios = parse(&text).unwrap_or_else(|error| panic!("{error:#}"));
    let task = scenarios.task("lab", "t").expect("the task");
    assert!(task.is_in_rust());
    let (c, rust) = (task.changes_of(false), task.changes_of(true));
    assert_eq!((c.len(), rust.len()), (1, 2));
    assert_eq!((c[0].c.as_str(), rust[0].c.as_str()), ("b", "s"));
    assert!(rust[0].what == c[0].what && rust[1].what.is_none());
    let in_c = parse(&with_task(&format!("{here}{CHANGE}"))).expect("a file");
    assert!(!in_c.task("lab", "t").expect("the task").is_in_rust());
}

#[test]
fn a_task_that_changes_nothing_or_is_seen_nowhere_is_refused() {
    let here = "scenarios = [\"one\"]\n";
    for (lines, says) in [
        (CHANGE.to_owned(), "a change with `what`, and a scenario"),
        (here.to_owned(), "a change with `what`, and a scenario"),
        (
            format!("scenarios = [\"two\"]\n{CHANGE}"),
            "no scenario \"two\"",
        ),
        (
            format!("{here}{}", CHANGE.replace("from", "to")),
            "`from` or `behind`",
        ),
        (
            format!("{here}{CHANGE}behind = \"d\"\n"),
            "`from` or `behind`",
        ),
        (
            format!(
                "{here}{}",
                CHANGE.replace("from", "behind").replace("c = \"b\"\n", "")
            ),
            "lines of its own",
        ),
        (
            format!(
                "{here}{CHANGE}[[task.change]]\nfrom = \"a\"\nhint = {{ en = \"h\", ko = \"h\" }}\n"
            ),
            "or neither",
        ),
        (format!("{here}{CHANGE}odd = 1\n"), "odd"),
        (
            format!("{here}{CHANGE}[task.change.rust]\nlines = \"s\"\n"),
            "`from` or `behind`",
        ),
        (
            format!("{here}{CHANGE}{CHANGE}[task.change.rust]\nfrom = \"r\"\n"),
            "or none of the task",
        ),
    ] {
        let told = refusal(&with_task(&lines));
        assert!(
            told.contains(says) && told.contains("task \"t\""),
            "{lines}: {told}"
        );
    }
}
