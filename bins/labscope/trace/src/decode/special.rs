//! Arguments that no list of members describes.

use nix::libc;

use crate::decode::argument::{Argument, Call, Change, What, When, argument};
use crate::decode::form::{Form, address};
use crate::decode::layout::{Found, Type};
use crate::decode::request::name;
use crate::decode::{sets, structs, text};

/// Whether these flags of open(2) may make a file.
pub fn creates(flags: u64) -> bool {
    let flags = flags as i32;
    flags & libc::O_CREAT != 0 || flags & libc::O_TMPFILE == libc::O_TMPFILE
}

/// The strings that a program is started with.
pub fn strings(call: &Call, at: u64) -> String {
    text::strings(call.memory, at)
}

/// How large an environment is.
pub fn environment(call: &Call, at: u64) -> String {
    text::count_of_strings(call.memory, at)
}

/// The bytes that the call has put there, which mean nothing.
pub fn random(call: &Call, at: u64) -> String {
    text::random_bytes(call.memory, at, call.result.unwrap_or_default() as u64)
}

/// How many entries of a folder getdents(2) or getdents64(2) has put there; both begin alike.
pub fn entries(call: &Call, at: u64) -> String {
    const LENGTH: usize = 16;
    let length = call.result.unwrap_or_default() as usize;
    let Some(bytes) = text::read(call.memory, at, length) else {
        return address(at);
    };
    let mut rest: &[u8] = &bytes;
    let mut count = 0;
    while let Some(&[low, high]) = rest.get(LENGTH..LENGTH + 2) {
        let next = usize::from(u16::from_le_bytes([low, high])).max(1);
        rest = rest.get(next..).unwrap_or_default();
        count += 1;
    }
    let entries = if count == 1 { "entry" } else { "entries" };
    format!("{at:#x} /* {count} {entries} */")
}

/// What fcntl(2) tells of a descriptor's flags.
pub fn descriptor_flags(call: &Call) -> Option<String> {
    let flags = call.result? as u64;
    let form = match call.request.args[1] as i32 {
        libc::F_GETFD if flags != 0 => Form::Flags(sets::DESCRIPTOR),
        libc::F_GETFL => Form::OneAndFlags(sets::OPEN_ACCESS, sets::OPEN),
        _ => return None,
    };
    Some(format!("flags {}", form.tell(flags)))
}

/// The policy that sched_getscheduler(2) returns.
pub fn scheduler(call: &Call) -> Option<String> {
    let policy = call.result? as u64;
    Some(Form::One(sets::SCHEDULER).tell(policy))
}

/// The signal that sigtimedwait(2) returns.
pub fn taken_signal(call: &Call) -> Option<String> {
    Some(Form::Signal.tell(call.result? as u64))
}

/// How sendfile(2) moves the offset that it is given.
pub const MOVED_OFFSET: Change = Change {
    is_due: |told| told.ends_with(']'),
    now: |call, at| Some(structs::LONG.tell_at(call.memory, at)).filter(|_| call.result != Some(0)),
};

/// What clone3(2) writes where it was told to.
pub const NEW_THREAD: Change = Change {
    is_due: |told| told.contains("CLONE_PARENT_SETTID") || told.contains("CLONE_PIDFD"),
    now: |call, at| {
        let bytes = text::read(call.memory, at, structs::CLONE_ARGS.size())?;
        let args = Found {
            bytes: &bytes,
            at,
            memory: call.memory,
        };
        let member = |name: &str, flag: i32, offset: usize| {
            let is_set = args.number(0, 8) & flag as u64 != 0;
            let told = structs::ANY_INT.tell_at(call.memory, args.number(offset, 8));
            is_set.then(|| format!("{name}={told}"))
        };
        let pidfd = member("pidfd", libc::CLONE_PIDFD, 8);
        let thread = member("parent_tid", libc::CLONE_PARENT_SETTID, 24);
        let all: Vec<String> = pidfd.into_iter().chain(thread).collect();
        Some(format!("{{{}}}", all.join(", ")))
    },
};

