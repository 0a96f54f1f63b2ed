//! The command line of labscope.

#![forbid(unsafe_code)]

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand, ValueEnum};
use labscope::cli::chosen::chosen;
use labscope::cli::compare as command;
use labscope::cli::compare::CompareOptions;
use labscope::i18n;
use labscope::live;
use labscope::live::{Annotate, Order};
use labscope::run::shell::{role, signals};
use labscope::tour;
use labscope::tour::{RunPrinter, TourOptions};
use labscope::{Language, Quit, Runner, labs, scenario};

/// Runs the labs as a shell would, and shows what happens to their processes.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The project's folder; found from the current one upwards otherwise
    #[arg(long, global = true)]
    root: Option<PathBuf>,
    /// The language of the narration; that of the locale otherwise
    #[arg(long, global = true)]
    lang: Option<Lang>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Walk through every lab: what is typed, what is printed, which calls are made
    Tour {
        /// This lab only
        #[arg(long)]
        lab: Option<String>,
        /// Wait for a key between steps (q leaves)
        #[arg(long)]
        step: bool,
    },
    /// Run one scenario of a lab
    Run {
        lab: String,
        /// The first one otherwise
        scenario: Option<String>,
        /// Trace it, and list the calls of each process
        #[arg(long)]
        trace: bool,
    },
    /// Trace a lab in this terminal: each call with its source line
    Strace {
        lab: String,
        /// The C twin instead of the lab
        #[arg(long)]
        c: bool,
        /// Who runs first after fork
        #[arg(long)]
        order: Option<FirstToRun>,
        /// A file or another terminal for the trace; standard error otherwise
        #[arg(long)]
        to: Option<PathBuf>,
        /// A file that gets every call as well
        #[arg(long)]
        save: Option<PathBuf>,
        /// One JSON object a call
        #[arg(long)]
        json: bool,
        /// Every call, also on a terminal: start-up, other programs
        #[arg(long)]
        all: bool,
        /// The lab's arguments
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Lay a C program beside the lab: output, ends, and the system calls of each process
    Compare {
        lab: String,
        /// A C file, or a folder of them, instead of the project's own
        #[arg(long)]
        c: Option<PathBuf>,
        /// This scenario only
        #[arg(long)]
        scenario: Option<String>,
        /// Every call, however many agree
        #[arg(long)]
        all: bool,
        /// One JSON object a scenario
        #[arg(long)]
        json: bool,
    },
    /// Run a lab in every order: each outcome that it can have
    Orders {
        lab: String,
        /// A C file in its place
        #[arg(long)]
        c: Option<PathBuf>,
        /// What is typed; a newline whenever somebody waits for one otherwise
        #[arg(long, allow_hyphen_values = true)]
        input: Option<String>,
        /// any: sleeps end at any moment
        #[arg(long)]
        sleep: Option<String>,
        /// Its standard output: tty, pipe or file
        #[arg(long)]
        out: Option<String>,
        /// Tell whether this output is possible
        #[arg(long, allow_hyphen_values = true)]
        is: Option<String>,
        /// This order only: 1,2,2,1
        #[arg(long)]
        steps: Option<String>,
        /// One JSON object
        #[arg(long)]
        json: bool,
        /// The program's arguments
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Draw a run: a lane per process, what each does, and what passes between them
    Timeline {
        lab: String,
        /// The first one otherwise
        scenario: Option<String>,
        /// The SVG file; build/timeline/<LAB>-<SCENARIO>.svg otherwise
        #[arg(long)]
        out: Option<PathBuf>,
        /// Chrome trace events too, for ui.perfetto.dev
        #[arg(long)]
        chrome: Option<PathBuf>,
    },
    /// List the labs and their scenarios
    List,
    /// Write the tables of the READMEs anew, from what the labs say of themselves
    Tables,
}

#[derive(Clone, Copy, ValueEnum)]
enum FirstToRun {
    ChildFirst,
    ParentFirst,
}

#[derive(Clone, Copy, ValueEnum)]
enum Lang {
    En,
    Ko,
}

fn main() -> ExitCode {
    let words: Vec<std::ffi::OsString> = std::env::args_os().collect();
    if let [_, name, argument] = words.as_slice()
        && let Some(known) = role::ROLES.into_iter().find(|known| name == known)
    {
        return match role::run(known, argument.as_ref()) {
            Ok(status) => ExitCode::from(status as u8),
            Err(error) => fail(&error),
        };
    }
    if let Err(error) = signals::catch_ignored() {
        return fail(&error);
    }
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) if error.is::<Quit>() => ExitCode::from(130), // as a shell counts SIGINT
        Err(error) if reader_has_gone(&error) => ExitCode::from(141), // as a shell counts SIGPIPE
        Err(error) => fail(&error),
    }
}

