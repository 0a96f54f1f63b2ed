//! The command line of labscope.

#![forbid(unsafe_code)]

use std::io::{Write as _, stdout};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use labscope::beside::client;
use labscope::cli::arguments::{Arguments, Command, Program};
use labscope::cli::attempt::{self, AttemptOptions};
use labscope::cli::compare::CompareOptions;
use labscope::cli::fault::FaultOptions;
use labscope::cli::gdb::GdbOptions;
use labscope::cli::orders::OrdersOptions;
use labscope::cli::program::ProgramOptions;
use labscope::cli::start::{ended, language, start};
use labscope::cli::step::StepOptions;
use labscope::cli::timeline::TimelineOptions;
use labscope::cli::tour::TOUR;
use labscope::cli::{compare, readme, timeline};
use labscope::i18n;
use labscope::live;
use labscope::live::{Annotate, Order};
use labscope::tour::RunPrinter;
use labscope::{Runner, labs, scenario};

const LABSCOPE: Program = Program {
    help: "\
Runs the labs as a shell would, and shows what happens to their processes

Usage: labscope [OPTIONS] <COMMAND>

Commands:
  tour      Walk through every lab: what is typed, what is printed, which calls are made
  run       Run one scenario of a lab
  strace    Trace a lab in this terminal: each call with its source line
  compare   Lay a C program beside the lab: output, ends, and the system calls of each process
  timeline  Draw a run: a lane per process, what each does, and what passes between them
  orders    Run a lab in every order: each outcome that it can have
  try       Fill in the skeleton of a lab: what is missing next is told
  step      Run a lab call by call: which process goes on is yours to say
  gdb       Become gdb on the unoptimised copy of a lab, or on its C program
  fault     What will it do when something fails? The C program and the lab beside each other
  quiz      What will it do? Questions that its recorded runs answer
  beside    Run what people use at the point of a lab, and tell what it does there
  list      List the labs and their scenarios
  tables    Write the tables and the picture of the READMEs anew
  help      This help, or that of a command

Options:
  --root <ROOT>          The project's folder; found from the current one upwards otherwise
  --lang <en|ko>         The language of the narration; that of the locale otherwise
  -h, --help             This help, or that of a command
  -V, --version          The version
",
    commands: &[
        TOUR,
        Command {
            help: "\
Run one scenario of a lab: the first one if none is named

Usage: labscope run [OPTIONS] <LAB> [SCENARIO]

Options:
  --trace                Trace it, and list the calls of each process
",
            run: run_one,
        },
        Command {
            help: "\
Trace a lab in this terminal: each call with its source line

Usage: labscope strace [OPTIONS] <LAB> [--] [ARGS]...

Options:
  --c                    The C twin instead of the lab
  --order <child-first|parent-first>
                         Who runs first after fork
  --to <TO>              A file or another terminal for the trace; standard error otherwise
  --save <SAVE>          A file that gets every call as well
  --json                 One JSON object a call
  --all                  Every call, and whole: start-up, other programs, long strings
",
            run: strace,
        },
        Command {
            help: "\
Lay a C program beside the lab: output, ends, and the system calls of each process

Usage: labscope compare [OPTIONS] <LAB>

Options:
  --c <C>                A C file, several of one program, or a folder of them, instead of the project's own
  --rubric <RUBRIC>      A file that says what the points of a class are given for
  --scenario <SCENARIO>  This scenario only
  --all                  Every call, however many agree
  --trust                Runs the file with all that you may do yourself
  --json                 One JSON object a scenario
",
            run: compare,
        },
        Command {
            help: "\
Draw a run, the scenario that its file names if none is given: a lane per process, what each does, and what passes between them

Usage: labscope timeline [OPTIONS] <LAB> [SCENARIO]

Options:
  --c <C>                A C file in its place
  --trust                Runs that file with all that you may do yourself
  --out <OUT>            The SVG file; build/timeline/<LAB>-<SCENARIO>.svg otherwise
  --chrome <CHROME>      Chrome trace events too, for ui.perfetto.dev
",
            run: timeline,
        },
        Command {
            help: "\
Run a lab in every order of its processes: each outcome that it can have

Usage: labscope orders [OPTIONS] <LAB> [--] [ARGS]...

Options:
  --c <C>                A C file in its place
  --with <LAB>           A lab that runs beside it; several behind commas, each with its arguments
  --trust                Runs that file with all that you may do yourself
  --input <INPUT>        What is typed; a newline whenever somebody waits for one otherwise
  --sleep <SLEEP>        any: sleeps end at any moment
  --out <OUT>            Its standard output: tty, pipe or file
  --is <IS>              Tell whether this output is possible
  --steps <STEPS>        This order only: 1,2,2,1
  --json                 One JSON object
",
            run: orders,
        },
        Command {
            help: "\
Run a lab under your hand: which process makes the next call is yours to say

Usage: labscope step [OPTIONS] <LAB> [--] [ARGS]...

Options:
  --c <C>                A C file in its place
  --with <LAB>           A lab that runs beside it; several behind commas, each with its arguments
  --trust                Runs that file with all that you may do yourself
  --input <INPUT>        What is typed; a newline whenever somebody waits for one otherwise
  --sleep <SLEEP>        any: sleeps end at any moment
  --out <OUT>            Its standard output: tty, pipe or file
  --steps <STEPS>        Make these steps first: 1,2,2,1
  --json                 One JSON object: what stands there after these steps
",
            run: step,
        },
        Command {
            help: "\
Become gdb on the unoptimised copy of a lab

Usage: labscope gdb [OPTIONS] <LAB> [--] [ARGS]...

Options:
  --twin                 The C twin instead of the lab
  --c <C>                A C file in its place
  --trust                Runs that file, and gdb, with all that you may do yourself
",
            run: |root, arguments| {
                let options = GdbOptions {
                    lab: arguments.lab(),
                    c: arguments.path("c"),
                    twin: arguments.has("twin"),
                    trust: arguments.has("trust"),
                    args: arguments.rest(1),
                    language: language(arguments),
                };
                labscope::cli::gdb::run(root, &options).map(|()| true)
            },
        },
        Command {
            help: "\
What will it do when something fails? The question, then the C program and the lab beside each other

Usage: labscope fault [OPTIONS] <LAB>

Options:
  --fault <FAULT>        This one only
  --fast                 Waits for no key; so it is without a terminal
",
            run: |root, arguments| {
                let options = FaultOptions {
                    lab: arguments.lab(),
                    fault: arguments.text("fault"),
                    fast: arguments.has("fast"),
                    language: language(arguments),
                };
                labscope::cli::fault::run(root, &options)
            },
        },
        Command {
            help: "\
What will it do? Questions about a lab that its recorded runs answer

Usage: labscope quiz [OPTIONS] <LAB> [SCENARIO]
",
            run: |root, arguments| {
                let scenario = arguments.operand(1);
                let language = language(arguments);
                labscope::cli::quiz::run(root, &arguments.lab(), scenario.as_deref(), language)
                    .map(|()| true)
            },
        },
        Command {
            help: "\
Run what people use at the point of a lab (shells, for a lab that is one), and tell what it does there

Usage: labscope beside [OPTIONS] <LAB>
",
            run: |root, arguments| {
                labscope::cli::beside::run(root, &arguments.lab(), language(arguments)).map(|()| true)
            },
        },
        Command {
            help: "\
Fill in the skeleton of a lab, build/try/<LAB>.c or .rs: whenever it is saved, what is missing next is told

Usage: labscope try [OPTIONS] <LAB>

Options:
  --c <C>                This file in its place
  --in <c|rust>          The language of the skeleton: C, or the lab's own
  --task <TASK>          A task of the lab's guide, in build/try/<LAB>-<TASK>.c: it begins with the C program
  --once                 Compare it now, and do not wait; so it is without a terminal
  --hint <1|2|3>         The hint to begin with: what is missing, how, or where it stands
  --trust                Runs the file with all that you may do yourself
",
            run: attempt,
        },
        Command {
            help: "\
List the labs and their scenarios

Usage: labscope list [OPTIONS]
",
            run: list,
        },
        Command {
            help: "\
Write the tables and the picture of the READMEs anew, from what the labs say of themselves and do

Usage: labscope tables [OPTIONS]
",
            run: |root, _| readme::write(root).map(|()| true),
        },
    ],
};

