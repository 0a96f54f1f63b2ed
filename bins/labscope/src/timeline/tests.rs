//! Models of made-up runs.

use std::path::Path;

use crate::i18n::Language;
use crate::proc::descriptors::{Access, Target};
use crate::run::transcript::{Status, Transcript};
use crate::scenario::Scenario;
use crate::timeline::fold::shorten;
use crate::timeline::svg::{draw, style};
use crate::timeline::{
    AdoptedBy, Adopter, Arrow, ArrowKind, Cause, Fork, MarkKind, Memory, SharedChange, State,
    Through, Timeline, Variable, of,
};
use crate::trace::Trace;

/// The model of a run of `./lab`, process 10, whose trace goes on like this.
fn model(text: &str) -> Timeline {
    let mut trace = Trace::of("./lab");
    trace.feed(b"10 100.0 execve(\"./lab\", [\"./lab\"], 0x1) = 0 <0.000000>\n");
    trace.feed(text.as_bytes());
    trace.end();
    let transcript = Transcript {
        pids: trace.pids.clone(),
        trace: Some(trace),
        ..Transcript::default()
    };
    of(
        Path::new("/nowhere"),
        "lab",
        &Scenario::named("made-up"),
        &transcript,
    )
    .expect("a model")
}

fn states(timeline: &Timeline, pid: i32) -> Vec<(State, f64, f64)> {
    let lane = timeline.lane(pid).expect("a lane");
    let round = |at: f64| (at * 1000.0).round() / 1000.0;
    let spans = lane
        .spans
        .iter()
        .filter(|span| span.state != State::Running);
    spans
        .map(|span| (span.state.clone(), round(span.from), round(span.to)))
        .collect()
}

fn bytes(timeline: &Timeline) -> Vec<(Option<i32>, Option<i32>, usize, Through)> {
    let arrow = |arrow: &Arrow| match arrow.kind {
        ArrowKind::Bytes { count, through, .. } => {
            Some((arrow.from.pid, arrow.to.pid, count, through))
        }
        _ => None,
    };
    timeline.arrows.iter().filter_map(arrow).collect()
}

#[test]
fn a_zombie_lasts_until_the_wait_or_the_parents_end() {
    let run = "10 101.0 fork() = 11 <0.0001>\n11 101.0002 exit_group(3) = ?\n11 101.5 +++ exited with 3 +++\n\
               10 101.6 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=11, si_uid=0, si_status=3} ---\n";
    let waits =
        "10 103.0 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 11 <0.0001>\n";
    let ends = "10 104.0 exit_group(0) = ?\n10 104.1 +++ exited with 0 +++\n";
    let waited = model(&format!("{run}{waits}{ends}"));
    assert_eq!(states(&waited, 11), [(State::Zombie, 1.5, 3.0)]);
    assert!(
        waited
            .arrows
            .iter()
            .any(|arrow| arrow.kind == ArrowKind::Wait)
    );
    assert_eq!(
        waited.lanes[1].ended.map(|(_, status)| status),
        Some(Status::Exited(3))
    );
    let left = model(&format!("{run}{ends}"));
    assert_eq!(states(&left, 11), [(State::Zombie, 1.5, 4.1)]);
    let ignore = "10 100.5 rt_sigaction(SIGCHLD, {sa_handler=SIG_IGN, sa_mask=[CHLD], sa_flags=SA_RESTART}, \
                  {sa_handler=SIG_DFL, sa_mask=[], sa_flags=0}, 8) = 0 <0.00001>\n";
    let ignored = model(&format!("{ignore}{run}{ends}"));
    assert_eq!(states(&ignored, 11), []);
    assert!(ignored.lanes[1].leaves_no_zombie && !left.lanes[1].leaves_no_zombie);
}

#[test]
fn a_call_broken_off_only_by_a_signal_is_one_wait_and_a_stop_divides_it() {
    let run = model(
        "10 101.0 read(0, 0x1, 10) = ? ERESTARTSYS (To be restarted if SA_RESTART is set) <1.0>\n\
         10 102.0 --- SIGCHLD {si_signo=SIGCHLD, si_pid=7} ---\n10 102.0001 read(0, \"\\n\", 10) = 1 <0.9999>\n\
         10 104.0 clock_nanosleep(CLOCK_REALTIME, 0, {tv_sec=2, tv_nsec=0}, 0x1) = ? ERESTART_RESTARTBLOCK (Interrupted by signal) <0.5>\n\
         10 104.5 --- SIGSTOP {si_signo=SIGSTOP, si_code=SI_USER, si_pid=7, si_uid=0} ---\n10 104.5 --- stopped by SIGSTOP ---\n\
         10 105.0 --- SIGCONT {si_signo=SIGCONT, si_code=SI_USER, si_pid=7, si_uid=0} ---\n\
         10 105.0 restart_syscall(<... resuming interrupted clock_nanosleep ...>) = 0 <1.0>\n",
    );
    let expected = [
        (State::Blocked("read".into()), 1.0, 3.0),
        (State::Sleeping, 4.0, 4.5),
        (State::Stopped("SIGSTOP".into()), 4.5, 5.0),
        (State::Sleeping, 5.0, 6.0),
    ];
    assert_eq!(states(&run, 10), expected);
}

