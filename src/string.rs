//! `<string.h>`: bytes up to a NUL. No function here makes a system call.

use core::cmp::Ordering;
use core::ffi::CStr;

use libc::c_int;

pub use crate::errno::strerror;

/// Sets the first `n` bytes of `s` to `c`.
///
/// `memset(3)`: `void *memset(void s[n], int c, size_t n);`
pub fn memset(s: &mut [u8], c: u8, n: usize) {
    s.iter_mut().take(n).for_each(|byte| *byte = c);
}

/// Where the first byte of that value is. `memchr(3)`: `void *memchr(const void s[n], int c, size_t n);`
pub fn memchr(s: &[u8], c: u8) -> Option<usize> {
    s.iter().position(|&byte| byte == c)
}

/// Where the last byte of that value is. `memrchr(3)`: `void *memrchr(const void s[n], int c, size_t n);`
pub fn memrchr(s: &[u8], c: u8) -> Option<usize> {
    s.iter().rposition(|&byte| byte == c)
}

/// Where the first occurrence of `needle` begins; nothing, 0 bytes, occurs at 0.
///
/// `memmem(3)`: `void *memmem(const void haystack[haystacklen], size_t haystacklen, const void needle[needlelen], size_t needlelen);`
/// And with strings `strstr(3)`.
pub fn memmem(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    (0..=haystack.len()).find(|&start| {
        haystack
            .get(start..)
            .unwrap_or_default()
            .starts_with(needle)
    })
}

/// Puts a string behind the one in `dst`, as far as there is room for it and its NUL.
///
/// `strcat(3)`: `char *strcat(char *restrict dst, const char *restrict src);` C's goes on beyond the end.
pub fn strcat(dst: &mut [u8], src: &CStr) {
    let (used, room) = (strlen(dst), dst.len().saturating_sub(1));
    let free = dst.iter_mut().take(room).skip(used);
    free.zip(src.to_bytes_with_nul())
        .for_each(|(place, &byte)| *place = byte);
}

/// The number of bytes before the first NUL, or all of `s` if it has none.
///
/// `strlen(3)`: `size_t strlen(const char *s);`
pub fn strlen(s: &[u8]) -> usize {
    s.iter().take_while(|&&byte| byte != 0).count()
}

/// Compares at most `n` bytes of two strings: less than, equal to or greater than 0.
///
/// `strncmp(3)`: `int strncmp(const char s1[n], const char s2[n], size_t n);`
///
/// The end of a slice counts as its NUL.
pub fn strncmp<'a>(s1: &'a [u8], s2: &'a [u8], n: usize) -> c_int {
    let upto_nul = |s: &'a [u8]| s.get(..strlen(s).min(n)).unwrap_or_default();
    match upto_nul(s1).cmp(upto_nul(s2)) {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    }
}

/// The string at the start of a buffer, up to its NUL: what C passes when it
/// names an array. Empty if the buffer holds no NUL.
pub fn as_string(buf: &[u8]) -> &CStr {
    CStr::from_bytes_until_nul(buf).unwrap_or_default()
}
