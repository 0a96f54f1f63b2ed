//! The timelines of real runs: the right lanes, states and arrows, and pictures that can be read.
#![forbid(unsafe_code)]

#[path = "support/mod.rs"]
mod support;

use std::fs;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;

use labscope::descriptor::{Holder, Target};
use labscope::timeline::{self, Arrow, Cause, Kind, Lane, State, Through, Timeline, What};
use labscope::tour::Words;
use labscope::{Language, Scenario, Status, Transcript, scenario};
use support::{labs, output, root, text_of};

/// How many runs go on at the same time: they mostly sleep.
const AT_ONCE: usize = 4;

fn scenario_of(lab: &str, name: &str) -> Scenario {
    let scenarios = scenario::load(root(), lab).expect("its scenarios");
    scenarios.get(name).expect("the scenario").clone()
}

fn run(lab: &str, scenario: &Scenario) -> (Timeline, Transcript) {
    support::traced(lab);
    let transcript = timeline::record(root(), lab, scenario);
    let transcript =
        transcript.unwrap_or_else(|error| panic!("{lab}, {:?}: {error:#}", scenario.name));
    let timeline = timeline::of(root(), lab, scenario, &transcript).expect("a model");
    (timeline, transcript)
}

fn timeline_of(lab: &str, name: &str) -> Timeline {
    run(lab, &scenario_of(lab, name)).0
}

/// The lanes of the lab itself, by the names of their programs.
fn names(timeline: &Timeline) -> Vec<Vec<&str>> {
    let lanes = timeline
        .lanes
        .iter()
        .filter(|lane| lane.companion.is_none());
    let names = lanes.map(|lane| lane.names.iter().map(|(_, name)| name.as_str()).collect());
    names.collect()
}

fn has(lane: &Lane, state: &State) -> bool {
    lane.spans.iter().any(|span| span.state == *state)
}

fn status(lane: &Lane) -> Option<Status> {
    lane.ended.map(|(_, status)| status)
}

/// The arrows of a kind, from lane to lane.
fn arrows(
    timeline: &Timeline,
    is_it: impl Fn(&Kind) -> bool,
) -> Vec<(Option<usize>, Option<usize>, &Arrow)> {
    let place = |pid: Option<i32>| timeline.lanes.iter().position(|lane| Some(lane.pid) == pid);
    let arrows = timeline.arrows.iter().filter(|arrow| is_it(&arrow.kind));
    arrows
        .map(|arrow| (place(arrow.from.pid), place(arrow.to.pid), arrow))
        .collect()
}

fn ends(arrows: &[(Option<usize>, Option<usize>, &Arrow)]) -> Vec<(Option<usize>, Option<usize>)> {
    arrows.iter().map(|&(from, to, _)| (from, to)).collect()
}

fn signal(name: &'static str) -> impl Fn(&Kind) -> bool {
    move |kind| matches!(kind, Kind::Signal(signal) if signal == name)
}

#[test]
fn fork_test_becomes_two_that_sleep_and_count_and_end_by_ctrl_c() {
    let timeline = timeline_of("fork_test", "tty");
    assert_eq!(
        names(&timeline),
        [["fork_test"], ["fork_test"]],
        "{timeline:#?}"
    );
    let [parent, child] = timeline.lanes.as_slice() else {
        panic!("two lanes: {timeline:#?}");
    };
    assert_eq!(child.parent, Some(parent.pid));
    for lane in [parent, child] {
        assert!(
            has(lane, &State::Sleeping) && !has(lane, &State::Zombie),
            "{lane:#?}"
        );
        assert_eq!(status(lane), Some(Status::Killed(2)), "{lane:#?}");
    }
    assert_eq!(
        ends(&arrows(&timeline, |kind| *kind == Kind::Fork)),
        [(Some(0), Some(1))]
    );
    let mut interrupted = ends(&arrows(&timeline, signal("SIGINT")));
    interrupted.sort();
    assert_eq!(
        interrupted,
        [(None, Some(0)), (None, Some(1))],
        "{:#?}",
        timeline.arrows
    );
    let [fork] = timeline.forks.as_slice() else {
        panic!("one fork: {:#?}", timeline.forks);
    };
    let values = |variables: &[timeline::Variable]| -> Vec<(String, String)> {
        variables
            .iter()
            .map(|one| (one.name.clone(), one.first.clone()))
            .collect()
    };
    let expected = |pid: i32| {
        vec![
            ("pid".to_owned(), pid.to_string()),
            ("i".to_owned(), "100".to_owned()),
        ]
    };
    assert_eq!(values(&fork.of_parent), expected(child.pid));
    assert_eq!(values(&fork.of_child), expected(0));
    let counted = |lane: &Lane, letter: &str| {
        let begin = format!("write(1) \"{letter} : ");
        let counts = lane.marks.iter().filter(
            |mark| matches!(&mark.what, What::Call { text, .. } if text.starts_with(&begin)),
        );
        counts.count() - 1
    };
    let last = |variables: &[timeline::Variable]| variables[1].last.clone();
    assert_eq!(
        last(&fork.of_parent),
        (100 + counted(parent, "P")).to_string()
    );
    assert_eq!(
        last(&fork.of_child),
        (100 + 2 * counted(child, "C")).to_string()
    );
    let marked: Vec<&str> = fork
        .code
        .iter()
        .filter(|line| line.2)
        .map(|line| line.1.as_str())
        .collect();
    assert_eq!(marked, ["let pid = fork();"]);
}

