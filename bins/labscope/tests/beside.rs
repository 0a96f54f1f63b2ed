//! The tables in which programs that people use stand beside the labs are what a run says.

use std::path::Path;

use labscope::cli::beside::{Guide, guides};
use labscope::cli::readme::between;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Whether this is the system whose packages the tables are of.
fn is_of_the_tables() -> bool {
    let about = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    about.contains("ID=debian") && about.contains("VERSION_ID=\"12\"")
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
        let text = std::fs::read_to_string(&path).expect("a guide");
        let told = between(&text, &marks).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        let told: Vec<&str> = told.lines().collect();
        let seen = labscope::beside::markdown(&table, language);
        for line in seen.lines() {
            // A program of another version may do otherwise.
            let program = line.split(" |").next().unwrap_or_default();
            let is_known = told
                .iter()
                .any(|row| row.split(" |").next() == Some(program));
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
