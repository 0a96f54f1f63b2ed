//! The arguments of a call, decoded from the text in which a trace writes them.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};

use crate::encoding;
use crate::quoted::{Quoted, first_string, strings};

/// The arguments of a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Args(String);

impl Args {
    /// All of them as they were written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Every argument.
    pub fn all(&self) -> Vec<Arg<'_>> {
        split(&self.0).into_iter().map(Arg).collect()
    }

    /// The argument at a place, from 0; an absent one says nothing.
    pub fn get(&self, place: usize) -> Arg<'_> {
        self.all().get(place).copied().unwrap_or(Arg(""))
    }

    /// The first string among them: a path, a text.
    pub fn text(&self) -> Option<Quoted> {
        first_string(&self.0)
    }

    /// All strings, also those within structures.
    pub fn texts(&self) -> Vec<Quoted> {
        strings(&self.0)
    }

    /// Whether a flag stands in one of them.
    pub fn has(&self, flag: &str) -> bool {
        self.all().iter().any(|arg| arg.has(flag))
    }

    /// The member of that name of a structure among them, also of `flags=A|B`.
    pub fn field(&self, name: &str) -> Option<Arg<'_>> {
        self.all().iter().find_map(|arg| arg.field(name))
    }

    /// The Internet address among them.
    pub fn address(&self) -> Option<SocketAddr> {
        let ip = self.field("sin_addr")?.inside("inet_addr")?.string()?;
        let ip: Ipv4Addr = String::from_utf8(ip.bytes).ok()?.parse().ok()?;
        Some(SocketAddr::from((ip, self.port()?)))
    }

    /// The name that is the address of a Unix socket among them.
    pub fn unix_name(&self) -> Option<String> {
        let name = self.field("sun_path")?.string()?;
        String::from_utf8(name.bytes).ok()
    }

    /// The port of the Internet address among them.
    pub fn port(&self) -> Option<u16> {
        if !self.0.contains("_port=") {
            return None; // soon known of most calls
        }
        let port = self.field("sin_port").or(self.field("sin6_port"))?;
        u16::try_from(port.inside("htons")?.number()?).ok()
    }
}

impl From<String> for Args {
    fn from(text: String) -> Args {
        Args(text)
    }
}

impl fmt::Display for Args {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One argument, or a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arg<'a>(&'a str);

impl<'a> Arg<'a> {
    /// As it was written.
    pub fn as_str(self) -> &'a str {
        self.0
    }

    /// A number: decimal, octal or hexadecimal; of a descriptor without what `-y` tells of it.
    pub fn number(self) -> Option<i64> {
        number(self.0)
    }

    /// A string.
    pub fn string(self) -> Option<Quoted> {
        self.0.starts_with('"').then(|| first_string(self.0))?
    }

    /// The words of a set, `SA_RESTART|SA_RESTORER`, also where it has a name: `flags=CLONE_VM|SIGCHLD`.
    pub fn flags(self) -> impl Iterator<Item = &'a str> {
        let is_set = !self.0.starts_with(['"', '{', '[']);
        let set = self.0.split_once('=').map_or(self.0, |(_, set)| set);
        let flags = set.split('|').filter(move |_| is_set);
        flags.filter(|flag| !matches!(*flag, "" | "0"))
    }

    /// Whether a flag stands in it, or in a member of it.
    pub fn has(self, flag: &str) -> bool {
        self.flags().any(|it| it == flag) || self.parts().iter().any(|part| part.has(flag))
    }

    /// What stands between the brackets of a structure or an array; of one that the kernel has changed, before
    /// and after: `{flags=0} => {parent_tid=[7]}`.
    pub fn parts(self) -> Vec<Arg<'a>> {
        let mut parts = Vec::new();
        let mut rest = self.0;
        while let Some(inside) = rest.strip_prefix(['{', '[']) {
            let end = closing(inside);
            parts.extend(split(&inside[..end]).into_iter().map(Arg));
            let behind = inside.get(end + 1..).unwrap_or_default();
            rest = behind.strip_prefix(" => ").unwrap_or_default();
        }
        parts
    }

    /// The member of that name.
    pub fn field(self, name: &str) -> Option<Arg<'a>> {
        let own = self.0.strip_prefix(name);
        match own.and_then(|rest| rest.strip_prefix('=')) {
            Some(value) => Some(Arg(value)),
            None => self.parts().into_iter().find_map(|part| part.field(name)),
        }
    }

    /// What stands between the parentheses of `name(...)`.
    pub fn inside(self, name: &str) -> Option<Arg<'a>> {
        let inside = self.0.strip_prefix(name)?.strip_prefix('(')?;
        Some(Arg(inside.strip_suffix(')')?))
    }

    /// Without addresses, and with its string in one spelling.
    pub fn plain(self) -> String {
        plain(self.0)
    }
}

/// The number at the beginning of a text: decimal, octal (as umask(2) returns it) or hexadecimal.
pub(super) fn number(text: &str) -> Option<i64> {
    let word = text.split(['<', ' ']).next()?;
    match (word.strip_prefix("0x"), word.strip_prefix('0')) {
        (Some(hex), _) => u64::from_str_radix(hex, 16).ok().map(|it| it as i64),
        (_, Some(octal)) if !octal.is_empty() => i64::from_str_radix(octal, 8).ok(),
        _ => word.parse().ok(),
    }
}

