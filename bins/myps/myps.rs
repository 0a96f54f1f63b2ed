//! Slide "프로세스 구분", `ps -ef`: which processes are there? Read from /proc. C: `myps.c`.
//!
//! Watch: a process is a folder, and what is known of it a few lines of text; how few calls it takes.
//! Trace: `make strace-myps ARGS=myps`. Differences from the C: none of its own; glibc's `opendir`
//! asks `fstat` how large its buffer should be.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use core::ffi::{CStr, c_int, c_long, c_uint};
use rawlabs::dirent::{closedir, dirfd, opendir, readdir};
use rawlabs::{crt0::Argv, errno::Errno, fcntl::*, helpers::complain, printf, stdio::*};
use rawlabs::{stdlib::*, string::*, sys::stat::stat, unistd::*};

const PF_KTHREAD: c_long = 0x20_0000; // a thread of the kernel: it has no command line
const TICKS: c_long = 100; // of the clock in a second, as the kernel counts for programs

/// Reads a file of a process, which one read does. 0 if the process has ended, or is not to be seen.
fn load(pid: &CStr, file: &CStr, into: &mut [u8]) -> usize {
    let mut path = [0; 32];
    strcat(&mut path, pid);
    strcat(&mut path, file);
    match open(as_string(&path), O_RDONLY, 0).and_then(|fd| read(fd, into)) {
        Ok(count) => count, // the descriptor is closed with many others
        Err(Errno::ENOENT | Errno::ESRCH | Errno::EACCES | Errno::EPERM) => 0,
        Err(_) => {
            complain(as_string(&path), "cannot be read");
            exit(1)
        }
    }
}

/// What stands in the column CMD: what was typed, or the name in brackets for who has no command line.
fn command<'a>(pid: Option<&CStr>, name: &CStr, end: &CStr, text: &'a mut [u8]) -> &'a [u8] {
    let mut count = pid.map_or(0, |pid| load(pid, c"/cmdline", text));
    while count > 0 && text.get(count - 1) == Some(&0) {
        count -= 1;
    }
    if count == 0 {
        memset(text, 0, 1);
        for part in [c"[", name, end] {
            strcat(text, part);
        }
        count = strlen(text);
    }
    for byte in text.iter_mut().take(count) {
        match *byte {
            0 | b'\n' => *byte = b' ', // between arguments
            1..=31 | 127 => *byte = b'?',
            _ => {}
        }
    }
    text.get(..count).unwrap_or_default()
}

/// One line, if the command has `wanted` in it.
fn show(pid: &CStr, wanted: &[u8], text: &mut [u8]) -> Option<()> {
    let (mut line, mut n) = ([0; 1024], [0; 18]); // n: the numbers behind the name
    let owner = stat(pid).ok()?; // newfstatat
    let count = load(pid, c"/stat", &mut line);
    let line = line.get_mut(..count)?;
    let (start, end) = (memchr(line, b'(')?, memrchr(line, b')')?); // the last: a name may contain one
    for (number, word) in n.iter_mut().zip(line.get(end + 2..)?.split(|c| *c == b' ')) {
        *number = strtol(word).0.unwrap_or(0);
    }
    let (ppid, tty, time, threads) = (n[1], n[4], (n[11] + n[12]) / TICKS, n[17]);
    let (state, multi) = (*line.get(end + 2)?, if threads > 1 { "l" } else { "" });
    let has_ended = state == b'Z' && threads == 1; // else its first thread has, and the others go on
    *line.get_mut(end)? = 0;
    let name = as_string(line.get(start + 1..)?);
    let who = (n[6] & PF_KTHREAD == 0).then_some(pid);
    let end = if has_ended { c"] <defunct>" } else { c"]" };
    let cmd = command(who, name, end, text);
    memmem(cmd, wanted)?; // strstr
    let number = strtol(pid.to_bytes()).0?;
    printf!("{:5} {:7} {:7} ", owner.st_uid, number, ppid);
    printf!("{}{:3} ", state as char, multi);
    match (tty >> 8 & 0xfff, tty & 0xff | tty >> 12 & 0xfff00) {
        // major and minor number
        (136..=143, minor) => printf!("pts/{:<4} ", minor),
        (4, minor) => printf!("tty{:<5} ", minor),
        _ => printf!("?        "),
    };
    printf!("{:02}:{:02}:{:02} ", time / 3600, time / 60 % 60, time % 60);
    fwrite(cmd, stdout);
    printf!("\n");
    Some(())
}

rawlabs::main!(main, argc, argv);

fn main(_argc: c_int, argv: Argv) -> c_int {
    let (wanted, folder) = (argv.get(1).unwrap_or(c""), argv.get(2).unwrap_or(c"/proc"));
    let Ok(mut dir) = chdir(folder).and_then(|()| opendir(c".")) else {
        // openat
        complain(folder, "cannot be read");
        return 2;
    };
    let (first, mut seen, mut text) = (dirfd(&dir).max(2) as c_uint + 1, 0, [0; 131_072]);
    printf!("  UID     PID    PPID STAT TTY      TIME     CMD\n");
    while let Some(entry) = readdir(&mut dir) {
        // getdents64, for many at once
        let pid = entry.d_name;
        if strtol(pid.to_bytes()).0.is_some() {
            show(pid, wanted.to_bytes(), &mut text);
            seen += 1;
            if seen % 16 == 0 {
                let _ = close_range(first, c_uint::MAX, 0); // what load has opened
            }
        }
    }
    let _ = closedir(dir); // close
    0
}