/// What descriptor n of a process refers to, at a moment.
fn held(run: &Timeline, moment: usize, pid: i32, number: i32) -> Option<Target> {
    let mut tables = run.moments[moment].tables.iter();
    let (_, table) = tables.find(|(owner, _)| *owner == pid)?;
    let mut rows = table.iter();
    Some(rows.find(|(own, _)| *own == number)?.1.clone())
}

/// Through what bytes went, and how many, from whom to whom.
fn transfers(run: &Timeline) -> Vec<(Through, usize, Option<i32>, Option<i32>)> {
    let bytes = |arrow: &Arrow| match arrow.kind {
        ArrowKind::Bytes { count, through, .. } => {
            Some((through, count, arrow.from.pid, arrow.to.pid))
        }
        _ => None,
    };
    run.arrows.iter().filter_map(bytes).collect()
}

#[test]
fn who_opens_one_fifo_is_at_one_pipe() {
    let run = model(
        "10 101.0 fork() = 11 <0.0001>\n10 101.1 mknodat(AT_FDCWD, \"./f\", S_IFIFO|0600) = 0 <0.0001>\n\
         10 101.2 openat(AT_FDCWD, \"./f\", O_RDWR) = 3 <0.0001>\n11 101.3 openat(AT_FDCWD, \"./f\", O_WRONLY) = 4 <0.0001>\n\
         11 101.4 write(4, \"abc\", 3) = 3 <0.0001>\n10 101.5 read(3, \"abc\", 9) = 3 <0.0001>\n\
         10 101.6 openat(AT_FDCWD, \"old\", O_RDWR) = 5 <0.0001>\n10 101.7 fstat(5, {st_mode=S_IFIFO|0600, ...}) = 0 <0.0001>\n",
    );
    let fifo = |name: &str, access| Some(Target::Fifo(name.into(), access));
    assert_eq!(run.moments[1].cause, Cause::Open(vec![3]));
    assert_eq!(held(&run, 2, 10, 3), fifo("f", Access::Both));
    assert_eq!(held(&run, 2, 11, 4), fifo("f", Access::Writing));
    assert_eq!(transfers(&run), [(Through::Fifo, 3, Some(11), Some(10))]);
    // What was there before the run is known when somebody looks at it.
    assert_eq!(held(&run, 3, 10, 5), fifo("old", Access::Both));
}

#[test]
fn a_connection_of_unix_sockets_has_two_ends() {
    let run = model(
        "10 101.00 socket(AF_UNIX, SOCK_STREAM, 0) = 3 <0.0001>\n\
         10 101.01 bind(3, {sa_family=AF_UNIX, sun_path=\"s\"}, 110) = 0 <0.0001>\n10 101.02 listen(3, 5) = 0 <0.0001>\n\
         10 101.03 fork() = 11 <0.0001>\n11 101.04 socket(AF_UNIX, SOCK_STREAM, 0) = 4 <0.0001>\n\
         11 101.05 connect(4, {sa_family=AF_UNIX, sun_path=\"s\"}, 110) = 0 <0.0001>\n\
         10 101.06 accept(3, {sa_family=AF_UNIX}, [110 => 2]) = 5 <0.0001>\n11 101.07 write(4, \"abc\", 3) = 3 <0.0001>\n\
         10 101.08 read(5, \"abc\", 9) = 3 <0.0001>\n11 101.09 close(4) = 0 <0.0001>\n10 101.10 close(5) = 0 <0.0001>\n",
    );
    let end = |whole| {
        let name = "s".to_owned();
        Some(Target::UnixConnection { name, whole })
    };
    assert_eq!(
        held(&run, 0, 10, 3),
        Some(Target::UnixListening("s".into()))
    );
    assert_eq!(run.moments[1].cause, Cause::Accept(5));
    assert_eq!(
        (held(&run, 1, 11, 4), held(&run, 1, 10, 5)),
        (end(true), end(true))
    );
    assert_eq!(held(&run, 2, 10, 5), end(false));
    assert_eq!(transfers(&run), [(Through::Unix, 3, Some(11), Some(10))]);
}

