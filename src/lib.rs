//! The labs of a lecture on processes and sockets, on raw Linux system calls.
//!
//! # Three levels
//!
//! A C program that calls `fork()` seems to talk to the kernel. It talks to
//! libc, and libc talks to the kernel. Here nothing lies between that is not in
//! this folder, and each level is told apart as the manual does:
//!
//! 1. **The instruction.** `syscall` with a number and up to six registers; the
//!    answer is one register, and -4095…-1 in it is a failure, `-errno`. The
//!    crate `syscalls` holds that instruction and the numbers, nothing more.
//! 2. **Section 2 of the manual.** One function, one system call: [`unistd::fork`],
//!    [`unistd::read`], [`sys::wait::wait4`] … They give types to the registers and
//!    turn the answer into `Result<_, Errno>`.
//! 3. **Section 3 of the manual.** Library functions, which in C come from libc:
//!    [`printf!`], [`stdio::getchar`], [`unistd::sleep`], [`unistd::execl`],
//!    [`stdlib::exit`] … Each one's documentation says which system calls it
//!    makes. (The manual lists `wait`, `waitpid` and `signal` under section 2, as
//!    systems had them once; on Linux they are library functions.)
//!
//! All `unsafe` of this project is in this folder: a line for each system call,
//! the start-up code, the two places where stdio keeps its memory, and one where it makes digits a text.
//!
//! # Where to find a function
//!
//! One module is one C header: `#include <sys/wait.h>` is `use rawlabs::sys::wait::…`.
//! A function is where its man page says it is declared.
//!
//! | module | header | section 2 | section 3 |
//! |---|---|---|---|
//! | [`unistd`] | `<unistd.h>` | `fork vfork_exit execve _exit getpid getppid getpgid setpgid getsid setsid pause alarm chdir read write close close_range lseek dup dup2 pipe access unlink` | `execl sleep usleep isatty` |
//! | [`dirent`] | `<dirent.h>` | `getdents64` | `opendir readdir dirfd closedir` |
//! | [`fcntl`] | `<fcntl.h>` | `open` | |
//! | [`signal`](mod@signal) | `<signal.h>` | `kill sigaction sigprocmask sigsuspend sigtimedwait` | `signal sigaddset` |
//! | [`sys::wait`] | `<sys/wait.h>` | `wait4` | `wait waitpid WIFEXITED WEXITSTATUS WIFSIGNALED WTERMSIG WIFSTOPPED WSTOPSIG WIFCONTINUED` |
//! | [`sys::stat`] | `<sys/stat.h>` | `stat fstat` | `mkfifo S_ISCHR S_ISFIFO S_ISSOCK` |
//! | [`sys::ioctl`] | `<sys/ioctl.h>` | `tcgets` | |
//! | [`sys::ipc`] | `<sys/ipc.h>` | | |
//! | [`sys::shm`] | `<sys/shm.h>` | `shmget shmat shmctl` | |
//! | [`sys::sem`] | `<sys/sem.h>` | `semget semop semctl` | |
//! | [`sys::mman`] | `<sys/mman.h>` | `mmap munmap madvise` | `mmap_array` |
//! | [`sys::prctl`] | `<sys/prctl.h>` | `prctl` | |
//! | [`sys::socket`] | `<sys/socket.h>` | `socket bind listen accept accept4 connect shutdown setsockopt getsockname getpeername sendto recvfrom` | |
//! | [`sys::select`] | `<sys/select.h>` | `select` (`pselect6`) | `FD_SET FD_CLR FD_ISSET` |
//! | [`poll`](mod@poll) | `<poll.h>` | `poll` | |
//! | [`sys::epoll`] | `<sys/epoll.h>` | `epoll_create1 epoll_ctl epoll_wait` | |
//! | [`sys::timerfd`] | `<sys/timerfd.h>` | `timerfd_create timerfd_settime` | |
//! | [`sys::un`] | `<sys/un.h>` | | `sockaddr_un unix_address no_address sun_path` |
//! | [`netinet::r#in`](netinet/in) | `<netinet/in.h>` | | `sockaddr_in INADDR_ANY INADDR_LOOPBACK any_address` |
//! | [`arpa::inet`] | `<arpa/inet.h>` | | `htons ntohs htonl ntohl inet_pton inet_ntoa` |
//! | [`time`] | `<time.h>` | `clock_gettime clock_nanosleep` | |
//! | [`pthread`] | `<pthread.h>` | | `pthread_create pthread_join pthread_detach pthread_self pthread_exit pthread_mutex_lock pthread_mutex_unlock pthread_cond_wait pthread_cond_signal pthread_cond_broadcast` |
//! | [`linux::futex`] | `<linux/futex.h>` | `futex` | |
//! | [`stdio`] | `<stdio.h>` | | `printf! vprintf printf_string! fprintf! dprintf! fwrite getchar getc fgets fflush perror` |
//! | [`stdlib`] | `<stdlib.h>` | | `exit strtol skip_spaces` |
//! | [`string`] | `<string.h>` | | `memset memchr memrchr memmem strlen strcat strncmp strerror as_string` |
//! | [`errno`] | `<errno.h>` | | `Errno` |
//!
//! Seven small things in it are not C's: `mmap_array` (C: the pointer that `mmap` returns, as an array), `vfork_exit` (C: `vfork`, then `_exit` in the child), `any_address` (C: `memset`, then `sin_family`),
//! `unix_address` and `no_address` (C: the same, and `strcpy`),
//! `as_string` (C: the array's name), that `Argv` can be walked by `for`, `printf_string!` (C: a `%s` of any bytes), and
//! `stdlib::skip_spaces` (C: a part of `strtol` and `scanf`).
//!
//! Three modules have no header: [`crt0`], everything that happens before `main` (`Argv`, `environ`),
//! and [`arch`], everything that names a register, since C hides what they do; and
//! [`helpers`], the few functions that labs have beyond C's.
//!
//! # How a lab begins
//!
//! ```ignore
//! #![no_std]
//! #![no_main]
//!
//! use rawlabs::{printf, unistd::getpid};
//!
//! rawlabs::main!(main);
//!
//! fn main() -> libc::c_int {
//!     printf!("process start {}\n", getpid());
//!     0
//! }
//! ```
#![no_std]
#![warn(missing_docs)]
#![deny(unsafe_op_in_unsafe_fn)]
#![warn(clippy::undocumented_unsafe_blocks)]

pub mod arch;
pub mod arpa;
pub mod crt0;
pub mod dirent;
pub mod errno;
pub mod fcntl;
pub mod helpers;
pub mod linux;
pub mod netinet;
pub mod poll;
pub mod pthread;
pub mod signal;
pub mod stdio;
pub mod stdlib;
pub mod string;
pub mod sys;
pub mod time;
pub mod unistd;
