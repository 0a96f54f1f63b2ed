//! Results and stacks made at random, with what they mean.

use crate::tests::paper::Style;
use crate::tests::random::Random;
use crate::tests::sample::descriptor;

/// A result, and what it means.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    pub text: String,
    pub value: Option<i64>,
    pub errno: Option<&'static str>,
    pub injected: bool,
    pub delayed: bool,
    pub restarted: bool,
    pub returned: bool,
}

/// The result of a call that is to be made anew, fails or succeeds.
pub fn outcome(random: &mut Random, style: &Style) -> Outcome {
    let mut made = Outcome {
        returned: true,
        ..Outcome::default()
    };
    let (text, value) = match random.below(10) {
        0 => {
            let (name, why) = random.pick(&[
                ("ERESTARTSYS", "To be restarted if SA_RESTART is set"),
                ("ERESTARTNOINTR", "To be restarted"),
                ("ERESTARTNOHAND", "To be restarted if no handler"),
                ("ERESTART_RESTARTBLOCK", "Interrupted by signal"),
            ]);
            (made.errno, made.restarted, made.returned) = (Some(name), true, false);
            (format!("? {name} ({why})"), None)
        }
        1 => {
            made.returned = false;
            return Outcome {
                text: "? <unavailable>".to_owned(),
                ..made
            };
        }
        2 => {
            made.errno = Some("ENOENT");
            ("-1 ENOENT (No such file or directory)".to_owned(), Some(-1))
        }
        3 => ("-1 (errno 524)".to_owned(), Some(-1)),
        4 => ("0x7f12deadb000".to_owned(), Some(0x7f12_dead_b000)),
        5 => ("022".to_owned(), Some(0o22)),
        6 => {
            let (text, value) = random.pick(&[
                ("1 (in [3], left {tv_sec=1, tv_nsec=0})", 1),
                ("0 (Timeout)", 0),
                ("1 ([{fd=0, revents=POLLIN}])", 1),
                ("0x8002 (flags O_RDWR|O_LARGEFILE)", 0x8002),
            ]);
            (text.to_owned(), Some(value))
        }
        7 => {
            let text = descriptor(random, style);
            let digits = text.split('<').next().and_then(|word| word.parse().ok());
            (text, digits)
        }
        _ => {
            let value = random.below(100_000) as i64;
            (value.to_string(), Some(value))
        }
    };
    (made.text, made.value) = (text, value);
    mark(&mut made, random, style);
    made
}

/// What strace writes behind a result.
pub fn mark(made: &mut Outcome, random: &mut Random, style: &Style) {
    if !made.restarted && random.percent(15) {
        let pokes = style.version >= (5, 11);
        let note = random.pick(&["INJECTED", "INJECTED: args", "INJECTED: args, retval"]);
        made.text += &format!(" ({})", if pokes { note } else { "INJECTED" });
        made.injected = true;
    }
    if random.percent(15) {
        made.text += " (DELAYED)";
        made.delayed = true;
    }
    if style.spent {
        made.text += " <0.000123>";
    }
}

/// A stack, if strace was asked for stacks.
pub fn stack(random: &mut Random, style: &Style) -> Vec<String> {
    if !style.stacks {
        return Vec::new();
    }
    let depth = random.below(4);
    (0..depth).map(|_| frame(random, style)).collect()
}

fn frame(random: &mut Random, style: &Style) -> String {
    let address = random.below(1 << 20);
    let source = match style.sources && random.percent(50) {
        true => " /lab/src/한글 name.c:12",
        false => "",
    };
    match random.below(5) {
        0 => format!("/lab/build/fork_test() [0x{address:x}]"),
        1 => format!("unexpected_backtracing_error [0x{address:x}]"),
        2 => format!("/lab/한글 > x(std::run(int, char)+0x1f) [0x{address:x}]{source}"),
        3 => format!("/lab/a (deleted)(main+0x10) [0x{address:x}]{source}"),
        _ => format!("/usr/lib/libc.so.6(__libc_start_main+0x85) [0x{address:x}]{source}"),
    }
}