#[test]
fn a_semaphore_passes_from_who_gives_it_back_or_ends_to_who_waits() {
    let by = |by: i32| format!("0, [{{sem_num=0, sem_op={by}, sem_flg=SEM_UNDO}}], 1");
    let (take, give) = (by(-1), by(1));
    let run = model(&format!(
        "10 100.1 shmget(0x4d2, 4, IPC_CREAT|0666) = 0 <0.0001>\n10 100.2 shmat(0, NULL, 0) = 0x7f0000001000 <0.0001>\n\
         10 100.3 semget(0xd95, 1, IPC_CREAT|0666) = 0 <0.0001>\n10 100.4 semctl(0, 0, SETVAL, 0x7ffe00000001) = 0 <0.0001>\n\
         10 101.0 fork() = 11 <0.0001>\n10 101.1 semop({take}) = 0 <0.0001>\n\
         11 101.2 semtimedop({take}, NULL <unfinished ...>\n10 102.0 semop({give}) = 0 <0.0001>\n\
         11 102.0002 <... semtimedop resumed>) = 0 <0.8002>\n10 102.1 semop({take} <unfinished ...>\n\
         11 102.2 clock_nanosleep(CLOCK_REALTIME, 0, {{tv_sec=2, tv_nsec=0}},  <unfinished ...>\n\
         11 103.0 +++ killed by SIGKILL +++\n10 103.0001 <... semop resumed>) = 0 <0.9001>\n\
         10 103.1 shmctl(0, IPC_RMID, NULL) = 0 <0.0001>\n"
    ));
    let semaphores = run
        .arrows
        .iter()
        .filter(|it| it.kind == ArrowKind::Semaphore(3477));
    let ends: Vec<_> = semaphores.map(|it| (it.from.pid, it.to.pid)).collect();
    assert_eq!(ends, [(Some(10), Some(11)), (Some(11), Some(10))]);
    let changes: Vec<SharedChange> = run.shared.iter().map(|it| it.change).collect();
    use SharedChange::*;
    let (taken, given, waits) = (Taken(3477), Given(3477), Waits(3477));
    let expected = [
        Attached(1234),
        Set(3477, 1),
        taken,
        waits,
        given,
        taken,
        waits,
        Undone(3477),
        taken,
        Removed(1234),
    ];
    assert_eq!(changes, expected);
    let attached = |place: usize| &run.shared[place].objects.segments[0].attached[..];
    let semaphore = |place: usize| &run.shared[place].objects.semaphores[0];
    assert_eq!(attached(3), [10, 11]);
    assert_eq!(
        (&semaphore(3).holders[..], &semaphore(3).waiting[..]),
        (&[10][..], &[11][..])
    );
    assert_eq!(
        (&semaphore(6).holders[..], &semaphore(6).waiting[..]),
        (&[11][..], &[10][..])
    );
    assert_eq!(semaphore(7).value, Some(1)); // SEM_UNDO
    assert!(run.shared[9].objects.segments[0].is_removed && attached(9) == [10]);
}

#[test]
fn a_segment_is_detached_by_shmdt_and_one_that_was_removed_is_gone_then() {
    let run = model(
        "10 100.1 shmget(0x4d2, 4, IPC_CREAT|0666) = 0 <0.0001>\n10 100.2 shmat(0, NULL, 0) = 0x7f0000001000 <0.0001>\n\
         10 101.0 fork() = 11 <0.0001>\n11 101.1 shmdt(0x7f0000001000) = 0 <0.0001>\n\
         11 101.2 shmat(0, NULL, 0) = 0x7f0000002000 <0.0001>\n11 101.3 shmdt(0x7f0000002000) = 0 <0.0001>\n\
         10 101.4 shmctl(0, IPC_RMID, NULL) = 0 <0.0001>\n10 101.5 shmdt(0x7f0000001000) = 0 <0.0001>\n",
    );
    use SharedChange::*;
    let seen = run.shared.iter().map(|it| {
        let attached = it.objects.segments.first().map(|it| it.attached.clone());
        (it.change, attached)
    });
    let (attached, detached) = (Attached(1234), Detached(1234));
    let expected = [
        (attached, Some(vec![10])),
        (detached, Some(vec![10])),
        (attached, Some(vec![10, 11])),
        (detached, Some(vec![10])),
        (Removed(1234), Some(vec![10])),
        (detached, None),
    ];
    assert_eq!(seen.collect::<Vec<_>>(), expected);
}

