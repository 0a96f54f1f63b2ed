//! A room may hold several programs: each has its own C twin, scenarios and row in the table, and one guide is enough.

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use labscope::cli::readme;
use labscope::scenario;
use labscope::{Language, labs};
use support::{Scratch, output, root, text_of};

/// Two programs in the room `pair`, of which one runs the other; and one in a room of its own.
const PROGRAMS: [(&str, &str, &str); 3] = [
    ("pair", "ping", "needs = [\"pong\"]"),
    ("alone", "alone", ""),
    ("pair", "pong", ""),
];

/// A scenario file whose C program takes its word from a flag.
fn scenarios(program: &str, needs: &str) -> String {
    format!(
        "{needs}\n\n[lab]\nslide = \"On {program}\"\nwatch = {{ en = \"it speaks\", ko = \"말한다\" }}\n\
         calls = [\"write\", \"exit\"]\nmax_size = 6144\nfirst_call = \"write(1\"\n\
         c_flags = [\"-DWORD={program}_speaks\"]\nalone = {{ processes = 1, status = 0 }}\n\n\
         [[scenario]]\nname = \"of-{program}\"\ntitle = {{ en = \"a\", ko = \"b\" }}\n"
    )
}

const C: &str = "#include <stdio.h>\n#define TEXT(word) #word\n#define SPEAK(word) puts(TEXT(word))\n\
                 int main(void)\n{\n    SPEAK(WORD);\n    return 0;\n}\n";

fn project() -> Scratch {
    let project = Scratch::new();
    let mut manifest = "[workspace]\n[package]\nname = \"labs\"\nedition = \"2024\"\n".to_owned();
    for (room, program, needs) in PROGRAMS {
        manifest +=
            &format!("\n[[bin]]\nname = \"{program}\"\npath = \"bins/{room}/{program}.rs\"\n");
        fs::create_dir_all(project.path(&format!("bins/{room}"))).unwrap();
        let file = match room {
            "pair" => format!("bins/{room}/{program}.toml"),
            room => format!("bins/{room}/scenarios.toml"),
        };
        project.file(&file, scenarios(program, needs));
        project.file(&format!("bins/{room}/{program}.c"), C);
        project.file(
            &format!("bins/{room}/{program}.rs"),
            format!("fn main() {{ println!({program:?}) }}\n"),
        );
    }
    manifest += "[profile.lab]\ninherits = \"release\"\n";
    for folder in ["src", "linker"] {
        fs::create_dir_all(project.path(folder)).unwrap();
    }
    project.file("Cargo.toml", manifest);
    project.file("Makefile", fs::read(root().join("Makefile")).unwrap());
    project
}

fn make(project: &Scratch, arguments: &[&str]) -> String {
    let mut make = support::bounded("make");
    make.arg("-s").args(arguments);
    make.current_dir(project.path(".")).stdin(Stdio::null());
    for variable in ["MAKEFLAGS", "MAKELEVEL", "CARGO_TARGET_DIR"] {
        make.env_remove(variable);
    }
    let made = output(&mut make);
    assert!(made.status.success(), "{make:?}\n{}", text_of(&made));
    text_of(&made)
}

fn printed(program: &Path) -> String {
    text_of(&output(&mut Command::new(program)))
}

#[test]
fn each_program_has_its_scenarios_and_its_row() {
    let project = project();
    let top = project.path(".");
    assert_eq!(labs(&top).unwrap(), ["ping", "alone", "pong"]);
    for (_, program, needs) in PROGRAMS {
        let file = scenario::load(&top, program).unwrap();
        let scenario = file.get(&format!("of-{program}")).expect("its own");
        assert_eq!(scenario.needs.is_empty(), needs.is_empty(), "{program}");
    }
    let table = readme::table(&top, Language::Ko).unwrap();
    let rows: Vec<&str> = table.lines().skip(2).collect();
    assert_eq!(
        rows,
        [
            "| [`ping`](bins/pair/README.ko.md) | On ping | [ping.rs](bins/pair/ping.rs) | \
             [ping.c](bins/pair/ping.c), `-DWORD=ping_speaks` | `write` `exit` | 말한다 |",
            "| [`alone`](bins/alone/README.ko.md) | On alone | [alone.rs](bins/alone/alone.rs) | \
             [alone.c](bins/alone/alone.c), `-DWORD=alone_speaks` | `write` `exit` | 말한다 |",
            "| [`pong`](bins/pair/README.ko.md) | On pong | [pong.rs](bins/pair/pong.rs) | \
             [pong.c](bins/pair/pong.c), `-DWORD=pong_speaks` | `write` `exit` | 말한다 |",
        ]
    );
}

#[test]
fn each_program_is_built_with_its_twin_and_with_what_it_runs() {
    let project = project();
    make(&project, &["run-ping", "c"]);
    for (_, program, _) in PROGRAMS {
        for kind in ["c", "c-static"] {
            let said = printed(&project.path(&format!("build/{kind}/{program}")));
            assert_eq!(said, format!("{program}_speaks\n"), "{kind}");
        }
        let is_built = project.path(&format!("build/{program}")).exists();
        assert_eq!(is_built, program != "alone", "build/{program}");
    }
}