#[test]
fn a_signal_stops_the_child_until_it_is_continued() {
    let timeline = timeline_of("fork_test", "control");
    let child = &timeline.lanes[1];
    assert!(has(child, &State::Stopped("SIGSTOP".into())), "{child:#?}");
    assert_eq!(status(child), Some(Status::Killed(15)));
    for name in ["SIGSTOP", "SIGCONT", "SIGTERM"] {
        assert_eq!(
            ends(&arrows(&timeline, signal(name))),
            [(None, Some(1))],
            "{name}: {:#?}",
            timeline.arrows
        );
    }
    let told = ends(&arrows(&timeline, signal("SIGCHLD")));
    assert!(told.contains(&(Some(1), Some(0))), "{told:?}");
}

#[test]
fn the_child_of_child_wait_is_a_zombie_from_its_end_to_the_wait() {
    let timeline = timeline_of("child_wait", "tty");
    let [parent, child] = timeline.lanes.as_slice() else {
        panic!("two lanes: {timeline:#?}");
    };
    assert!(has(parent, &State::Blocked("read".into())), "{parent:#?}");
    assert!(has(child, &State::Sleeping), "{child:#?}");
    assert_eq!(
        (status(parent), status(child)),
        (Some(Status::Exited(1)), Some(Status::Exited(100)))
    );
    let waits = arrows(&timeline, |kind| *kind == Kind::Wait);
    assert_eq!(ends(&waits), [(Some(1), Some(0))]);
    let (.., wait) = waits[0];
    let zombie = child.spans.last().expect("a span");
    assert_eq!(zombie.state, State::Zombie, "{child:#?}");
    assert_eq!((zombie.from, zombie.to), (wait.from.at, wait.to.at));
    assert_eq!(Some(zombie.from), child.ended.map(|(at, _)| at));
    let returned = parent.marks.iter().find(|mark| match &mark.what {
        What::Call { text, .. } => *text == format!("wait4 → {} (100)", child.pid),
        _ => false,
    });
    assert!(returned.is_some(), "{:#?}", parent.marks);
}

#[test]
fn the_child_of_the_daemon_is_adopted_and_closes_everything() {
    let scenario = scenario_of("daemonOSNW", "tty");
    let (timeline, transcript) = run("daemonOSNW", &scenario);
    assert_eq!(names(&timeline), [["daemonOSNW"], ["daemonOSNW"]]);
    let (parent, child) = (&timeline.lanes[0], &timeline.lanes[1]);
    assert_eq!(status(parent), Some(Status::Exited(0)));
    assert!(has(child, &State::Sleeping), "{child:#?}");
    let adopter = transcript.tables[0]
        .iter()
        .find(|process| process.pid == child.pid);
    let adopter = adopter.map(|process| process.ppid);
    let orphaned = child.marks.iter().find_map(|mark| match mark.what {
        What::Orphaned { adopter } => Some((mark.at, adopter)),
        _ => None,
    });
    assert_eq!(
        orphaned,
        parent.ended.map(|(at, _)| (at, adopter)),
        "{:#?}",
        child.marks
    );
    let closed = timeline.moments.last().expect("a moment");
    assert_eq!(closed.cause, Cause::Close(vec![0, 1, 2]));
    assert_eq!(closed.tables, [(child.pid, vec![])]);
    let failed = child.marks.iter().filter(|mark| match &mark.what {
        What::Call { text, failed } => *failed && text.ends_with(" EBADF"),
        _ => false,
    });
    assert!(failed.count() >= 2, "{:#?}", child.marks);
}

#[test]
fn a_daemon_without_a_word_is_an_orphan_too() {
    let timeline = timeline_of("daemon", "tty");
    let (parent, child) = (&timeline.lanes[0], &timeline.lanes[1]);
    let orphaned = child.marks.iter().find_map(|mark| match mark.what {
        What::Orphaned { .. } => Some(mark.at),
        _ => None,
    });
    assert_eq!(
        orphaned,
        parent.ended.map(|(at, _)| at),
        "{:#?}",
        child.marks
    );
    assert!(!has(child, &State::Zombie), "{child:#?}");
}

