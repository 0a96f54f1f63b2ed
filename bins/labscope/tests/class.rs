//! A class: every student has a row and a page, whatever was handed in, and the files about it obey nothing of it.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A project of one lab, which has no other programs beside it, and a folder for a class.
struct Class {
    folder: PathBuf,
}

/// What the lab of this project does: it prints, makes a child, waits, and ends with 3.
const LAB: &str = "#include <stdio.h>\n#include <sys/wait.h>\n#include <unistd.h>\n#include <stdlib.h>\n\
int main(void) {\n  printf(\"begin\\n\");\n  fflush(stdout);\n  if (fork() == 0) _exit(0);\n  wait(0);\n  exit(3);\n}\n";

const SCENARIOS: &str = r#"
[lab]
slide = "Slide"
watch = { en = "watch", ko = "watch" }
calls = ["fork"]
max_size = 1
first_call = "write("
arguments = "[PORT]"
refuses = [ { args = ["x"], says = "x" } ]
c_arguments = [["3600"]]
c_flags = ["-DDEBUG"]
alone = { processes = 2, status = 3 }
rubric = [
  { points = 5, calls = ["wait4"], what = { en = "waits", ko = "waits" } },
  { points = 3, calls = ["exit"], what = { en = "ends", ko = "ends" } },
  { points = 2, wording = true, what = { en = "words", ko = "words" } },
]

[[scenario]]
name = "tty"
title = { en = "Plain", ko = "Plain" }
"#;