#[test]
fn exec_changes_the_name_and_closes_what_is_marked() {
    let run = model(
        "10 101.0 openat(AT_FDCWD, \"a\", O_RDONLY|O_CLOEXEC) = 3 <0.0001>\n10 101.1 openat(AT_FDCWD, \"b\", O_RDONLY) = 4 <0.0001>\n\
         10 101.2 execve(\"./other\", [\"./other\"], 0x1) = 0 <0.0001>\n10 101.3 fork() = 11 <0.0001>\n11 101.4 close(4) = 0 <0.0001>\n",
    );
    let names: Vec<&str> = run.lanes[0]
        .names
        .iter()
        .map(|(_, name)| name.as_str())
        .collect();
    assert_eq!(names, ["lab", "other"]);
    assert_eq!(run.lanes[1].names[0].1, "other");
    let numbers = |place: usize, lane: usize| -> Vec<i32> {
        run.moments[place].tables[lane]
            .1
            .iter()
            .map(|(number, _)| *number)
            .collect()
    };
    assert_eq!(
        (numbers(0, 0), numbers(0, 1)),
        (vec![0, 1, 2, 4], vec![0, 1, 2, 4])
    );
    assert_eq!(
        (numbers(1, 0), numbers(1, 1)),
        (vec![0, 1, 2, 4], vec![0, 1, 2])
    );
    assert_eq!(run.moments[1].cause, Cause::Close(vec![4]));
}

#[test]
fn bytes_through_a_pipe_are_followed_from_write_to_read() {
    let run = model(
        "10 101.0 pipe([3, 4]) = 0 <0.0001>\n10 101.1 fork() = 11 <0.0001>\n10 101.2 write(4, \"abcde\", 5) = 5 <0.0001>\n\
         10 101.3 write(4, \"fg\", 2) = 2 <0.0001>\n11 101.4 read(3, \"abc\", 3) = 3 <0.0001>\n11 101.5 read(3, \"defg\", 9) = 4 <0.0001>\n",
    );
    let arrow = |count| (Some(10), Some(11), count, Through::Pipe);
    assert_eq!(bytes(&run), [arrow(3), arrow(2), arrow(2)]);
}

#[test]
fn an_orphan_knows_its_new_parent_if_the_run_shows_it() {
    let start = "10 101.0 fork() = 11 <0.0001>\n10 101.1 exit_group(0) = ?\n10 101.2 +++ exited with 0 +++\n";
    let adopted = |rest: &str| {
        let run = model(&format!(
            "{start}{rest}11 103.0 pause() = ? <unfinished ...>\n"
        ));
        run.lanes[1].marks.iter().find_map(|mark| match &mark.kind {
            MarkKind::Orphaned { adopter } => Some(adopter.clone()),
            _ => None,
        })
    };
    let (asked, who) = (
        "11 102.0 getppid() = ",
        [AdoptedBy::Reaper, AdoptedBy::Init],
    );
    for (pid, who) in [7, 1].into_iter().zip(who) {
        let told = adopted(&format!("{asked}{pid} <0.0001>\n"));
        assert_eq!(told, Some(Some(Adopter { pid, who })));
    }
    assert_eq!(adopted("11 102.0 getpid() = 11 <0.0001>\n"), Some(None));
}

#[test]
fn who_sent_a_signal_and_who_killed_is_said() {
    let forks = "10 101.0 fork() = 11 <0.0001>\n10 101.1 pause( <unfinished ...>\n";
    let told = |rest: &str| {
        let run = model(&format!("{forks}{rest}"));
        let lane = &run.lanes[1];
        let told = lane
            .marks
            .iter()
            .map(|mark| lane.say_mark(mark, Language::En));
        told.collect::<Vec<_>>()
    };
    let signal = |name: &str, from: &str| {
        told(&format!(
            "11 102.0 --- {name} {{si_signo={name}, {from}}} ---\n11 102.0 +++ killed by {name} +++\n"
        ))
    };
    let by_key = signal("SIGINT", "si_code=SI_KERNEL");
    assert_eq!(by_key, ["SIGINT (^C)", "■ killed: SIGINT"]);
    let by_process = signal("SIGTERM", "si_code=SI_USER, si_pid=10, si_uid=0");
    assert_eq!(by_process, ["SIGTERM (from 1 lab)", "■ killed: SIGTERM"]);
    let from_outside = signal("SIGTERM", "si_code=SI_USER, si_pid=99, si_uid=0");
    assert_eq!(
        from_outside,
        ["SIGTERM (from outside)", "■ killed: SIGTERM"]
    );
    // No tracer sees SIGKILL arrive.
    let killed = "11 103.0 +++ killed by SIGKILL +++\n";
    let kill = "12 102.0 kill(11, SIGKILL) = 0 <0.0001>\n";
    let by_process = told(&format!("10 101.5 fork() = 12 <0.0001>\n{kill}{killed}"));
    assert_eq!(by_process, ["■ killed: SIGKILL (from 3 lab)"]);
    let to_group = |group: &str, target: &str| {
        told(&format!(
            "10 101.5 fork() = 12 <0.0001>\n11 101.6 setpgid({group}) = 0 <0.0001>\n\
             12 102.0 kill({target}, SIGKILL) = 0 <0.0001>\n{killed}"
        ))
    };
    for (group, target, by) in [
        ("0, 0", "-11", "from 3 lab"),
        ("11, 12", "-12", "from 3 lab"),
        ("0, 0", "-12", "the run is over"),
        ("0, 0", "-10", "the run is over"),
        ("0, 10", "0", "from 3 lab"),
        ("0, 0", "0", "the run is over"),
        ("0, 0", "-1", "from 3 lab"),
    ] {
        let told = to_group(group, target);
        assert_eq!(
            told.last(),
            Some(&format!("■ killed: SIGKILL ({by})")),
            "{group} {target}"
        );
    }
    let at_the_end = told(killed);
    assert_eq!(at_the_end, ["■ killed: SIGKILL (the run is over)"]);
}

