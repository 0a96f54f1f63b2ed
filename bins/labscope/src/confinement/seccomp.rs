//! What a program that nobody knows is refused, seccomp(2): to signal everybody, and what neither namespaces nor
//! Landlock keep in.
//!
//! `pid = fork(); … kill(pid, SIGKILL)` is kill(-1) when fork fails: it kills all that the user has, and for root
//! the machine. And an orphan's parent is the reaper, which cleans up; as pid 1, whose part it plays, it cannot be
//! killed. Another user or a pid namespace would protect from this too, but not everybody may change
//! users, and in a namespace a program prints other pids than its tracer sees.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use nix::errno::Errno;
use nix::libc;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule,
};

use crate::confinement::Means;
use crate::i18n::confinement;

/// From now on, in this process and all that it starts, signals to everybody and to the reaper fail with EPERM.
pub fn refuse_signals_to_everybody(reaper: i32) -> Result<()> {
    let filter = signals_to_everybody(reaper).context("seccomp(2)")?;
    seccompiler::apply_filter(&filter).with_context(confinement::cannot_refuse_signals)
}

/// From now on a tracer is told before each of these calls, of this process and all that it starts.
///
/// A call with a condition, only if that argument is the value, differs from it, or has all the bits of the mask.
pub fn stop_before(calls: &[(i64, Option<Argument>)]) -> Result<()> {
    let rules = calls.iter().map(|(number, argument)| {
        let condition = argument.map(Argument::condition).transpose()?;
        let rules = condition.map(|condition| SeccompRule::new(vec![condition]));
        Ok((*number, rules.transpose()?.into_iter().collect()))
    });
    let filter = filter(rules.collect::<Result<_>>()?, SeccompAction::Trace(0))?;
    seccompiler::apply_filter(&filter).context("seccomp(2)")
}

/// What is asked of an argument of a call.
#[derive(Clone, Copy, Debug)]
pub enum Argument {
    Is { place: u8, value: u64 },
    Not { place: u8, value: u64 },
    HasBits { place: u8, mask: u64 },
}

impl Argument {
    fn condition(self) -> Result<SeccompCondition> {
        let (place, operator, value) = match self {
            Argument::Is { place, value } => (place, SeccompCmpOp::Eq, value),
            Argument::Not { place, value } => (place, SeccompCmpOp::Ne, value),
            Argument::HasBits { place, mask } => (place, SeccompCmpOp::MaskedEq(mask), mask),
        };
        let length = SeccompCmpArgLen::Qword;
        Ok(SeccompCondition::new(place, length, operator, value)?)
    }
}

/// From now on a program that is not trusted neither leaves its tracer, nor makes namespaces, nor touches what belongs
/// to the user and to no namespace.
pub fn refuse_to_strangers(means: Means) -> Result<()> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = BTreeMap::new();
    rules.extend(NEVER.iter().map(|&number| (number, Vec::new())));
    for &(number, place) in OF_ITSELF {
        rules.insert(number, vec![differs(place, 0)?]);
    }
    let clone = [libc::CLONE_UNTRACED, libc::CLONE_NEWUSER].map(|flag| has_bit(0, flag as u32));
    rules.insert(libc::SYS_clone, clone.into_iter().collect::<Result<_>>()?);
    // The launcher of orders asks for new System V objects; who has no power over its namespace asks in vain.
    rules.insert(
        libc::SYS_unshare,
        vec![differs(0, libc::CLONE_NEWIPC as u32)?],
    );
    if !means.keep_signals() {
        let owners = [F_SETOWN, F_SETOWN_EX].map(|command| equals(1, command));
        rules.insert(libc::SYS_fcntl, owners.into_iter().collect::<Result<_>>()?);
    }
    if !means.namespaces {
        rules.extend(SHARED.iter().map(|&number| (number, Vec::new())));
        #[cfg(target_arch = "x86_64")]
        rules.extend(OLD.iter().map(|&number| (number, Vec::new())));
        let other_domains = differs(0, libc::AF_UNIX as u32)?;
        rules.insert(libc::SYS_socket, vec![other_domains]);
    }
    seccompiler::apply_filter(&filter(rules, REFUSED)?).context("seccomp(2)")
}

