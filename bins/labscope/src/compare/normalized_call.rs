//! What a call asks of the kernel, without what differs between two runs of the same program.

use std::fmt;
use std::sync::OnceLock;

use crate::compare::aliases::{AliasedText, Aliases};
use crate::compare::descriptors::{Held, in_argument, in_result};
use crate::compare::masks::Mask;
use crate::compare::request::{arguments, is_count, name, plain_form, result};
use crate::i18n::{Language, Text, code};
use crate::source::libc_calls::allocates;
use crate::source::{Line, Place, Site};
use crate::trace::{Args, Call, Outcome};

/// A call of a process, ready to be compared.
#[derive(Clone, Debug)]
pub struct NormalizedCall {
    /// Its arguments, one by one.
    pub words: Vec<AliasedText>,
    /// What it returned; none if it has not come back, or has no result of its own.
    pub result: Option<AliasedText>,
    pub name: String,
    /// Whether it has come back to the program (exit never does).
    pub returned: bool,
    /// fflush made it.
    pub is_flush: bool,
    /// stdio made it, for what was printed or read.
    pub by_stdio: bool,
    /// The program asked malloc or a function like it for memory.
    pub is_allocation: bool,
    /// The signals that its thread blocks behind it, where it is about them and that is known.
    pub leaves_blocked: Option<Mask>,
    /// The source line that made it.
    pub line: Option<Line>,
    /// Its place in the trace.
    pub index: usize,
    pub declared: Declared,
}

/// A call as declared differences write it, once it has been asked for. A copy asks anew: it may be changed.
#[derive(Debug, Default)]
pub struct Declared(OnceLock<[String; 2]>);

impl Clone for Declared {
    fn clone(&self) -> Declared {
        Declared::default()
    }
}

/// Of more numbers with names in one call no chance is looked for: a table, or a file of the kernel.
const MOST_NAMED: usize = 8;

/// Of a call that was cut off, what the kernel would have filled in.
const MISSING: &str = "…";

impl NormalizedCall {
    /// What a call asks, in a run whose numbers have these names; `held` are the descriptors at that moment.
    pub fn new(
        call: &Call,
        site: &Site,
        index: usize,
        names: &Aliases,
        held: &Held,
    ) -> NormalizedCall {
        let other = plain_form(call, site, names);
        let call = other.as_ref().unwrap_or(call);
        let name = name(call);
        let named = |text: &str| match is_count(call, text) {
            true => plain(text),
            false => AliasedText::new(text, names),
        };
        let words = arguments(call, site).into_iter().enumerate();
        let words = words.map(|(place, word)| in_argument(call, place, named(&word), held));
        let words: Vec<AliasedText> = words.collect();
        let result = result(call).map(|it| in_result(call, named(&it), held));
        NormalizedCall {
            words,
            result,
            name: name.to_owned(),
            returned: call.has_returned() || matches!(name, "exit" | "exit_group"),
            is_flush: site.callee.as_deref() == Some("fflush"),
            by_stdio: match site.callee.as_deref() {
                Some(callee) => OF_STDIO.contains(&callee),
                None => site.place == Place::ReturnFromMain,
            },
            is_allocation: site.callee.as_deref().is_some_and(allocates),
            leaves_blocked: None,
            line: site.line().cloned(),
            index,
            declared: Declared::default(),
        }
    }

    /// A call as it is written: its name, its arguments, its result.
    pub fn written(name: &str, words: &[&str], result: Option<&str>) -> NormalizedCall {
        NormalizedCall {
            words: words.iter().map(|word| plain(word)).collect(),
            result: result.map(plain),
            name: name.to_owned(),
            returned: result.is_some() || name == "exit",
            is_flush: false,
            by_stdio: false,
            is_allocation: false,
            leaves_blocked: None,
            line: None,
            index: 0,
            declared: Declared::default(),
        }
    }