#[test]
fn a_session_of_its_own_is_without_a_terminal_from_setsid_on_and_its_children_are_in_it() {
    let run = model(
        "10 101.0 fork() = 11 <0.0001>\n11 102.0 setsid() = 11 <0.0001>\n11 102.5 fork() = 12 <0.0001>\n\
         11 102.6 setsid() = -1 EPERM (Operation not permitted) <0.0001>\n",
    );
    let since = |place: usize| {
        run.lanes[place]
            .in_session
            .map(|at| (at * 10.0).round() / 10.0)
    };
    assert_eq!([since(0), since(1), since(2)], [None, Some(2.0), Some(2.5)]);
    let svg = draw(&run, Language::En).svg();
    assert_eq!(
        svg.matches("class=\"tl-session\"").count(),
        3,
        "two, and that of the legend"
    );
    assert!(svg.contains("a session without a terminal"), "{svg}");
}

#[test]
fn whom_one_signal_kills_is_neither_zombie_nor_orphan() {
    let start = "10 101.0 fork() = 11 <0.0001>\n";
    for (first, then) in [(10, 11), (11, 10)] {
        let end = |pid: i32, at: f64| format!("{pid} {at:.2} +++ killed by SIGINT +++\n");
        let run = model(&format!(
            "{start}{}{}",
            end(first, 102.0),
            end(then, 102.05)
        ));
        let told = |kind: &MarkKind| matches!(kind, MarkKind::Orphaned { .. });
        assert!(!run.lanes[1].marks.iter().any(|mark| told(&mark.kind)));
        assert_eq!(states(&run, 11), []);
    }
}

#[test]
fn long_lives_are_short_and_hostile_runs_are_drawn_too() {
    let mut text = String::new();
    for turn in 0..300 {
        text += &format!(
            "10 {}.0 write(1, \"{turn}\\1<&>]]>\", 9) = 9 <0.0001>\n",
            101 + turn
        );
    }
    let run = model(&text);
    assert!(run.lanes[0].marks.len() < 60);
    let folded = |kind: &MarkKind| matches!(kind, MarkKind::Folded(_));
    let is_told = run.lanes[0].marks.iter().any(|mark| folded(&mark.kind));
    let is_shown = run.lanes[0]
        .spans
        .iter()
        .any(|span| matches!(span.state, State::Folded(264)));
    assert!(is_told || is_shown, "{:?}", run.lanes[0].spans);
    for odd in [
        "10 nan close(3) = 0\n",
        "10 101.0 fork() = 10 <0.1>\n",
        "10 101.0 fork() = 99999999999 <9e999>\n",
        "10 101.0 close_range(9, 3) = 0 <0.1>\n",
        "10 101.0 pipe([) = 0 <0.1>\n",
        "10 101.0 dup2(7, -1) = 5 <-3>\n",
        "10 99.0 +++ killed by SIGODD +++\n",
        "11 101.0 +++ exited with 0 +++\n10 101.1 fork() = 11 <0.1>\n",
    ] {
        assert!(super::svg::svg(&model(odd), Language::default()).ends_with("</svg>\n"));
    }
}

#[test]
fn only_the_text_of_a_call_whose_line_is_known_names_it() {
    let mut run = model("10 101.0 close(3) = 0 <0.0001>\n10 102.0 dup(1) = 3 <0.0001>\n");
    assert!(!draw(&run, Language::default()).svg().contains("data-of"));
    run.lanes[0].marks[0].line = Some(15);
    let picture = draw(&run, Language::default());
    for svg in [picture.svg(), picture.inline()] {
        let told: Vec<&str> = svg.lines().filter(|it| it.contains("data-of")).collect();
        assert!(
            matches!(told.as_slice(), [text] if text.contains(" data-of=\"r15\"") && text.contains(">close(3)<")),
            "{told:?}"
        );
    }
}

