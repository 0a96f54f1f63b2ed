//! What system calls do to descriptor tables, and which bytes they move.

use std::net::{Ipv4Addr, SocketAddr};

use crate::proc::descriptors::{Access, Target, last_name};
use crate::timeline::Cause;
use crate::timeline::clock::Timed;
use crate::timeline::open_files::{Followed, Handle, Transfer};
use crate::trace::Call;
use crate::trace::syscall::{ACCEPTS, DUPLICATES, EXECS, OPENS, READS, WRITES, request};

impl Followed {
    fn open(&mut self, pid: i32, number: i32, object: usize, call: &Call) {
        let close_on_exec = is_close_on_exec(call);
        let table = self.tables.entry(pid).or_default();
        table.insert(
            number,
            Handle {
                object,
                close_on_exec,
            },
        );
    }

    /// What a call does to the table of its process; tells if that is worth a picture.
    pub(super) fn call(&mut self, pid: i32, timed: Timed<'_>) -> Option<Cause> {
        let call = timed.call;
        let value = call.value().filter(|&value| value >= 0);
        let value = value.and_then(|value| i32::try_from(value).ok())?;
        let handle = call
            .descriptor()
            .and_then(|number| self.tables.get(&pid)?.get(&number).copied());
        match request(&call.name) {
            "socket" => {
                let local = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
                let object = self.object(match call.args.get(1).has("SOCK_DGRAM") {
                    true => Target::Udp { local, peer: None },
                    false => Target::Unbound,
                });
                self.open(pid, value, object, call);
            }
            _ if call.is(OPENS) => {
                let path = path_of(call);
                let object = self.object(Target::File(path.clone()));
                self.open(pid, value, object, call);
                if self.fifos.contains_key(&path) {
                    self.is_fifo(object, access(call));
                    return Some(Cause::Open(vec![value]));
                }
            }
            "mknod" if call.args.has("S_IFIFO") => drop(self.fifo(path_of(call))),
            // It may have been there before the run.
            "fstat" if call.args.has("S_IFIFO") => {
                let object = handle?.object;
                if matches!(self.objects[object].target, Target::File(_)) {
                    self.is_fifo(object, Access::Both);
                    return Some(Cause::Open(vec![call.descriptor()?]));
                }
            }
            "epoll_create1" => {
                let object = self.object(Target::Epoll(Vec::new()));
                self.open(pid, value, object, call);
            }
            "epoll_ctl" => self.watch(pid, handle?.object, call)?,
            "pipe" => self.pipe(pid, call),
            "fcntl" => self.duplicate(pid, value, handle?, call),
            _ if call.is(DUPLICATES) => self.duplicate(pid, value, handle?, call),
            "bind" | "listen" | "connect" => self.address(handle?.object, call, timed.from),
            _ if call.is(ACCEPTS) => {
                let connection = self.accepted(handle?, call)?;
                let object = self.object(connection);
                self.objects[object].connected = timed.to;
                self.objects[object].connected_by = Some(call.thread);
                self.objects[object].is_accepted = true;
                self.open(pid, value, object, call);
                return Some(Cause::Accept(value));
            }
            "close" => {
                let number = call.descriptor()?;
                let closed = self.tables.get_mut(&pid)?.remove(&number)?;
                self.unwatch(closed.object);
                return Some(Cause::Close(vec![number]));
            }
            "close_range" => {
                let gone = self.close_range(pid, call)?;
                return (!gone.is_empty()).then_some(Cause::Close(gone));
            }
            _ if call.is(EXECS) => {
                self.tables
                    .get_mut(&pid)?
                    .retain(|_, handle| !handle.close_on_exec);
            }
            _ => self.transfer(pid, handle?.object, timed),
        }
        None
    }

    /// The connection that a listening socket gives.
    fn accepted(&self, listening: Handle, call: &Call) -> Option<Target> {
        match &self.objects[listening.object].target {
            Target::Listening(local) => Some(Target::Connection {
                local: *local,
                peer: call.args.address()?,
                whole: true,
            }),
            Target::UnixListening(name) => Some(Target::UnixConnection {
                name: name.clone(),
                whole: true,
            }),
            _ => None,
        }
    }

    /// Closes the descriptors between two; returns which of them there were.
    fn close_range(&mut self, pid: i32, call: &Call) -> Option<Vec<i32>> {
        let bound = |place| call.args.get(place).number();
        let first = i32::try_from(bound(0)?).ok()?;
        let last = bound(1).and_then(|last| i32::try_from(last).ok());
        let last = last.unwrap_or(i32::MAX);
        let table = self.tables.get_mut(&pid)?;
        let inside = table.range(first..=last.max(first));
        let inside = inside.map(|(number, handle)| (*number, handle.object));
        let (gone, objects): (Vec<i32>, Vec<usize>) = inside.unzip();
        table.retain(|number, _| !gone.contains(number));
        objects.into_iter().for_each(|object| self.unwatch(object));
        Some(gone)
    }

    /// A descriptor comes on the list of an epoll instance, or goes.
    fn watch(&mut self, pid: i32, epoll: usize, call: &Call) -> Option<()> {
        let number = i32::try_from(call.args.get(2).number()?).ok()?;
        let object = self.tables.get(&pid)?.get(&number)?.object;
        let watched = self.watched.entry(epoll).or_default();
        match call.args.get(1).as_str() {
            "EPOLL_CTL_ADD" => watched.push((number, object)),
            "EPOLL_CTL_DEL" => watched.retain(|one| *one != (number, object)),
            _ => {}
        }
        self.list_watched(epoll);
        Some(())
    }

