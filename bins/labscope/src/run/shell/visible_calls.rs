//! The system calls that another process can see something of, that wait for another process, or that make one.
//!
//! Before each of them a traced program stops, and it is decided who goes on. What is not here neither waits nor
//! shows outside of its process.

use nix::libc;

use crate::confinement::seccomp::Argument;

/// Their numbers, and when they count.
pub fn all() -> Vec<(i64, Option<Argument>)> {
    let always = ALWAYS.iter().map(|&number| (number, None));
    let mut all: Vec<_> = always.collect();
    #[cfg(target_arch = "x86_64")]
    all.extend(OLD.iter().map(|&number| (number, None)));
    // Asking for an action changes nothing; only what is mapped as shared can be seen by others; of what prctl(2)
    // does, who adopts orphans.
    let (action, subreaper, shared) = (
        Argument::Not { place: 1, value: 0 },
        Argument::Is {
            place: 0,
            value: libc::PR_SET_CHILD_SUBREAPER as u64,
        },
        Argument::HasBits {
            place: 3,
            mask: libc::MAP_SHARED as u64,
        },
    );
    all.push((libc::SYS_rt_sigaction, Some(action)));
    all.push((libc::SYS_prctl, Some(subreaper)));
    all.push((libc::SYS_mmap, Some(shared)));
    all
}

const ALWAYS: &[i64] = &[
    // descriptors
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_pwrite64,
    libc::SYS_sendfile,
    libc::SYS_splice,
    libc::SYS_tee,
    libc::SYS_lseek,
    libc::SYS_close,
    libc::SYS_dup3,
    libc::SYS_pipe2,
    libc::SYS_ftruncate,
    libc::SYS_fallocate,
    libc::SYS_flock,
    libc::SYS_fcntl,
    // names
    libc::SYS_openat,
    libc::SYS_unlinkat,
    libc::SYS_renameat2,
    libc::SYS_mkdirat,
    libc::SYS_mknodat,
    libc::SYS_linkat,
    libc::SYS_symlinkat,
    libc::SYS_truncate,
    libc::SYS_faccessat,
    // waiting for descriptors
    libc::SYS_ppoll,
    libc::SYS_pselect6,
    libc::SYS_epoll_pwait,
    // sockets
    libc::SYS_socket,
    libc::SYS_socketpair,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_sendto,
    libc::SYS_recvfrom,
    libc::SYS_sendmsg,
    libc::SYS_recvmsg,
    libc::SYS_shutdown,
    // processes
    libc::SYS_clone,
    libc::SYS_clone3,
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_wait4,
    libc::SYS_waitid,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_getppid,
    libc::SYS_setpgid,
    libc::SYS_getpgid,
    libc::SYS_setsid,
    libc::SYS_getsid,
    libc::SYS_sched_yield,
    libc::SYS_futex,
    // signals and time
    libc::SYS_kill,
    libc::SYS_tkill,
    libc::SYS_tgkill,
    libc::SYS_rt_sigqueueinfo,
    libc::SYS_rt_sigsuspend,
    libc::SYS_rt_sigtimedwait,
    libc::SYS_nanosleep,
    libc::SYS_clock_nanosleep,
    libc::SYS_restart_syscall,
    libc::SYS_setitimer,
    // System V
    libc::SYS_shmget,
    libc::SYS_shmat,
    libc::SYS_shmctl,
    libc::SYS_semget,
    libc::SYS_semop,
    libc::SYS_semtimedop,
    libc::SYS_semctl,
    libc::SYS_msgget,
    libc::SYS_msgsnd,
    libc::SYS_msgrcv,
    libc::SYS_msgctl,
    // POSIX message queues
    libc::SYS_mq_open,
    libc::SYS_mq_unlink,
    libc::SYS_mq_timedsend,
    libc::SYS_mq_timedreceive,
];

/// Calls that newer processors do without.
#[cfg(target_arch = "x86_64")]
const OLD: &[i64] = &[
    libc::SYS_fork,
    libc::SYS_vfork,
    libc::SYS_open,
    libc::SYS_creat,
    libc::SYS_unlink,
    libc::SYS_rename,
    libc::SYS_renameat,
    libc::SYS_mkdir,
    libc::SYS_rmdir,
    libc::SYS_mknod,
    libc::SYS_link,
    libc::SYS_symlink,
    libc::SYS_access,
    libc::SYS_dup2,
    libc::SYS_pipe,
    libc::SYS_poll,
    libc::SYS_select,
    libc::SYS_epoll_wait,
    libc::SYS_pause,
    libc::SYS_getpgrp,
    libc::SYS_alarm,
];