    /// The call that this one is in other words: with this name, these arguments and this result.
    pub fn in_place(
        &self,
        name: &str,
        words: &[AliasedText],
        result: Option<AliasedText>,
    ) -> NormalizedCall {
        NormalizedCall {
            words: words.to_vec(),
            result,
            name: name.to_owned(),
            ..self.clone()
        }
    }

    /// Whether it returned this, as it is told: `-1 ESPIPE`, or `all` of a write that wrote all.
    pub fn came_back_with(&self, result: &str) -> bool {
        self.result
            .as_ref()
            .is_some_and(|own| own.to_string() == result)
    }

    /// Whether it failed.
    pub fn has_failed(&self) -> bool {
        let result = self.result.as_ref();
        let result = result.map(|result| Outcome::from(result.to_string()));
        result.is_some_and(|result| result.errno().is_some())
    }

    /// The argument at a place; an absent one says nothing.
    pub fn argument(&self, place: usize) -> Args {
        let word = self.words.get(place);
        word.map_or_else(Args::default, AliasedText::typed)
    }

    /// The call and its result.
    pub fn text(&self) -> AliasedText {
        let result = self.result.iter();
        let parts = result.flat_map(|result| [plain(" = "), result.clone()]);
        let parts: Vec<AliasedText> = [self.asked()].into_iter().chain(parts).collect();
        AliasedText::join(&parts)
    }

    /// The call and its result as declared differences write them: with the names of its numbers, and with the numbers.
    pub fn as_declared(&self) -> &[String; 2] {
        self.declared.0.get_or_init(|| {
            let mut texts = [0; 2].map(|_| format!("{}(", self.name));
            for (place, word) in self.words.iter().enumerate() {
                let before = if place > 0 { ", " } else { "" };
                let missing = if word.is_empty() { MISSING } else { "" };
                texts.iter_mut().for_each(|text| *text += before);
                texts.iter_mut().for_each(|text| *text += missing);
                word.write_declared(&mut texts);
            }
            texts.iter_mut().for_each(|text| text.push(')'));
            if let Some(result) = &self.result {
                texts.iter_mut().for_each(|text| *text += " = ");
                result.write_declared(&mut texts);
            }
            texts
        })
    }

    /// As declared differences write it where one or two of its numbers only happen to be those of processes: with their
    /// names but for those.
    pub fn with_mere_numbers(&self) -> Vec<String> {
        let parts = self.parts().enumerate();
        let named = parts.flat_map(|(part, text)| text.named().map(move |place| (part, place)));
        let named: Vec<(usize, usize)> = named.collect();
        if !(2..=MOST_NAMED).contains(&named.len()) {
            return Vec::new(); // with one name there is nothing between all named and none
        }
        let pairs =
            (0..named.len()).flat_map(|one| (one..named.len()).map(move |other| [one, other]));
        let text = |pair: [usize; 2]| {
            let mut call = self.clone();
            for (part, place) in pair.map(|it| named[it]) {
                let text = call.words.iter_mut().chain(&mut call.result).nth(part);
                text.into_iter().for_each(|text| text.forget_name(place));
            }
            call.as_declared()[0].clone()
        };
        pairs.map(text).collect()
    }

    /// The call without what it returned.
    pub fn asked(&self) -> AliasedText {
        self.begun(&self.words, ")")
    }

    /// The call up to the first argument that the kernel would have filled in; all of it, if there is none.
    pub fn beginning(&self) -> AliasedText {
        match self.words.iter().position(is_to_be_filled_in) {
            None => self.text(),
            Some(0) => self.begun(&[], ""),
            Some(end) => self.begun(&self.words[..end], ", "),
        }
    }

    fn begun(&self, words: &[AliasedText], end: &str) -> AliasedText {
        let mut parts = vec![plain(&self.name), plain("(")];
        for (place, word) in words.iter().enumerate() {
            parts.extend((place > 0).then(|| plain(", ")));
            let is_there = !word.to_string().is_empty();
            parts.push(if is_there {
                word.clone()
            } else {
                plain(MISSING)
            });
        }
        parts.push(plain(end));
        AliasedText::join(&parts)
    }

