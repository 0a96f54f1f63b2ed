//! Bytes that no strace wrote: the parser takes them without panic, and loses nothing that a reader could miss.

use crate::Trace;
use crate::tests::fuzz::fed;
use crate::tests::random::Random;
use crate::tests::recorded;

const SEEDS: [&[u8]; 7] = [
    b"10 write(1, \"\\355\\224\\204\\n\", 4) = 4\n",
    b"10 read(0,  <unfinished ...>\n10 <... read resumed>\"\\x41\", 1) = 1\n",
    b"10 --- SIGCHLD {si_signo=SIGCHLD} ---\n > /a() [0x1]\n10 +++ killed by SIGKILL +++\n",
    b"10 1.5 clone(child_stack=NULL, flags=CLONE_THREAD) = 99999999999999999999\n",
    b"10 clone(flags=CLONE_THREAD <unfinished ...>\n11 fork() = 10\n10 <... clone resumed>) = 11\n",
    b"[pid 10] wait4(-1, [{WIFEXITED(s)}], 0, NULL) = ? ERESTARTSYS (x)\n > /a(b+0x1) [0x2]\n",
    "10 write(1</a\u{d55c}>, \"\u{d55c}\\\", \"\\9\\xzz\\777\", 3) = -1\n".as_bytes(),
];

#[test]
fn hostile_bytes_never_panic_and_are_all_accounted_for() {
    let mut random = Random::new(1);
    for _ in 0..10_000 {
        let mut bytes = Vec::new();
        for _ in 0..=random.below(3) {
            bytes.extend_from_slice(random.pick(&SEEDS));
        }
        mutate(&mut bytes, &mut random);
        check(&bytes, &mut random);
    }
}

#[test]
fn recorded_traces_with_damage_are_read_as_far_as_they_can_be() {
    let mut random = Random::new(2);
    let traces = recorded::all();
    for _ in 0..400 {
        let (_, bytes) = &traces[random.below(traces.len())];
        let lines: Vec<&[u8]> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
        let start = random.below(lines.len());
        let mut part = lines[start..(start + 12).min(lines.len())].concat();
        mutate(&mut part, &mut random);
        check(&part, &mut random);
    }
}

fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..random.below(6) {
        let place = random.below(bytes.len());
        match random.below(5) {
            _ if bytes.is_empty() => return,
            0 => bytes[place] = random.next() as u8,
            1 => drop(bytes.remove(place)),
            2 => bytes.insert(place, random.pick(b"\"\\()[]{}<>=\n \xff")),
            3 => {
                let line = bytes[place..].to_vec();
                bytes.extend(line);
            }
            _ => bytes.truncate(place.max(1)),
        }
    }
}

/// Promises that hold for any bytes.
fn check(bytes: &[u8], random: &mut Random) {
    let mut whole = Trace::of("./lab");
    whole.feed(bytes);
    whole.end();
    let pieces = fed(bytes, random);
    let text = || format!("in {:?}", String::from_utf8_lossy(bytes));
    let parts = |trace: &Trace| {
        let (calls, notices) = (trace.calls.clone(), trace.notices.clone());
        (calls, notices, trace.pids.clone(), trace.unread.clone())
    };
    assert_eq!(
        parts(&whole),
        parts(&pieces),
        "fed at once, and in pieces {}",
        text()
    );

    let of_all: usize = whole
        .pids
        .iter()
        .map(|&pid| whole.calls_of(pid).count())
        .sum();
    let setup = whole.calls.iter().filter(|call| call.setup).count();
    assert_eq!(
        of_all + setup,
        whole.calls.len(),
        "every call is one process's {}",
        text()
    );
    let pids = &whole.pids;
    let once = |pid: &i32| pids.iter().filter(|other| *other == pid).count() == 1;
    assert!(pids.iter().all(once), "{pids:?} {}", text());

    let frames: usize = whole
        .calls
        .iter()
        .map(|call| call.stack.len())
        .sum::<usize>()
        + whole
            .notices
            .iter()
            .map(|notice| notice.stack.len())
            .sum::<usize>();
    let lines = bytes.split(|&byte| byte == b'\n');
    let of_frames = lines.filter(|line| line.starts_with(b" > ")).count();
    let unread = whole
        .unread
        .iter()
        .filter(|line| line.starts_with(" > "))
        .count();
    assert_eq!(
        frames + unread,
        of_frames,
        "every stack line has its place {}",
        text()
    );
    for &pid in pids {
        for name in ["read", "fork", "write"] {
            assert!(whole.finished(pid, name) <= whole.calls_of(pid).count());
            whole.entered(pid, name);
        }
        let _ = (
            whole.written(pid, 1),
            whole.has_ended(pid),
            whole.inside(pid),
        );
    }
}