fn main() -> ExitCode {
    let words: Vec<std::ffi::OsString> = std::env::args_os().collect();
    if let [_, role, job] = words.as_slice()
        && role == client::ROLE
    {
        return ended(client::run(&job.to_string_lossy()).map(|()| true));
    }
    start(&LABSCOPE)
}

fn run_one(root: &Path, arguments: &Arguments) -> Result<bool> {
    let lab = &arguments.lab();
    let scenarios = scenario::load(root, lab)?;
    let chosen = scenarios.chosen(lab, arguments.operand(1).as_deref())?;
    let mut show = RunPrinter::new(language(arguments))?;
    show.heading(lab, chosen, None)?;
    let runner = Runner::new(root, lab, chosen);
    let runner = if arguments.has("trace") {
        runner.traced()
    } else {
        runner
    };
    let transcript = runner.observe(&mut show).run()?;
    show.outcome(&transcript)?;
    show.calls(&transcript).map(|()| true)
}

fn strace(root: &Path, arguments: &Arguments) -> Result<bool> {
    let annotate = Annotate {
        lab: arguments.lab(),
        args: arguments.rest(1),
        twin: arguments.has("c"),
        first: arguments.text("order").map(|order| match order.as_str() {
            "child-first" => Order::ChildFirst,
            _ => Order::ParentFirst,
        }),
        to: arguments.path("to"),
        save: arguments.path("save"),
        json: arguments.has("json"),
        all: arguments.has("all"),
        language: language(arguments),
    };
    live::run(root, &annotate).map(|()| true)
}

