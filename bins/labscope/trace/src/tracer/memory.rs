//! The memory of a stopped process.

use std::io::{IoSlice, IoSliceMut};

use nix::sys::uio::{RemoteIoVec, process_vm_readv, process_vm_writev};
use nix::unistd::Pid;

use crate::decode::Memory;

/// Pages are at least as large; what crosses into an unreadable one is read up to it.
const PAGE: u64 = 4096;

/// The memory of the process of a stopped thread.
#[derive(Clone, Copy, Debug)]
pub struct ProcessMemory {
    pub thread: i32,
}

impl Memory for ProcessMemory {
    fn read(&self, address: u64, bytes: &mut [u8]) -> usize {
        let whole = self.copy(address, bytes);
        if whole == bytes.len() {
            return whole;
        }
        // process_vm_readv(2) copies a piece whole or not at all: page by page to the first that is not there.
        let mut done = whole;
        while done < bytes.len() {
            let at = address.wrapping_add(done as u64);
            let left = (PAGE - at % PAGE) as usize;
            let end = bytes.len().min(done + left);
            let copied = self.copy(at, &mut bytes[done..end]);
            done += copied;
            if copied < left {
                break;
            }
        }
        done
    }
}

impl ProcessMemory {
    /// Writes where the process may write itself.
    pub fn write(self, address: u64, bytes: &[u8]) -> nix::Result<usize> {
        let remote = [RemoteIoVec {
            base: address as usize,
            len: bytes.len(),
        }];
        process_vm_writev(Pid::from_raw(self.thread), &[IoSlice::new(bytes)], &remote)
    }

    fn copy(self, address: u64, bytes: &mut [u8]) -> usize {
        let length = bytes.len();
        let remote = [RemoteIoVec {
            base: address as usize,
            len: length,
        }];
        let pid = Pid::from_raw(self.thread);
        process_vm_readv(pid, &mut [IoSliceMut::new(bytes)], &remote).unwrap_or(0)
    }
}
