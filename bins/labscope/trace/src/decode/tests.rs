//! Calls decoded from made-up registers and memory.

use nix::libc;
use syscalls::Sysno;

use super::table::TABLE;
use super::{Memory, Request, entered, name, returned, signal};
use crate::syscall;

/// Memory of one piece: what lies at [`BASE`] and after it.
struct Piece(Vec<u8>);

const BASE: u64 = 0x1000;

impl Memory for Piece {
    fn read(&self, address: u64, bytes: &mut [u8]) -> usize {
        let start = address.checked_sub(BASE).map(|start| start as usize);
        let there = start
            .and_then(|start| self.0.get(start..))
            .unwrap_or_default();
        let count = there.len().min(bytes.len());
        bytes[..count].copy_from_slice(&there[..count]);
        count
    }
}

/// Numbers of eight bytes, one behind the other.
fn words(words: &[u64]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// What is told of a call before it and after it, with memory as it is then.
fn told(call: Sysno, args: &[u64], before: &[u8], result: i64, after: &[u8]) -> [String; 3] {
    let mut all = [0; 6];
    all[..args.len()].copy_from_slice(args);
    let request = Request {
        number: call as u64,
        args: all,
    };
    let entered = entered(&request, &Piece(before.to_vec()));
    let (args, result) = returned(&request, &entered, result, &Piece(after.to_vec()));
    [entered.text, args, result]
}

#[test]
fn bytes_are_known_when_they_have_been_moved() {
    let text = b"a\"\n\x001\xff";
    assert_eq!(
        told(Sysno::read, &[0, BASE, 100], b"", 6, text),
        ["0, ", r#"0, "a\"\n\0001\377", 100"#, "6"]
    );
    assert_eq!(
        told(Sysno::write, &[1, BASE, 3], text, 3, b"xyz"),
        [r#"1, "a\"\n", 3"#, r#"1, "a\"\n", 3"#, "3"]
    );
    assert_eq!(
        told(Sysno::read, &[0, BASE, 100], b"", -5, text),
        ["0, ", "0, 0x1000, 100", "-1 EIO (Input/output error)"]
    );
    assert_eq!(
        told(Sysno::write, &[1, 16, 3], b"", -14, b"")[1],
        "1, 0x10, 3"
    );
}

#[test]
fn a_path_that_cannot_be_read_is_an_address() {
    let flags = (libc::O_WRONLY | libc::O_CREAT | libc::O_CLOEXEC) as u64;
    let args = [libc::AT_FDCWD as u64, BASE, flags, 0o644];
    assert_eq!(
        told(Sysno::openat, &args, b"file\0", 3, b"")[1],
        r#"AT_FDCWD, "file", O_WRONLY|O_CREAT|O_CLOEXEC, 0644"#
    );
    let args = [3, BASE, 0];
    assert_eq!(
        told(Sysno::openat, &args, b"file", -14, b"")[1],
        "3, 0x1000, O_RDONLY"
    );
}

#[test]
fn who_was_waited_for_is_told_and_who_was_not_is_not() {
    let args = [-1i64 as u64, BASE, libc::WNOHANG as u64, 0];
    let ended = 0x300u32.to_le_bytes();
    assert_eq!(
        told(Sysno::wait4, &args, b"", 7, &ended),
        [
            "-1, ",
            "-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], WNOHANG, NULL",
            "7"
        ]
    );
    assert_eq!(
        told(Sysno::wait4, &args, b"", 0, &ended)[1],
        "-1, 0x1000, WNOHANG, NULL"
    );
    assert_eq!(
        told(Sysno::wait4, &args, b"", -512, &ended)[2],
        "? ERESTARTSYS (To be restarted if SA_RESTART is set)"
    );
}

#[test]
fn an_address_is_as_long_as_the_call_says_and_the_room_was_before() {
    let mut room = words(&[0, 0, 128]);
    let args = [3, BASE, BASE + 16];
    let before = room.clone();
    room[..8].copy_from_slice(&[2, 0, 0x0e, 0x10, 127, 0, 0, 1]);
    room[16] = 16;
    assert_eq!(
        told(Sysno::accept, &args, &before, 4, &room),
        [
            "3, ",
            r#"3, {sa_family=AF_INET, sin_port=htons(3600), sin_addr=inet_addr("127.0.0.1")}, [128 => 16]"#,
            "4"
        ]
    );
    assert_eq!(
        told(Sysno::accept, &[3, 0, 0], b"", 4, b"")[0],
        "3, NULL, NULL"
    );
}

#[test]
fn what_is_left_of_a_sleep_is_told_where_a_signal_broke_it_off() {
    let time = words(&[1, 0, 0, 5]);
    let args = [0, 0, BASE, BASE + 16];
    let [entry, args_after, _] = told(Sysno::clock_nanosleep, &args, &time, 0, &time);
    assert_eq!(entry, "CLOCK_REALTIME, 0, {tv_sec=1, tv_nsec=0}, ");
    assert_eq!(args_after, format!("{entry}0x1010"));
    let [_, args_after, result] = told(Sysno::clock_nanosleep, &args, &time, -516, &time);
    assert_eq!(args_after, format!("{entry}{{tv_sec=0, tv_nsec=5}}"));
    assert_eq!(result, "? ERESTART_RESTARTBLOCK (Interrupted by signal)");
}

#[test]
fn a_handler_and_the_one_before_it() {
    const RESTORER: u64 = 0x0400_0000;
    let new = words(&[0x40, RESTORER | 0x1000_0000, 0x50, 1 << 16]);
    let old = words(&[0, 0, 0, 0]);
    let args = [2, BASE, BASE + 32, 8];
    let [entry, args, _] = told(
        Sysno::rt_sigaction,
        &args,
        &new,
        0,
        &[new.clone(), old].concat(),
    );
    assert_eq!(
        entry,
        "SIGINT, {sa_handler=0x40, sa_mask=[CHLD], sa_flags=SA_RESTORER|SA_RESTART, sa_restorer=0x50}, "
    );
    assert_eq!(
        args,
        format!("{entry}{{sa_handler=SIG_DFL, sa_mask=[], sa_flags=0}}, 8")
    );
}

#[test]
fn a_new_thread_is_told_where_the_parent_asked_for_it() {
    let clone = (libc::CLONE_VM | libc::CLONE_PARENT_SETTID) as u64;
    let mut memory = words(&[clone, 0, 0, BASE + 88, 0, 0x8000, 0x100, 0, 0, 0, 0, 9]);
    let told_at_entry = "{flags=CLONE_VM|CLONE_PARENT_SETTID, parent_tid=0x1058, exit_signal=0, stack=0x8000, stack_size=0x100}";
    let [entry, args, _] = told(Sysno::clone3, &[BASE, 88], &memory, 9, &memory);
    assert_eq!(entry, told_at_entry);
    assert_eq!(args, format!("{told_at_entry} => {{parent_tid=[9]}}, 88"));
    memory[..8].copy_from_slice(&(libc::CLONE_VM as u64).to_le_bytes());
    assert!(told(Sysno::clone3, &[BASE, 88], &memory, 9, &memory)[0].ends_with("}, 88"));
}

#[test]
fn of_a_list_without_end_the_beginning_is_told() {
    let args = [BASE, 0x7f7f_7f7f, 0, 0, 8];
    let there = vec![0; 1 << 16];
    let call = &told(Sysno::ppoll, &args, &there, -22, &there)[1];
    assert!(call.starts_with("[{fd=0, events=0}, "), "{call:.60}");
    assert!(
        call.ends_with(", ...], 2139062143, NULL, NULL, 8"),
        "{call:.60}"
    );
    assert_eq!(call.matches("{fd=0").count(), 1024);
}

#[test]
fn what_poll_and_select_found_stands_behind_their_result() {
    let poll = |revents: u8| [3, 0, 0, 0, 1, 0, revents, 0];
    let args = [BASE, 1, 100];
    assert_eq!(
        told(Sysno::ppoll, &[BASE, 1, 0, 0, 8], &poll(0), 1, &poll(1)),
        [
            "[{fd=3, events=POLLIN}], 1, NULL, NULL, 8",
            "[{fd=3, events=POLLIN}], 1, NULL, NULL, 8",
            "1 ([{fd=3, revents=POLLIN}])"
        ]
    );
    assert_eq!(
        told(Sysno::ppoll, &args, &poll(0), 0, &poll(0))[2],
        "0 (Timeout)"
    );
    let args = [4, BASE, 0, 0, 0, 0];
    let sets = words(&[1 << 3]);
    let [entry, _, result] = told(Sysno::pselect6, &args, &sets, 1, &sets);
    assert_eq!(entry, "4, [3], NULL, NULL, NULL, NULL");
    assert_eq!(result, "1 (in [3])");
}

#[test]
fn results_have_their_own_forms() {
    assert_eq!(
        told(Sysno::umask, &[0o22], b"", 0o27, b"")[1..],
        ["022", "027"]
    );
    assert_eq!(
        told(Sysno::brk, &[0], b"", 0x5000, b"")[1..],
        ["NULL", "0x5000"]
    );
    let flags = [1, libc::F_GETFL as u64];
    assert_eq!(
        told(Sysno::fcntl, &flags, b"", i64::from(libc::O_RDWR), b"")[1..],
        ["1, F_GETFL", "0x2 (flags O_RDWR)"]
    );
    let [_, args, result] = told(
        Sysno::execve,
        &[BASE, BASE + 8, BASE + 24],
        &program(),
        0,
        b"",
    );
    assert_eq!(
        (args.as_str(), result.as_str()),
        (r#""./ls", ["./ls"], 0x1018 /* 1 var */"#, "0")
    );
}

/// A path, its arguments and its environment.
fn program() -> Vec<u8> {
    [b"./ls\0\0\0\0".to_vec(), words(&[BASE, 0, BASE, 0])].concat()
}

#[test]
fn what_nobody_knows_is_told_by_numbers() {
    let request = Request {
        number: 0x1c8 + 1000,
        args: [1, 0, 3, 4, 5, 6],
    };
    assert_eq!(name(request.number), "syscall_0x5b0");
    let entered = entered(&request, &Piece(Vec::new()));
    assert_eq!(entered.text, "0x1, 0, 0x3, 0x4, 0x5, 0x6");
    assert_eq!(
        told(Sysno::ioctl, &[1, 0x1234_5678, 0], b"", 0, b"")[0],
        "1, _IOC(_IOC_NONE, 0x56, 0x78, 0x1234), NULL"
    );
}

#[test]
fn a_signal_tells_whence_it_comes() {
    let mut siginfo = [0; 128];
    siginfo[0] = libc::SIGCHLD as u8;
    siginfo[8] = libc::CLD_KILLED as u8;
    siginfo[16] = 7;
    siginfo[24] = libc::SIGKILL as u8;
    let child = "{si_signo=SIGCHLD, si_code=CLD_KILLED, si_pid=7, si_uid=0, si_status=SIGKILL, si_utime=0, si_stime=0}";
    assert_eq!(signal(&siginfo), ("SIGCHLD".to_owned(), child.to_owned()));
    siginfo[0] = libc::SIGSEGV as u8;
    siginfo[8] = 1;
    let fault = "{si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x7}";
    assert_eq!(signal(&siginfo).1, fault);
    assert_eq!(signal(&[34]).0, "SIGRT_2");
}

#[test]
fn every_call_that_the_tool_knows_has_its_arguments_here() {
    assert!(TABLE.is_sorted_by(|one, other| one.name < other.name));
    let is_call = |name: &&str| name.parse::<Sysno>().is_ok(); // there are others on other machines
    let known = syscall::names(syscall::Flags::MAX).filter(is_call);
    let is_here = |name: &str| TABLE.binary_search_by(|row| row.name.cmp(name)).is_ok();
    let missing: Vec<&str> = known.filter(|name| !is_here(name)).collect();
    assert!(missing.is_empty(), "no row in decode/table.rs: {missing:?}");
}

#[test]
fn no_registers_and_no_memory_bring_it_down() {
    let values = [0, 1, 41, BASE, 0x5413, u64::MAX];
    let memory = Piece((0..2048u32).map(|byte| byte as u8).collect());
    for row in TABLE
        .iter()
        .filter_map(|row| row.name.parse::<Sysno>().ok())
    {
        for (turn, value) in (0..values.len()).flat_map(|turn| values.map(|value| (turn, value))) {
            let mut args = [value; 6];
            args[1] = values[turn];
            args[2] = values[turn] & 0xff;
            let request = Request {
                number: row as u64,
                args,
            };
            let before = entered(&request, &memory);
            for result in [0, 40, -2, -512] {
                let (after, _) = returned(&request, &before, result, &memory);
                assert!(
                    after.starts_with(before.text.as_str()),
                    "{row}: {before:?} {after:?}"
                );
            }
        }
    }
}
