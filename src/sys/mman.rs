//! `<sys/mman.h>`: memory from the kernel.

use core::mem::size_of;
use core::{ptr, slice};

pub use libc::{MADV_HUGEPAGE, MADV_NOHUGEPAGE, PROT_READ, PROT_WRITE};
use libc::{MAP_ANONYMOUS, MAP_NORESERVE, MAP_PRIVATE, MAP_STACK, PROT_NONE, c_int};
use syscalls::{Errno, Sysno, syscall};

/// Maps so many bytes of fresh memory, all zeros. It takes up room only as far as it is touched, page by page.
///
/// `mmap(2)`: `void *mmap(void addr[length], size_t length, int prot, int flags, int fd, off_t offset);`
///
/// One system call. Of the many things that `mmap` can do this is one, C's `mmap(NULL, length, PROT_READ | PROT_WRITE,
/// MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)`. Errors: `EINVAL` no byte, `ENOMEM`.
pub fn mmap(length: usize) -> Result<&'static mut [u8], Errno> {
    mmap_array(length)
}

/// The same for an array of `count` elements: C's `mmap(NULL, count * sizeof(T), …)`, taken for an array of `T`.
pub fn mmap_array<T: Number>(count: usize) -> Result<&'static mut [T], Errno> {
    let length = count.checked_mul(size_of::<T>()).ok_or(Errno::ENOMEM)?;
    let nowhere = ptr::null::<u8>();
    let (prot, flags) = (PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);
    // SAFETY: numbers; the kernel takes addresses that nobody uses.
    let start = unsafe { syscall!(Sysno::mmap, nowhere, length, prot, flags, -1isize, 0)? };
    // SAFETY: so many readable and writable bytes begin at that page, zeros are an element, and nobody else knows of them.
    Ok(unsafe { slice::from_raw_parts_mut(start as *mut T, count) })
}

/// What zeroed memory may be taken for.
///
/// # Safety
///
/// All zeros is a value of it, and a page is aligned for it.
pub unsafe trait Number: Copy {}
// SAFETY: a number.
unsafe impl Number for u8 {}
// SAFETY: a number.
unsafe impl Number for u16 {}
// SAFETY: as its elements.
unsafe impl<T: Number, const N: usize> Number for [T; N] {}

/// Keeps a range of addresses for stacks, without memory: nobody may read or write there before [`mprotect`] allows it.
///
/// C's `mmap(NULL, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0)`. One `mmap`. Errors: `ENOMEM`.
pub(crate) fn reserve(length: usize) -> Result<usize, Errno> {
    let nowhere = ptr::null::<u8>();
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK;
    // SAFETY: numbers; the kernel takes addresses that nobody uses.
    unsafe { syscall!(Sysno::mmap, nowhere, length, PROT_NONE, flags, -1isize, 0) }
}

/// Says what may be done with pages of memory.
///
/// `mprotect(2)`: `int mprotect(void addr[size], size_t size, int prot);` One system call. Errors: `ENOMEM`, `EINVAL` not the beginning of a page.
///
/// # Safety
///
/// The pages are the caller's, and nobody relies on being allowed there more than `prot`.
pub(crate) unsafe fn mprotect(addr: usize, size: usize, prot: c_int) -> Result<(), Errno> {
    // SAFETY: the kernel changes what the caller answers for.
    unsafe { syscall!(Sysno::mprotect, addr, size, prot) }.map(drop)
}

/// Gives memory of [`mmap`] back.
///
/// `munmap(2)`: `int munmap(void addr[length], size_t length);` One system call. Errors: `EINVAL` not the beginning of a page.
pub fn munmap(memory: &'static mut [u8]) -> Result<(), Errno> {
    // SAFETY: it is handed over, so nobody looks at it any more.
    unsafe { syscall!(Sysno::munmap, memory.as_mut_ptr(), memory.len()) }.map(drop)
}

/// Tells the kernel how memory is going to be used: with huge pages, [`MADV_HUGEPAGE`], or without, [`MADV_NOHUGEPAGE`].
///
/// `madvise(2)`: `int madvise(void addr[size], size_t size, int advice);`
///
/// One system call. Errors: `EINVAL` another advice than these two, a kernel without huge pages, or not the beginning of a page.
pub fn madvise(memory: &mut [u8], advice: c_int) -> Result<(), Errno> {
    if ![MADV_HUGEPAGE, MADV_NOHUGEPAGE].contains(&advice) {
        return Err(Errno::EINVAL);
    }
    // SAFETY: neither advice changes what stands in the memory.
    unsafe { syscall!(Sysno::madvise, memory.as_mut_ptr(), memory.len(), advice) }.map(drop)
}