/// The mask that rt_sigreturn(2) restores, from where the kernel has put it on the stack: behind the processor's
/// registers on x86_64, in front of them on aarch64.
pub fn saved_mask(call: &Call, stack: u64) -> String {
    const MASK: u64 = if cfg!(target_arch = "aarch64") {
        168
    } else {
        296
    };
    let mask = structs::SIGSET.read(call.memory, stack.wrapping_add(MASK));
    match mask {
        Some(mask) => format!("{{mask={mask}}}"),
        None => "{}".to_owned(),
    }
}

const TLS: usize = if cfg!(target_arch = "aarch64") { 3 } else { 4 };
const CHILD_TID: usize = if cfg!(target_arch = "aarch64") { 4 } else { 3 };

/// The arguments of clone(2), in an order that is not that of the registers.
pub const CLONE: &[Argument] = &[
    argument(What::Value(Form::Address))
        .at(1)
        .named("child_stack"),
    argument(What::Value(Form::FlagsAndSignal(sets::CLONE)))
        .at(0)
        .named("flags"),
    argument(What::To(structs::ANY_INT))
        .at(2)
        .named("parent_tid")
        .when(When::Return)
        .only_if(|args| args[0] & (libc::CLONE_PARENT_SETTID | libc::CLONE_PIDFD) as u64 != 0),
    argument(What::Value(Form::Address))
        .at(TLS)
        .named("tls")
        .when(When::Return)
        .only_if(|args| args[0] & libc::CLONE_SETTLS as u64 != 0),
    argument(What::Value(Form::Address))
        .at(CHILD_TID)
        .named("child_tidptr")
        .when(When::Return)
        .only_if(|args| {
            args[0] & (libc::CLONE_CHILD_SETTID | libc::CLONE_CHILD_CLEARTID) as u64 != 0
        }),
];

/// The key of a segment, semaphore or queue of System V.
pub fn key(_: &Call, key: u64) -> String {
    match key as u32 {
        0 => "IPC_PRIVATE".to_owned(),
        key => format!("{key:#x}"),
    }
}

/// How it is to be got, with its permissions: `IPC_CREAT|0600`.
pub fn get_flags<const PLACE: usize>(call: &Call, flags: u64) -> String {
    const PERMISSIONS: u64 = 0o777;
    let is_memory = name(call.request.number) == "shmget";
    let set = if is_memory {
        sets::SHM_GET
    } else {
        sets::IPC_GET
    };
    let mode = Form::Mode.tell(flags & PERMISSIONS);
    match u64::from(flags as u32) & !PERMISSIONS {
        0 => mode,
        flags => format!("{}|{mode}", set.known(flags)),
    }
}

/// A message of System V, as long as the argument behind it says, also where it was shorter.
pub fn message(call: &Call, at: u64) -> String {
    let length = call.request.args[2];
    match structs::LONG.read(call.memory, at) {
        Some(kind) => {
            let told = text::bytes(call.memory, at.wrapping_add(8), length);
            format!("{{mtype={kind}, mtext={told}}}")
        }
        None => address(at),
    }
}

/// What openat2(2) is told in a structure.
pub fn how_to_open(call: &Call, at: u64) -> String {
    let Some(bytes) = text::read(call.memory, at, 24) else {
        return address(at);
    };
    let how = Found {
        bytes: &bytes,
        at,
        memory: call.memory,
    };
    let flags = how.number(0, 8);
    let mode = match creates(flags) {
        true => format!(", mode={}", Form::Mode.tell(how.number(8, 8))),
        false => String::new(),
    };
    let resolve = Form::Flags(sets::RESOLVE).tell(how.number(16, 8));
    let flags = Form::OneAndFlags(sets::OPEN_ACCESS, sets::OPEN).tell(flags);
    format!("{{flags={flags}{mode}, resolve={resolve}}}")
}

/// The processors in a set of the size that the argument before it says.
pub fn processors_in(call: &Call, at: u64) -> String {
    processors(call, at, call.request.args[1])
}

