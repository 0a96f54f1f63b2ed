//! What runs before `main`, and what happens when `main` returns.
//!
//! In a C program this is `crt1.o` and `__libc_start_main`, and about a dozen
//! system calls. Here it makes none. At the first instruction the kernel has
//! left this on the stack, for every program ever started:
//!
//! ```text
//!            high addresses
//!   +--------------------------------+
//!   | the strings themselves         |   "./command\0" "HOME=/root\0" …
//!   +--------------------------------+
//!   | auxiliary vector               |   pairs (type, value), ended by AT_NULL
//!   +--------------------------------+
//!   | NULL                           |
//!   | envp[1]                        |
//!   | envp[0]                        |   char *, one a variable
//!   +--------------------------------+
//!   | NULL                           |   argv[argc]
//!   | argv[1]                        |
//!   | argv[0]                        |   char *, one an argument
//!   +--------------------------------+
//!   | argc                           |   <- rsp, a multiple of 16
//!   +--------------------------------+
//!            low addresses
//! ```

#[cfg(panic = "abort")]
use core::ffi::c_int;
use core::ffi::{CStr, c_char};
use core::ptr;
use core::sync::atomic::{AtomicPtr, Ordering};

/// `environ(7)`: the environment this process was started with, handed on by `execl`.
static ENVIRON: AtomicPtr<*const c_char> = AtomicPtr::new(ptr::null_mut());

/// The arguments of `main`: C's `argv`, whose strings live as long as the process.
#[derive(Clone, Copy)]
pub struct Argv(*const *const c_char);

impl Argv {
    /// `argv[i]`, or `None` from `argc` on (C has a null pointer there, and beyond it no promise).
    pub fn get(self, i: usize) -> Option<&'static CStr> {
        self.into_iter().nth(i)
    }
}

impl IntoIterator for Argv {
    type Item = &'static CStr;
    type IntoIter = Strings;

    fn into_iter(self) -> Strings {
        Strings(self.0)
    }
}

/// Walks `argv` or the environment up to its null pointer.
pub struct Strings(*const *const c_char);

impl Iterator for Strings {
    type Item = &'static CStr;

    fn next(&mut self) -> Option<&'static CStr> {
        if self.0.is_null() {
            return None;
        }
        // SAFETY: the array ends with a null pointer, and we never step over it.
        let string = unsafe { *self.0 };
        if string.is_null() {
            return None;
        }
        // SAFETY: that was not the null pointer, so one more element follows.
        self.0 = unsafe { self.0.add(1) };
        // SAFETY: the kernel ended each string with a NUL and leaves it alone from then on.
        Some(unsafe { CStr::from_ptr(string) })
    }
}

/// The process's environment, one `NAME=value` at a time (`environ(7)`); no system call.
pub fn environ() -> Strings {
    Strings(environ_ptr())
}

/// The array of pointers itself, as `execve(2)` wants it; null in a host program.
pub(crate) fn environ_ptr() -> *const *const c_char {
    ENVIRON.load(Ordering::Relaxed)
}

/// Called by `_start` with the address of `argc`: finds `argv` and the
/// environment, calls the lab's `main` and exits with what it returns.
///
/// # Safety
///
/// `stack` is the stack pointer the kernel started the process with.
#[cfg(panic = "abort")]
pub(crate) unsafe extern "C" fn start(stack: *const usize) -> ! {
    // SAFETY: the macro `main!` defines it so, and a lab without it does not link.
    unsafe extern "Rust" {
        /// The lab's `main`, under the name that [`main!`](crate::main) gives it.
        safe fn rawlabs_main(argc: c_int, argv: Argv) -> c_int;
    }
    // SAFETY: argc lies at the stack pointer, argv right after it, and the environment after argv's null pointer.
    let (argc, argv, envp) = unsafe { (*stack, stack.add(1), stack.add(*stack + 2)) };
    ENVIRON.store(envp as *mut *const c_char, Ordering::Relaxed);
    crate::stdlib::exit(rawlabs_main(argc as c_int, Argv(argv.cast())))
}

/// Names the function that the process begins with: `main!(main)` for C's
/// `int main()`, `main!(main, argc, argv)` for `int main(int argc, char **argv)`.
#[macro_export]
macro_rules! main {
    ($main:ident) => {
        $crate::main!(@entry _argc, _argv, $main());
    };
    ($main:ident, argc, argv) => {
        $crate::main!(@entry argc, argv, $main(argc, argv));
    };
    (@entry $argc:ident, $argv:ident, $call:expr) => {
        #[unsafe(no_mangle)]
        fn rawlabs_main($argc: ::core::ffi::c_int, $argv: $crate::crt0::Argv) -> ::core::ffi::c_int {
            $call
        }
    };
}

/// A panic is a mistake in this project, never a way out of a lab: it is told on
/// stderr with its place, and the process ends with 101, as Rust programs do.
#[cfg(panic = "abort")]
#[panic_handler]
fn panic(info: &core::panic::PanicInfo) -> ! {
    crate::stdio::report(format_args!("{info}\n"));
    crate::unistd::_exit(101)
}

/// `core`'s tables for unwinding name this; with `panic = "abort"` nobody calls it,
/// and a release build of a lab holds neither.
#[cfg(panic = "abort")]
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}