    /// Its arguments and its result: whatever in it may have a name.
    pub fn parts(&self) -> impl Iterator<Item = &AliasedText> {
        self.words.iter().chain(&self.result)
    }

    /// Whether both are the same request with the same result. Who is ended while it waits may leave its call first, or
    /// be cut off inside: of that one less is known.
    pub fn alike(&self, other: &NormalizedCall) -> bool {
        if !self.returned && !other.returned && self.is_cut_off() != other.is_cut_off() {
            return self.begins_alike(other);
        }
        let result = match (&self.result, &other.result) {
            (Some(one), Some(other)) => one.alike(other),
            (None, None) => true,
            _ => false,
        };
        let mut words = self.words.iter().zip(&other.words);
        let is_same = self.name == other.name && self.words.len() == other.words.len();
        result && is_same && words.all(|(one, other)| one.alike(other))
    }

    fn is_cut_off(&self) -> bool {
        self.words.iter().any(AliasedText::is_empty)
    }

    /// Both as they are told beside each other: where only what their descriptors are tells them apart, that is told too.
    pub fn beside(&self, other: &NormalizedCall) -> [Text; 2] {
        let explains = self.to_string() == other.to_string() && !self.alike(other);
        [self, other].map(|call| match explains {
            true => Text {
                en: call.text().explained(Language::En),
                ko: call.text().explained(Language::Ko),
            },
            false => code(call.to_string()),
        })
    }

    /// The same, as far as can be known of one that was cut off: what it had been asked for.
    pub fn begins_alike(&self, other: &NormalizedCall) -> bool {
        let known = |request: &NormalizedCall| {
            let known = request
                .words
                .iter()
                .take_while(|word| request.returned || !is_to_be_filled_in(word));
            known.count()
        };
        let count = known(self).min(known(other));
        let mut words = self.words.iter().zip(&other.words).take(count);
        self.name == other.name && words.all(|(one, other)| one.alike(other))
    }
}

impl fmt::Display for NormalizedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words: Vec<String> = self.words.iter().map(AliasedText::to_string).collect();
        let missing = words.iter_mut().filter(|word| word.is_empty());
        missing.for_each(|word| word.push_str(MISSING));
        let result = self.result.as_ref();
        let result = result.map_or_else(String::new, |result| format!(" = {result}"));
        f.pad(&format!("{}({}){result}", self.name, words.join(", ")))
    }
}

/// A text without names.
fn plain(text: &str) -> AliasedText {
    AliasedText::new(text, &Aliases::new())
}

/// Functions that print or read through a buffer, a lab's `printf_string` too, and exit, which writes it out.
const OF_STDIO: [&str; 25] = [
    "exit",
    "fclose",
    "fflush",
    "fgetc",
    "fgets",
    "fprintf",
    "fputc",
    "fputs",
    "fread",
    "fscanf",
    "fwrite",
    "getc",
    "getchar",
    "gets",
    "perror",
    "printf",
    "printf_string",
    "putc",
    "putchar",
    "puts",
    "scanf",
    "ungetc",
    "vfprintf",
    "vprintf",
    "vscanf",
];