/// The processors in a set of the size that the call returned.
pub fn processors_out(call: &Call, at: u64) -> String {
    processors(call, at, call.result.unwrap_or_default() as u64)
}

fn processors(call: &Call, at: u64, size: u64) -> String {
    const MOST: u64 = 1024;
    let Some(bytes) = text::read(call.memory, at, size.min(MOST) as usize) else {
        return address(at);
    };
    let is_set = |it: &usize| bytes[it / 8] & (1 << (it % 8)) != 0;
    let all = (0..bytes.len() * 8).filter(is_set);
    let all: Vec<String> = all.map(|it| it.to_string()).collect();
    format!("[{}]", all.join(" "))
}

/// The type of a socket with its flags.
pub const SOCKET_TYPE: Argument = argument(What::Special(|_, kind| {
    const MASK: u64 = 0xf;
    let name = Form::One(sets::SOCKET_TYPE).tell(kind & MASK);
    match u64::from(kind as u32) & !MASK {
        0 => name,
        flags => format!("{name}|{}", Form::Flags(sets::SOCKET_FLAGS).tell(flags)),
    }
}));

/// The protocol of a socket, whose meaning depends on the family.
pub fn protocol(call: &Call, protocol: u64) -> String {
    let form = match call.request.args[0] as i32 {
        libc::AF_INET | libc::AF_INET6 => Form::One(sets::INTERNET_PROTOCOL),
        libc::AF_NETLINK => Form::One(sets::NETLINK_PROTOCOL),
        _ => Form::Unsigned,
    };
    form.tell(protocol)
}

/// How a process is told of a timer: `{sigev_value={sival_int=0, sival_ptr=NULL}, …}`.
pub fn event(call: &Call, at: u64) -> String {
    let Some(bytes) = text::read(call.memory, at, 64) else {
        return address(at);
    };
    let event = Found {
        bytes: &bytes,
        at,
        memory: call.memory,
    };
    let value = event.number(0, 8);
    let value = match value {
        0 => String::new(),
        value => format!(
            "sigev_value={{sival_int={}, sival_ptr={value:#x}}}, ",
            value as i32
        ),
    };
    let notify = event.number(12, 4);
    let thread = match notify as i32 {
        libc::SIGEV_THREAD_ID => format!(", sigev_notify_thread_id={}", event.number(16, 4)),
        _ => String::new(),
    };
    format!(
        "{{{value}sigev_signo={}, sigev_notify={}{thread}}}",
        Form::Signal.tell(event.number(8, 4)),
        Form::One(sets::NOTIFY).tell(notify),
    )
}

/// The two times of utimensat(2).
pub fn two_times(call: &Call, at: u64) -> String {
    const NOW: u64 = libc::UTIME_NOW as u64;
    const OMIT: u64 = libc::UTIME_OMIT as u64;
    let time = Type::Special(16, |found| match found.number(8, 8) {
        NOW => "UTIME_NOW".to_owned(),
        OMIT => "UTIME_OMIT".to_owned(),
        _ => structs::TIMESPEC.tell(found),
    });
    time.tell_array(call.memory, at, 2)
}

/// What personality(2) is to make of the process.
pub fn personality(_: &Call, personality: u64) -> String {
    match personality as u32 {
        u32::MAX => "0xffffffff".to_owned(),
        personality => {
            Form::OneAndFlags(sets::PERSONALITY, sets::PERSONALITY_FLAGS).tell(personality.into())
        }
    }
}

/// What personality(2) says that it was.
pub fn old_personality(call: &Call) -> Option<String> {
    Some(personality(call, call.result? as u64))
}

/// What prctl(2) says of whether a core may be dumped.
pub fn may_be_dumped(call: &Call) -> Option<String> {
    let is_asked = call.request.args[0] as i32 == libc::PR_GET_DUMPABLE;
    is_asked.then(|| Form::One(sets::DUMPABLE).tell(call.result.unwrap_or_default() as u64))
}