    /// What nobody holds any more is on no list.
    fn unwatch(&mut self, object: usize) {
        let mut held = self.tables.values().flat_map(|table| table.values());
        if held.any(|handle| handle.object == object) {
            return;
        }
        let epolls: Vec<usize> = self.watched.keys().copied().collect();
        for epoll in epolls {
            let watched = self.watched.entry(epoll).or_default();
            watched.retain(|(_, it)| *it != object);
            self.list_watched(epoll);
        }
    }

    fn list_watched(&mut self, epoll: usize) {
        let watched = self.watched.get(&epoll).into_iter().flatten();
        let mut numbers: Vec<i32> = watched.map(|(number, _)| *number).collect();
        numbers.sort_unstable();
        self.objects[epoll].target = Target::Epoll(numbers);
    }

    fn pipe(&mut self, pid: i32, call: &Call) {
        self.pipes += 1;
        let ends = call.pair().into_iter();
        for (number, access) in ends.zip([Access::Reading, Access::Writing]) {
            let object = self.object(Target::Pipe(access));
            self.objects[object].pipe = Some(self.pipes);
            self.open(pid, number, object, call);
        }
    }

    /// The pipe that a FIFO is.
    fn fifo(&mut self, path: String) -> usize {
        *self.fifos.entry(path).or_insert_with(|| {
            self.pipes += 1;
            self.pipes
        })
    }

    /// A file that was opened turns out to be a FIFO.
    fn is_fifo(&mut self, object: usize, access: Access) {
        let Target::File(path) = self.objects[object].target.clone() else {
            return;
        };
        self.objects[object].target = Target::Fifo(last_name(&path), access);
        self.objects[object].pipe = Some(self.fifo(path));
    }

    fn duplicate(&mut self, pid: i32, value: i32, handle: Handle, call: &Call) {
        let what = call.args.get(1);
        if call.duplicates() {
            return self.open(pid, value, handle.object, call);
        }
        let entry = self
            .tables
            .entry(pid)
            .or_default()
            .get_mut(&call.descriptor().unwrap_or(-1));
        if let Some(handle) = entry.filter(|_| what.has("F_SETFD")) {
            handle.close_on_exec = call.args.has("FD_CLOEXEC");
        }
    }

    fn address(&mut self, object: usize, call: &Call, entered: f64) {
        let object = &mut self.objects[object];
        let name = call.args.unix_name().map(|name| last_name(&name));
        match (call.name.as_str(), name, &object.name) {
            ("connect", Some(name), _) => {
                object.connected = Some(entered);
                object.connected_by = Some(call.thread);
                object.target = Target::UnixConnection { name, whole: true };
                return;
            }
            ("bind", Some(name), _) => return object.name = Some(name),
            ("listen", _, Some(name)) => {
                return object.target = Target::UnixListening(name.clone());
            }
            _ => {}
        }
        let named = call.args.address();
        let unknown = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
        let is_connect = call.name == "connect";
        object.target = match (&object.target, named) {
            (Target::Udp { peer, .. }, Some(local)) if !is_connect => {
                Target::Udp { local, peer: *peer }
            }
            (Target::Udp { local, .. }, peer) => Target::Udp {
                local: *local,
                peer,
            },
            (_, Some(peer)) if is_connect => {
                object.connected = Some(entered);
                object.connected_by = Some(call.thread);
                Target::Connection {
                    local: unknown,
                    peer,
                    whole: true,
                }
            }
            // bound, and so not yet listening: its address is shown from listen on
            (_, Some(local)) => {
                object.bound = Some(local);
                return;
            }
            (_, None) if call.name == "listen" => {
                Target::Listening(object.bound.unwrap_or(unknown))
            }
            (target, None) => target.clone(),
        };
    }

    /// Bytes through a socket or a pipe that processes of the run share.
    fn transfer(&mut self, pid: i32, object: usize, timed: Timed<'_>) {
        let call = timed.call;
        if !call.is(READS | WRITES) {
            return;
        }
        let is_write = call.is(WRITES);
        let bytes = call.moved();
        let Some(to) = timed.to.filter(|_| !bytes.is_empty()) else {
            return;
        };
        let peer = call.args.address();
        let from = timed.from;
        self.transfers.push(Transfer {
            object,
            pid,
            thread: call.thread,
            from,
            to,
            bytes,
            is_write,
            peer,
        });
    }
}

fn path_of(call: &Call) -> String {
    let path = call.path().unwrap_or_default();
    String::from_utf8_lossy(&path).into_owned()
}

/// For what a file is opened.
fn access(call: &Call) -> Access {
    match (call.args.has("O_RDWR"), call.args.has("O_WRONLY")) {
        (true, _) => Access::Both,
        (_, true) => Access::Writing,
        _ => Access::Reading,
    }
}

/// Whether the descriptor that it makes does not outlive an exec.
fn is_close_on_exec(call: &Call) -> bool {
    let flags = ["O_CLOEXEC", "SOCK_CLOEXEC", "F_DUPFD_CLOEXEC"];
    flags.iter().any(|flag| call.args.has(flag))
}