#[test]
fn equal_calls_of_different_lines_are_no_repetition() {
    let mut lane = model(&"10 101.0 close(3) = 0 <0.0001>\n".repeat(3)).lanes[0].clone();
    lane.marks.push(lane.marks[0].clone());
    for (place, mark) in (0..).zip(&mut lane.marks) {
        mark.line = Some(place);
    }
    let before = lane.clone();
    shorten(&mut lane);
    assert_eq!(lane.marks, before.marks);
    lane.marks.iter_mut().for_each(|mark| mark.line = Some(7));
    shorten(&mut lane);
    let told: Vec<(&MarkKind, Option<u32>)> = lane
        .marks
        .iter()
        .map(|mark| (&mark.kind, mark.line))
        .collect();
    assert!(
        matches!(
            told.as_slice(),
            [
                (MarkKind::Call { .. }, Some(7)),
                (MarkKind::Folded(3), Some(7))
            ]
        ),
        "{told:?}"
    );
}

#[test]
fn trace_events_of_a_process_meet_and_tell_the_whole_call() {
    let text = "a long text that does not fit into a label of a picture";
    let mut run = model(&format!(
        "10 100.0000000014 clock_nanosleep(0, 0, {{1, 0}}, NULL) = 0 <0.3333333333>\n\
         10 101.0000000014 read(0, \"{text}\", 1024) = 55 <0.7000000004>\n10 102.3333333336 pause() = 0 <0.1000000003>\n"
    ));
    for mark in &mut run.lanes[0].marks {
        mark.line = Some(15);
    }
    let events = super::export::chrome(&run);
    let of = |phase: &'static str| {
        let all = events["traceEvents"].members();
        all.filter(move |event| event["ph"] == phase)
    };
    let nanos = |time: &jzon::JsonValue| (time.as_f64().unwrap_or_default() * 1e3).round() as i64;
    let slices: Vec<(i64, i64)> = of("X")
        .map(|event| (nanos(&event["ts"]), nanos(&event["dur"])))
        .collect();
    assert!(slices.len() > 2, "{slices:?}");
    for pair in slices.windows(2) {
        assert_eq!(pair[0].0 + pair[0].1, pair[1].0, "{slices:?}");
    }
    let read = of("i").find(|event| {
        event["args"]["call"]
            .as_str()
            .is_some_and(|call| call.starts_with("read("))
    });
    let args = read.map(|event| event["args"].clone()).expect("the read");
    assert_eq!(
        args["call"],
        format!("read(0, \"{text}\", 1024) = 55"),
        "{events}"
    );
    assert_eq!(args["line"], 15, "{events}");
}

#[test]
fn a_page_may_hold_the_style_once_for_all_its_pictures() {
    let picture = draw(&model(""), Language::default());
    let sheet = format!("<style>\n{}</style>\n", style());
    assert_eq!(picture.svg().replace(&sheet, ""), picture.inline());
    assert!(!picture.inline().contains("<style"));
    // Everything else on the page keeps its own look.
    let style = style();
    let parts = style.split(['{', '}', ',']).map(str::trim);
    let mut selectors = parts.filter(|part| part.contains("tl-") || part.contains("timeline"));
    assert!(selectors.all(|selector| selector.starts_with("svg.timeline")));
}

#[test]
fn a_viewer_that_knows_no_variables_has_colours() {
    let style = style();
    let mut before = "";
    for declaration in style.split([';', '{', '}']).map(str::trim) {
        if let Some((name, value)) = declaration.split_once(": ")
            && value.contains("var(")
        {
            let (plain, colour) = before.split_once(": ").expect("one before it");
            assert!(
                plain == name && colour.contains('#') && !colour.contains("var("),
                "{declaration}"
            );
        }
        before = declaration;
    }
    assert!(style.contains("fill: #1a1a1a; fill: var(--ink);"));
}

#[test]
fn a_wide_picture_fits_on_paper() {
    let style = style();
    let (_, print) = style.split_once("@media print").expect("a part for paper");
    let (own, _) = print.split_once('}').expect("its end");
    assert!(own.contains("max-width: 100%; height: auto;"), "{own}");
}

/// How many texts of a picture begin so.
fn said(run: &Timeline, text: &str) -> usize {
    let texts = draw(run, Language::default()).texts();
    texts
        .iter()
        .filter(|one| one.text.starts_with(text))
        .count()
}