impl Class {
    fn new(name: &str) -> Class {
        let name = format!("labscope-class-{}-{name}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let class = Class { folder };
        class.file(
            "project/Cargo.toml",
            "[[bin]]\nname = \"little\"\npath = \"bins/little/little.rs\"\n",
        );
        class.file("project/bins/little/scenarios.toml", SCENARIOS);
        let source = class.file("project/bins/little/little.c", LAB);
        let traced = class.folder.join("project/build/traced");
        fs::create_dir_all(&traced).expect("a folder");
        let mut cc = Command::new("cc");
        cc.args(["-g", "-O0", "-o"])
            .arg(traced.join("little"))
            .arg(source);
        assert!(cc.status().expect("cc").success());
        class
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.join(name);
        fs::create_dir_all(path.parent().expect("its folder")).expect("a folder");
        fs::write(&path, content).expect("a file");
        path
    }

    fn compare(&self, c: impl AsRef<std::ffi::OsStr>, more: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_labscope"));
        command.arg("--root").arg(self.folder.join("project"));
        command
            .args(["--lang", "en", "compare", "little", "--c"])
            .arg(c.as_ref())
            .args(more);
        command.stdin(Stdio::null()).output().expect("it runs")
    }

    /// A file about the class.
    fn about(&self, name: &str) -> String {
        let path = self.folder.join("project/build/class").join(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }
}

impl Drop for Class {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

/// The rows of a table by student: verdict, points, behaviour, wording, line.
fn rows(table: &str) -> Vec<(String, Vec<String>)> {
    let mut lines = table.split("\r\n");
    assert_eq!(
        lines.next(),
        Some("student,verdict,points,behaviour,wording,line,of")
    );
    let lines = lines.filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let mut fields = vec![String::new()];
            let mut is_quoted = false;
            for c in line.chars() {
                match c {
                    '"' => is_quoted = !is_quoted,
                    ',' if !is_quoted => fields.push(String::new()),
                    c => fields.last_mut().expect("one").push(c),
                }
            }
            assert_eq!(fields.len(), 7, "{line}");
            (fields.remove(0), fields)
        })
        .collect()
}

#[test]
fn every_file_is_a_row_whatever_becomes_of_it() {
    let class = Class::new("rows");
    class.file("class/20210001_little.c", LAB);
    // The child is at work when its parent ends: the run lets it end by itself.
    let at_work = "{ for (volatile int i = 0; i < 100000000; i++); _exit(0); }";
    let kim = LAB.replace("  wait(0);\n", "");
    class.file("class/kim/little.c", kim.replace("_exit(0);", at_work));
    class.file("class/lee_little.c", LAB.replace("begin", "Begin !"));
    class.file("class/park_little.c", LAB.replace("exit(3)", "exit(4)"));
    class.file(
        "class/crash_little.c",
        "int main(void) { *(volatile int *)0 = 1; return 0; }\n",
    );
    class.file("class/loop_little.c", "int main(void) { while (1); }\n");
    class.file(
        "class/stuck_little.c",
        LAB.replace("wait(0)", "wait(0); while (1)"),
    );
    class.file("class/broken_little.c", "int main(void) { return x; }\n");
    class.file(
        "class/bomb_little.c",
        "#include <unistd.h>\nint main(void) { while (1) fork(); }\n",
    );
    class.file("class/=1+1/little.c", LAB);
    class.file("class/<script>alert(1)<!--/little.c", LAB);
    class.file("class/two\nlines\u{1b}[2J/little.c", LAB);
    symlink(
        "20210001_little.c",
        class.folder.join("class/copy_little.c"),
    )
    .expect("a link");
    let output = class.compare(class.folder.join("class"), &[]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output));
    let table = class.about("little.csv");
    let rows = rows(&table);
    let of = |student: &str| {
        let row = rows.iter().find(|(name, _)| name.contains(student));
        row.unwrap_or_else(|| panic!("{student}: {table}"))
            .1
            .clone()
    };
    assert_eq!(rows.len(), 13, "{table}");
    assert_eq!(of("20210001")[..2], ["same", "10"]);
    assert_eq!(of("kim")[..2], ["DIFFERENT", "5"], "{table}");
    assert!(
        of("kim")[2].contains("wait4") && of("kim")[4] == "9",
        "{table}"
    );
    assert_eq!(of("lee")[..3], ["DIFFERENT in wording only", "8", ""]);
    assert!(of("lee")[3].contains("Begin !"), "{table}");
    assert_eq!(of("park")[..2], ["DIFFERENT", "7"]);
    assert!(of("crash")[2].contains("SIGSEGV"), "{table}");
    // It waits, and comes no further.
    assert_eq!(of("stuck")[..2], ["DIFFERENT", "7"], "{table}");
    for student in ["loop", "bomb"] {
        assert_eq!(of(student)[0], "DIFFERENT", "{table}");
    }
    for (student, why) in [("broken", "does not compile"), ("copy", "symbolic link")] {
        assert_eq!(of(student)[..2], ["there is no program", "0"], "{table}");
        assert!(of(student)[2].contains(why), "{table}");
    }
    assert!(
        table.contains("\"'=1+1\"") && !table.contains("\"=1+1"),
        "{table}"
    );
    assert!(
        table.replace("\r\n", "").chars().all(|c| !c.is_control()),
        "{table:?}"
    );
    every_student_has_a_page_that_obeys_nothing(&class);
    other_programs_read_it(&class);
}

fn every_student_has_a_page_that_obeys_nothing(class: &Class) {
    let pages = fs::read_dir(class.folder.join("project/build/class/little")).expect("pages");
    let pages: Vec<String> = pages
        .flatten()
        .map(|entry| fs::read_to_string(entry.path().join("index.html")).expect("a page"))
        .collect();
    assert_eq!(pages.len(), 13);
    assert!(pages.iter().all(|page| !page.contains("<script")));
    assert!(
        pages
            .iter()
            .any(|page| page.contains("&lt;script&gt;alert(1)&lt;!--"))
    );
    let kim = class.about("little/kim/index.html");
    assert!(
        kim.contains("<svg") && kim.contains("class=\"differs\""),
        "{kim}"
    );
    assert!(kim.contains("wait4(-1") && kim.contains("5/10"), "{kim}");
}

