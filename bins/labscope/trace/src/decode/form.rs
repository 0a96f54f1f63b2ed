//! How one number is told: plainly, by the name of a constant, or by those of its flags.

use nix::libc;

/// Constants of one kind.
#[derive(Debug)]
pub struct Set {
    /// In the order in which they are told.
    pub names: &'static [(u64, &'static str)],
    /// What stands in the comment on a number that is none of them.
    pub unknown: &'static str,
}

/// A way to tell a number that lies in a register or in memory.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// `int`: the lower half counts, with its sign.
    Int,
    /// `unsigned int`.
    Unsigned,
    /// `long`.
    Long,
    /// `unsigned long`, `size_t`.
    Size,
    /// `0x10`, and `0`.
    Hex,
    /// Hexadecimal, of the lower half.
    Hex32,
    /// `NULL` or `0x10`.
    Address,
    /// A descriptor.
    Descriptor,
    /// A descriptor, or `AT_FDCWD`.
    Directory,
    /// The permissions of a file: `0644`.
    Mode,
    /// The permissions of a file with its type: `S_IFREG|0644`.
    FileMode,
    /// `SIGINT`.
    Signal,
    /// What is done on a signal: `SIG_DFL`, or the address of a function.
    Handler,
    /// `makedev(0x88, 0x1)`.
    Device,
    /// A user's or a group's number, of which -1 says none.
    Owner,
    /// A limit of resources: `8192*1024`, `RLIM64_INFINITY`.
    Limit,
    /// A port or another short number in the network's order.
    Htons,
    /// One of these.
    One(&'static Set),
    /// Any of these together.
    Flags(&'static Set),
    /// One of these together with any of those.
    OneAndFlags(&'static Set, &'static Set),
    /// Fields of some bits, each one of a set, the last a set of flags.
    Fields(&'static [(u64, &'static Set)]),
    /// Any of these together with a signal: the flags of clone(2).
    FlagsAndSignal(&'static Set),
}

impl Form {
    /// The number as strace writes it.
    pub fn tell(self, value: u64) -> String {
        let half = value as u32;
        match self {
            Form::Int | Form::Descriptor => (half as i32).to_string(),
            Form::Unsigned => half.to_string(),
            Form::Long => (value as i64).to_string(),
            Form::Size => value.to_string(),
            Form::Hex if value == 0 => "0".to_owned(),
            Form::Hex => format!("{value:#x}"),
            Form::Hex32 => Form::Hex.tell(half.into()),
            Form::Address => address(value),
            Form::Directory if half as i32 == libc::AT_FDCWD => "AT_FDCWD".to_owned(),
            Form::Directory => Form::Int.tell(value),
            Form::Mode => octal(u64::from(half as u16)),
            Form::FileMode => file_mode(half & 0xffff),
            Form::Signal => signal(half),
            Form::Handler => match value {
                0 => "SIG_DFL".to_owned(),
                1 => "SIG_IGN".to_owned(),
                u64::MAX => "SIG_ERR".to_owned(),
                _ => address(value),
            },
            Form::Device => device(value),
            Form::Owner if half == u32::MAX => "-1".to_owned(),
            Form::Owner => half.to_string(),
            Form::Limit => limit(value),
            Form::Htons => format!("htons({})", (half as u16).swap_bytes()),
            Form::One(set) => set.one(value),
            Form::Flags(set) => set.flags(value),
            Form::OneAndFlags(one, rest) => one_and_flags(one, rest, half.into()),
            Form::Fields(sets) => fields(sets, half.into()),
            Form::FlagsAndSignal(set) => flags_and_signal(set, value),
        }
    }
}

impl Set {
    /// The name of a constant.
    pub fn name(&self, value: u64) -> Option<&'static str> {
        let found = self.names.iter().find(|(known, _)| *known == value);
        found.map(|(_, name)| *name)
    }

    fn one(&self, value: u64) -> String {
        let name = self.name(value).map(str::to_owned);
        name.unwrap_or_else(|| unnamed(value, self.unknown))
    }

    /// The names of all flags of a number, and what is left of it in hexadecimal.
    fn flags(&self, value: u64) -> String {
        if let Some(name) = self.name(value) {
            return name.to_owned();
        }
        match self.known(value) {
            known if known.starts_with("0x") => unnamed(value, self.unknown),
            known => known,
        }
    }

    /// The same of flags behind others, where a number needs no comment.
    pub fn known(&self, value: u64) -> String {
        let mut rest = value;
        let mut names = Vec::new();
        for (flag, name) in self.names {
            if *flag != 0 && rest & flag == *flag {
                names.push((*name).to_owned());
                rest &= !flag;
            }
        }
        if rest != 0 || names.is_empty() {
            names.push(Form::Hex.tell(rest));
        }
        names.join("|")
    }
}

