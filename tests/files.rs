//! Folders, files by name, memory, and texts of bytes: what the calls do, and how they fail.

mod support;

use std::collections::BTreeSet;
use std::ffi::CString;
use std::fs::{self, File};
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rawlabs::dirent::{closedir, getdents64, opendir, readdir};
use rawlabs::errno::Errno;
use rawlabs::signal::{sigprocmask, sigset_t};
use rawlabs::stdio::dprintf;
use rawlabs::string::{as_string, memchr, memmem, memrchr, strcat};
use rawlabs::sys::mman::{MADV_HUGEPAGE, madvise, mmap, mmap_array, munmap};
use rawlabs::sys::prctl::{PR_SET_PDEATHSIG, prctl};
use rawlabs::sys::stat::stat;
use rawlabs::time::clock_gettime;
use rawlabs::unistd::{chdir, close_range};
use support::Scratch;

fn c(path: &Path) -> CString {
    CString::new(path.as_os_str().as_bytes()).unwrap()
}

#[test]
fn a_folder_is_read_to_its_end() {
    let scratch = Scratch::new();
    let mut expected = BTreeSet::from([".".to_owned(), "..".to_owned()]);
    for number in 0..1500 {
        let name = format!("{number}-{}", "x".repeat(number % 200)); // more than one bufferful
        scratch.file(&name, "");
        expected.insert(name);
    }
    let mut dir = opendir(&c(&scratch.path(""))).unwrap();
    let mut seen = Vec::new();
    while let Some(entry) = readdir(&mut dir) {
        seen.push(entry.d_name.to_str().unwrap().to_owned());
    }
    assert!(readdir(&mut dir).is_none(), "the end is final");
    closedir(dir).unwrap();
    assert_eq!(seen.len(), expected.len(), "none comes twice");
    assert_eq!(BTreeSet::from_iter(seen), expected);
}

#[test]
fn stat_tells_of_a_file_by_its_name() {
    let scratch = Scratch::new();
    let path = scratch.file("five", "12345");
    let (seen, expected) = (stat(&c(&path)).unwrap(), fs::metadata(&path).unwrap());
    let seen = (seen.st_ino, seen.st_uid, seen.st_size as u64);
    assert_eq!(seen, (expected.ino(), expected.uid(), 5));
}

#[test]
fn each_call_names_its_error() {
    let null = File::open("/dev/null").unwrap();
    let mut page = [0; 64];
    let errors = [
        opendir(c"/nosuch").err(),
        opendir(c"/etc/passwd").err(),
        getdents64(-1, &mut page).err(),
        getdents64(null.as_raw_fd(), &mut page).err(),
        stat(c"/nosuch").err(),
        chdir(c"/nosuch").err(),
        chdir(c"/etc/passwd").err(),
        close_range(5, 4, 0).err(),
        mmap(0).err(),
        madvise(&mut page, libc::MADV_DONTNEED).err(),
        madvise(&mut page, MADV_HUGEPAGE).err(),
        clock_gettime(99).err(),
        sigprocmask(99, Some(&sigset_t::default()), None).err(),
        prctl(PR_SET_PDEATHSIG(65)).err(),
    ];
    let expected = [
        Errno::ENOENT,
        Errno::ENOTDIR,
        Errno::EBADF,
        Errno::ENOTDIR,
        Errno::ENOENT,
        Errno::ENOENT,
        Errno::ENOTDIR,
        Errno::EINVAL,
        Errno::EINVAL,
        Errno::EINVAL,
        Errno::EINVAL,
        Errno::EINVAL,
        Errno::EINVAL,
        Errno::EINVAL,
    ];
    assert_eq!(errors, expected.map(Some));
    assert_eq!(dprintf(-1, format_args!("x")), -1);
}

#[test]
fn fresh_memory_is_zero_and_can_be_written_to() {
    let memory = mmap(3 << 20).unwrap();
    assert!(memory.len() == 3 << 20 && memory.iter().all(|byte| *byte == 0));
    memory.fill(7);
    assert_eq!(memory.last(), Some(&7));
    munmap(memory).unwrap();
    let places: &mut [[u16; 2]] = mmap_array(1000).unwrap();
    assert!(places.len() == 1000 && places.iter().all(|place| *place == [0, 0]));
    places[999] = [1, 2];
    assert_eq!(mmap_array::<u16>(usize::MAX).err(), Some(Errno::ENOMEM));
}

#[test]
fn what_does_not_fit_behind_a_string_is_left_out() {
    let mut text = [0; 8];
    for part in [c"ab", c"", c"cde", c"fghi", c"j"] {
        strcat(&mut text, part);
    }
    assert_eq!(&text, b"abcdefg\0");
    strcat(&mut [], c"x");
    assert_eq!(as_string(&text), c"abcdefg");
}

#[test]
fn bytes_are_found_from_both_ends() {
    let text = b"4 (a) b) S";
    assert_eq!(
        (memchr(text, b'('), memrchr(text, b')')),
        (Some(2), Some(7))
    );
    assert_eq!((memchr(text, b'x'), memrchr(b"", b')')), (None, None));
    let places = [&b"b) S"[..], b"4", b"", b"S ", text, b"4 (a) b) S."];
    let expected = [Some(6), Some(0), Some(0), None, Some(0), None];
    assert_eq!(places.map(|part| memmem(text, part)), expected);
    assert_eq!((memmem(b"", b""), memmem(b"", b"x")), (Some(0), None));
}
