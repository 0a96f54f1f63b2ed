//! Does on stdio what its arguments say, one after the other, and tells the
//! result of each on stderr by a write of its own. `stdio.c` beside it does the same.
//!
//! | argument | what is done |
//! |---|---|
//! | `p:TEXT` | `printf("%s", TEXT)` |
//! | `pd:N` | `printf("<%d>\n", N)` |
//! | `rep:N:XTEXT` | `printf` of one string: N times the letter X, then TEXT |
//! | `many:N:TEXT` | N times `printf("%s", TEXT)` |
//! | `w:TEXT`, `wrep:N:XTEXT` | `fwrite` of a text, as `p` and `rep` do |
//! | `wq:TEXT` | the same without telling the result |
//! | `w0` | `fwrite` of five bytes, NULs among them |
//! | `we:TEXT` | `fwrite` to stderr |
//! | `e:TEXT`, `ed:N` | `fprintf(stderr, …)`, as `p` and `pd` do |
//! | `fp:TEXT` | `fprintf(stdout, "%s", TEXT)` |
//! | `getc`, `skip:N` | `getc(stdin)` once, N times |
//! | `gets:N` | `fgets(text, N, stdin)`, and the first N bytes of `text` |
//! | `flush:out`, `flush:in` | `fflush` |
//! | `perror:N:TEXT` | `perror(TEXT)` with errno N |
//! | `fork` | the parent waits for the child, then both go on |
//! | `child:…`, `parent:…` | only the child of the last fork, or only its parent |
//! | `close:N`, `open:PATH` | a descriptor given back; the lowest free one taken |
//! | `append:PATH` | adds four bytes to a file |
//! | `exec:PATH`, `kill:N`, `exit:N`, `_exit:N` | four ways to end |
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use core::ffi::CStr;
use core::fmt::{self, Write};
use core::str;

use libc::c_int;
use rawlabs::crt0::Argv;
use rawlabs::errno::Errno;
use rawlabs::fcntl::{O_APPEND, O_RDWR, O_WRONLY, open};
use rawlabs::printf;
use rawlabs::signal::kill;
use rawlabs::stdio::{FILE, fflush, fgets, fprintf, fwrite, getc, perror, stderr, stdin, stdout};
use rawlabs::stdlib::exit;
use rawlabs::sys::wait::wait;
use rawlabs::unistd::{_exit, close, execl, fork, getpid, getsid, write};

const SIZE: usize = 32768;

/// Collects a line, so that it is one write.
struct Line {
    text: [u8; 64],
    length: usize,
}

impl Write for Line {
    fn write_str(&mut self, s: &str) -> fmt::Result {
        let end = self.length + s.len();
        self.text[self.length..end].copy_from_slice(s.as_bytes());
        self.length = end;
        Ok(())
    }
}

fn tell(what: &str, result: c_int) {
    let mut line = Line {
        text: [0; 64],
        length: 0,
    };
    writeln!(line, "{what} = {result}").unwrap();
    let _ = write(2, &line.text[..line.length]);
}

fn stream(name: &str) -> FILE {
    if name == "in" { stdin } else { stdout }
}

/// `12:rest` is the number 12 and the rest.
fn count_and_text(rest: &str) -> (usize, &str) {
    let (count, text) = rest.split_once(':').unwrap_or((rest, ""));
    (count.parse().unwrap(), text)
}

fn number(rest: &str) -> c_int {
    rest.parse().unwrap()
}

/// The path at the end of an argument, whose NUL is the argument's.
fn path<'a>(argument: &'a CStr, rest: &str) -> &'a CStr {
    let bytes = argument.to_bytes_with_nul();
    CStr::from_bytes_with_nul(&bytes[bytes.len() - rest.len() - 1..]).unwrap()
}

/// `N:XTEXT` as N times the letter X, then TEXT.
fn repeated<'a>(rest: &str, text: &'a mut [u8; SIZE]) -> &'a str {
    let (count, end) = count_and_text(rest);
    let (letter, end) = end.as_bytes().split_first().unwrap();
    text.fill(*letter);
    text[count..][..end.len()].copy_from_slice(end);
    str::from_utf8(&text[..count + end.len()]).unwrap()
}

fn run(argument: &CStr, operation: &str, in_child: &mut bool) {
    let (name, rest) = operation.split_once(':').unwrap_or((operation, ""));
    match name {
        "child" if *in_child => run(argument, rest, in_child),
        "parent" if !*in_child => run(argument, rest, in_child),
        "child" | "parent" => {}
        "p" => tell("printf", printf!("{}", rest)),
        "pd" => tell("printf", printf!("<{}>\n", number(rest))),
        "rep" => tell("printf", printf!("{}", repeated(rest, &mut [0; SIZE]))),
        "many" => {
            let (count, text) = count_and_text(rest);
            for _ in 0..count {
                printf!("{}", text);
            }
        }
        "w" => tell("fwrite", fwrite(rest.as_bytes(), stdout) as c_int),
        "wq" => drop(fwrite(rest.as_bytes(), stdout)),
        "we" => tell("fwrite", fwrite(rest.as_bytes(), stderr) as c_int),
        "wrep" => {
            let mut text = [0; SIZE];
            let text = repeated(rest, &mut text).as_bytes();
            tell("fwrite", fwrite(text, stdout) as c_int);
        }
        "w0" => tell("fwrite", fwrite(b"a\0\n\0b", stdout) as c_int),
        "e" => tell("fprintf", fprintf(stderr, format_args!("{rest}"))),
        "ed" => tell(
            "fprintf",
            fprintf(stderr, format_args!("<{}>\n", number(rest))),
        ),
        "fp" => tell("fprintf", fprintf(stdout, format_args!("{rest}"))),
        "getc" => tell("getc", getc(stdin)),
        "skip" => {
            for _ in 0..number(rest) {
                getc(stdin);
            }
        }
        "gets" => {
            let mut text = [b'#'; SIZE];
            let size = rest.parse().unwrap();
            let line = fgets(&mut text, size, stdin);
            tell("fgets", line.is_some().into());
            if line.is_some() {
                let _ = write(2, &text[..size]);
            }
        }
        "flush" => tell("fflush", fflush(stream(rest))),
        "perror" => {
            let (errno, text) = count_and_text(rest);
            perror(text, Errno::new(errno as c_int));
        }
        "fork" => {
            *in_child = fork().unwrap() == 0;
            if !*in_child {
                let _ = wait(None);
            }
        }
        "close" => tell("close", close(number(rest)).map_or(-1, |()| 0)),
        "open" => tell("open", open(path(argument, rest), O_RDWR, 0).is_ok().into()),
        "append" => {
            let file = open(path(argument, rest), O_WRONLY | O_APPEND, 0).unwrap();
            write(file, b"more").unwrap();
            close(file).unwrap();
        }
        "exec" => {
            let path = path(argument, rest);
            let _ = execl(path, [path]);
        }
        "kill" => kill(getpid(), number(rest)).unwrap(),
        "exit" => exit(number(rest)),
        "_exit" => _exit(number(rest)),
        _ => {
            tell(operation, -1);
            _exit(100);
        }
    }
}

rawlabs::main!(main, argc, argv);

fn main(_argc: c_int, argv: Argv) -> c_int {
    let mut in_child = false;
    let _ = getsid(0); // where the comparison begins
    for argument in argv.into_iter().skip(1) {
        run(argument, argument.to_str().unwrap(), &mut in_child);
    }
    0
}
