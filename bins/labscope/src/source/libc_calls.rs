//! What libc did for the program: the calls that the C source does not ask for.
//!
//! They are told by their stack, from a reviewed list: a `brk` below malloc below printf is libc's,
//! a `brk` that the program asks for is not. Whatever is not on the list counts as the program's own.

use crate::i18n::{Language, libc};
use crate::source::site::Frame;
use crate::source::{Place, Site};

/// Why libc made a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Finding the libraries and reading them.
    Libraries,
    /// Mapping them into memory.
    Mapping,
    /// Preparing threads, also where the program does not have any.
    Threads,
    /// The stack of a thread.
    Stacks,
    /// One thread waits for another one, inside of stdio or malloc.
    Locks,
    /// The heap, for malloc.
    Heap,
    /// What start-up asks the kernel about.
    Limits,
    /// perror's own stream.
    Perror,
    /// What system and popen do around the process that they make.
    Spawn,
    /// A file or a folder that is opened for the program.
    Files,
    /// The time zone.
    Zone,
}

impl Kind {
    pub const ALL: [Kind; 11] = [
        Kind::Libraries,
        Kind::Mapping,
        Kind::Threads,
        Kind::Stacks,
        Kind::Locks,
        Kind::Heap,
        Kind::Limits,
        Kind::Perror,
        Kind::Spawn,
        Kind::Files,
        Kind::Zone,
    ];

    /// Its name for programs.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Libraries => "libraries",
            Kind::Mapping => "mapping",
            Kind::Threads => "threads",
            Kind::Stacks => "stacks",
            Kind::Locks => "locks",
            Kind::Heap => "heap",
            Kind::Limits => "limits",
            Kind::Perror => "perror",
            Kind::Spawn => "spawn",
            Kind::Files => "files",
            Kind::Zone => "zone",
        }
    }

    /// What these calls are for, in one line.
    pub fn purpose(self, language: Language) -> &'static str {
        match self {
            Kind::Libraries => libc::libraries(language),
            Kind::Mapping => libc::mapping(language),
            Kind::Threads => libc::threads(language),
            Kind::Stacks => libc::stacks(language),
            Kind::Locks => libc::locks(language),
            Kind::Heap => libc::heap(language),
            Kind::Limits => libc::limits(language),
            Kind::Perror => libc::perror(language),
            Kind::Spawn => libc::spawn(language),
            Kind::Files => libc::files(language),
            Kind::Zone => libc::zone(language),
        }
    }
}

/// Why libc made a call of this name; none if the program itself asked for it.
pub fn kind(name: &str, site: &Site) -> Option<Kind> {
    // What a lab's library does, it does in sight of the reader.
    if site.frames.first().is_some_and(Frame::is_rust) {
        return None;
    }
    kind_at(name, site.place, site.callee.as_deref(), &site.libc_frames)
}

/// The same of a call that is not yet over: `callee` is what the program called, `libc_frames` are those below.
pub(super) fn kind_at(
    name: &str,
    place: Place,
    callee: Option<&str>,
    libc_frames: &[String],
) -> Option<Kind> {
    let below = |functions: &[&str]| {
        let mut frames = libc_frames.iter();
        frames.any(|frame| functions.contains(&frame.as_str()))
    };
    match (place, callee) {
        (Place::StartUp, _) => at_start(name),
        (Place::AroundThread, _) => around_thread(name),
        // Whatever the stack: no program asks for these itself.
        (Place::CutOff, _) if matches!(name, "set_robust_list" | "rseq") => Some(Kind::Threads),
        (Place::Program, Some("pthread_create")) if !below(&["malloc", "calloc", "realloc"]) => {
            for_new_thread(name)
        }
        (Place::Program, Some("pthread_exit" | "pthread_cancel")) => to_unwind(name),
        // musl gives a stack back there.
        (Place::Program, Some("pthread_join" | "pthread_detach")) if name == "munmap" => {
            Some(Kind::Stacks)
        }
        // musl lets signals of its own through before there is a handler.
        (Place::Program, Some("signal" | "sigaction")) if name == "rt_sigprocmask" => {
            Some(Kind::Threads)
        }
        (Place::Program, Some(callee)) if name == "futex" => {
            let is_asked = callee.starts_with("pthread_") || callee == "syscall";
            (!is_asked).then_some(Kind::Locks)
        }
        // The program called an allocator: what that asks for is the program's own wish.
        (Place::Program, Some(callee)) if allocates(callee) || ASK.contains(&callee) => None,
        (Place::Program, Some("perror"))
            if matches!(name, "dup" | "fcntl" | "fstat" | "newfstatat" | "close") =>
        {
            Some(Kind::Perror)
        }
        // From glibc 2.41 on, as in musl, signals are held back while it forks; there the child asks who it is.
        (Place::Program, Some("fork" | "vfork"))
            if matches!(name, "set_robust_list" | "rt_sigprocmask" | "gettid") =>
        {
            Some(Kind::Threads)
        }
        (Place::Program, Some(callee)) if SPAWNERS.contains(&callee) => around_spawn(callee, name),
        (Place::Program, Some("opendir" | "fdopendir" | "scandir"))
            if matches!(name, "fstat" | "newfstatat" | "fcntl") =>
        {
            Some(Kind::Files)
        }
        // musl's malloc is not seen below it.
        (Place::Program, Some("opendir" | "fdopendir" | "closedir"))
            if matches!(name, "mmap" | "munmap") =>
        {
            Some(Kind::Heap)
        }
        (Place::Program, Some("dprintf" | "vdprintf" | "fdopen"))
            if matches!(name, "lseek" | "fcntl" | "ioctl") =>
        {
            Some(Kind::Files)
        }
        (Place::Program, Some(callee)) if ASK_FOR_ZONE.contains(&callee) => Some(Kind::Zone),
        // By which functions of its own malloc gets there differs from one glibc to the next.
        (Place::Program, Some(_)) if name == "brk" => Some(Kind::Heap),
        (Place::Program, Some(_))
            if below(&["malloc", "calloc", "realloc", "_IO_file_doallocate"]) =>
        {
            heap(name)
        }
        _ => None,
    }
}

