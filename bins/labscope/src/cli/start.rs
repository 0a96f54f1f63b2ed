//! From the words of the command line to the status that its command ends with.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Error, Result};

use crate::cli::arguments::{Arguments, Command, Program, Request};
use crate::confinement;
use crate::i18n::Language;
use crate::project::root_above;
use crate::run::observer::Quit;
use crate::run::shell::{role, signals};

/// Runs a program with commands, or what a run of it asks of one of its own processes.
pub fn start(program: &Program) -> ExitCode {
    Language::of_locale().tell_errors();
    let words: Vec<std::ffi::OsString> = std::env::args_os().collect();
    if let [_, name, argument] = words.as_slice()
        && let Some(known) = role::ROLES.into_iter().find(|known| name == known)
    {
        return match role::run(known, argument.as_ref()) {
            Ok(status) => ExitCode::from(status as u8),
            Err(error) => fail(&error),
        };
    }
    if let [_, role, file, program, args @ ..] = words.as_slice()
        && role == confinement::ROLE
    {
        let file = Path::new(file);
        let Err(error) = confinement::become_program(file, program, args);
        return fail(&error);
    }
    if let Err(error) = signals::catch_ignored() {
        return fail(&error);
    }
    let result = match program.parse(words.into_iter().skip(1)) {
        Err(error) => {
            eprintln!("labscope: {error}");
            return ExitCode::from(2);
        }
        Ok(Request::Show(text)) => std::io::stdout()
            .write_all(text.as_bytes())
            .map(|()| true)
            .map_err(Into::into),
        Ok(Request::Run(command, arguments)) => run(command, &arguments),
    };
    ended(result)
}

/// The status that tells how a command ended; an error is told in words too.
pub fn ended(result: Result<bool>) -> ExitCode {
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) if error.is::<Quit>() => ExitCode::from(130), // as a shell counts SIGINT
        Err(error) if reader_has_gone(&error) => ExitCode::from(141), // as a shell counts SIGPIPE
        Err(error) => fail(&error),
    }
}

/// Whether whoever read the output has seen enough.
fn reader_has_gone(error: &Error) -> bool {
    let is_broken_pipe = |error: &std::io::Error| error.kind() == std::io::ErrorKind::BrokenPipe;
    error
        .chain()
        .any(|cause| cause.downcast_ref().is_some_and(is_broken_pipe))
}

fn fail(error: &Error) -> ExitCode {
    eprintln!("labscope: {error:#}");
    ExitCode::FAILURE
}

fn run(command: &Command, arguments: &Arguments) -> Result<bool> {
    language(arguments).tell_errors();
    let root = match arguments.path("root") {
        Some(root) => root,
        None => root_above(&std::env::current_dir().context("getcwd(3)")?)?,
    };
    (command.run)(&root, arguments)
}

/// The language asked for, or that of the locale.
pub fn language(arguments: &Arguments) -> Language {
    match arguments.text("lang").as_deref() {
        Some("ko") => Language::Ko,
        Some(_) => Language::En,
        None => Language::of_locale(),
    }
}