/// The place of the bracket that closes what stands before it; the end where there is none.
fn closing(text: &str) -> usize {
    let (mut depth, mut in_string) = (0usize, false);
    let mut bytes = text.bytes().enumerate();
    while let Some((place, byte)) = bytes.next() {
        match byte {
            b'\\' if in_string => {
                bytes.next();
            }
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' if depth == 0 => return place,
            b')' | b']' | b'}' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// The arguments, split at the commas between them.
fn split(args: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut start, mut depth, mut in_string) = (0, 0usize, false);
    let mut bytes = args.bytes().enumerate();
    while let Some((place, byte)) = bytes.next() {
        match byte {
            b'\\' if in_string => {
                bytes.next();
            }
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                found.push(args[start..place].trim());
                start = place + 1;
            }
            _ => {}
        }
    }
    let last = args[start..].trim();
    if !last.is_empty() || !found.is_empty() {
        found.push(last);
    }
    found
}

/// One argument without addresses, and with its string in one spelling.
pub(super) fn plain(arg: &str) -> String {
    if let Some(string) = arg.strip_prefix('"') {
        let cut = if string.ends_with("...") { "..." } else { "" };
        let bytes = strings(arg).into_iter().next().map(|string| string.bytes);
        return format!("{}{cut}", quoted(&bytes.unwrap_or_default()));
    }
    let mut words = String::new();
    let mut rest = arg;
    while let Some(start) = rest.find("0x") {
        let digits = rest[start + 2..].find(|c: char| !c.is_ascii_hexdigit());
        let end = digits.map_or(rest.len(), |digits| start + 2 + digits);
        words.push_str(&rest[..start]);
        // An address has more digits than any flag.
        words.push_str(if end - start > 8 {
            "ptr"
        } else {
            &rest[start..end]
        });
        rest = &rest[end..];
    }
    words + rest
}

/// Bytes as C would write them, but with every character that is one left as it is.
pub fn quoted(bytes: &[u8]) -> String {
    if let Some(korean) = encoding::korean(bytes) {
        return quoted(korean.as_bytes());
    }
    let mut text = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\n' => text.push_str("\\n"),
                '\t' => text.push_str("\\t"),
                '\r' => text.push_str("\\r"),
                '"' => text.push_str("\\\""),
                '\\' => text.push_str("\\\\"),
                c if c.is_control() => text.push_str(&format!("\\x{:02x}", u32::from(c))),
                c => text.push(c),
            }
        }
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(text: &str) -> Args {
        Args::from(text.to_owned())
    }

    #[test]
    fn arguments_are_split_between_and_not_within() {
        assert_eq!(
            split(r#"1, "a, b\"", {x=1, y=[2, 3]}, NULL"#),
            ["1", r#""a, b\"""#, "{x=1, y=[2, 3]}", "NULL"]
        );
        assert!(split("").is_empty());
        assert_eq!(split("0, "), ["0", ""]);
    }

    #[test]
    fn addresses_go_and_flags_stay() {
        assert_eq!(plain("0x7ffd1234abcd"), "ptr");
        assert_eq!(plain("0x8001 /* flags */"), "0x8001 /* flags */");
        assert_eq!(plain(r#""\355\225\234\n\0""#), "\"한\\n\\x00\"");
        assert_eq!(plain(r#""ab"..."#), "\"ab\"...");
    }

    #[test]
    fn members_flags_and_numbers_are_read() {
        let action = args(
            "SIGCHLD, {sa_handler=SIG_DFL, sa_mask=[], sa_flags=SA_RESTORER|SA_NOCLDWAIT}, NULL, 8",
        );
        let handler = action.get(1).field("sa_handler");
        assert_eq!(handler.map(Arg::as_str), Some("SIG_DFL"));
        assert!(action.has("SA_NOCLDWAIT") && action.get(1).has("SA_RESTORER"));
        assert!(!action.has("SA_NOCLD") && !action.get(2).has("SA_RESTORER"));
        let clone = args("child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f");
        let flags = clone.field("flags").map(|flags| flags.flags().count());
        assert_eq!((flags, clone.has("SIGCHLD")), (Some(2), true));
        let clone3 = args("{flags=CLONE_VM|CLONE_THREAD, exit_signal=0} => {parent_tid=[7]}, 88");
        assert!(clone3.has("CLONE_THREAD") && clone3.field("parent_tid").is_some());
        assert!(args("{flags=CLONE_THREAD} => {}, 88").has("CLONE_THREAD"));
        assert_eq!(args("3</a b>, 0x10").get(0).number(), Some(3));
        assert_eq!(args("3, 0x10").get(1).number(), Some(16));
        assert_eq!(args("[3, 4], 0").get(0).parts()[1].number(), Some(4));
    }

    #[test]
    fn an_address_is_read_and_a_text_that_looks_like_one_is_not() {
        let bind = args(
            r#"3, {sa_family=AF_INET, sin_port=htons(3600), sin_addr=inet_addr("127.0.0.1")}, 16"#,
        );
        let address = bind.address().map(|it| it.to_string());
        assert_eq!(address.as_deref(), Some("127.0.0.1:3600"));
        let text = args(r#"3, "{sin_port=htons(1), sin_addr=inet_addr(\"1.2.3.4\")}", 9"#);
        assert_eq!((text.address(), text.has("sin_port")), (None, false));
    }
}