/// Whether a function of this name gives a program memory, from wherever it has it.
pub fn allocates(callee: &str) -> bool {
    ALLOCATORS.contains(&callee)
}

const ALLOCATORS: [&str; 11] = [
    "malloc",
    "calloc",
    "realloc",
    "reallocarray",
    "free",
    "strdup",
    "strndup",
    "aligned_alloc",
    "posix_memalign",
    "memalign",
    "valloc",
];

/// Functions by which a program asks the kernel itself.
const ASK: [&str; 3] = ["brk", "sbrk", "syscall"];

/// Functions that make a process which runs another program.
const SPAWNERS: [&str; 5] = ["system", "popen", "pclose", "posix_spawn", "posix_spawnp"];

/// Functions that read which time zone it is.
const ASK_FOR_ZONE: [&str; 7] = [
    "localtime",
    "localtime_r",
    "mktime",
    "ctime",
    "ctime_r",
    "strftime",
    "tzset",
];

/// The program asks for the process, for its end, and for the pipe to it; all else is how libc makes it.
fn around_spawn(callee: &str, name: &str) -> Option<Kind> {
    let is_asked = match name {
        "fork" | "vfork" | "clone" | "clone3" | "execve" | "wait4" | "waitid" | "pipe"
        | "pipe2" | "read" | "write" => true,
        "close" => callee == "pclose",
        _ => false,
    };
    (!is_asked).then_some(Kind::Spawn)
}

/// A thread that is not the first has a heap of its own: cut out of a larger mapping.
fn heap(name: &str) -> Option<Kind> {
    let is_heap = matches!(name, "brk" | "mmap" | "munmap" | "mprotect" | "getrandom");
    is_heap.then_some(Kind::Heap)
}

fn for_new_thread(name: &str) -> Option<Kind> {
    Some(match name {
        "mmap" | "munmap" | "mprotect" | "madvise" => Kind::Stacks,
        "rt_sigaction" | "rt_sigprocmask" | "membarrier" => Kind::Threads,
        "futex" => Kind::Locks, // musl's list of all threads
        _ => return None,
    })
}

/// A thread that is left from within is unwound, by a library (libgcc_s) that is loaded for the first of them.
fn to_unwind(name: &str) -> Option<Kind> {
    at_start(name).or_else(|| around_thread(name))
}

fn around_thread(name: &str) -> Option<Kind> {
    Some(match name {
        "rseq" | "set_robust_list" | "rt_sigprocmask" => Kind::Threads,
        "madvise" | "mmap" | "munmap" | "mprotect" => Kind::Stacks,
        "futex" => Kind::Locks, // the unwinder's own, at the end
        _ => return None,
    })
}

/// Whether a program without a loader makes such a call before `main`, and for itself hardly as its first.
pub(super) fn is_start_of_static(name: &str) -> bool {
    let kind = at_start(name);
    kind.is_some_and(|kind| kind != Kind::Libraries)
}

