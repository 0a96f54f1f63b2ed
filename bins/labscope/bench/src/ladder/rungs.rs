//! The servers: each of the labs, its C twin, and one on tokio, one on libuv, and socat.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::programs::{Folders, build_one};
use crate::variant::Variant;
use labscope::submission::C_FLAGS;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Made {
    Lab,
    C,
    /// The calls of the lab with nothing around them.
    Floor,
    /// By other people, with other means.
    Elsewhere,
}

/// One server.
#[derive(Clone, Debug)]
pub struct Rung {
    /// Of a lab and its C twin: the lab's.
    pub name: &'static str,
    pub made: Made,
    pub program: PathBuf,
    pub arguments: Vec<String>,
    /// The most connections that it serves at the same time, by its nature.
    pub most: usize,
}

/// A lab, what it is started with, and the most connections it serves at the same time. `echo_server` ends each after one
/// line; each worker of `echo_server_prefork` has one; `select` has numbers below 1,024 only.
const LABS: [(&str, &[&str], usize); 8] = [
    ("echo_server", &["3600"], 0),
    ("echo_server_fork", &[], usize::MAX),
    ("echo_server_prefork", &["127.0.0.1", "3600", "8"], 8),
    ("echo_server_thread", &[], usize::MAX),
    ("echo_server_multi", &[], 1000),
    ("echo_server_poll", &[], usize::MAX),
    ("echo_server_epoll", &[], usize::MAX),
    (
        "echo_server_robust",
        &["-j", "1", "-c", "65535", "-t", "600"],
        usize::MAX,
    ),
];

/// Those that are also there without a library, for what a short connection costs at least.
const FLOORS: [&str; 2] = ["echo_server_fork", "echo_server_thread"];

pub const SOCAT: &str = "socat";
const AS_ECHO: [&str; 2] = [
    "TCP-LISTEN:3600,bind=127.0.0.1,reuseaddr,backlog=128,fork",
    "EXEC:/bin/cat",
];

/// Everything that can be had here, and what cannot, with the reason.
pub fn all(folders: &Folders) -> Result<(Vec<Rung>, Vec<String>)> {
    let mut rungs = Vec::new();
    for (name, arguments, most) in LABS {
        let rung = |made, program| Rung {
            name,
            made,
            program,
            arguments: arguments.iter().map(|word| (*word).to_owned()).collect(),
            most,
        };
        let twin = folders.program("twin", name);
        folders.compile(
            "cc",
            &C_FLAGS,
            &folders.root.join(format!("bins/{name}/{name}.c")),
            &twin,
        )?;
        rungs.push(rung(Made::Lab, folders.lab(name)));
        rungs.push(rung(Made::C, twin));
        if FLOORS.contains(&name) {
            let floor = folders.program(Variant::Floor.key(), name);
            build_one(folders, Variant::Floor, name, &floor)?;
            rungs.push(Rung {
                arguments: Vec::new(),
                most: usize::MAX,
                ..rung(Made::Floor, floor)
            });
        }
    }
    let mut missing = Vec::new();
    for (name, found) in [
        ("tokio", tokio(folders)),
        ("libuv", libuv(folders)),
        (SOCAT, socat()),
    ] {
        let arguments = if name == SOCAT { &AS_ECHO[..] } else { &[] };
        match found {
            Ok(program) => rungs.push(Rung {
                name,
                made: Made::Elsewhere,
                program,
                arguments: arguments.iter().map(|word| (*word).to_owned()).collect(),
                most: usize::MAX,
            }),
            Err(error) => missing.push(format!("{name}: {error:#}")),
        }
    }
    Ok((rungs, missing))
}

fn tokio(folders: &Folders) -> Result<PathBuf> {
    let program = folders.program("elsewhere", "echo_tokio");
    folders.strip(&folders.rust("examples/std_echo_tokio"), &program)?;
    Ok(program)
}

fn libuv(folders: &Folders) -> Result<PathBuf> {
    let program = folders.program("elsewhere", "echo_uv");
    let source = folders.sources().join("ladder/echo_uv.c");
    let flags = ["-O2", "-Wall", "-Wextra"];
    let compiled = folders.compile_with("cc", &flags, &source, &["-luv"], &program);
    compiled.context("apt-get install libuv1-dev")?;
    Ok(program)
}

/// By its whole path: servers have no environment.
fn socat() -> Result<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut found = env::split_paths(&path).map(|folder| folder.join("socat"));
    found
        .find(|path| Path::is_file(path))
        .context("apt-get install socat")
}