fn other_programs_read_it(class: &Class) {
    let results: Value =
        serde_json::from_str(&class.about("little/kim/results.json")).expect("JSON");
    assert_eq!(results["score"], 5);
    let tests = results["tests"].as_array().expect("tests");
    assert_eq!(tests.len(), 4);
    assert_eq!(tests[0]["name"], "waits");
    assert_eq!(
        (&tests[0]["score"], &tests[0]["max_score"]),
        (&0.into(), &5.into())
    );
    assert_eq!(tests[0]["status"], "failed");
    let xml = class.about("little.xml");
    assert!(
        xml.starts_with("<?xml") && xml.contains("tests=\"13\""),
        "{xml}"
    );
    assert!(
        xml.contains("<testsuite name=\"kim\" tests=\"1\" failures=\"1\" errors=\"0\">"),
        "{xml}"
    );
    assert!(
        xml.contains("name=\"compile\"><error message=\"it does not compile"),
        "{xml}"
    );
    assert!(
        !xml.contains("<script") && xml.ends_with("</testsuites>\n"),
        "{xml}"
    );
}

#[test]
fn a_class_is_told_of_each_file_what_it_is_told_alone() {
    let class = Class::new("alone");
    let left = "if (fork() == 0) { pause(); _exit(0); }";
    let files = [
        LAB.to_owned(),
        LAB.replace("  wait(0);\n", ""),
        LAB.replace("if (fork() == 0) _exit(0);\n  wait(0);", left),
        LAB.replace("begin", "Begin !"),
        LAB.replace("exit(3)", "exit(4)").replace("begin", "begins"),
        LAB.replace("exit(3)", "*(volatile int *)0 = 1"),
        LAB.replace("wait(0)", "while (1)"),
        LAB.replace("wait(0)", "wait("),
    ];
    let file = |number: usize| format!("student{number}_little.c");
    for (number, text) in files.iter().enumerate() {
        class.file(&format!("class/{}", file(number)), text);
        class.file(&format!("alone/{number}/{}", file(number)), text);
    }
    let told = class.compare(class.folder.join("class"), &["--json"]);
    let told = text(&told);
    let together: Vec<&str> = told.lines().collect();
    let rows_together = rows(&class.about("little.csv"));
    assert_eq!((together.len(), rows_together.len()), (8, 8), "{told}");
    for number in 0..files.len() {
        let folder = class.folder.join(format!("alone/{number}"));
        let alone = text(&class.compare(&folder, &["--json"]));
        assert_eq!(alone.trim_end(), together[number]);
        let row = &rows(&class.about("little.csv"))[0].1;
        assert_eq!(*row, rows_together[number].1);
        let one = text(&class.compare(folder.join(file(number)), &["--json"]));
        let verdict = |told: &str| {
            let told: Value = serde_json::from_str(told).expect("JSON");
            [&told["verdict"], &told["refused"], &told["scenarios"]].map(Value::clone)
        };
        assert_eq!(verdict(&one), verdict(together[number]));
    }
}

#[test]
fn what_several_got_wrong_is_told_at_the_end() {
    let class = Class::new("most");
    for student in ["a", "b", "c"] {
        let lines = "\n".repeat(student.len());
        class.file(
            &format!("class/{student}_little.c"),
            lines + &LAB.replace("  wait(0);\n", ""),
        );
    }
    class.file("class/d_little.c", LAB);
    let output = text(&class.compare(class.folder.join("class"), &[]));
    let (_, end) = output.split_once("What most got wrong:").expect(&output);
    assert!(end.contains("3 of 4: the lab's wait4("), "{output}");
    assert!(end.contains("build/class/little.csv"), "{output}");
}

#[test]
fn a_rubric_of_ones_own_takes_the_place_of_the_labs() {
    let class = Class::new("rubric");
    class.file("class/a_little.c", LAB.replace("exit(3)", "exit(4)"));
    let rubric = class.file(
        "rubric.toml",
        "rubric = [\n  { points = 40, calls = [\"exit\"], what = { en = \"e\", ko = \"e\" } },\n  \
         { points = 60, calls = [\"fork\"], what = { en = \"f\", ko = \"f\" } },\n]\n",
    );
    let rubric = rubric.to_str().expect("UTF-8");
    class.compare(class.folder.join("class"), &["--rubric", rubric]);
    let table = class.about("little.csv");
    assert!(
        table.contains("\"DIFFERENT\",60,") && table.ends_with(",10,100\r\n"),
        "{table}"
    );
    let bad = class.file("bad.toml", "rubric = [ { points = 1 } ]\n");
    let refused = class.compare(
        class.folder.join("class"),
        &["--rubric", bad.to_str().unwrap()],
    );
    assert!(text(&refused).contains("bad.toml"), "{}", text(&refused));
}

