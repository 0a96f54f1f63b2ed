//! What the conversions of a format make of their arguments: `{}` of numbers and texts, C's `%d`, `%u`, `%s` and `%c`.
//!
//! `core` prints them too, but brings more than a kilobyte along for it: widths, signs, precision.

use core::fmt::{self, Formatter};

/// What [`printf!`](crate::printf) prints with `{}`.
pub trait Printable {
    /// Writes it where the text of the format goes.
    fn print(&self, f: &mut Formatter) -> fmt::Result;
}

/// An argument of [`printf!`](crate::printf), in the place of itself. If the format has more to say than `{}`, it is that of `core`.
pub struct Argument<'a, T, const IS_PLAIN: bool>(pub &'a T);

/// Whether all conversions of a format are `{}`.
pub const fn is_plain(format: &str) -> bool {
    let mut rest = format.as_bytes();
    while let [byte, behind @ ..] = rest {
        if *byte == b'{' && !matches!(behind, [b'}' | b'{', ..]) {
            return false;
        }
        rest = behind;
    }
    true
}

impl<T: Printable> fmt::Display for Argument<'_, T, true> {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        self.0.print(f)
    }
}

impl<T: fmt::Display> fmt::Display for Argument<'_, T, false> {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: fmt::LowerHex> fmt::LowerHex for Argument<'_, T, false> {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: fmt::Debug> fmt::Debug for Argument<'_, T, false> {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Printable for &str {
    fn print(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(self)
    }
}

impl Printable for char {
    fn print(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(self.encode_utf8(&mut [0; 4]))
    }
}

impl Printable for bool {
    fn print(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(if *self { "true" } else { "false" })
    }
}

/// Numbers with a sign, and numbers without one.
macro_rules! printable {
    ($($signed:ty)*; $($unsigned:ty)*) => {
        $(impl Printable for $signed {
            fn print(&self, f: &mut Formatter) -> fmt::Result {
                f.write_str(Decimal::new(self.unsigned_abs() as u64, *self < 0).text())
            }
        })*
        $(impl Printable for $unsigned {
            fn print(&self, f: &mut Formatter) -> fmt::Result {
                f.write_str(Decimal::new(*self as u64, false).text())
            }
        })*
    };
}
printable!(i32 i64; u8 u16 u32 u64 usize);

/// A number in decimal digits, and its sign if that is a minus.
pub struct Decimal {
    room: [u8; 21],
    start: usize,
}

impl Decimal {
    #[inline(never)] // perror has one of these, and each type of number
    pub fn new(magnitude: u64, is_negative: bool) -> Self {
        let mut room = [b'-'; 21]; // u64::MAX has 20 digits
        let mut start = room.len();
        let mut rest = magnitude;
        for place in room.iter_mut().skip(1).rev() {
            *place = b'0' + (rest % 10) as u8;
            rest /= 10;
            start -= 1;
            if rest == 0 {
                break;
            }
        }
        start -= usize::from(is_negative);
        Decimal { room, start }
    }

    pub fn text(&self) -> &str {
        let digits = self.room.get(self.start..).unwrap_or_default();
        // SAFETY: these are digits, and perhaps a minus.
        unsafe { str::from_utf8_unchecked(digits) }
    }
}
