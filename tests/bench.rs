//! The benchmark: what it measures apart from time is as promised, it measures everything, and it leaves nothing behind.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;

use labscope::Language;
use labscope_bench::creation::{self, Memory, Samples};
use labscope_bench::ladder::Made;
use labscope_bench::launch::Launch;
use labscope_bench::programs::{Built, Folders, Origin, build};
use labscope_bench::{COLUMNS, Report, Variant, structure, table};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use support::proc::{await_that, children, program, state};
use support::{Scratch, is_guest, lab, labs, output, root, target, text_of};

/// The benchmark itself; what it builds takes long the first time, and the runs have deadlines: that is done once, before.
fn bench() -> PathBuf {
    static BUILT: OnceLock<()> = OnceLock::new();
    if !is_guest() {
        BUILT.get_or_init(|| drop(programs(&Scratch::new())));
    }
    support::bench()
}

/// MiB at most: a test leaves the machine's memory to others.
const MEMORY: u64 = 256;

/// The shortest run there is, with all it writes in a folder of the test's own.
fn shortest(scratch: &Scratch) -> Command {
    shortest_in(&scratch.path("out"))
}

fn shortest_in(out: &Path) -> Command {
    let mut command = support::bounded(bench());
    command.args(["--quick", "--json", "--rounds", "1", "--held", "1"]);
    command.args(["--memory", MEMORY.to_string().as_str()]);
    command
        .arg("--root")
        .arg(root())
        .arg("--target")
        .arg(target());
    command.arg("--out").arg(out);
    command
}

fn programs(scratch: &Scratch) -> Built {
    lab("exec_test");
    build(&Folders {
        root: root().to_owned(),
        target: target().to_owned(),
        out: scratch.path("out"),
        origin: Origin::Here,
    })
    .unwrap_or_else(|error| panic!("{error:#}"))
}

fn report_of(output: &Output) -> Report {
    assert!(output.status.success(), "{}", text_of(output));
    let text = String::from_utf8_lossy(&output.stdout);
    Report::from_json(&text).unwrap_or_else(|error| panic!("{error:#}\n{text}"))
}

#[test]
fn two_segments_are_enough() {
    for name in labs() {
        let segments = structure::segments(&lab(&name)).unwrap();
        assert!(segments <= 2, "build/{name}: {segments} segments");
    }
}

#[test]
fn nothing_runs_before_main_and_two_mappings_are_enough() {
    let scratch = Scratch::new();
    let exec_test = lab("exec_test");
    let calls = structure::calls_before_main(&exec_test, &scratch.path("")).unwrap();
    assert_eq!(calls, 0, "calls before main");
    let mappings = structure::mappings(&exec_test).unwrap();
    assert!(
        mappings <= 2,
        "{mappings} mappings: code, variables, and what else?"
    );
}

#[test]
fn exec_test_has_the_page_faults_of_assembler() {
    let scratch = Scratch::new();
    let built = programs(&scratch);
    let both = [Variant::Rawlabs, Variant::Floor].map(|row| built.rows[&row].exec_test.clone());
    let mut launch = Launch::new(&built.launch, 40, &both).unwrap();
    launch.batch().unwrap(); // the files are in memory from now on
    let batch = launch.batch().unwrap();
    // Where the stack begins is drawn by lot, so one page more or less is touched: the mean tells.
    let mean =
        |row: usize| batch[row].iter().map(|one| one.faults).sum::<f64>() / batch[row].len() as f64;
    let [lab, floor] = [mean(0), mean(1)];
    assert!(
        lab < floor + 0.9,
        "page faults: {lab} on rawlabs, {floor} in assembler"
    );
}

#[test]
fn every_row_has_every_column_or_a_note() {
    let scratch = Scratch::new();
    let output = output(&mut shortest(&scratch));
    let report = report_of(&output);
    is_a_table(&report);
    assert!(
        report
            .holds
            .iter()
            .all(|hold| hold.measured.is_some() || !report.notes.is_empty())
    );
    let picture = fs::read_to_string(scratch.path("out/bench.svg")).unwrap();
    assert!(
        picture.starts_with("<svg") && picture.ends_with("</svg>\n"),
        "{picture}"
    );
    is_told_by_memory(&report, &scratch);
    for lister in ["myps", "ps -ef", "floor"] {
        let listing = &report.listing;
        for times in [&listing.times, &listing.pinned] {
            assert!(times.contains_key(lister), "{:?}", report.notes);
        }
        // Each of the 300 is looked at by more than two calls.
        let calls = listing.calls.get(lister);
        assert!(calls > Some(&600.0), "{:?}", report.notes);
    }
    is_a_ladder(&report, &scratch);
    is_told_with_care(&report);
    is_fit_to_show(&report, &String::from_utf8_lossy(&output.stdout));
}

