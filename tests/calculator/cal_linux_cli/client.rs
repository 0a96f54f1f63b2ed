//! The client: one line of answer for each line that is typed, whatever it holds.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use crate::numbers;
use crate::support::server::Server;
use crate::support::{bounded, lab, text_of};

/// The client's command, for the server at that port.
pub fn client(port: u16) -> Command {
    let mut command = bounded(lab("cal_linux_cli"));
    command.args(["127.0.0.1", &port.to_string()]);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs the client with this input to its end, which must be a good one.
pub fn typed(port: u16, input: &[u8]) -> Output {
    let mut child = client(port).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let seen = std::thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(input).unwrap_or_default());
        child.wait_with_output().unwrap()
    });
    assert_eq!(
        (seen.status.code(), seen.stderr.len()),
        (Some(0), 0),
        "{}",
        text_of(&seen)
    );
    seen
}

/// What the client says to one line, between the prompt before it and the one after it.
fn answer_to(port: u16, line: &[u8]) -> String {
    let seen = typed(port, &[line, b"\nquit\n"].concat());
    let shown = seen.stdout.escape_ascii().to_string();
    let answer = shown
        .strip_prefix("> ")
        .and_then(|shown| shown.strip_suffix("\\n> "));
    answer
        .unwrap_or_else(|| panic!("{:?}: {shown}", line.escape_ascii().to_string()))
        .to_owned()
}

const NONSENSE: &str = "error: not a calculation";
const LARGE: &str = "error: beyond 32 bits";
const OPERATOR: &str = "error: unknown operator";

/// Lines, with bars between them, to which the same is said.
const LINES: [(&str, &str); 23] = [
    (
        "1+2|1 + 2|  1  +  2  |\t1\t+\t2|1+2\r|\u{b}1+\u{c}2|1\u{b}+\u{b}2\u{b}|+1++2|001+0002",
        "1 + 2 = 3",
    ),
    ("5+-3|5 + -3|5+ -3", "5 + -3 = 2"),
    ("-5--3|-5 - -3", "-5 - -3 = -2"),
    ("7-9", "7 - 9 = -2"),
    ("6*7", "6 * 7 = 42"),
    ("6x7|6 x 7", "6 x 7 = 42"),
    ("7/2", "7 / 2 = 3"),
    ("-7/2", "-7 / 2 = -3"),
    ("0x10", "0 x 10 = 0"),
    ("2147483647+1", "2147483647 + 1 = -2147483648"),
    ("-2147483648/-1", "-2147483648 / -1 = -2147483648"),
    ("-2147483648-1", "-2147483648 - 1 = 2147483647"),
    ("65536*65536", "65536 * 65536 = 0"),
    ("7/0|0/0|-2147483648/-0", "error: division by zero"),
    ("7%2|7^2|7=2|1 2 3|1X2|1\0+2|1\\2|1:2", OPERATOR),
    (
        "| |\t|\r|abc|x|+|-|/|1|-1|1+|1 +|+2|*2|1+2x|1+2 3|1+2+3|1+2=|1+2 quit",
        NONSENSE,
    ),
    (
        "1 - - 2|- 1+2|1+--2|--1+2|1.5+2|0x10+1|1,5+2|(1+2)|1 + two|one + 2|１+２",
        NONSENSE,
    ),
    (
        " quit|quit |Quit|QUIT|quitter|q|exit|\0quit|quit\0",
        NONSENSE,
    ),
    (
        "\u{7f}|\u{1}\u{2}\u{3}|%s%n|{}|> |error: | = |1 = 2 = 3|=|안녕",
        NONSENSE,
    ),
    (
        "2147483648+1|1+2147483648|-2147483649+1|1--2147483649",
        LARGE,
    ),
    (
        "4294967297+1|99999999999999999999+1|1+-99999999999999999999999999",
        LARGE,
    ),
    (
        "9223372036854775807+1|-9223372036854775808-1|18446744073709551617*1",
        LARGE,
    ),
    ("2147483648/0|99999999999%1", LARGE),
];

#[test]
fn every_shape_of_line_has_its_answer() {
    let server = Server::new("cal_linux_server");
    for (lines, expected) in LINES {
        for line in lines.split('|') {
            assert_eq!(
                answer_to(server.address.port(), line.as_bytes()),
                expected,
                "{line:?}"
            );
        }
    }
    assert_eq!(server.end(), "");
}

#[test]
fn a_line_longer_than_the_buffer_is_one_line() {
    let server = Server::new("cal_linux_server");
    let port = server.address.port();
    let zeros = |count: usize| format!("1+{}2", "0".repeat(count - 3));
    // With its newline a line of 254 is all that fits.
    for (length, expected) in [
        (4, "1 + 2 = 3"),
        (253, "1 + 2 = 3"),
        (254, "1 + 2 = 3"),
        (255, NONSENSE),
        (256, NONSENSE),
        (257, NONSENSE),
        (5000, NONSENSE),
        (100_000, NONSENSE),
    ] {
        assert_eq!(
            answer_to(port, zeros(length).as_bytes()),
            expected,
            "{length} bytes"
        );
        let spaces = format!("1+2{}", " ".repeat(length - 3));
        assert_eq!(
            answer_to(port, spaces.as_bytes()),
            expected,
            "{length} bytes with spaces"
        );
    }
    // Nothing of it is taken for the next line.
    let hidden = format!("{}\n3+4", "1+1 ".repeat(200));
    assert_eq!(
        answer_to(port, hidden.as_bytes()),
        format!("{NONSENSE}\\n> 3 + 4 = 7")
    );
}

/// Fails unless this is an error, or a calculation that is right.
fn assert_right(line: &[u8], said: &str) {
    let what = format!("{:?}: {said:?}", line.escape_ascii().to_string());
    let Some((left, result)) = said.split_once(" = ") else {
        return assert!(said.starts_with("error: "), "{what}");
    };
    let [left, op, right]: [&str; 3] = left
        .split(' ')
        .collect::<Vec<_>>()
        .try_into()
        .unwrap_or_else(|_| panic!("{what}"));
    let number = |text: &str| text.parse::<i32>().unwrap_or_else(|_| panic!("{what}"));
    let data = crate::answer(number(left), op.as_bytes()[0], number(right));
    assert_eq!(data[12..16], number(result).to_be_bytes(), "{what}");
    assert_eq!(data[17], 0, "{what}");
}

#[test]
fn three_thousand_random_lines_have_an_answer_each() {
    let server = Server::new("cal_linux_server");
    let mut next = numbers();
    let mut line = |bytes: &[u8], length: usize| -> Vec<u8> {
        (0..next() as usize % length)
            .map(|_| bytes[next() as usize % bytes.len()])
            .collect()
    };
    let garbage: Vec<u8> = (0..=255).filter(|&byte| byte != b'\n').collect();
    let lines: Vec<Vec<u8>> = (0..3000)
        .map(|i| match i % 3 {
            0 => line(b"0123456789+-*/x", 8),
            1 => line(b"0123456789+-*/x% \t=.", 30),
            _ => line(&garbage, 400),
        })
        .collect();
    let seen = typed(
        server.address.port(),
        &[lines.join(&b'\n'), b"\nquit\n".to_vec()].concat(),
    );
    let shown = String::from_utf8_lossy(&seen.stdout);
    let said: Vec<&str> = shown.strip_suffix("> ").unwrap().lines().collect();
    assert_eq!(said.len(), lines.len());
    for (line, said) in lines.iter().zip(said) {
        assert_right(
            line,
            said.strip_prefix("> ")
                .unwrap_or_else(|| panic!("no prompt: {said:?}")),
        );
    }
}