/// What a picture taken in /proc says, as the model says it.
fn taken(picture: &[Holder]) -> Vec<(i32, Vec<(i32, Target)>)> {
    picture
        .iter()
        .map(|holder| (holder.pid, holder.descriptors.clone()))
        .collect()
}

#[test]
fn the_server_forks_for_its_client_and_each_closes_what_it_does_not_need() {
    let scenario = scenario_of("echo_server_fork", "fork");
    let (timeline, transcript) = run("echo_server_fork", &scenario);
    assert_eq!(
        names(&timeline),
        [["echo_server_fork"], ["echo_server_fork"]]
    );
    let [server, child, client] = timeline.lanes.as_slice() else {
        panic!("three lanes: {timeline:#?}");
    };
    assert_eq!(
        (child.parent, client.companion.as_deref()),
        (Some(server.pid), Some("client"))
    );
    assert!(
        has(server, &State::Blocked("accept".into())) && has(child, &State::Held("close".into())),
        "{timeline:#?}"
    );
    assert!(
        child.leaves_no_zombie && !has(child, &State::Zombie),
        "{child:#?}"
    );
    let bytes = arrows(&timeline, |kind| {
        matches!(
            kind,
            Kind::Bytes {
                count: 5,
                through: Through::Tcp,
                ..
            }
        )
    });
    assert_eq!(
        ends(&bytes),
        [(Some(2), Some(1)), (Some(1), Some(2))],
        "{:#?}",
        timeline.arrows
    );
    let own = |tables: &[(i32, Vec<(i32, Target)>)]| -> Vec<(i32, Vec<(i32, Target)>)> {
        tables
            .iter()
            .filter(|(pid, _)| *pid != client.pid)
            .cloned()
            .collect()
    };
    let after = |is_it: &dyn Fn(&Cause) -> bool| {
        let moment = timeline.moments.iter().find(|moment| is_it(&moment.cause));
        own(&moment
            .unwrap_or_else(|| panic!("{:#?}", timeline.moments))
            .tables)
    };
    let [both, apart] = transcript.descriptors.as_slice() else {
        panic!("two pictures: {:#?}", transcript.descriptors);
    };
    assert_eq!(
        after(&|cause| matches!(cause, Cause::Fork { .. })),
        taken(both)
    );
    let closes = timeline
        .moments
        .iter()
        .filter(|moment| matches!(moment.cause, Cause::Close(_)));
    let second = closes.map(|moment| own(&moment.tables)).nth(1);
    assert_eq!(second, Some(taken(apart)), "{:#?}", timeline.moments);
}

/// The calls drawn in a lane that have a line, with its text in the lab's source.
fn lines<'a>(lane: &'a Lane, source: &'a str) -> Vec<(&'a str, &'a str)> {
    let lines: Vec<&str> = source.lines().collect();
    let told = lane.marks.iter().filter_map(|mark| {
        let What::Call { text, .. } = &mark.what else {
            return None;
        };
        Some((text.as_str(), lines[mark.line? as usize - 1]))
    });
    told.collect()
}

#[test]
fn calls_of_the_lab_itself_know_their_lines() {
    let source = |lab: &str| {
        let path = root().join("bins").join(lab).join(format!("{lab}.rs"));
        fs::read_to_string(path).expect("its source")
    };
    let forks = timeline_of("fork_test", "tty");
    let text = source("fork_test");
    let told: Vec<(&str, &str)> = forks
        .lanes
        .iter()
        .flat_map(|lane| lines(lane, &text))
        .collect();
    for (call, line) in &told {
        // A prompt is written out by the read that comes after it.
        for said in ["fork", "P : ", "C : "] {
            let is_said = !call.starts_with("read") && call.contains(said);
            assert!(!is_said || line.contains(said), "{call}: {line}");
        }
    }
    let of = |name: &str| {
        told.iter()
            .filter(|(call, _)| call.starts_with(name))
            .count()
    };
    assert!(
        of("fork") == 1 && of("write(1) \"P") > 0 && of("write(1) \"C") > 0,
        "{told:?}"
    );

    let becomes = timeline_of("command", "tty");
    let [lane] = becomes.lanes.as_slice() else {
        panic!("one lane: {becomes:#?}");
    };
    let mut marks = lane.marks.iter();
    let exec = marks.position(|mark| matches!(mark.what, What::Exec(_)));
    let (own, others) = lane.marks.split_at(exec.expect("an exec") + 1);
    assert!(own.iter().all(|mark| mark.line.is_some()), "{own:#?}");
    assert!(others.iter().all(|mark| mark.line.is_none()), "{others:#?}");

    let server = timeline_of("echo_server_fork", "fork");
    let text = source("echo_server_fork");
    for lane in &server.lanes {
        let is_known = !lines(lane, &text).is_empty();
        assert_eq!(is_known, lane.companion.is_none(), "{lane:#?}");
    }
}

