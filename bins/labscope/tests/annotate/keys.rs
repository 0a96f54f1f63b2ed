//! Who gets the keys, and what is left behind.

use std::fs;
use std::process::{Command, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::project::{LABSCOPE, Project, SLEEP};
use crate::support::{Leftover, await_that, exists, pid_in, text, tracer};

#[test]
fn keys_that_send_signals_end_the_lab_and_not_the_tool() {
    let project = Project::new("keys", SLEEP);
    for (key, signal) in [("\x03", "SIGINT"), ("\x1c", "SIGQUIT")] {
        let mut terminal = project.on_terminal(&[]);
        terminal.expect("clock_nanosleep(");
        terminal.types(key);
        let seen = terminal.expect("status 0");
        assert!(seen.contains(&format!("+++ killed by {signal}")), "{seen}");
        assert!(
            seen.contains(&format!("[prog was ended by {signal}]")),
            "{seen}"
        );
        terminal.leave();
    }
}

#[test]
fn a_family_that_control_c_kills_leaves_no_zombie() {
    let source = "int main(void)\n{\n\tfork();\n\tfor (;;)\n\t\tsleep(1000);\n}\n";
    let project = Project::new("family", source);
    let mut terminal = project.on_terminal(&[]);
    for _ in 0..2 {
        terminal.expect("clock_nanosleep(");
    }
    terminal.types("\x03");
    let told = terminal.expect("status 0");
    assert_eq!(told.matches("+++ killed by SIGINT").count(), 2, "{told}");
    assert!(
        !told.contains("zombie") && !told.contains("orphan"),
        "{told}"
    );
    terminal.leave();
}

#[test]
fn a_child_that_is_killed_is_a_zombie_of_a_parent_that_lives_on() {
    let source = "int main(void)\n{\n\tpid_t pid = fork();\n\tif (pid == 0)\n\t\tfor (;;)\n\t\t\tpause();\n\tkill(pid, SIGTERM);\n\tsleep(1000);\n}\n";
    let project = Project::new("zombie", source);
    let mut terminal = project.on_terminal(&[]);
    terminal.expect("+++ killed by SIGTERM: a zombie until its parent waits");
    terminal.types("\x03");
    terminal.expect("[prog was ended by SIGINT]");
    terminal.leave();
}

#[test]
fn control_z_stops_the_job_and_fg_goes_on_with_it() {
    let project = Project::new("stop", SLEEP);
    let mut terminal = project.on_terminal(&[]);
    terminal.expect("clock_nanosleep(");
    terminal.types("\x1a");
    let told = terminal.expect("ready> ");
    assert!(told.contains("Stopped"), "{told}");
    terminal.types("fg\n");
    terminal.expect("SIGCONT arrives");
    terminal.types("\x03");
    terminal.expect("[prog was ended by SIGINT]");
    terminal.leave();
}

#[test]
fn a_daemon_left_alive_is_told_and_control_c_lets_it_go() {
    let source = "int main(void)\n{\n\tif (fork() == 0) {\n\t\tsetsid();\n\t\tfor (;;)\n\t\t\tpause();\n\t}\n\treturn 0;\n}\n";
    let project = Project::new("daemon", source);
    let mut terminal = project.on_terminal(&[]);
    let told = terminal.expect("^C here ends the tracing]");
    assert!(told.contains("is an orphan now"), "{told}");
    assert!(told.contains("[prog ended with status 0]"), "{told}");
    let pid = pid_in(&told);
    let _leftover = Leftover(pid);
    assert!(exists(pid) && tracer(pid) != Some(0), "{told}");
    let session = || labscope::proc::process::Stat::read(pid).map(|stat| stat.session);
    await_that("it has a session of its own", || session() == Some(pid));
    terminal.types("\x03");
    let told = terminal.expect("status 0");
    assert!(
        told.contains(&format!("To end what is left: kill {pid}]")),
        "{told}"
    );
    assert_eq!((exists(pid), tracer(pid)), (true, Some(0)));
    terminal.leave();
}

#[test]
fn an_orphan_of_the_same_group_ends_with_the_tracing() {
    let source =
        "int main(void)\n{\n\tif (fork() == 0)\n\t\tfor (;;)\n\t\t\tsleep(1000);\n\treturn 0;\n}\n";
    let project = Project::new("orphan", source);
    let mut terminal = project.on_terminal(&[]);
    let pid = pid_in(&terminal.expect("^C here ends the tracing]"));
    terminal.types("\x03");
    let told = terminal.expect("status 0");
    assert!(
        told.contains("+++ killed by SIGINT") && !told.contains("still alive"),
        "{told}"
    );
    assert!(!exists(pid));
    terminal.leave();
}

#[test]
fn asked_to_end_it_ends_the_lab_and_leaves_no_tracer() {
    let project = Project::new("term", SLEEP);
    let mut labscope = Command::new(LABSCOPE);
    labscope
        .arg("--root")
        .arg(&project.0)
        .args(["strace", "prog", "--to"]);
    labscope
        .arg(project.path("trace"))
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    let mut labscope = labscope.spawn().expect("labscope runs");
    let sleeps = || fs::read_to_string(project.path("trace")).unwrap_or_default();
    await_that("the lab sleeps", || sleeps().contains("clock_nanosleep("));
    let told = sleeps();
    let pid = told
        .split("pid ")
        .nth(1)
        .and_then(|rest| rest.lines().next())
        .expect("a pid");
    let pid: i32 = pid.parse().expect("a pid");
    let tracer = tracer(pid).expect("it is traced");
    let id = i32::try_from(labscope.id()).expect("a pid");
    kill(Pid::from_raw(id), Signal::SIGTERM).expect("it is there");
    labscope.wait().expect("labscope ends");
    await_that("lab and tracer end", || !exists(pid) && !exists(tracer));
}

#[test]
fn signals_that_were_ignored_from_the_start_are_not_so_in_the_lab() {
    // As under nohup, SIGHUP stays ignored.
    let source = "int main(void)\n{\n\tfor (int i = 1; i < 32; i++)\n\t\tif (signal(i, SIG_DFL) == SIG_IGN)\n\t\t\tprintf(\"<%d ignored>\", i);\n\treturn 0;\n}\n";
    let project = Project::new("ignored", source);
    for (ignored, left) in [("CHLD", ""), ("CHLD,HUP,INT,QUIT", "<1 ignored>")] {
        let mut env = Command::new("env");
        env.arg(format!("--ignore-signal={ignored}"));
        env.args([LABSCOPE, "--root"]).arg(&project.0);
        env.args(["strace", "prog", "--to", "/dev/null"]);
        let output = env.stdin(Stdio::null()).output().expect("it runs");
        let told = text(&output);
        assert!(output.status.success(), "{told}");
        let seen: String = told
            .split_inclusive('>')
            .filter_map(|part| Some(&part[part.find('<')?..]))
            .collect();
        assert_eq!(seen, left, "{told}");
    }
}
