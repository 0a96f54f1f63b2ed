//! The command that walks through every lab.

use crate::cli::arguments::Command;
use crate::cli::start::language;
use crate::tour::{self, TourOptions};

pub const TOUR: Command = Command {
    help: "\
Walk through every lab: what is typed, what is printed, which calls are made

Usage: labscope tour [OPTIONS]

Options:
  --lab <LAB>            This lab only
  --step                 Wait for a key between steps (q leaves)
  --make                 Let make build each lab, the next ones while one is shown
",
    run: |root, arguments| {
        let options = TourOptions {
            lab: arguments.text("lab"),
            step: arguments.has("step"),
            makes: arguments.has("make"),
            language: language(arguments),
        };
        tour::run(root, &options)
    },
};
