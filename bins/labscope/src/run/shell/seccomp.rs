//! What a program that nobody knows is refused: to signal everybody, seccomp(2).
//!
//! `pid = fork(); … kill(pid, SIGKILL)` is kill(-1) when fork fails: it kills all that the user has, and for root
//! the machine. And an orphan's parent is the reaper, which cleans up; as pid 1, whose part it plays, it cannot be
//! killed. Another user or a pid namespace would protect from this too, but not everybody may change
//! users, and in a namespace a program prints other pids than its tracer sees.

use anyhow::{Context, Result};
use nix::errno::Errno;
use nix::libc;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule,
};

/// From now on, in this process and all that it starts, signals to everybody and to the reaper fail with EPERM.
pub fn refuse_signals_to_everybody(reaper: i32) -> Result<()> {
    let filter = filter(reaper).context("cannot make the filter of system calls")?;
    seccompiler::apply_filter(&filter).context(
        "cannot have the kernel refuse kill(-1), so programs that nobody knows are not run here",
    )
}

/// From now on a tracer is told before each of these calls, of this process and all that it starts.
///
/// A call with a condition, only if that argument differs from the value, or has all the bits of the mask.
pub fn stop_before(calls: &[(i64, Option<Argument>)]) -> Result<()> {
    let rules = calls.iter().map(|(number, argument)| {
        let condition = argument.map(Argument::condition).transpose()?;
        let rules = condition.map(|condition| SeccompRule::new(vec![condition]));
        Ok((*number, rules.transpose()?.into_iter().collect()))
    });
    let filter = SeccompFilter::new(
        rules.collect::<Result<_>>()?,
        SeccompAction::Allow,
        SeccompAction::Trace(0),
        std::env::consts::ARCH.try_into()?,
    )?;
    let filter: BpfProgram = filter.try_into()?;
    seccompiler::apply_filter(&filter).context("cannot have the kernel stop before system calls")
}

/// What is asked of an argument of a call.
#[derive(Clone, Copy, Debug)]
pub enum Argument {
    Not { place: u8, value: u64 },
    HasBits { place: u8, mask: u64 },
}

impl Argument {
    fn condition(self) -> Result<SeccompCondition> {
        let (place, operator, value) = match self {
            Argument::Not { place, value } => (place, SeccompCmpOp::Ne, value),
            Argument::HasBits { place, mask } => (place, SeccompCmpOp::MaskedEq(mask), mask),
        };
        let length = SeccompCmpArgLen::Qword;
        Ok(SeccompCondition::new(place, length, operator, value)?)
    }
}

fn filter(reaper: i32) -> Result<BpfProgram> {
    let rules = [
        (libc::SYS_kill, vec![to(-1)?, to(reaper)?, to(-reaper)?]),
        (libc::SYS_tkill, vec![to(reaper)?]),
        (libc::SYS_tgkill, vec![to(reaper)?]),
        (libc::SYS_rt_sigqueueinfo, vec![to(reaper)?]),
    ];
    let filter = SeccompFilter::new(
        rules.into_iter().collect(),
        SeccompAction::Allow,
        SeccompAction::Errno(Errno::EPERM as u32),
        std::env::consts::ARCH.try_into()?,
    )?;
    Ok(filter.try_into()?)
}

/// The first argument is that pid.
fn to(pid: i32) -> Result<SeccompRule> {
    let (place, value) = (0, u64::from(pid as u32));
    let condition = SeccompCondition::new(place, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, value)?;
    Ok(SeccompRule::new(vec![condition])?)
}