/// What is wrong with a picture, if anything.
fn flaws(timeline: &Timeline, language: Language) -> Vec<String> {
    let picture = timeline::draw(timeline, Words(language));
    let texts = picture.texts();
    let mut flaws = Vec::new();
    for (place, one) in texts.iter().enumerate() {
        let (right, bottom) = (one.left + one.width, one.top + one.height);
        if one.left < 0.0 || right > picture.width || bottom > picture.height {
            flaws.push(format!("outside of the picture: {one:?}"));
        }
        for other in &texts[place + 1..] {
            let beside = right <= other.left + 0.01 || other.left + other.width <= one.left + 0.01;
            let below = bottom <= other.top + 0.01 || other.top + other.height <= one.top + 0.01;
            if !beside && !below {
                flaws.push(format!("{one:?} overlaps {other:?}"));
            }
        }
    }
    flaws.extend(malformed(&picture.svg()));
    flaws
}

/// Why a text is not well-formed XML: enough for what this program writes.
fn malformed(xml: &str) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    for (place, piece) in xml.split('<').enumerate() {
        let Some((tag, text)) = piece.split_once('>') else {
            match (place, piece) {
                (0, "") => continue,
                _ => return Some(format!("no end of a tag: <{piece}")),
            }
        };
        let known = ["&amp;", "&lt;", "&gt;", "&quot;"];
        let unescaped = |text: &str| {
            known
                .iter()
                .fold(text.to_owned(), |text, known| text.replace(known, ""))
                .contains('&')
        };
        if unescaped(text) || unescaped(tag) || tag.matches('"').count() % 2 == 1 {
            return Some(format!("not escaped: <{piece}"));
        }
        let name = tag.split([' ', '/']).next().unwrap_or_default();
        match tag.strip_prefix('/') {
            Some(end) if open.pop() == Some(end) => {}
            Some(end) => return Some(format!("</{end}> closes another element")),
            None if tag.ends_with('/') => {}
            None => open.push(name),
        }
    }
    (!open.is_empty()).then(|| format!("not closed: {open:?}"))
}

#[test]
fn the_picture_of_every_scenario_of_the_tour_can_be_read() {
    let mut jobs = Vec::new();
    for lab in labs() {
        support::traced(&lab);
        let scenarios = scenario::load(root(), &lab)
            .expect("its scenarios")
            .scenarios;
        let shown = scenarios.into_iter().filter(|scenario| scenario.tour);
        jobs.extend(shown.map(|scenario| (lab.clone(), scenario)));
    }
    let (jobs, wrong) = (Mutex::new(jobs), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let job = jobs.lock().expect("no panic").pop();
                    let Some((lab, scenario)) = job else {
                        return;
                    };
                    let (timeline, _) = run(&lab, &scenario);
                    for language in [Language::En, Language::Ko] {
                        let flaws = flaws(&timeline, language);
                        if !flaws.is_empty() {
                            let all = flaws.join("\n");
                            wrong
                                .lock()
                                .expect("no panic")
                                .push(format!("{lab}, {}: {all}", scenario.name));
                        }
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().expect("no panic");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_command_writes_an_svg_and_trace_events() {
    support::traced("command");
    let folder = std::env::temp_dir().join(format!("timeline-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let (svg, json) = (folder.join("a.svg"), folder.join("a.json"));
    let mut command = Command::new(support::labscope());
    command
        .args(["--lang", "ko", "timeline", "command", "--out"])
        .arg(&svg);
    command
        .arg("--chrome")
        .arg(&json)
        .current_dir(root())
        .stdin(Stdio::null());
    let told = output(&mut command);
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let (svg, json) = (read(&svg), read(&json));
    fs::remove_dir_all(&folder).expect("it can be removed");
    assert!(told.status.success(), "{}", text_of(&told));
    assert_eq!(malformed(&svg), None, "{svg}");
    for part in [
        "role=\"img\"",
        "<title>command — 같은 프로세스",
        "<desc>",
        "prefers-color-scheme",
        "@media print",
        "⇒ exec_test",
    ] {
        assert!(svg.contains(part), "{part} is not in\n{svg}");
    }
    for part in ["\"traceEvents\":[", "\"ph\":\"X\"", "command ⇒ exec_test"] {
        assert!(json.contains(part), "{part} is not in\n{json}");
    }
}