fn compare(root: &Path, arguments: &Arguments) -> Result<bool> {
    let options = CompareOptions {
        lab: arguments.lab(),
        scenario: arguments.text("scenario"),
        json: arguments.has("json"),
        trust: arguments.has("trust"),
        rubric: arguments.path("rubric"),
        all: arguments.has("all"),
        language: language(arguments),
    };
    match arguments.path("c") {
        None => compare::twin(root, &options),
        Some(path) => compare::submitted(root, &options, &path),
    }
}

fn timeline(root: &Path, arguments: &Arguments) -> Result<bool> {
    let options = TimelineOptions {
        lab: arguments.lab(),
        scenario: arguments.operand(1),
        c: arguments.path("c"),
        trust: arguments.has("trust"),
        out: arguments.path("out"),
        chrome: arguments.path("chrome"),
        language: language(arguments),
    };
    timeline::run(root, &options).map(|()| true)
}

fn orders(root: &Path, arguments: &Arguments) -> Result<bool> {
    let options = OrdersOptions {
        program: program(arguments),
        is: arguments.text("is"),
        steps: arguments.text("steps"),
        json: arguments.has("json"),
        language: language(arguments),
    };
    labscope::cli::orders::run(root, &options)
}

fn step(root: &Path, arguments: &Arguments) -> Result<bool> {
    let options = StepOptions {
        program: program(arguments),
        steps: arguments.text("steps"),
        json: arguments.has("json"),
        language: language(arguments),
    };
    labscope::cli::step::run(root, &options).map(|()| true)
}

fn attempt(root: &Path, arguments: &Arguments) -> Result<bool> {
    let options = AttemptOptions {
        lab: arguments.lab(),
        c: arguments.path("c"),
        in_rust: arguments.text("in").as_deref() == Some("rust"),
        task: arguments.text("task"),
        once: arguments.has("once"),
        hint: match arguments.text("hint").as_deref() {
            Some("2") => 2,
            Some("3") => 3,
            _ => 1,
        },
        trust: arguments.has("trust"),
        language: language(arguments),
    };
    attempt::run(root, &options)
}

fn program(arguments: &Arguments) -> ProgramOptions {
    ProgramOptions {
        lab: arguments.lab(),
        c: arguments.path("c"),
        with: arguments.text("with"),
        trust: arguments.has("trust"),
        input: arguments.text("input"),
        sleep: arguments.text("sleep"),
        out: arguments.text("out"),
        args: arguments.rest(1),
    }
}

fn list(root: &Path, arguments: &Arguments) -> Result<bool> {
    let language = language(arguments);
    let mut out = stdout();
    for lab in labs(root)? {
        writeln!(out, "{lab}")?;
        for scenario in scenario::load(root, &lab)?.scenarios {
            let mark = if scenario.tour { "*" } else { " " };
            let (name, title) = (&scenario.name, scenario.title.get(language));
            writeln!(out, "  {mark} {name:<16} {title}")?;
        }
    }
    writeln!(out, "{}", i18n::tour::part_of_the_tour(language))?;
    Ok(true)
}
