//! What the kernel returns, negated, from a call that a signal broke off and that it means to make once more.

/// Unless a handler runs whose action does not say SA_RESTART.
pub const ERESTARTSYS: i64 = 512;
/// In any case.
pub const ERESTARTNOINTR: i64 = 513;
/// Unless a handler runs.
pub const ERESTARTNOHAND: i64 = 514;
/// The same, and as `restart_syscall`, which knows how much is left.
pub const ERESTART_RESTARTBLOCK: i64 = 516;

/// Whether a result is one of them.
pub fn is_broken_off(result: i64) -> bool {
    matches!(
        -result,
        ERESTARTSYS | ERESTARTNOINTR | ERESTARTNOHAND | ERESTART_RESTARTBLOCK
    )
}
