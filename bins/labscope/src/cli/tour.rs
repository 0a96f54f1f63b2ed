//! The command that walks through every lab.

use anyhow::bail;

use crate::cli::arguments::Command;
use crate::cli::start::language;
use crate::i18n::tour as words;
use crate::tour::{self, Pace, TourOptions};

pub const TOUR: Command = Command {
    help: "\
Walk through every lab: what is typed, what is printed, which calls are made

Usage: labscope tour [OPTIONS]

Options:
  --lab <LAB>            This lab only
  --step                 On a terminal, wait for a key at each sentence, not for as long as reading it takes
  --big                  The same for a projector, of one lab: a piece a page, the calls in a second pane of tmux
  --fast                 Wait for nothing
  --make                 Let make build each lab, the next ones while one is shown
",
    run: |root, arguments| {
        let lab = arguments.text("lab");
        let pace = match (arguments.has("fast"), arguments.has("big")) {
            (_, true) if lab.is_none() => bail!(words::big_is_of_one_lab()),
            (true, _) => None,
            (false, true) => Some(Pace::Projector),
            (false, false) if arguments.has("step") => Some(Pace::Key),
            (false, false) => Some(Pace::Reading),
        };
        let options = TourOptions {
            lab,
            pace,
            makes: arguments.has("make"),
            language: language(arguments),
        };
        tour::run(root, &options)
    },
};
