//! A run of a server and of a client that comes to it.

use anyhow::{Context, Result};

use crate::beside::client::{PORT, ROLE};
use crate::beside::installed;
use crate::i18n::{failure, run};
use crate::project::program_of_labscope;
use crate::run::Session;
use crate::run::runner::Runner;
use crate::run::scratch::Scratch;
use crate::scenario::condition::Condition;
use crate::scenario::{Companion, End, Played, RealProgram, Scenario};

/// How the run calls the client.
pub const CLIENT: &str = "client";

/// The client comes when the server listens.
pub fn come(session: &mut Session) -> Result<()> {
    session.await_condition(&Condition::Listening(PORT))?;
    session.start_companion(CLIENT)
}

/// A server, and a client that is still to come.
pub fn start(
    server: &RealProgram,
    scratch: &Scratch,
    job: &str,
    inject: &[&str],
) -> Result<Session<'static>> {
    let labscope = program_of_labscope()?.display().to_string();
    let scenario = Scenario {
        args: arguments(server, scratch)?,
        network: true,
        inject: inject.iter().map(|&text| text.to_owned()).collect(),
        companions: vec![Companion {
            args: vec![ROLE.to_owned(), job.to_owned()],
            ..Companion::named(CLIENT, Played::Program(labscope))
        }],
        end: End::Kill,
        ..Scenario::named("beside")
    };
    Runner::for_program("/bin/sh", &scenario).traced().start()
}

/// What the shell is told that becomes the server: the file and the user are filled in. Some servers close whatever
/// number may be open, and nobody may have so many.
fn arguments(server: &RealProgram, scratch: &Scratch) -> Result<Vec<String>> {
    let path = installed::path(&server.run[0]);
    let path = path.with_context(|| failure::is_not_there(&server.run[0]))?;
    let file = scratch.path("configuration");
    let user = nix::unistd::User::from_uid(nix::unistd::geteuid())?.with_context(run::no_user)?;
    if let Some(text) = &server.configuration {
        std::fs::write(&file, text.replace("{user}", &user.name))
            .with_context(failure::cannot_write_output)?;
    }
    let file = file.display().to_string();
    let shell = ["-c", "ulimit -n 64; exec \"$@\"", "sh"].map(str::to_owned);
    let words = server.run[1..].iter();
    let words = words.map(|word| word.replace("{file}", &file));
    let words = [path.display().to_string()].into_iter().chain(words);
    Ok(shell.into_iter().chain(words).collect())
}

/// The next line that the client says.
pub fn said(session: &mut Session) -> Result<String> {
    session.with(CLIENT, |client| {
        says(client, "\n")?;
        let shown = String::from_utf8_lossy(client.terminal());
        Ok(shown.lines().last().unwrap_or_default().to_owned())
    })
}

/// Until the client has said that.
pub fn says(client: &mut Session, text: &str) -> Result<()> {
    client.await_condition(&Condition::Terminal(text.to_owned()))
}
