//! The tables in which programs that people use stand beside the labs are what a run says.

use std::fs;
use std::path::Path;

use labscope::Text;
use labscope::cli::beside::{Guide, guides};
use labscope::cli::readme::between;
use labscope::scenario::{self, Beside, Point, RealProgram};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The processor that the tables are of: another one has other calls for fork, and for the start of a program.
const IS_THEIR_PROCESSOR: bool = cfg!(target_arch = "x86_64");

/// Whether this is the system whose packages the tables are of.
fn is_of_the_tables() -> bool {
    let about = fs::read_to_string("/etc/os-release").unwrap_or_default();
    IS_THEIR_PROCESSOR && about.contains("ID=debian") && about.contains("VERSION_ID=\"12\"")
}

#[test]
fn each_row_of_the_guides_is_what_the_run_says() {
    let demanded = std::env::var_os("CI").is_some_and(|ci| ci == "true") && is_of_the_tables();
    for Guide {
        path,
        language,
        marks,
        table,
    } in guides(root()).expect("the programs run")
    {
        assert!(
            !demanded || table.missing.is_empty(),
            "not installed: {:?}",
            table.missing
        );
        let text = fs::read_to_string(&path).expect("a guide");
        let told = between(&text, &marks).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        let told: Vec<&str> = told.lines().collect();
        let seen = labscope::beside::markdown(&table, language);
        for line in seen.lines() {
            // A program of another version may do otherwise.
            let program = line.split(" |").next().unwrap_or_default();
            let mut rows = told.iter().map(|row| row.split(" |").next());
            let is_known = IS_THEIR_PROCESSOR && rows.any(|row| row == Some(program));
            assert!(
                told.contains(&line) || !demanded && !is_known,
                "{}: make tables would write\n{line}",
                path.display()
            );
        }
        for program in &table.missing {
            println!("not looked at here, it is not installed: {}", program.name);
        }
    }
}

/// A word by which a process of these tests can be told from all others.
const OWN: &str = "/no-such-file-but-a-word-of-the-test-of-";

/// One program waits for the terminal, one ends at once, and one there is not.
fn each_has_its_row(point: Point) {
    let own = format!("{OWN}{}", point.name());
    let program = |name: &str, run: &[&str]| RealProgram {
        name: name.to_owned(),
        package: "coreutils".to_owned(),
        run: run.iter().map(|&word| word.to_owned()).collect(),
        file: run.iter().map(|&word| word.to_owned()).collect(),
        ..RealProgram::default()
    };
    let beside = Beside {
        point,
        programs: vec![
            program("hangs", &["sh", "-c", "read line", &own]),
            program("ends", &["true"]),
            program("is missing", &[&own]),
        ],
        ..Beside::default()
    };
    let table = labscope::beside::run(root(), &beside).expect("each has a row, or is missing");
    let cells: Vec<&Text> = table.rows.iter().map(|row| &row.cells[0]).collect();
    assert_eq!(cells[0].en, "hung: ended after 10 s");
    assert_eq!(cells[1].en, "ended before it had started the program");
    for row in &table.rows {
        assert_eq!(row.cells.len(), table.columns.len(), "{row:?}");
    }
    assert_eq!(table.missing, beside.programs[2..]);
    assert_eq!(processes_with(&own), [""; 0], "left running");
}

#[test]
fn what_hangs_and_starts_no_daemon_is_ended_and_its_row_says_so() {
    each_has_its_row(Point::Daemon);
}

#[test]
fn a_shell_that_hangs_is_ended_and_its_row_says_so() {
    each_has_its_row(Point::Shell);
}

#[test]
fn a_server_that_hangs_is_ended_and_its_row_says_so() {
    each_has_its_row(Point::Server);
}

#[test]
fn an_init_that_hangs_is_ended_and_its_row_says_so() {
    each_has_its_row(Point::Init);
}

/// Two labs whose tables are as given.
fn told_of(tables: [&str; 2]) -> String {
    let name = format!("beside-{}", std::process::id());
    let project = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    for (lab, table) in ["one", "two"].iter().zip(tables) {
        let folder = project.join("bins").join(lab);
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("beside.toml"), table).expect("a file");
    }
    let told = scenario::beside(&project, "one");
    fs::remove_dir_all(&project).expect("the folder");
    format!("{:#}", told.expect_err("a fault"))
}

#[test]
fn a_table_that_lacks_something_is_told_with_what_it_lacks() {
    let shell = |words: &str| {
        format!(
            "[[table]]\npoint = \"shell\"\nfollows = {{ en = \"a\", ko = \"b\" }}\n\
             programs = [{{ name = \"sh\", package = \"dash\", {words} }}]\n"
        )
    };
    let told = told_of([&shell("run = [\"sh\", \"-c\"]"), ""]);
    assert!(told.contains("sh: no `file`"), "{told}");
    let told = told_of([&shell("run = [], file = [\"sh\"]"), ""]);
    assert!(told.contains("sh: no `run`"), "{told}");
    let like = |lab: &str| format!("[[table]]\npoint = \"shell\"\nlike = \"{lab}\"\n");
    let told = told_of([&like("two"), &like("one")]);
    assert!(told.contains("two has no table \"shell\""), "{told}");
    let told = told_of([&like("one"), ""]);
    assert!(told.contains("one has no table \"shell\""), "{told}");
}

/// The command lines of the processes that were given a word.
fn processes_with(word: &str) -> Vec<String> {
    let processes = fs::read_dir("/proc").expect("/proc").flatten();
    let lines = processes.filter_map(|entry| fs::read_to_string(entry.path().join("cmdline")).ok());
    lines.filter(|line| line.contains(word)).collect()
}
