//! `<sys/ipc.h>`: what the three kinds of System V objects (segments, semaphores, queues) share, `sysvipc(7)`.
//!
//! An object is found by its key, a number that its users have agreed on, and used by its id. It belongs to no process: it stays when
//! all that used it have ended, until somebody removes it (`ipcs` lists what there is, `ipcrm` removes).

pub use libc::{IPC_CREAT, IPC_EXCL, IPC_RMID, key_t};
