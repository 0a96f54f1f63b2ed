//! `<unistd.h>`: processes and descriptors.

use core::convert::Infallible;
use core::ffi::{CStr, c_char};
use core::ptr;

pub use libc::{F_OK, SEEK_CUR, SEEK_SET, STDERR_FILENO, STDIN_FILENO, STDOUT_FILENO};
use libc::{c_int, c_uint, off_t, pid_t};
use syscalls::{Errno, Sysno, syscall};

use crate::arch;
use crate::crt0;
use crate::sys::ioctl::tcgets;
use crate::time::{CLOCK_REALTIME, clock_nanosleep, timespec};

/// Copies the calling process. Returns twice: the child's pid in the parent, 0 in the child.
///
/// `fork(2)`: `pid_t fork(void);`
///
/// One system call; glibc makes `clone(SIGCHLD, …)` of it, with the same effect. The
/// child has a copy of all memory (stdio's buffers too), the same open files and the
/// same signal dispositions. Errors: `EAGAIN` too many processes, `ENOMEM`.
pub fn fork() -> Result<pid_t, Errno> {
    arch::fork().map(|pid| pid as pid_t)
}

/// Makes a child that ends at once. It has no memory of its own: it runs in the caller's, who is suspended meanwhile.
///
/// What C writes as `pid = vfork(); if (pid == 0) _exit(status);`. `vfork(2)`: `pid_t vfork(void);`
///
/// One system call of the caller, and an `exit_group` of the child. Both stand in one function, since nothing of
/// Rust may return twice on one stack. Errors: `EAGAIN` too many processes, `ENOMEM`.
pub fn vfork_exit(status: c_int) -> Result<pid_t, Errno> {
    Errno::from_ret(arch::vfork_exit(status)).map(|pid| pid as pid_t)
}

/// Strings as `execve` wants them: pointers, and a null pointer after the last.
#[repr(C)]
struct Vector<const N: usize> {
    strings: [*const c_char; N],
    end: *const c_char,
}

impl<const N: usize> Vector<N> {
    fn new(strings: [&CStr; N]) -> Self {
        Vector {
            strings: strings.map(CStr::as_ptr),
            end: ptr::null(),
        }
    }

    fn as_ptr(&self) -> *const *const c_char {
        ptr::from_ref(self).cast()
    }
}

/// Replaces the program of this process by another. Returns only if that failed.
///
/// `execve(2)`: `int execve(const char *path, char *const argv[], char *const envp[]);`
///
/// One system call. Pid, parent, open descriptors and ignored signals stay; code,
/// memory (stdio's buffers too), name and handlers are gone. Errors: `ENOENT` no
/// such file, `EACCES` not executable, `ENOEXEC` not a program, `E2BIG`, `ENOMEM` …
pub fn execve<const N: usize, const M: usize>(
    path: &CStr,
    argv: [&CStr; N],
    envp: [&CStr; M],
) -> Result<Infallible, Errno> {
    exec(path, Vector::new(argv).as_ptr(), Vector::new(envp).as_ptr())
}

/// Replaces the program of this process by another, which keeps the environment. Returns only if that failed.
///
/// `execl(3)`: `int execl(const char *path, const char *arg, ... /*, NULL */);`
///
/// Makes one `execve(path, argv, environ)`. The list is an array here, and needs
/// no `NULL` at its end. `path` is not searched for in `PATH`. Errors: see [`execve`].
pub fn execl<const N: usize>(path: &CStr, arg: [&CStr; N]) -> Result<Infallible, Errno> {
    exec(path, Vector::new(arg).as_ptr(), crt0::environ_ptr())
}

fn exec(
    path: &CStr,
    argv: *const *const c_char,
    envp: *const *const c_char,
) -> Result<Infallible, Errno> {
    // SAFETY: a string, and two arrays that live until the call and end with a null pointer (or a null one, an empty environment); only read.
    let failed = unsafe { syscall!(Sysno::execve, path.as_ptr(), argv, envp) };
    failed.map(|_| _exit(127)) // an exec that succeeds has no program left to return to
}

/// Ends the process at once: no buffer is written, nothing given back.
///
/// `_exit(2)`: `noreturn void _exit(int status);`
///
/// One `exit_group`, as in glibc. Descriptors are closed; children are adopted;
/// the parent gets SIGCHLD and, by `wait`, the low 8 bits of `status`.
pub fn _exit(status: c_int) -> ! {
    loop {
        // SAFETY: a number; the process ends here.
        let _ = unsafe { syscall!(Sysno::exit_group, status) };
    }
}

/// The id of the calling process. Never fails.
///
/// `getpid(2)`: `pid_t getpid(void);` One system call.
pub fn getpid() -> pid_t {
    // SAFETY: takes no argument and touches no memory of ours.
    unsafe { syscall!(Sysno::getpid) }.unwrap_or(0) as pid_t
}