/// Whether the kernel would have written there, had the call returned.
fn is_to_be_filled_in(word: &AliasedText) -> bool {
    let word = word.to_string();
    word.is_empty() || word == "ptr"
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::trace::Trace;

    /// `wait(1) = 0` or, of one that was cut off, `wait(1)`.
    pub fn call(text: &str) -> NormalizedCall {
        let (name, rest) = text.split_once('(').expect("a call");
        let (words, result) = rest.split_once(')').unwrap_or((rest, ""));
        let words: Vec<&str> = words.split(", ").filter(|word| !word.is_empty()).collect();
        NormalizedCall::written(name, &words, result.strip_prefix(" = "))
    }

    fn told(line: &str) -> String {
        told_below(None, line)
    }

    fn told_below(callee: Option<&str>, line: &str) -> String {
        told_with(&[], callee, line)
    }

    fn told_with(names: &[(&str, &str)], callee: Option<&str>, line: &str) -> String {
        let mut trace = Trace::of("./lab");
        trace.feed(format!("10 execve(\"./lab\", [\"./lab\"], 0x1) = 0\n10 {line}\n").as_bytes());
        trace.end();
        let site = Site {
            place: Place::Program,
            frames: Vec::new(),
            callee: callee.map(str::to_owned),
            libc_frames: Vec::new(),
            program: None,
        };
        let names = names
            .iter()
            .map(|(number, name)| ((*number).into(), (*name).into()));
        let names: Aliases = names.collect();
        NormalizedCall::new(&trace.calls[1], &site, 1, &names, &Held::new()).to_string()
    }

    #[test]
    fn a_number_of_bytes_is_no_process() {
        let told = |line| told_with(&[("1024", "<1>"), ("316", "<1.1>")], None, line);
        assert_eq!(
            told(r#"read(4, "316 (a) S 1024", 1024) = 316"#),
            r#"read(4, "<1.1> (a) S <1>", 1024) = 316"#
        );
        assert_eq!(
            told("wait4(316, NULL, 0, NULL) = 316"),
            "wait4(<1.1>, NULL, 0, NULL) = <1.1>"
        );
    }

    #[test]
    fn who_is_killed_while_it_waits_may_have_left_its_call_or_be_cut_off_inside() {
        let read = |words: &[&str]| NormalizedCall::written("read", words, None);
        let cut_off = read(&["5", ""]);
        assert!(cut_off.alike(&read(&["5", "ptr", "1024"])));
        assert!(read(&["5", "ptr", "1024"]).alike(&cut_off));
        assert!(!cut_off.alike(&read(&["4", "ptr", "1024"])));
        assert!(!read(&["5", "ptr", "512"]).alike(&read(&["5", "ptr", "1024"])));
        let returned = NormalizedCall::written("read", &["5", "\"a\"", "1024"], Some("1"));
        assert!(!cut_off.alike(&returned));
    }

    #[test]
    fn a_handler_is_a_function_wherever_it_lies() {
        let told = |action: &str| told(&format!("rt_sigaction(SIGINT, {{{action}}}, NULL, 8) = 0"));
        let expected =
            "rt_sigaction(SIGINT, {sa_handler=function, sa_mask=[INT], sa_flags=SA_RESTART}) = 0";
        let flags = "sa_mask=[INT], sa_flags=SA_RESTORER|SA_RESTART, sa_restorer=0x7f1";
        assert_eq!(told(&format!("sa_handler=0x401136, {flags}")), expected);
        assert_eq!(
            told(&format!("sa_handler=0x55d6c8a0b159, {flags}")),
            expected
        );
        assert!(told("sa_handler=SIG_IGN, sa_mask=[], sa_flags=0").contains("sa_handler=SIG_IGN"));
    }

    #[test]
    fn what_musl_asks_for_by_another_call_is_the_same_request() {
        let opened = told("openat(AT_FDCWD, \"f\", O_RDWR) = 3");
        assert_eq!(told("open(\"f\", O_RDWR|O_LARGEFILE) = 3"), opened);
        let zero = "it_interval={tv_sec=0, tv_usec=0}";
        let timer = |left: &str| {
            let left = format!("{{{zero}, it_value={{{left}}}}}");
            format!(
                "setitimer(ITIMER_REAL, {{{zero}, it_value={{tv_sec=600, tv_usec=0}}}}, {left}) = 0"
            )
        };
        let alarm = |left| told_below(Some("alarm"), &timer(left));
        assert_eq!(alarm("tv_sec=0, tv_usec=0"), "alarm(600) = 0");
        assert_eq!(alarm("tv_sec=4, tv_usec=1"), "alarm(600) = 5");
        assert!(told(&timer("tv_sec=0, tv_usec=0")).starts_with("setitimer("));
        let held = "futex(0x7f1, FUTEX_WAIT_PRIVATE, -2147483632, NULL) = 0";
        let expected = "futex(word, FUTEX_WAIT_PRIVATE, 2) = 0";
        assert_eq!(told_below(Some("pthread_mutex_lock"), held), expected);
        assert_ne!(told_below(Some("syscall"), held), expected);
    }

    #[test]
    fn a_terminal_is_asked_for_the_same_by_two_numbers() {
        let newer = told("ioctl(0, TCGETS2, {c_iflag=ICRNL}) = 0");
        assert_eq!(newer, told("ioctl(0, TCGETS, {c_iflag=ICRNL}) = 0"));
        assert_ne!(newer, told("ioctl(0, TIOCGWINSZ, {ws_row=24}) = 0"));
    }

    #[test]
    fn what_is_asked_of_a_file_has_its_path() {
        let of_file = "newfstatat(AT_FDCWD, \"1\", {st_mode=S_IFDIR|0555, ...}, 0) = 0";
        assert_eq!(told(of_file), "fstat(AT_FDCWD, \"1\") = 0");
        let older = "stat(\"1\", {st_mode=S_IFDIR|0555, ...}) = 0";
        assert_eq!(told_below(Some("stat"), older), told(of_file));
        let descriptor = "newfstatat(1, \"\", {st_mode=S_IFCHR|0600, ...}, AT_EMPTY_PATH) = 0";
        assert_eq!(told(descriptor), "fstat(1) = 0");
        assert_eq!(
            told("fstat(1, {st_mode=S_IFCHR|0600, ...}) = 0"),
            "fstat(1) = 0"
        );
    }

    #[test]
    fn the_newer_form_of_a_call_is_the_same_request() {
        let forms = [
            ("pipe([3, 4]) = 0", "pipe2([3, 4], 0) = 0"),
            (
                "mknod(\"f\", S_IFIFO|0600) = 0",
                "mknodat(AT_FDCWD, \"f\", S_IFIFO|0600) = 0",
            ),
            (
                "access(\"f\", F_OK) = 0",
                "faccessat(AT_FDCWD, \"f\", F_OK) = 0",
            ),
            (
                "access(\"f\", F_OK) = 0",
                "faccessat2(AT_FDCWD, \"f\", F_OK, 0) = 0",
            ),
            ("unlink(\"f\") = 0", "unlinkat(AT_FDCWD, \"f\", 0) = 0"),
        ];
        for (older, newer) in forms {
            assert_eq!((told(older), told(newer)), (older.into(), older.into()));
        }
        let flags = "pipe2([3, 4], O_CLOEXEC) = 0";
        assert_eq!(told(flags), "pipe([3, 4], O_CLOEXEC) = 0");
        let folder = "unlinkat(3, \"f\", AT_REMOVEDIR) = 0";
        assert_eq!(told(folder), "unlink(3, \"f\", AT_REMOVEDIR) = 0");
    }

    #[test]
    fn waiting_for_several_descriptors_is_the_same_request_under_both_names() {
        let forms = [
            (
                "select(5, [3 4], NULL, NULL, NULL) = 1 (in [4])",
                "pselect6(5, [3 4], NULL, NULL, NULL, NULL) = 1 (in [4])",
            ),
            (
                "select(4, [], NULL, NULL, {tv_sec=0, tv_usec=100000}) = 0 (Timeout)",
                "pselect6(4, [], NULL, NULL, {tv_sec=0, tv_nsec=100000000}, NULL) = 0 (Timeout)",
            ),
            (
                "poll([{fd=3, events=POLLIN}], 1, -1) = 1 ([{fd=3, revents=POLLIN}])",
                "ppoll([{fd=3, events=POLLIN}], 1, NULL, NULL, 0) = 1 ([{fd=3, revents=POLLIN}])",
            ),
            (
                "poll([{fd=3, events=POLLIN}], 1, 2100) = 0 (Timeout)",
                "ppoll([{fd=3, events=POLLIN}], 1, {tv_sec=2, tv_nsec=100000000}, NULL, 8) = 0 (Timeout)",
            ),
            (
                "epoll_wait(4, [{events=EPOLLIN, data=0x3}], 64, -1) = 1",
                "epoll_pwait(4, [{events=EPOLLIN, data=0x3}], 64, -1, NULL, 8) = 1",
            ),
            ("epoll_create1(0) = 4", "epoll_create(1) = 4"),
            (
                "pause() = ? ERESTARTNOHAND (To be restarted)",
                "ppoll(NULL, 0, NULL, NULL, 0) = ? ERESTARTNOHAND (To be restarted)",
            ),
        ];
        for (one, other) in forms {
            assert_eq!(told(one), told(other));
        }
        let masked = told("ppoll([{fd=3, events=POLLIN}], 1, NULL, [USR1], 8) = 1");
        assert!(masked.contains("[USR1]"), "{masked}");
    }

    #[test]
    fn semop_without_a_timeout_is_semop_and_a_value_is_an_int() {
        let lower = "0, [{sem_num=0, sem_op=-1, sem_flg=SEM_UNDO}], 1";
        let expected = format!("semop({lower}) = 0");
        assert_eq!(told(&format!("semop({lower}) = 0")), expected);
        assert_eq!(told(&format!("semtimedop({lower}, NULL) = 0")), expected);
        let timed = told(&format!("semtimedop({lower}, {{tv_sec=1, tv_nsec=0}}) = 0"));
        assert!(timed.contains("tv_sec"), "{timed}");
        assert_eq!(
            told("semctl(0, 0, SETVAL, 0x7ffe00000001) = 0"),
            "semctl(0, 0, SETVAL, 1) = 0"
        );
        assert_eq!(
            told("semctl(0, 0, SETVAL, NULL) = 0"),
            "semctl(0, 0, SETVAL, 0) = 0"
        );
    }

    #[test]
    fn a_thread_is_one_request_by_whichever_call_and_so_is_a_wait_without_an_end() {
        let flags = "CLONE_VM|CLONE_FS|CLONE_THREAD";
        let glibc = told(&format!(
            "clone3({{flags={flags}|CLONE_SETTLS|CLONE_PARENT_SETTID|CLONE_CHILD_CLEARTID}}, 88) = 11"
        ));
        let lab = told(&format!(
            "clone(child_stack=0x7f, flags={flags}|CLONE_PARENT_SETTID|CLONE_CHILD_CLEARTID, parent_tid=[11], child_tidptr=0x7f) = 11"
        ));
        assert_eq!(glibc, lab);
        assert_eq!(
            told("clone3({flags=CLONE_VM|CLONE_VFORK, exit_signal=SIGCHLD}, 88) = 11"),
            "fork(clone3, CLONE_VM|CLONE_VFORK) = 11"
        );
        let all = "CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD|CLONE_SYSVSEM";
        let thread = told(&format!("clone3({{flags={all}|CLONE_SETTLS}}, 88) = 11"));
        assert_eq!(thread, "clone(a thread) = 11");
        let wait = told("futex(0x7f1, FUTEX_WAIT_PRIVATE, 2, NULL) = 0");
        assert_eq!(
            wait,
            told("futex(0x402004, FUTEX_WAIT_BITSET_PRIVATE, 2, NULL, FUTEX_BITSET_MATCH_ANY) = 0")
        );
        assert_ne!(
            wait,
            told("futex(0x402004, FUTEX_WAIT_PRIVATE, 2, {tv_sec=1, tv_nsec=0}) = 0")
        );
        assert_ne!(wait, told("futex(0x402004, FUTEX_WAIT, 2, NULL) = 0"));
    }

    #[test]
    fn the_end_of_a_handler_has_no_result_of_its_own() {
        let interrupted = told("rt_sigreturn({mask=[]}) = -1 EINTR (Interrupted system call)");
        assert_eq!(interrupted, "rt_sigreturn({mask=[]})");
        assert_eq!(told("rt_sigreturn({mask=[]}) = 93824992"), interrupted);
    }
}
