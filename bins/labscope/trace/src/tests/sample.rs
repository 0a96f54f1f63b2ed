//! Arguments made at random, with the strings that are in them.

use crate::tests::paper::Style;
use crate::tests::random::Random;

/// A string as it was, and whether strace cut it off.
pub type Plain = (Vec<u8>, bool);

/// Arguments: what strace writes when the call is entered and what when it returns.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    pub before: String,
    pub after: String,
    pub strings_before: Vec<Plain>,
    pub strings_after: Vec<Plain>,
    /// The call that a restart_syscall goes on with.
    pub resumes: Option<String>,
}

pub fn arguments(random: &mut Random, style: &Style) -> Arguments {
    let mut made = Arguments::default();
    let count = random.below(5);
    // Some calls are printed whole when they are entered.
    let late = random.below(count + 1);
    for place in 0..count {
        let comma = if place == 0 { "" } else { ", " };
        // A comma belongs to what stands before it, as in `read(0,  <unfinished ...>`.
        let (text, strings) = match place < late {
            true => (&mut made.before, &mut made.strings_before),
            false => (&mut made.after, &mut made.strings_after),
        };
        let argument = argument(random, style, strings, 0);
        if place == late && place > 0 && random.percent(70) {
            made.before += comma;
            made.after += &argument;
        } else {
            *text += &format!("{comma}{argument}");
        }
    }
    if !style.space_after_resumed && late == count && count > 0 && random.percent(20) {
        let changed = argument(random, style, &mut made.strings_after, 1);
        made.after = format!(" => {changed}");
    }
    made
}

fn argument(random: &mut Random, style: &Style, strings: &mut Vec<Plain>, depth: usize) -> String {
    match random.below(if depth < 3 { 12 } else { 9 }) {
        0..3 => {
            let (bytes, cut) = plain(random);
            let quoted = quote(&bytes, style, random);
            strings.push((bytes, cut));
            format!("{quoted}{}", if cut { "..." } else { "" })
        }
        3 => random.below(100_000).to_string(),
        4 => descriptor(random, style),
        5 => random
            .pick(&["NULL", "-1", "~[INT CHLD]", "1<<20", "[0 1]", "07"])
            .to_owned(),
        6 => random
            .pick(&[
                "0x7ffe49bea9ec",
                "0x7ffc /* 3 vars */",
                "O_RDWR|O_CREAT /* 0x42 */",
                "...",
            ])
            .to_owned(),
        7 => random
            .pick(&[
                "makedev(0x88, 0x1)",
                "[{WIFEXITED(s) && WEXITSTATUS(s) == 3}]",
                "&sin_zero",
                "AT_FDCWD",
            ])
            .to_owned(),
        8 => "{sa_family=AF_INET, sin_port=htons(3600)}".to_owned(),
        9 => {
            let inner = argument(random, style, strings, depth + 1);
            let other = argument(random, style, strings, depth + 1);
            format!("{{iov_base={inner}, iov_len={other}}}")
        }
        10 => {
            let inner = argument(random, style, strings, depth + 1);
            let other = argument(random, style, strings, depth + 1);
            format!("[{inner}, {other}, ...]")
        }
        _ => format!("inet_addr({})", argument(random, style, strings, depth + 1)),
    }
}

/// A descriptor, with its file if strace was asked for it.
pub fn descriptor(random: &mut Random, style: &Style) -> String {
    let number = random.below(9);
    if !style.descriptors {
        return number.to_string();
    }
    let file = random.pick(&[
        "/tmp/a)b",
        "/tmp/(",
        "/tmp/x\\\"y",
        "/tmp/\\74\\76",
        "/tmp/a-",
        "pipe:[7]",
        "TCP:[127.0.0.1:80->127.0.0.1:90]",
        "/dev/pts/1<char 136:1>",
    ]);
    format!("{number}<{file}>")
}

/// Any bytes, often such as would mislead a reader.
fn plain(random: &mut Random) -> Plain {
    const BAIT: [&[u8]; 10] = [
        b") = 0",
        b"<unfinished ...>",
        b"\\",
        b"\"",
        b"\n10 read(0) = 1\n",
        b" resumed>",
        b"...",
        b"\x019",
        b"\xed\x95\x9c",
        b"\xff\0",
    ];
    let mut bytes = Vec::new();
    for _ in 0..random.below(4) {
        match random.percent(50) {
            true => bytes.extend_from_slice(random.pick(&BAIT)),
            false => bytes.extend((0..random.below(8)).map(|_| random.next() as u8)),
        }
    }
    (bytes, random.percent(15))
}

/// Quotes as strace does: C escapes, octal as short as it can be; with -x hexadecimal.
fn quote(bytes: &[u8], style: &Style, random: &mut Random) -> String {
    let odd = |byte: u8| !(b' '..=b'~').contains(&byte);
    let in_hexadecimal =
        style.hexadecimal && (random.percent(50) || bytes.iter().copied().any(odd));
    let mut quoted = String::from("\"");
    for (place, &byte) in bytes.iter().enumerate() {
        let digit_follows = bytes
            .get(place + 1)
            .is_some_and(|next| (b'0'..=b'7').contains(next));
        quoted += &match byte {
            _ if in_hexadecimal => format!("\\x{byte:02x}"),
            b'"' | b'\\' => format!("\\{}", byte as char),
            b'\n' => "\\n".to_owned(),
            b'\t' => "\\t".to_owned(),
            b'\r' => "\\r".to_owned(),
            0x0b => "\\v".to_owned(),
            0x0c => "\\f".to_owned(),
            _ if odd(byte) && digit_follows => format!("\\{byte:03o}"),
            _ if odd(byte) => format!("\\{byte:o}"),
            _ => (byte as char).to_string(),
        };
    }
    quoted + "\""
}