/// The id of the parent: after that parent's death, of whoever adopted us. Never fails.
///
/// `getppid(2)`: `pid_t getppid(void);` One system call.
pub fn getppid() -> pid_t {
    // SAFETY: takes no argument and touches no memory of ours.
    unsafe { syscall!(Sysno::getppid) }.unwrap_or(0) as pid_t
}

/// The process group of a process; `pid` 0 means the caller.
///
/// `getpgid(2)`: `pid_t getpgid(pid_t pid);` One system call. Errors: `ESRCH`.
pub fn getpgid(pid: pid_t) -> Result<pid_t, Errno> {
    // SAFETY: a number.
    unsafe { syscall!(Sysno::getpgid, pid) }.map(|pgid| pgid as pid_t)
}

/// Puts a process into a process group; 0 means the caller, and a group of its own.
///
/// `setpgid(2)`: `int setpgid(pid_t pid, pid_t pgid);`
///
/// One system call. Errors: `ESRCH` neither the caller nor its child, `EPERM` a
/// session leader or another session, `EACCES` a child that has called exec,
/// `EINVAL` a negative group.
pub fn setpgid(pid: pid_t, pgid: pid_t) -> Result<(), Errno> {
    // SAFETY: two numbers.
    unsafe { syscall!(Sysno::setpgid, pid, pgid) }.map(drop)
}

/// The session of a process; `pid` 0 means the caller.
///
/// `getsid(2)`: `pid_t getsid(pid_t pid);` One system call. Errors: `ESRCH`.
pub fn getsid(pid: pid_t) -> Result<pid_t, Errno> {
    // SAFETY: a number.
    unsafe { syscall!(Sysno::getsid, pid) }.map(|sid| sid as pid_t)
}

/// Starts a new session with the caller as leader of it and of a new process
/// group, and without a controlling terminal. Returns the session's id, the caller's pid.
///
/// `setsid(2)`: `pid_t setsid(void);`
///
/// One system call. Errors: `EPERM` the caller leads a process group already,
/// which is why a daemon forks first.
pub fn setsid() -> Result<pid_t, Errno> {
    // SAFETY: takes no argument and touches no memory of ours.
    unsafe { syscall!(Sysno::setsid) }.map(|sid| sid as pid_t)
}

/// Waits until a signal has been handled (or ends the process). Always an error: `EINTR`.
///
/// `pause(2)`: `int pause(void);` One system call.
pub fn pause() -> Result<Infallible, Errno> {
    Err(arch::pause().err().unwrap_or(Errno::EINTR))
}

/// Asks for a SIGALRM after so many seconds, in the place of one that was asked for before; 0 asks for none. Returns
/// the seconds that had been left of that, or 0. Never fails.
///
/// `alarm(2)`: `unsigned int alarm(unsigned int seconds);`
///
/// One system call. What nobody catches ends the process. The request outlives exec; a child by fork has none.
pub fn alarm(seconds: c_uint) -> c_uint {
    arch::alarm(seconds).unwrap_or(0) as c_uint
}

/// Changes the folder in which relative paths begin.
///
/// `chdir(2)`: `int chdir(const char *path);` One system call. Errors: `ENOENT`, `ENOTDIR`, `EACCES` …
pub fn chdir(path: &CStr) -> Result<(), Errno> {
    // SAFETY: `path` ends with a NUL and is only read.
    unsafe { syscall!(Sysno::chdir, path.as_ptr()) }.map(drop)
}

/// Reads what is there, at most `buf.len()` bytes; 0 is the end of the file.
///
/// `read(2)`: `ssize_t read(int fd, void buf[count], size_t count);`
///
/// One system call. Errors: `EBADF`, `EINTR` a handler ran first, `EIO` (a
/// background process on its terminal), `EISDIR`, `EAGAIN`, `ECONNRESET` …
pub fn read(fd: c_int, buf: &mut [u8]) -> Result<usize, Errno> {
    // SAFETY: the kernel writes at most `buf.len()` bytes, for which there is room.
    unsafe { syscall!(Sysno::read, fd, buf.as_mut_ptr(), buf.len()) }
}

/// Writes up to `buf.len()` bytes and tells how many it took.
///
/// `write(2)`: `ssize_t write(int fd, const void buf[count], size_t count);`
///
/// One system call. Errors: `EBADF`, `EINTR`, `ENOSPC` full, `EPIPE` nobody
/// reads any more (and SIGPIPE), `EAGAIN` …
pub fn write(fd: c_int, buf: &[u8]) -> Result<usize, Errno> {
    // SAFETY: the kernel only reads `buf.len()` bytes.
    unsafe { syscall!(Sysno::write, fd, buf.as_ptr(), buf.len()) }
}

/// Gives a descriptor back. The file itself stays open while another descriptor, here or in another process, stands for it.
///
/// `close(2)`: `int close(int fd);`
///
/// One system call. Errors: `EBADF`; `EINTR`, `EIO`, `ENOSPC` from what was still to be
/// written. On Linux the descriptor is free again whatever is returned.
pub fn close(fd: c_int) -> Result<(), Errno> {
    // SAFETY: a number; the descriptor table is the kernel's.
    unsafe { syscall!(Sysno::close, fd) }.map(drop)
}