/// Calls that no lab makes, and that lead out: past the tracer, into other namespaces, to keys and counters.
const NEVER: &[i64] = &[
    libc::SYS_add_key,
    libc::SYS_bpf,
    libc::SYS_chroot,
    libc::SYS_io_uring_setup,
    libc::SYS_keyctl,
    libc::SYS_mount,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    libc::SYS_perf_event_open,
    libc::SYS_pivot_root,
    libc::SYS_request_key,
    libc::SYS_setns,
    libc::SYS_umount2,
    libc::SYS_userfaultfd,
];

/// Calls that a process makes for itself, the argument being 0, and not for another that it names.
const OF_ITSELF: &[(i64, u8)] = &[
    (libc::SYS_ioprio_set, 1),
    (libc::SYS_migrate_pages, 0),
    (libc::SYS_move_pages, 0),
    (libc::SYS_prlimit64, 0),
    (libc::SYS_sched_setattr, 0),
    (libc::SYS_sched_setparam, 0),
    (libc::SYS_sched_setscheduler, 0),
    (libc::SYS_setpriority, 1),
];

/// What Landlock does not keep in: objects of the machine, and what is known of a file beside its content.
const SHARED: &[i64] = &[
    libc::SYS_fchmod,
    libc::SYS_fchmodat,
    libc::SYS_fchown,
    libc::SYS_fchownat,
    libc::SYS_fremovexattr,
    libc::SYS_fsetxattr,
    libc::SYS_lremovexattr,
    libc::SYS_lsetxattr,
    libc::SYS_mq_open,
    libc::SYS_mq_unlink,
    libc::SYS_msgctl,
    libc::SYS_msgget,
    libc::SYS_msgrcv,
    libc::SYS_msgsnd,
    libc::SYS_removexattr,
    libc::SYS_semctl,
    libc::SYS_semget,
    libc::SYS_semop,
    libc::SYS_semtimedop,
    libc::SYS_setxattr,
    libc::SYS_shmat,
    libc::SYS_shmctl,
    libc::SYS_shmget,
    libc::SYS_utimensat,
];

/// The same by calls that only this processor has.
#[cfg(target_arch = "x86_64")]
const OLD: &[i64] = &[
    libc::SYS_chmod,
    libc::SYS_chown,
    libc::SYS_futimesat,
    libc::SYS_lchown,
    libc::SYS_utime,
    libc::SYS_utimes,
];

/// Whom the kernel sends SIGIO: a way to signal anybody, fcntl(2).
const F_SETOWN: u32 = 8;
const F_SETOWN_EX: u32 = 15;

const REFUSED: SeccompAction = SeccompAction::Errno(Errno::EPERM as u32);

/// What is done of these calls, while all others are let through.
fn filter(rules: BTreeMap<i64, Vec<SeccompRule>>, done: SeccompAction) -> Result<BpfProgram> {
    let processor = std::env::consts::ARCH.try_into()?;
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, done, processor)?;
    Ok(filter.try_into()?)
}

/// An argument of 32 bits, compared with a value.
fn rule(place: u8, operator: SeccompCmpOp, value: u32) -> Result<SeccompRule> {
    let length = SeccompCmpArgLen::Dword;
    let condition = SeccompCondition::new(place, length, operator, value.into())?;
    Ok(SeccompRule::new(vec![condition])?)
}

fn equals(place: u8, value: u32) -> Result<SeccompRule> {
    rule(place, SeccompCmpOp::Eq, value)
}

fn differs(place: u8, value: u32) -> Result<SeccompRule> {
    rule(place, SeccompCmpOp::Ne, value)
}

fn has_bit(place: u8, bit: u32) -> Result<SeccompRule> {
    rule(place, SeccompCmpOp::MaskedEq(bit.into()), bit)
}

fn signals_to_everybody(reaper: i32) -> Result<BpfProgram> {
    let rules = [
        (libc::SYS_kill, vec![to(-1)?, to(reaper)?, to(-reaper)?]),
        (libc::SYS_tkill, vec![to(reaper)?]),
        (libc::SYS_tgkill, vec![to(reaper)?]),
        (libc::SYS_rt_sigqueueinfo, vec![to(reaper)?]),
    ];
    filter(rules.into_iter().collect(), REFUSED)
}

/// The first argument is that pid.
fn to(pid: i32) -> Result<SeccompRule> {
    equals(0, pid as u32)
}