/// A number that should have had a name: `0x3001 /* ARCH_??? */`.
pub fn unnamed(value: u64, unknown: &str) -> String {
    format!("{} /* {unknown} */", Form::Hex.tell(value))
}

/// `NULL`, or a hexadecimal number.
pub fn address(value: u64) -> String {
    match value {
        0 => "NULL".to_owned(),
        _ => format!("{value:#x}"),
    }
}

/// An octal number of at least three digits.
fn octal(value: u64) -> String {
    match value {
        0 => "000".to_owned(),
        _ => format!("{:0>3}", format!("0{value:o}")),
    }
}

fn file_mode(mode: u32) -> String {
    const TYPES: [(u32, &str); 7] = [
        (libc::S_IFREG, "S_IFREG|"),
        (libc::S_IFSOCK, "S_IFSOCK|"),
        (libc::S_IFIFO, "S_IFIFO|"),
        (libc::S_IFLNK, "S_IFLNK|"),
        (libc::S_IFDIR, "S_IFDIR|"),
        (libc::S_IFBLK, "S_IFBLK|"),
        (libc::S_IFCHR, "S_IFCHR|"),
    ];
    const BITS: [(u32, &str); 3] = [
        (libc::S_ISUID, "S_ISUID|"),
        (libc::S_ISGID, "S_ISGID|"),
        (libc::S_ISVTX, "S_ISVTX|"),
    ];
    let kind = TYPES.iter().find(|(kind, _)| mode & libc::S_IFMT == *kind);
    let (kind, name) = kind.copied().unwrap_or_default();
    let mut text = name.to_owned();
    let mut rest = mode & !kind;
    for (bit, name) in BITS.iter().filter(|(bit, _)| mode & bit != 0) {
        text.push_str(name);
        rest &= !bit;
    }
    text + &octal(rest.into())
}

/// The name of a signal; of one that has none, its number.
pub fn signal(number: u32) -> String {
    const FIRST_REAL_TIME: u32 = 32;
    match number {
        FIRST_REAL_TIME => "SIGRTMIN".to_owned(),
        33..=64 => format!("SIGRT_{}", number - FIRST_REAL_TIME),
        _ => match nix::sys::signal::Signal::try_from(number as i32) {
            Ok(signal) => signal.as_str().to_owned(),
            Err(_) => number.to_string(),
        },
    }
}

fn device(value: u64) -> String {
    let (major, minor) = (libc::major(value), libc::minor(value));
    format!(
        "makedev({}, {})",
        Form::Hex32.tell(major.into()),
        Form::Hex32.tell(minor.into())
    )
}

fn limit(value: u64) -> String {
    match value {
        u64::MAX => "RLIM64_INFINITY".to_owned(),
        _ if value > 1024 && value.is_multiple_of(1024) => format!("{}*1024", value / 1024),
        _ => value.to_string(),
    }
}

fn one_and_flags(one: &Set, flags: &Set, value: u64) -> String {
    let mask = one.names.iter().fold(0, |mask, (value, _)| mask | value);
    let rest = value & !mask;
    let one = match one.name(value & mask) {
        Some(name) => name.to_owned(),
        None => one.known(value & mask),
    };
    match rest {
        0 => one,
        rest => format!("{one}|{}", flags.known(rest)),
    }
}

fn fields(sets: &[(u64, &Set)], value: u64) -> String {
    let mut rest = value;
    let mut parts = Vec::new();
    for (mask, set) in sets {
        match *mask {
            u64::MAX if rest == 0 => {}
            u64::MAX => parts.push(set.known(rest)),
            mask => parts.push(set.one(rest & mask)),
        }
        rest &= !mask;
    }
    parts.join("|")
}

fn flags_and_signal(set: &Set, value: u64) -> String {
    const SIGNAL: u64 = 0xff;
    let signal = (value & SIGNAL) as u32;
    match (value & !SIGNAL, signal) {
        (flags, 0) => set.flags(flags),
        (0, _) => self::signal(signal),
        (flags, _) => format!("{}|{}", set.flags(flags), self::signal(signal)),
    }
}