/// What is noted where a machine has no more.
const ONE_CPU: &str = "not pinned is the same here";

/// Each row has each column, or a note says why not.
fn is_a_table(report: &Report) {
    for variant in Variant::ALL {
        let Some(row) = report.row(variant) else {
            let named = |note: &String| note.starts_with(variant.name());
            assert!(
                report.notes.iter().any(named),
                "{variant:?}: {:?}",
                report.notes
            );
            continue;
        };
        let missing = COLUMNS
            .iter()
            .filter(|column| row.figure(column.key).is_none());
        let missing: Vec<&str> = missing.map(|column| column.key).collect();
        let excused = |key: &&str| {
            let not_pinned = key.ends_with("_free");
            report.notes.iter().any(|note| {
                note.contains(key)
                    || note.contains("servers are not")
                    || not_pinned && note.starts_with(ONE_CPU)
            })
        };
        assert!(
            missing.iter().all(excused),
            "{variant:?}: {missing:?}, {:?}",
            report.notes
        );
        assert_eq!(row.growth.len(), 1, "{variant:?}: {:?}", report.notes);
    }
}

/// They may have been built on another machine, for this one's processor: `boot.rs` brings them to an arm64 one.
#[test]
fn of_programs_that_were_brought_the_table_has_every_row_and_column() {
    let scratch = Scratch::new();
    let out = match is_guest() {
        true => root().join("build/bench"),
        false => {
            programs(&scratch);
            scratch.path("out")
        }
    };
    let mut command = shortest_in(&out);
    let report = report_of(&output(command.args(["--only", "table", "--brought"])));
    is_a_table(&report);
    if is_guest() {
        let is_known =
            |note: &String| note.starts_with(Variant::Musl.name()) || note.starts_with(ONE_CPU);
        assert!(report.notes.iter().all(is_known), "{:?}", report.notes);
    }
    for what in [
        "size of exec_test, bytes",
        "segments",
        "system calls before the lab's first",
    ] {
        let hold = report.holds.iter().find(|hold| hold.what == what);
        assert_eq!(hold.expect(what).held, Some(true), "{hold:?}");
    }
    println!("{}", table::of(&report, Language::En)); // --nocapture shows it
}

#[test]
fn a_part_is_measured_alone() {
    let scratch = Scratch::new();
    let report = report_of(&output(shortest(&scratch).args(["--only", "myps"])));
    assert!(report.rows.is_empty() && report.creation.is_empty());
    assert!(report.ladder.servers.is_empty());
    let listing = &report.listing;
    let rows = [
        listing.times.len(),
        listing.pinned.len(),
        listing.calls.len(),
    ];
    assert_eq!(rows, [3; 3], "{:?}", report.notes);
    let whats = report.holds.iter().map(|hold| hold.what.as_str());
    assert!(
        whats.clone().all(|what| what.contains("myps")),
        "{:?}",
        whats.collect::<Vec<_>>()
    );
    let kept = fs::read_to_string(scratch.path("out/myps.json")).unwrap();
    assert!(Report::from_json(&kept).is_ok());
    assert!(!scratch.path("out/ladder.html").exists());
}