#[test]
fn a_memory_strip_shows_what_was_read_and_leaves_out_what_was_not() {
    let mut run = model("10 101.0 fork() = 11 <0.0001>\n");
    let fork = |is_rust: bool, of_parent: Memory| Fork {
        at: 1.0,
        parent: 10,
        child: 11,
        code: vec![(27, "pid = fork();".to_owned(), true)],
        is_rust,
        of_parent,
        of_child: Memory::default(),
    };
    run.forks = vec![fork(false, Memory::default())];
    let told = ["fork returned", "variables", "stdout's buffer"].map(|text| said(&run, text));
    assert_eq!(told, [2, 0, 0]);
    let variable = |name: &str, first: Option<&str>, last: Option<&str>| Variable {
        name: name.to_owned(),
        declared: 1,
        first: first.map(str::to_owned),
        last: last.map(str::to_owned),
    };
    let variables = vec![
        variable("pid", Some("11"), Some("11")),
        variable("i", Some("100"), Some("103")),
        variable("gone", None, None),
    ];
    let unwritten = Some(b"Hello\n".to_vec());
    let held = Memory {
        variables,
        unwritten,
    };
    run.forks = vec![fork(false, held.clone())];
    let values = ["100 … 103", "optimised out", "\"Hello\\n\"", "variables:"];
    assert_eq!(values.map(|text| said(&run, text)), [1; 4]);
    run.forks = vec![fork(true, held)];
    assert_eq!(said(&run, "variables (unoptimised copy)"), 1);
}

#[test]
fn two_pipes_are_two_things_and_a_terminal_is_one() {
    let mut run = model("10 101.0 pipe([3, 4]) = 0 <0.0001>\n10 101.1 fork() = 11 <0.0001>\n");
    assert_eq!(said(&run, "0 1 2 terminal"), 2);
    assert_eq!(
        (
            said(&run, "3     pipe (reading end)"),
            said(&run, "4     pipe (writing end)")
        ),
        (2, 2)
    );
    for (_, table) in &mut run.moments[0].tables {
        table[0].1 = Target::Pipe(Access::Reading);
        table[1].1 = Target::Pipe(Access::Writing);
    }
    let told = (
        said(&run, "0     pipe (input)"),
        said(&run, "1     pipe (output)"),
    );
    assert_eq!(told, (2, 2));
}

#[test]
fn the_legend_explains_signs_that_occur_and_no_others() {
    let signs = [
        "the call failed",
        "exec: another",
        "the process ends",
        "new descriptor",
        "closed",
    ];
    let explained = |text: &str| signs.map(|sign| said(&model(text), sign));
    assert_eq!(explained("10 101.0 dup(1) = 3 <0.0001>\n"), [0; 5]);
    let run = "10 101.0 fork() = 11 <0.0001>\n11 101.1 close(0) = 0 <0.0001>\n\
               11 101.2 execve(\"./no\", [\"./no\"], 0x1) = -1 ENOENT (No such file or directory) <0.0001>\n\
               11 101.3 execve(\"./other\", [\"./other\"], 0x1) = 0 <0.0001>\n11 101.4 +++ exited with 0 +++\n";
    assert_eq!(explained(run), [1; 5]);
}

#[test]
fn a_call_that_cannot_wait_is_never_drawn_as_blocked() {
    let run = model(
        "10 100.1 getpid() = 10 <0.017000>\n10 100.2 close(3) = 0 <0.021000>\n\
         10 100.3 rt_sigaction(SIGCHLD, {sa_handler=SIG_IGN, sa_mask=[], sa_flags=0}, NULL, 8) = 0 <0.5>\n\
         10 101.0 write(1, \"a\", 1) = 1 <0.3>\n10 101.5 read(0, \"b\", 1) = 1 <0.2>\n\
         10 102.0 exit_group(0) = ?\n10 102.0 +++ exited with 0 +++\n",
    );
    let blocked = states(&run, 10)
        .into_iter()
        .filter_map(|(state, ..)| match state {
            State::Blocked(call) => Some(call),
            _ => None,
        });
    assert_eq!(blocked.collect::<Vec<_>>(), ["write", "read"]);
}