fn at_start(name: &str) -> Option<Kind> {
    Some(match name {
        "access" | "faccessat" | "openat" | "read" | "pread64" | "newfstatat" | "fstat"
        | "close" => Kind::Libraries,
        "mmap" | "munmap" | "mprotect" | "brk" => Kind::Mapping,
        "arch_prctl" | "set_tid_address" | "set_robust_list" | "rseq" => Kind::Threads,
        "prlimit64" | "getrandom" | "readlink" | "readlinkat" => Kind::Limits,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_system_and_popen_do_around_their_process_is_libcs() {
        let below = |callee, name| kind_at(name, Place::Program, Some(callee), &[]);
        for (callee, name) in [
            ("system", "rt_sigaction"),
            ("system", "rt_sigprocmask"),
            ("system", "mmap"),
            ("popen", "prlimit64"),
            ("popen", "close"),
            ("popen", "dup2"),
        ] {
            assert_eq!(below(callee, name), Some(Kind::Spawn), "{callee} {name}");
        }
        for (callee, name) in [
            ("system", "clone3"),
            ("system", "wait4"),
            ("popen", "pipe2"),
            ("pclose", "close"),
            ("sigaction", "rt_sigaction"),
        ] {
            assert_eq!(below(callee, name), None, "{callee} {name}");
        }
        assert_eq!(below("opendir", "newfstatat"), Some(Kind::Files));
        assert_eq!(below("opendir", "openat"), None);
        assert_eq!(below("opendir", "mmap"), Some(Kind::Heap)); // musl
        assert_eq!(below("dprintf", "lseek"), Some(Kind::Files));
        assert_eq!(below("dprintf", "ioctl"), Some(Kind::Files)); // is it a terminal?
        assert_eq!(below("dprintf", "write"), None);
        assert_eq!(below("lseek", "lseek"), None);
        assert_eq!(below("localtime", "openat"), Some(Kind::Zone));
    }

    #[test]
    fn what_glibc_does_for_a_thread_is_its_own_and_what_the_program_asks_for_is_not() {
        let below = |callee, name, frames: &[&str]| {
            let frames: Vec<String> = frames.iter().map(|frame| (*frame).to_owned()).collect();
            kind_at(name, Place::Program, Some(callee), &frames)
        };
        for (name, kind) in [
            ("rt_sigaction", Some(Kind::Threads)),
            ("rt_sigprocmask", Some(Kind::Threads)),
            ("mmap", Some(Kind::Stacks)),
            ("mprotect", Some(Kind::Stacks)),
            ("clone3", None),
        ] {
            assert_eq!(
                below("pthread_create", name, &["pthread_create"]),
                kind,
                "{name}"
            );
        }
        assert_eq!(
            below("pthread_create", "brk", &["sbrk", "calloc"]),
            Some(Kind::Heap)
        );
        assert_eq!(
            below("printf", "munmap", &["malloc", "printf"]),
            Some(Kind::Heap)
        );
        assert_eq!(below("printf", "futex", &["printf"]), Some(Kind::Locks));
        for asked in [
            "pthread_join",
            "pthread_mutex_lock",
            "pthread_mutex_unlock",
            "syscall",
        ] {
            assert_eq!(below(asked, "futex", &[asked]), None, "{asked}");
        }
        assert_eq!(below("mmap", "mmap", &["mmap"]), None);
        assert_eq!(below("sbrk", "brk", &["brk"]), None);
        // glibc 2.42: no malloc below it.
        let newer = ["brk", "sbrk", "__default_morecore"];
        assert_eq!(below("printf", "brk", &newer), Some(Kind::Heap));
        assert_eq!(below("malloc", "brk", &newer), None);
        // glibc 2.41
        assert_eq!(
            below("fork", "rt_sigprocmask", &["fork"]),
            Some(Kind::Threads)
        );
        assert_eq!(below("sigprocmask", "rt_sigprocmask", &[]), None);
        // musl
        for (callee, name, kind) in [
            ("signal", "rt_sigprocmask", Kind::Threads),
            ("sigaction", "rt_sigprocmask", Kind::Threads),
            ("pthread_create", "membarrier", Kind::Threads),
            ("pthread_create", "futex", Kind::Locks),
            ("pthread_join", "munmap", Kind::Stacks),
        ] {
            assert_eq!(below(callee, name, &[]), Some(kind), "{callee} {name}");
        }
        assert_eq!(below("sigaction", "rt_sigaction", &[]), None);
        assert_eq!(below("munmap", "munmap", &[]), None);
        let around = |name| kind_at(name, Place::AroundThread, None, &[]);
        assert_eq!(
            (around("rseq"), around("madvise")),
            (Some(Kind::Threads), Some(Kind::Stacks))
        );
        assert_eq!((around("exit"), around("close")), (None, None));
        assert_eq!(around("futex"), Some(Kind::Locks));
        let left = |name| below("pthread_exit", name, &["pthread_exit"]);
        assert_eq!(
            [left("openat"), left("mmap"), left("futex")],
            [Kind::Libraries, Kind::Mapping, Kind::Locks].map(Some)
        );
        assert_eq!(left("exit"), None);
    }
}