/// Each echo server over TCP and its C twin have every figure; so has what is there of other people's.
fn is_a_ladder(report: &Report, scratch: &Scratch) {
    let is_in_it = |lab: &&String| {
        lab.starts_with("echo_server") && !lab.ends_with("_pipe") && !lab.ends_with("_udomain")
    };
    let labs = labs();
    let labs = labs.iter().filter(is_in_it);
    let mut wanted: Vec<(&str, Made)> = labs
        .flat_map(|lab| [(lab.as_str(), Made::Lab), (lab.as_str(), Made::C)])
        .collect();
    wanted.extend(["echo_server_fork", "echo_server_thread"].map(|lab| (lab, Made::Floor)));
    let must_be = std::env::var("CI").is_ok_and(|ci| ci == "true");
    for other in ["tokio", "libuv", "socat"] {
        let is_missing = |note: &String| note.starts_with(&format!("{other}: "));
        if must_be || !report.notes.iter().any(is_missing) {
            wanted.push((other, Made::Elsewhere));
        }
    }
    let pages = ["ladder.html", "ladder.ko.html"];
    let pages = pages.map(|name| fs::read_to_string(scratch.path("out").join(name)).unwrap());
    for (name, made) in wanted {
        let server = report.ladder.server(name, made);
        let server = server.unwrap_or_else(|| panic!("{name} {made:?}: {:?}", report.notes));
        assert!(
            server.connections.is_some() && server.connection_cpu.is_some(),
            "{name} {made:?}: {:?}",
            report.notes
        );
        if made == Made::Floor {
            // It does not end a connection after one line, as echo_server does.
            assert!(server.most.is_none() && server.levels.is_empty(), "{name}");
        } else if server.most != Some(0) {
            let level = server.level(1);
            let level = level.unwrap_or_else(|| panic!("{name} {made:?}: {:?}", report.notes));
            assert_eq!(level.held, 1, "{name} {made:?}: {:?}", level.stopped_by);
            assert!(level.memory().is_some() && level.p99.is_some() && level.requests.is_some());
            assert!(level.request_cpu.is_some() && level.given_back.is_some());
        }
        assert!(pages.iter().all(|page| page.contains(name)), "{name}");
    }
    let process = |name| report.ladder.server(name, Made::Lab)?.level(1)?.memory();
    // A process of its own takes more than an entry in a list.
    assert!(process("echo_server_fork") > process("echo_server_epoll"));
}

/// Each amount of memory has every way and its page tables, or a note says why not.
fn is_told_by_memory(report: &Report, scratch: &Scratch) {
    let tables = |memory| {
        let found = report.creation.iter().find(|one| one.memory == memory)?;
        for way in creation::WAYS {
            assert!(found.times.contains_key(way), "{way} in {found:?}");
        }
        Some(found.page_tables)
    };
    let [none, ..] = creation::SERIES;
    let none = tables(none).unwrap();
    let series = creation::SERIES.into_iter();
    for memory in series.filter(|memory| memory.mib <= MEMORY) {
        let noted = report
            .notes
            .iter()
            .any(|note| note.starts_with(&memory.name()));
        match tables(memory) {
            // 8 bytes a page of 4 KiB; those of huge pages are kept in reserve. Where things lie is drawn by lot,
            // which makes some pages of tables more or less.
            Some(kb) => assert!(
                kb + 32.0 >= none + (memory.mib * 2) as f64,
                "{memory:?}: {kb} kB"
            ),
            None => assert!(noted, "{memory:?}: {:?}", report.notes),
        }
    }
    let picture = fs::read_to_string(scratch.path("out/fork_cost.svg")).unwrap();
    assert!(picture.contains("posix_spawn") && picture.ends_with("</svg>\n"));
}

#[test]
fn memory_that_is_not_there_is_told() {
    let scratch = Scratch::new();
    let program = programs(&scratch).creation.unwrap();
    let too_much = Memory {
        mib: 1 << 30, // a PiB
        huge: false,
    };
    let mut samples = Samples::new();
    let told = creation::sample(&program, too_much, 1, &mut samples).unwrap_err();
    assert!(
        told.to_string().starts_with("not enough memory: "),
        "{told}"
    );
    let kb = |mib: u64| (mib * 1024) as f64;
    let memory = Memory {
        mib: 1024,
        huge: false,
    };
    assert!(creation::check_memory(memory, (kb(2000), kb(4000))).is_ok());
    let told = creation::check_memory(memory, (kb(1600), kb(4000))).unwrap_err();
    assert!(told.to_string().contains("800 MiB may be used"), "{told}");
    // A limit that only the program itself meets.
    let limited = output(
        Command::new("prlimit")
            .args(["--as=67108864", "--"])
            .arg(&program)
            .args(["256", "small", "1"]),
    );
    assert_eq!(limited.status.code(), Some(1), "{}", text_of(&limited));
    assert!(text_of(&limited).contains("memory: Cannot allocate memory"));
}

/// A missed time is told with what the machine did meanwhile, and a figure that is noise is told to be.
fn is_told_with_care(report: &Report) {
    let mut told = report.clone();
    let hold = told.holds.first_mut().expect("a number to hold");
    (hold.held, told.others) = (Some(false), 0.0);
    let busy = "The machine was busy: between measurements 3.0 other processes";
    assert!(!table::of(&told, Language::En).contains(busy));
    told.others = 3.0;
    let column = &COLUMNS[COLUMNS.len() - 1];
    let row = told
        .rows
        .iter_mut()
        .find(|row| row.figure(column.key).is_some());
    let row = row.expect("a row that has it");
    let name = row.variant.name();
    let figure = row.figures.get_mut(column.key).expect("it");
    (figure.median, figure.low, figure.high) = (1.0, 0.0, 4.0);
    // A slow machine's time leaves no room for its spread.
    let figure = row.figures.get_mut("exec_exit_pinned").expect("it");
    (figure.median, figure.low, figure.high) = (123456.0, 100000.0, 160000.0);
    let table = table::of(&told, Language::En);
    assert!(table.contains(" 123456 "), "{table}");
    assert!(table.contains(busy), "{table}");
    assert!(
        table.contains(&format!("± above the value, so no figure: {name} ")),
        "{table}"
    );
    assert!(
        !table.contains("MISSED") && !table.contains(" 1 connections"),
        "{table}"
    );
}

