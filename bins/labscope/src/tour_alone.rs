//! labscope with its tour and nothing else: compiled in half the time, it is what `make tour` waits for on a fresh clone.

#![forbid(unsafe_code)]

use std::process::ExitCode;

use labscope::cli::arguments::Program;
use labscope::cli::start::start;
use labscope::cli::tour::TOUR;

const LABSCOPE: Program = Program {
    help: "\
Shows the labs (`make labscope` builds the program with all commands)

Usage: labscope [OPTIONS] <COMMAND>

Commands:
  tour      Walk through every lab: what is typed, what is printed, which calls are made

Options:
  --root <ROOT>          The project's folder; found from the current one upwards otherwise
  --lang <en|ko>         The language of the narration; that of the locale otherwise
  -h, --help             This help, or that of a command
  -V, --version          The version
",
    commands: &[TOUR],
};

fn main() -> ExitCode {
    start(&LABSCOPE)
}
