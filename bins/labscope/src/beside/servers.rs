//! How a server makes a process for a connection, what it leaves open in it, and what it does when things end or run out.

use anyhow::{Context, Result};
use nix::sys::signal::Signal;

use crate::beside::cells::{self, process_call};
use crate::beside::client::{HALF, HALF_CLOSED, LINE, PORT, SENT, SERVED};
use crate::beside::serving::{CLIENT, come, said, says, start};
use crate::facts::process_tree::ProcessTree;
use crate::i18n::beside as words;
use crate::i18n::server as own;
use crate::i18n::{Language, Text, code, run};
use crate::proc::descriptors::{Holder, Target};
use crate::run::scratch::Scratch;
use crate::run::stop::Unreached;
use crate::run::transcript::Status;
use crate::scenario::RealProgram;
use crate::scenario::condition::Condition;
use crate::trace::syscall::ACCEPTS;
use crate::trace::{Call, Happening, Trace};

/// What they serve: it sends back what it reads.
const PROGRAM: &str = "/bin/cat";

/// The first time, no descriptor is left for a connection.
const NO_DESCRIPTOR: &str = "accept,accept4:error=EMFILE:when=1";

/// The cells of one server.
pub fn look(server: &RealProgram) -> Result<Vec<Text>> {
    let seen = serve(server)?;
    Ok(vec![
        processes(&seen),
        own::open_in_program(&groups(&seen.program)),
        backlog(&seen.trace),
        words::yes(reuses_address(&seen.trace)),
        reaper(&seen),
        after_half_close(server)?,
        without_descriptor(server)?,
    ])
}

/// What was seen of one connection.
struct Seen {
    trace: Trace,
    /// The program that serves it.
    program: Holder,
    /// The processes from the server's child to the program.
    line: Vec<i32>,
    /// The server's children leave no zombies, whoever waits.
    ignores_sigchld: bool,
}

/// A client comes, is served, and goes.
fn serve(server: &RealProgram) -> Result<Seen> {
    let scratch = Scratch::new()?;
    let mut session = start(server, &scratch, LINE, &[])?;
    session.await_condition(&Condition::Listening(PORT))?;
    let before = session.processes().len();
    come(&mut session)?;
    said(&mut session)?;
    let holders = session.descriptors()?;
    let trace = session.trace().with_context(run::is_not_traced)?;
    let program = trace.calls.iter().find(|call| is_program(call));
    let program = program.map(|call| call.pid);
    let program = program.with_context(|| run::did_not_run(&server.name, PROGRAM))?;
    let tree = ProcessTree::of(trace);
    let line = line(trace, &tree, program);
    let of = |pid: i32| holders.iter().find(|holder| holder.pid == pid).cloned();
    let parent = line.first().and_then(|&first| of(tree.parent(first)?));
    let ignores_sigchld = parent.is_some_and(|parent| parent.ignores_sigchld);
    let program = of(program).with_context(|| run::has_gone(&run::program()))?;
    session.with(CLIENT, |client| client.type_bytes(b"\n"))?;
    match session.await_condition(&Condition::Processes(before)) {
        Err(error) if error.is::<Unreached>() => {} // a zombie, which the trace will tell
        awaited => awaited?,
    }
    let trace = session.kill()?.trace.with_context(run::is_not_traced)?;
    Ok(Seen {
        trace,
        program,
        line,
        ignores_sigchld,
    })
}

fn is_program(call: &Call) -> bool {
    let path = call.executed();
    path.is_some_and(|path| path.ends_with(PROGRAM.as_bytes()))
}

/// The processes that were made for the connection, down to the program.
fn line(trace: &Trace, tree: &ProcessTree, program: i32) -> Vec<i32> {
    let first = trace
        .calls
        .iter()
        .position(|call| call.is(ACCEPTS))
        .unwrap_or(0);
    let is_later = |&pid: &i32| tree.fork_of(pid).is_some_and(|fork| fork >= first);
    let upwards = std::iter::successors(Some(program), |&pid| tree.parent(pid));
    let mut line: Vec<i32> = upwards.take_while(is_later).collect();
    line.reverse();
    line
}

fn processes(seen: &Seen) -> Text {
    let tree = ProcessTree::of(&seen.trace);
    let forks = seen.line.iter().filter_map(|&pid| tree.fork_of(pid));
    let calls: Vec<String> = forks
        .map(|fork| process_call(&seen.trace.calls[fork]))
        .collect();
    code(format!("{}: {}", calls.len(), calls.join(", ")))
}

/// What is open in a process: a name, and the numbers that refer to it.
fn groups(holder: &Holder) -> Vec<(Text, Vec<i32>)> {
    let mut groups: Vec<(Text, Vec<i32>)> = Vec::new();
    for (number, target) in &holder.descriptors {
        let name = match target {
            Target::Connection { .. } => own::the_connection(),
            Target::Listening(_) => own::the_listening_socket(),
            Target::UnixConnection { .. } => own::a_socket_pair(),
            other => cells::target(other),
        };
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, numbers)) => numbers.push(*number),
            None => groups.push((name, vec![*number])),
        }
    }
    groups
}