/// Tables fit a hundred columns; nothing names this machine or its folders.
fn is_fit_to_show(report: &Report, json: &str) {
    for language in [Language::En, Language::Ko] {
        let table = table::of(report, language);
        let widest = table
            .lines()
            .max_by_key(|line| line.chars().count())
            .unwrap_or_default();
        assert!(widest.chars().count() <= 100, "too wide: {widest}");
        assert!(!table.contains('\x1b'), "colours in plain text: {table:?}");
    }
    let name = fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
    let is_word = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric())
            .any(|word| word == name.trim())
    };
    assert!(!json.contains(root().to_str().unwrap()), "a path: {json}");
    assert!(
        name.trim().len() < 4 || !is_word(json),
        "the host's name: {json}"
    );
}

#[test]
fn what_is_missing_is_said() {
    let scratch = Scratch::new();
    // A machine with cc, objcopy and cargo, but without musl-gcc, ps and a network of its own.
    let tools = scratch.path("tools");
    fs::create_dir(&tools).unwrap();
    for tool in [
        "cc", "objcopy", "as", "ld", "rustc", "cargo", "rustup", "getconf", "timeout",
    ] {
        let found = std::env::split_paths(&std::env::var_os("PATH").unwrap())
            .map(|folder| folder.join(tool))
            .find(|path| path.is_file());
        if let Some(found) = found {
            std::os::unix::fs::symlink(found, tools.join(tool)).unwrap();
        }
    }
    let report = report_of(&output(
        shortest(&scratch)
            .env("PATH", &tools)
            .env("LABSCOPE_NAMESPACES", "no"),
    ));
    for said in [
        "C musl: musl-gcc is not installed",
        "no network of its own",
        "cannot start ps -ef",
    ] {
        assert!(
            report.notes.iter().any(|note| note.contains(said)),
            "no {said} in {:?}",
            report.notes
        );
    }
    assert!(report.row(Variant::Musl).is_none());
    assert!(
        report
            .figure(Variant::Rawlabs, "exec_exit_pinned")
            .is_some()
    );
}

/// The processes below `pid`, itself not among them.
fn descendants(pid: i32) -> Vec<i32> {
    let found = children(pid).into_iter();
    found
        .flat_map(|child| [vec![child], descendants(child)].concat())
        .collect()
}

/// A run that has come so far that a server serves connections, and the processes there are then.
fn run_with_servers(scratch: &Scratch) -> (Child, BTreeSet<i32>) {
    let mut command = Command::new(bench());
    command
        .args(["--held", "5000", "--rounds", "4"])
        .stdin(Stdio::null());
    command
        .arg("--root")
        .arg(root())
        .arg("--target")
        .arg(target())
        .arg("--out")
        .arg(scratch.path("out"));
    let run = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let pid = run.id() as i32;
    let is_server =
        |pid: &i32| program(*pid).is_some_and(|name| name.starts_with("echo_server_fork"));
    let seen = await_that("a server", || {
        let found = descendants(pid);
        match found.iter().any(is_server) {
            true => Ok(found),
            false => Err(format!("{found:?}")),
        }
    });
    (run, seen.into_iter().collect())
}

fn await_end_of(pids: BTreeSet<i32>) {
    for pid in pids {
        await_that("the end of every process", || match state(pid) {
            '-' => Ok(()),
            state => Err(format!("{pid} in state {state}")),
        });
    }
}

#[test]
fn an_interruption_leaves_nothing_behind() {
    let scratch = Scratch::new();
    for (signal, code) in [(Signal::SIGINT, Some(130)), (Signal::SIGKILL, None)] {
        let (mut run, seen) = run_with_servers(&scratch);
        kill(Pid::from_raw(run.id() as i32), signal).unwrap();
        assert_eq!(run.wait().unwrap().code(), code, "after {signal}");
        await_end_of(seen);
    }
}