/// Whether whoever read the output has seen enough.
fn reader_has_gone(error: &anyhow::Error) -> bool {
    let is_broken_pipe = |error: &std::io::Error| error.kind() == std::io::ErrorKind::BrokenPipe;
    error
        .chain()
        .any(|cause| cause.downcast_ref().is_some_and(is_broken_pipe))
}

fn fail(error: &anyhow::Error) -> ExitCode {
    eprintln!("labscope: {error:#}");
    ExitCode::FAILURE
}

fn run(arguments: &Arguments) -> Result<bool> {
    let root = match &arguments.root {
        Some(root) => root.clone(),
        None => labscope::root_above(
            &std::env::current_dir().context("cannot tell the current folder")?,
        )?,
    };
    let language = language(arguments.lang);
    match &arguments.command {
        Command::Tour { lab, step } => tour::run(
            &root,
            &TourOptions {
                lab: lab.clone(),
                step: *step,
                language,
            },
        ),
        Command::Run {
            lab,
            scenario,
            trace,
        } => run_one(&root, lab, scenario.as_deref(), *trace, language).map(|()| true),
        Command::Strace {
            lab,
            c,
            order,
            to,
            save,
            json,
            all,
            args,
        } => {
            let annotate = Annotate {
                lab: lab.clone(),
                args: args.clone(),
                twin: *c,
                first: order.map(|order| match order {
                    FirstToRun::ChildFirst => Order::ChildFirst,
                    FirstToRun::ParentFirst => Order::ParentFirst,
                }),
                to: to.clone(),
                save: save.clone(),
                json: *json,
                all: *all,
                language,
            };
            live::run(&root, &annotate).map(|()| true)
        }
        Command::Compare {
            lab,
            c,
            scenario,
            all,
            json,
        } => {
            let compare = CompareOptions {
                lab: lab.clone(),
                scenario: scenario.clone(),
                json: *json,
                all: *all,
                language,
            };
            match c {
                None => command::twin(&root, &compare),
                Some(path) => command::submitted(&root, &compare, path),
            }
        }
        Command::Orders {
            lab,
            c,
            input,
            sleep,
            out,
            is,
            steps,
            json,
            args,
        } => {
            let orders = labscope::cli::orders::OrdersOptions {
                lab: lab.clone(),
                c: c.clone(),
                input: input.clone(),
                sleep: sleep.clone(),
                out: out.clone(),
                is: is.clone(),
                steps: steps.clone(),
                json: *json,
                args: args.clone(),
                language,
            };
            labscope::cli::orders::run(&root, &orders)
        }
        Command::Timeline {
            lab,
            scenario,
            out,
            chrome,
        } => {
            let request = labscope::cli::timeline::TimelineOptions {
                lab: lab.clone(),
                scenario: scenario.clone(),
                out: out.clone(),
                chrome: chrome.clone(),
                language,
            };
            labscope::cli::timeline::run(&root, &request).map(|()| true)
        }
        Command::List => list(&root, language).map(|()| true),
        Command::Tables => labscope::cli::readme::write(&root).map(|()| true),
    }
}

/// The language asked for, or that of the locale.
fn language(asked: Option<Lang>) -> Language {
    match asked {
        Some(Lang::Ko) => Language::Ko,
        Some(Lang::En) => Language::En,
        None => Language::of_locale(),
    }
}

fn run_one(
    root: &std::path::Path,
    lab: &str,
    name: Option<&str>,
    trace: bool,
    language: Language,
) -> Result<()> {
    let scenarios = scenario::load(root, lab)?;
    let chosen = chosen(&scenarios, lab, name)?;
    let mut show = RunPrinter::new(language, false)?;
    show.heading(lab, chosen, None)?;
    let runner = Runner::new(root, lab, chosen);
    let runner = if trace { runner.traced() } else { runner };
    let transcript = runner.observe(&mut show).run()?;
    show.outcome(&transcript)?;
    show.calls(&transcript)
}

fn list(root: &std::path::Path, language: Language) -> Result<()> {
    for lab in labs(root)? {
        println!("{lab}");
        for scenario in scenario::load(root, &lab)?.scenarios {
            let mark = if scenario.tour { "*" } else { " " };
            println!(
                "  {mark} {:<16} {}",
                scenario.name,
                scenario.title.get(language)
            );
        }
    }
    println!("{}", i18n::tour::part_of_the_tour(language));
    Ok(())
}