fn listens(trace: &Trace) -> Option<(usize, &Call)> {
    let mut calls = trace.calls.iter().enumerate();
    calls.find(|(_, call)| call.name == "listen" && call.value() == Some(0))
}

fn backlog(trace: &Trace) -> Text {
    let listens = listens(trace).map(|(_, call)| call.args.get(1).as_str().to_owned());
    code(listens.unwrap_or_default())
}

fn reuses_address(trace: &Trace) -> bool {
    let Some((place, listens)) = listens(trace) else {
        return false;
    };
    trace.calls[..place].iter().any(|call| {
        let is_it = call.name == "setsockopt" && call.args.get(2).as_str() == "SO_REUSEADDR";
        is_it && call.pid == listens.pid && call.args.get(0) == listens.args.get(0)
    })
}

/// Who takes the status of the process that the server has made, and by which call.
fn reaper(seen: &Seen) -> Text {
    let Some(&child) = seen.line.first() else {
        return words::nothing();
    };
    let mut calls = seen.trace.calls.iter().enumerate();
    let Some((place, reap)) = calls.find(|(_, call)| call.reaps(child)) else {
        return match seen.ignores_sigchld {
            true => own::the_kernel(),
            false => own::nobody_reaps(),
        };
    };
    let name = format!("`{}({})`", reap.name, reap.args.get(0).as_str());
    match is_in_handler(&seen.trace, place) {
        true => own::in_handler(&name),
        false => code(name),
    }
}

/// Whether a call is made while SIGCHLD is handled.
fn is_in_handler(trace: &Trace, place: usize) -> bool {
    let pid = trace.calls[place].pid;
    let is_sigchld =
        |what: &Happening| matches!(what, Happening::Signal { name, .. } if name == "SIGCHLD");
    let mut notices = trace.notices.iter().rev();
    let came = notices.find(|it| it.pid == pid && it.after <= place && is_sigchld(&it.what));
    came.is_some_and(|came| {
        let mut since = trace.calls[came.after..place].iter();
        !since.any(|call| call.pid == pid && call.name == "rt_sigreturn")
    })
}

/// How much comes back to a client that has closed its half before the server has read anything.
fn after_half_close(server: &RealProgram) -> Result<Text> {
    let scratch = Scratch::new()?;
    let mut session = start(server, &scratch, HALF, &[])?;
    session.await_condition(&Condition::Listening(PORT))?;
    session.signal(1, Signal::SIGSTOP)?;
    session.await_condition(&Condition::State {
        state: 'T',
        process: 1,
    })?;
    session.start_companion(CLIENT)?;
    session.with(CLIENT, |client| says(client, &format!("{HALF_CLOSED}\r\n")))?;
    session.signal(1, Signal::SIGCONT)?;
    let back = said(&mut session)?;
    session.kill()?;
    let back: usize = back.trim().parse().with_context(run::no_count)?;
    Ok(own::bytes_back(back == SENT))
}

/// What it does when no descriptor was left for a connection.
fn without_descriptor(server: &RealProgram) -> Result<Text> {
    let scratch = Scratch::new()?;
    let mut session = start(server, &scratch, LINE, &[NO_DESCRIPTOR])?;
    let is_served = match come(&mut session) {
        Err(error) if error.is::<Unreached>() => false,
        came => came.and_then(|()| said(&mut session))? == SERVED,
    };
    // One that ends has closed its socket before.
    session.await_rest()?;
    let status = session.status();
    let holders = session.descriptors()?;
    let mut open = holders.iter().flat_map(|holder| &holder.descriptors);
    let listens = open.any(|(_, target)| matches!(target, Target::Listening(_)));
    let trace = session.kill()?.trace.with_context(run::is_not_traced)?;
    let does = match status {
        Some(status) => ended(status),
        None if listens => own::tries_again(&again(&trace).join(", ")),
        None => own::listens_no_more(),
    };
    Ok(own::without_descriptor(&does, is_served))
}

fn ended(status: Status) -> Text {
    let say = |language| status.say(language, own::who(language));
    Text {
        en: say(Language::En),
        ko: say(Language::Ko),
    }
}

/// The calls that wait, from an accept that failed to the next one.
fn again(trace: &Trace) -> Vec<String> {
    let mut calls = trace.calls.iter();
    let failed = calls.position(|call| call.is(ACCEPTS) && call.errno() == Some("EMFILE"));
    let place = failed.unwrap_or(0);
    let pid = trace.calls[place].pid;
    let own = trace.calls[place + 1..]
        .iter()
        .filter(|call| call.pid == pid);
    let mut names = Vec::new();
    for call in own {
        if call.waits() {
            names.push(format!("`{}`", call.name));
        }
        if call.is(ACCEPTS) {
            break;
        }
    }
    names
}