/// Gives all descriptors from `first` to `last` back, at once; `c_uint::MAX` is the largest there is.
///
/// `close_range(2)`: `int close_range(unsigned int first, unsigned int last, int flags);`
///
/// One system call, of Linux 5.9 and later. Errors: `EINVAL` unknown flags, or `first` above `last`.
pub fn close_range(first: c_uint, last: c_uint, flags: c_int) -> Result<(), Errno> {
    // SAFETY: three numbers; the descriptor table is the kernel's.
    unsafe { syscall!(Sysno::close_range, first, last, flags) }.map(drop)
}

/// Moves the offset at which the next read or write happens. It belongs to the
/// open file, not to the descriptor: parent and child share it.
///
/// `lseek(2)`: `off_t lseek(int fd, off_t offset, int whence);`
///
/// One system call. Errors: `EBADF`, `ESPIPE` a pipe, socket or terminal, `EINVAL`.
pub fn lseek(fd: c_int, offset: off_t, whence: c_int) -> Result<off_t, Errno> {
    // SAFETY: three numbers.
    unsafe { syscall!(Sysno::lseek, fd, offset, whence) }.map(|offset| offset as off_t)
}

/// A second descriptor, the lowest free one, for the same open file.
///
/// `dup(2)`: `int dup(int oldfd);` One system call. Errors: `EBADF`, `EMFILE`.
pub fn dup(oldfd: c_int) -> Result<c_int, Errno> {
    // SAFETY: a number; the descriptor table is the kernel's.
    unsafe { syscall!(Sysno::dup, oldfd) }.map(|fd| fd as c_int)
}

/// Makes `newfd` stand for the same open file as `oldfd`, closing what it stood for.
///
/// `dup2(2)`: `int dup2(int oldfd, int newfd);` One system call. Errors: `EBADF`, `EINTR`.
pub fn dup2(oldfd: c_int, newfd: c_int) -> Result<c_int, Errno> {
    arch::dup2(oldfd, newfd).map(|fd| fd as c_int)
}

/// Asks whether a file of that name is there (`F_OK`), or may be read, written or executed.
///
/// `access(2)`: `int access(const char *path, int mode);`
///
/// One system call. Asked of the real user. What is true now may be false at the next call. Errors: `ENOENT` no
/// such file, `EACCES` it may not, `ENOTDIR`, `ENAMETOOLONG`, `EROFS`, `EINVAL` no such mode.
pub fn access(path: &CStr, mode: c_int) -> Result<(), Errno> {
    arch::access(path, mode).map(drop)
}

/// Removes a name. The file itself stays while another name or an open descriptor, here or elsewhere, stands for it.
///
/// `unlink(2)`: `int unlink(const char *path);`
///
/// One system call. It does not ask what kind of file that is; only folders are refused.
/// Errors: `ENOENT` no such file, `EISDIR` a folder, `EACCES`, `EPERM`, `ENOTDIR`, `EROFS` …
pub fn unlink(path: &CStr) -> Result<(), Errno> {
    arch::unlink(path).map(drop)
}

/// Makes a pipe: what is written into `pipefd[1]` is read from `pipefd[0]`.
///
/// `pipe(2)`: `int pipe(int pipefd[2]);` One system call. Errors: `EMFILE`, `ENFILE`.
pub fn pipe(pipefd: &mut [c_int; 2]) -> Result<(), Errno> {
    arch::pipe(pipefd).map(drop)
}

/// Is the descriptor a terminal?
///
/// `isatty(3)`: `int isatty(int fd);` Makes one `ioctl(fd, TCGETS)`, which only a terminal answers.
pub fn isatty(fd: c_int) -> bool {
    tcgets(fd).is_ok()
}

/// Suspends the process for `seconds`. Returns 0, or the whole seconds left if a signal handler ran.
///
/// `sleep(3)`: `unsigned int sleep(unsigned int seconds);`
///
/// Makes one `clock_nanosleep(CLOCK_REALTIME, 0, …)`, as glibc does.
pub fn sleep(seconds: c_uint) -> c_uint {
    let request = timespec {
        tv_sec: seconds.into(),
        tv_nsec: 0,
    };
    let mut remain = request;
    match clock_nanosleep(CLOCK_REALTIME, 0, &request, &mut remain) {
        Ok(()) => 0,
        Err(_) => remain.tv_sec as c_uint,
    }
}

/// Suspends the process for `usec` microseconds.
///
/// `usleep(3)`: `int usleep(useconds_t usec);`
///
/// Makes one `clock_nanosleep(CLOCK_REALTIME, 0, …, NULL)`, as glibc does. Errors: `EINTR`.
pub fn usleep(usec: c_uint) -> Result<(), Errno> {
    let request = timespec {
        tv_sec: i64::from(usec / 1_000_000),
        tv_nsec: i64::from(usec % 1_000_000) * 1000,
    };
    clock_nanosleep(CLOCK_REALTIME, 0, &request, None)
}
