//! An echo server while it is measured: started, known to answer, killed when dropped.

use std::ffi::{OsStr, OsString};
use std::io::Read;
use std::os::unix::process::{CommandExt, parent_id};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};
use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::client;
use crate::proc::{LISTEN, await_that, children, sockets_at};

/// The hidden role of this program in which it becomes a server that dies with its parent.
pub const ROLE: &str = "__serve";

/// Becomes the server, tied to the life of the benchmark; returns only if that fails.
pub fn serve(parent: &str, program: &OsStr, arguments: &[OsString]) -> Result<()> {
    set_pdeathsig(Signal::SIGKILL).context("cannot ask to die with the parent")?;
    if parent != parent_id().to_string() {
        bail!("the benchmark has ended already");
    }
    let error = Command::new(program).args(arguments).env_clear().exec();
    Err(error).with_context(|| format!("cannot become {}", Path::new(program).display()))
}

pub struct Server {
    child: Child,
}

impl Server {
    /// Starts a server and waits until it has served one connection and that process is gone.
    pub fn start(program: &Path) -> Result<Server> {
        let server = Server::answering(program, &[])?;
        server.await_connections(0)?;
        Ok(server)
    }

    /// Starts a server with arguments and waits until it has answered once.
    pub fn answering(program: &Path, arguments: &[String]) -> Result<Server> {
        let mut command = Command::new(harness()?);
        command
            .arg(ROLE)
            .arg(std::process::id().to_string())
            .arg(program)
            .args(arguments)
            .process_group(0);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let child = command.spawn().context("cannot start a server")?;
        let mut server = Server { child };
        await_that("the server answers", || match client::connect_and_echo() {
            Ok(_) => Some(Ok(())),
            Err(_) => server
                .child
                .try_wait()
                .transpose()
                .map(|ended| Err(server.why(ended))),
        })??;
        Ok(server)
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    fn why(&mut self, ended: std::io::Result<ExitStatus>) -> anyhow::Error {
        let mut text = String::new();
        if let Some(stderr) = &mut self.child.stderr {
            let _ = stderr.read_to_string(&mut text);
        }
        match ended {
            Ok(status) => anyhow::anyhow!("the server ended ({status}): {}", text.trim_end()),
            Err(error) => error.into(),
        }
    }

    /// The processes of the connections.
    pub fn connections(&self) -> Result<Vec<u32>> {
        children(self.child.id())
    }

    /// Waits until so many connections have their process.
    pub fn await_connections(&self, count: usize) -> Result<()> {
        await_that("a process for each connection", || {
            (self.connections().ok()?.len() == count).then_some(())
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its workers with it: they are of its group.
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = killpg(group(&self.child), Signal::SIGKILL);
            let _ = self.child.wait();
        }
        // The next one cannot have the port as long as a worker has it.
        let _ = await_that("nobody listens", || {
            let sockets = sockets_at(client::PORT).ok()?;
            (!sockets.iter().any(|state| state == LISTEN)).then_some(())
        });
    }
}

/// The server leads a process group of its own.
fn group(child: &Child) -> Pid {
    Pid::from_raw(child.id().cast_signed())
}

/// The program that plays [`ROLE`]: this one.
fn harness() -> Result<PathBuf> {
    std::env::current_exe().context("cannot tell where this program is")
}