/// The lab's program, which ends at once with another number of arguments.
fn wants(count: usize) -> String {
    let check = format!(
        "int main(int argc, char **argv) {{\n  if (argc != {}) exit(9);\n",
        count + 1
    );
    "#ifndef DEBUG\n#error\n#endif\n".to_owned() + &LAB.replace("int main(void) {\n", &check)
}

#[test]
fn a_second_one_beside_it_has_the_same_arguments() {
    let class = Class::new("second");
    let second = "[[scenario.companion]]\nname = \"first\"\nlab = \"little\"\nready = { terminal = \"begin\" }\n";
    class.file(
        "project/bins/little/scenarios.toml",
        SCENARIOS.to_owned() + second,
    );
    let output = class.compare(class.file("one_little.c", wants(1)), &[]);
    assert!(output.status.success(), "{}", text(&output));
}

#[test]
fn a_file_is_compiled_and_started_as_the_head_of_the_lab_says() {
    let class = Class::new("head");
    let output = class.compare(class.file("one_little.c", wants(1)), &[]);
    let told = text(&output);
    assert!(output.status.success(), "{told}");
    assert!(
        told.contains("it wants arguments, and was started with: 3600"),
        "{told}"
    );
    let output = class.compare(class.file("two_little.c", wants(2)), &[]);
    let told = text(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(
        told.contains("it wants 2 arguments; this lab has none to give"),
        "{told}"
    );
    let output = class.compare(class.file("none_little.c", LAB), &[]);
    assert!(!text(&output).contains("it wants"), "{}", text(&output));
}

#[test]
fn several_files_are_one_program() {
    let class = Class::new("several");
    let main = LAB
        .replace("wait(0)", "reap()")
        .replace("int main", "void reap(void);\nint main");
    let part = "#include <sys/wait.h>\nvoid reap(void) { wait(0); } /* main() is elsewhere */\n";
    let main = class.file("class/kim/little.c", main);
    let part = class.file("class/kim/part.c", part);
    let alone = text(&class.compare(&main, &[]));
    assert!(
        alone.contains("does not link: reap is not defined. One file was compiled"),
        "{alone}"
    );
    let names = format!("{} {}", main.display(), part.display());
    let both = class.compare(&names, &[]);
    assert!(both.status.success(), "{}", text(&both));
    let folder = class.compare(class.folder.join("class/kim"), &[]);
    assert!(folder.status.success(), "{}", text(&folder));
    let all = class.compare(class.folder.join("class"), &[]);
    assert!(all.status.success(), "{}", text(&all));
    assert_eq!(rows(&class.about("little.csv")).len(), 1);
}

#[test]
fn a_file_in_cp949_is_shown_as_korean() {
    let class = Class::new("cp949");
    let korean = b"\xbe\xc8\xb3\xe7"; // two syllables
    let mut source = b"/* ".to_vec();
    source.extend(korean);
    source.extend(b" */\n");
    source.extend(LAB.replace("begin", "XX").into_bytes());
    let place = source
        .windows(2)
        .position(|two| two == b"XX")
        .expect("it is there");
    source.splice(place..place + 2, korean.iter().copied());
    let file = class.file("class/kim_little.c", &source);
    let told = text(&class.compare(&file, &[]));
    assert!(told.contains("kim_little.c is in CP949 (EUC-KR)"), "{told}");
    assert!(told.contains("write(1, \"\u{c548}\u{b155}\\n\")"), "{told}");
    class.compare(class.folder.join("class"), &[]);
    let page = class.about("little/kim/index.html");
    assert!(
        page.contains("\u{c548}\u{b155}") && page.contains("CP949"),
        "{page}"
    );
    let mut broken = source.clone();
    broken.extend(b"int x = \"");
    broken.extend(korean);
    broken.extend(b"\" + ;\n");
    let told = text(&class.compare(class.file("broken_little.c", broken), &[]));
    assert!(
        told.contains("\u{c548}\u{b155}") && !told.contains('\u{fffd}'),
        "{told}"
    );
}

#[test]
fn a_verdict_stands_first_and_last_with_a_legend() {
    let class = Class::new("legend");
    let file = class.file("kim_little.c", LAB.replace("  wait(0);\n", ""));
    let told = text(&class.compare(&file, &[]));
    let lines: Vec<&str> = told
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let verdict = lines
        .iter()
        .find(|line| line.starts_with("kim_little.c"))
        .expect(&told);
    assert!(verdict.contains("DIFFERENT"), "{told}");
    assert_eq!(lines.last(), Some(verdict), "{told}");
    assert_ne!(
        lines.iter().position(|line| line == verdict),
        Some(lines.len() - 1),
        "{told}"
    );
    for sign in ["  = all  ", "  <1.1>  ", "  !      "] {
        assert!(
            lines.iter().any(|line| line.starts_with(sign)),
            "{sign:?}: {told}"
        );
    }
    assert!(
        !lines.iter().any(|line| line.starts_with("  ~      ")),
        "{told}"
    );
}

#[test]
fn for_programs_the_verdict_is_a_word() {
    let class = Class::new("json");
    let without_wait = LAB.replace("  wait(0);\n", "");
    assert_ne!(without_wait, LAB);
    for (program, verdict) in [
        (LAB, "same"),
        (&without_wait, "behaviour"),
        ("int main(void) {", "refused"),
    ] {
        let told = class.compare(class.file("one.c", program), &["--json"]);
        let told: Value = serde_json::from_slice(&told.stdout).expect("JSON");
        assert_eq!(told["verdict"], verdict);
        for scenario in told["scenarios"].as_array().expect("a list") {
            assert_eq!(scenario["verdict"], verdict);
        }
    }
}

#[test]
fn a_scenario_or_lab_that_is_misspelt_is_told_with_the_nearest() {
    let class = Class::new("nearest");
    let file = class.file("little.c", LAB);
    let told = text(&class.compare(&file, &["--scenario", "ttt"]));
    assert!(told.contains("no scenario ttt: is it tty?"), "{told}");
    let mut command = Command::new(env!("CARGO_BIN_EXE_labscope"));
    command
        .arg("--root")
        .arg(class.folder.join("project"))
        .args(["compare", "litle"]);
    let told = text(&command.output().expect("it runs"));
    assert!(told.contains("no lab litle: is it little?"), "{told}");
}

#[test]
fn the_autograder_writes_its_results() {
    let class = Class::new("gradescope");
    class.file("source/lab", "little\n");
    class.file("submission/my work.c", LAB.replace("exit(3)", "exit(4)"));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.ci/gradescope/run_autograder");
    let run = || {
        let mut command = Command::new(&script);
        command
            .env("AUTOGRADER", &class.folder)
            .env("PROJECT", class.folder.join("project"));
        command.env("LABSCOPE", env!("CARGO_BIN_EXE_labscope"));
        let output = command.output().expect("it runs");
        let results = fs::read_to_string(class.folder.join("results/results.json"));
        let results = results.unwrap_or_else(|_| panic!("{}", text(&output)));
        serde_json::from_str::<Value>(&results).expect("JSON")
    };
    let results = run();
    assert_eq!(results["score"], 7, "{results}");
    fs::remove_dir_all(class.folder.join("submission")).expect("it was there");
    class.file("submission/notes.txt", "no program");
    let results = run();
    assert_eq!(results["score"], 0, "{results}");
    assert!(results["output"].is_string(), "{results}");
}