#[test]
fn a_call_that_was_asked_to_answer_at_once_is_never_drawn_as_blocked() {
    for (asks, waits) in [
        (
            "wait4(-1, NULL, WNOHANG, NULL) = 0",
            "wait4(-1, NULL, 0, NULL) = -1 ECHILD (No child processes)",
        ),
        (
            "recvfrom(3, 0x1, 9, MSG_DONTWAIT, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)",
            "recvfrom(3, \"a\", 9, 0, NULL, NULL) = 1",
        ),
        (
            "poll([{fd=3, events=POLLIN}], 1, 0) = 0 (Timeout)",
            "poll([{fd=3, events=POLLIN}], 1, 200) = 0 (Timeout)",
        ),
        (
            "ppoll([{fd=3, events=POLLIN}], 1, {tv_sec=0, tv_nsec=0}, NULL, 8) = 0 (Timeout)",
            "ppoll([{fd=3, events=POLLIN}], 1, NULL, NULL, 8) = 1 ([{fd=3, revents=POLLIN}])",
        ),
        (
            "pselect6(4, [3], NULL, NULL, {tv_sec=0, tv_nsec=0}, NULL) = 0 (Timeout)",
            "pselect6(4, [3], NULL, NULL, {tv_sec=0, tv_nsec=200000000}, NULL) = 0 (Timeout)",
        ),
        (
            "epoll_wait(4, [], 9, 0) = 0",
            "epoll_wait(4, [], 9, 200) = 0",
        ),
        (
            "semop(0, [{sem_num=0, sem_op=-1, sem_flg=IPC_NOWAIT}], 1) = -1 EAGAIN (Resource temporarily unavailable)",
            "semop(0, [{sem_num=0, sem_op=-1, sem_flg=SEM_UNDO}], 1) = 0",
        ),
        (
            "fcntl(3, F_GETFL) = 0x2 (flags O_RDWR)",
            "fcntl(3, F_SETLKW, {l_type=F_WRLCK, l_whence=SEEK_SET, l_start=0, l_len=0}) = 0",
        ),
        (
            "futex(0x1, FUTEX_WAKE_PRIVATE, 1) = 1",
            "futex(0x1, FUTEX_WAIT_PRIVATE, 2, NULL) = 0",
        ),
    ] {
        let is_blocked = |call: &str| {
            let run = model(&format!(
                "10 101.0 {call} <0.2>\n10 102.0 exit_group(0) = ?\n"
            ));
            let states = states(&run, 10).into_iter();
            states
                .map(|(state, ..)| state)
                .any(|state| matches!(state, State::Blocked(_)))
        };
        assert_eq!(
            (is_blocked(asks), is_blocked(waits)),
            (false, true),
            "{asks}"
        );
    }
}

#[test]
fn a_wait_that_finds_its_child_ended_is_not_drawn_as_blocked() {
    let wait = |end: &str| {
        let run = model(&format!(
            "10 101.0 fork() = 11 <0.0001>\n11 {end} exit_group(3) = ?\n11 {end} +++ exited with 3 +++\n\
             10 102.0 wait4(-1, NULL, 0, NULL) = 11 <0.2>\n10 103.0 exit_group(0) = ?\n"
        ));
        let states = states(&run, 10).into_iter();
        states
            .filter(|(state, ..)| matches!(state, State::Blocked(_)))
            .count()
    };
    assert_eq!((wait("101.9"), wait("102.1")), (0, 1));
}

#[test]
fn the_child_of_a_fork_that_never_returned_has_a_parent_and_an_orphan_its_subreaper() {
    let cut = model(
        "10 100.1 fork( <unfinished ...>\n11 100.2 getpid() = 11 <0.0001>\n\
         10 100.3 <... fork resumed>) = ? <unavailable>\n10 100.3 +++ killed by SIGKILL +++\n\
         11 100.9 exit_group(0) = ?\n11 100.9 +++ exited with 0 +++\n",
    );
    assert_eq!(cut.lane(11).and_then(|lane| lane.parent), Some(10));
    let kept = model(
        "10 100.1 prctl(PR_SET_CHILD_SUBREAPER, 1) = 0 <0.0001>\n10 100.2 fork() = 11 <0.0001>\n\
         11 100.3 fork() = 12 <0.0001>\n12 100.4 getpid() = 12 <0.0001>\n\
         11 100.5 exit_group(0) = ?\n11 100.5 +++ exited with 0 +++\n\
         12 100.9 exit_group(0) = ?\n12 100.9 +++ exited with 0 +++\n\
         10 101.5 wait4(-1, NULL, 0, NULL) = 12 <0.0001>\n",
    );
    let orphan = kept.lane(12).expect("a lane");
    let by = Adopter {
        pid: 10,
        who: AdoptedBy::Process("1 lab".to_owned()),
    };
    let adopted =
        |kind: &MarkKind| matches!(kind, MarkKind::Orphaned { adopter: Some(it) } if *it == by);
    assert!(
        orphan.marks.iter().any(|mark| adopted(&mark.kind)),
        "{orphan:#?}"
    );
    let zombie = states(&kept, 12)
        .into_iter()
        .find(|(state, ..)| *state == State::Zombie);
    assert_eq!(zombie.map(|(_, from, _)| from), Some(0.9));
}
