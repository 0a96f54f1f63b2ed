//! `<sys/socket.h>`: connections and datagrams, for IPv4 addresses, and connections through names of files.
//!
//! Where C passes `(struct sockaddr *)&addr, sizeof(addr)`, a `&sockaddr_in` or `&sockaddr_un` says both.

use core::mem::size_of;
use core::ptr;

pub use libc::{
    AF_INET, AF_UNIX, MSG_TRUNC, SHUT_RD, SHUT_WR, SO_RCVTIMEO, SO_REUSEADDR, SOCK_DGRAM,
    SOCK_NONBLOCK, SOCK_STREAM, SOL_SOCKET, SOMAXCONN,
};
use libc::{c_int, c_void, socklen_t, timeval};
use syscalls::{Errno, Sysno, syscall};

use crate::netinet::r#in::sockaddr_in;
use crate::sys::un::sockaddr_un;

const ADDRESS_LEN: socklen_t = size_of::<sockaddr_in>() as socklen_t;

/// C's `struct sockaddr *`: an address of one family or another.
///
/// # Safety
///
/// Every byte is initialised, and may have any value.
pub unsafe trait SocketAddress: Copy {
    /// Its size, the `socklen_t` of C's calls.
    const LEN: socklen_t = size_of::<Self>() as socklen_t;
}
// SAFETY: numbers and bytes without a gap.
unsafe impl SocketAddress for sockaddr_in {}
// SAFETY: a number and bytes without a gap.
unsafe impl SocketAddress for sockaddr_un {}

/// Makes a socket and returns its descriptor.
///
/// `socket(2)`: `int socket(int domain, int type, int protocol);`
///
/// One system call. Errors: `EMFILE` the process has too many descriptors,
/// `ENFILE` the system has, `EAFNOSUPPORT`, `EPROTONOSUPPORT`, `EINVAL`.
pub fn socket(domain: c_int, r#type: c_int, protocol: c_int) -> Result<c_int, Errno> {
    // SAFETY: three numbers.
    unsafe { syscall!(Sysno::socket, domain, r#type, protocol) }.map(|fd| fd as c_int)
}

/// Gives a socket its own address.
///
/// `bind(2)`: `int bind(int sockfd, const struct sockaddr *addr, socklen_t addrlen);`
///
/// One system call. Port 0 lets the kernel choose. The name of a Unix socket becomes a file, which stays when the
/// socket is closed. Errors: `EADDRINUSE` another socket has it (or the name is taken), `EACCES` a port below 1024,
/// `EADDRNOTAVAIL` no address of this machine, `ENOENT`, `ENOTDIR` no such folder.
pub fn bind<A: SocketAddress>(sockfd: c_int, addr: &A) -> Result<(), Errno> {
    let addr: *const A = addr;
    // SAFETY: the kernel reads one address of that length.
    unsafe { syscall!(Sysno::bind, sockfd, addr, A::LEN) }.map(drop)
}

/// Makes a stream socket a listening one, with room for `backlog` connections nobody has accepted yet.
///
/// `listen(2)`: `int listen(int sockfd, int backlog);` One system call. Errors: `EADDRINUSE`, `EBADF`, `ENOTSOCK`, `EOPNOTSUPP`.
pub fn listen(sockfd: c_int, backlog: c_int) -> Result<(), Errno> {
    // SAFETY: two numbers.
    unsafe { syscall!(Sysno::listen, sockfd, backlog) }.map(drop)
}

/// Waits for a connection and returns a new descriptor for it; `addr` becomes the peer's address.
///
/// `accept(2)`: `int accept(int sockfd, struct sockaddr *addr, socklen_t *addrlen);`
///
/// One system call. Errors that pass: `EINTR`, `ECONNABORTED` the peer has gone,
/// `EMFILE` and `ENFILE` no descriptor is free, `ENOBUFS`, `ENOMEM`, errors of the
/// network. Errors that stay: `EBADF`, `EINVAL` not listening, `ENOTSOCK`.
pub fn accept<A: SocketAddress>(sockfd: c_int, addr: &mut A) -> Result<c_int, Errno> {
    let mut addrlen = A::LEN;
    // SAFETY: the kernel writes at most `addrlen` bytes to `addr`, and the length to `addrlen`.
    unsafe {
        syscall!(
            Sysno::accept,
            sockfd,
            ptr::from_mut(addr),
            ptr::from_mut(&mut addrlen)
        )
    }
    .map(|fd| fd as c_int)
}

/// [`accept`] without the peer's address, and with flags for the new descriptor: `SOCK_NONBLOCK`, a call on it never waits.
///
/// `accept4(2)`: `int accept4(int sockfd, struct sockaddr *addr, socklen_t *addrlen, int flags);` with NULL for the second and third.
///
/// One system call. Errors as of [`accept`], and `EAGAIN`: `sockfd` does not block itself, and nobody is there.
pub fn accept4(sockfd: c_int, flags: c_int) -> Result<c_int, Errno> {
    let nowhere = ptr::null::<u8>();
    // SAFETY: numbers; with a null address the kernel writes nothing.
    unsafe { syscall!(Sysno::accept4, sockfd, nowhere, nowhere, flags) }.map(|fd| fd as c_int)
}

/// Ends one direction of a connection, whoever else has a descriptor for it: `SHUT_WR`, the peer reads an end; `SHUT_RD`, our own
/// `read` returns what has come already, and then 0.
///
/// `shutdown(2)`: `int shutdown(int sockfd, int how);` One system call. Errors: `ENOTCONN` it has ended already, `EBADF`, `ENOTSOCK`, `EINVAL`.
pub fn shutdown(sockfd: c_int, how: c_int) -> Result<(), Errno> {
    // SAFETY: two numbers.
    unsafe { syscall!(Sysno::shutdown, sockfd, how) }.map(drop)
}

/// Connects a socket to a peer. For datagrams it only chooses whom to send to and hear from.
///
/// `connect(2)`: `int connect(int sockfd, const struct sockaddr *addr, socklen_t addrlen);`
///
/// One system call. Errors: `ECONNREFUSED` nobody listens there, `ETIMEDOUT`, `ENETUNREACH`, `EISCONN`, and for the
/// name of a Unix socket `ENOENT` there is no such file, `EACCES` …
pub fn connect<A: SocketAddress>(sockfd: c_int, addr: &A) -> Result<(), Errno> {
    let addr: *const A = addr;
    // SAFETY: the kernel reads one address of that length.
    unsafe { syscall!(Sysno::connect, sockfd, addr, A::LEN) }.map(drop)
}

/// What the value of an option may be.
///
/// # Safety
///
/// Every byte is initialised, and no option takes a value of that size for the
/// address of memory that the kernel would write to.
pub unsafe trait OptionValue: Copy {}
// SAFETY: four bytes are too few for an address.
unsafe impl OptionValue for c_int {}
// SAFETY: two numbers without a gap. An option of 16 bytes that holds an address (SO_ATTACH_FILTER) is only read from.
unsafe impl OptionValue for timeval {}

/// Sets an option of a socket: an `int`, or for the timeouts a `timeval`.
///
/// `setsockopt(2)`: `int setsockopt(int sockfd, int level, int optname, const void *optval, socklen_t optlen);`
///
/// One system call. Errors: `EBADF`, `ENOTSOCK`, `ENOPROTOOPT` no such option, `EINVAL`, `EDOM`.
pub fn setsockopt<T: OptionValue>(
    sockfd: c_int,
    level: c_int,
    optname: c_int,
    optval: &T,
) -> Result<(), Errno> {
    let optval: *const T = optval;
    // SAFETY: the kernel reads `size_of::<T>()` bytes, and by the trait's promise writes none.
    unsafe {
        syscall!(
            Sysno::setsockopt,
            sockfd,
            level,
            optname,
            optval,
            size_of::<T>()
        )
    }
    .map(drop)
}

/// Asks for a socket's own address: which port the kernel chose, or which name the socket has.
///
/// `getsockname(2)`: `int getsockname(int sockfd, struct sockaddr *addr, socklen_t *addrlen);`
///
/// One system call. Errors: `EBADF`, `ENOTSOCK`.
pub fn getsockname<A: SocketAddress>(sockfd: c_int, addr: &mut A) -> Result<(), Errno> {
    let mut addrlen = A::LEN;
    // SAFETY: the kernel writes at most `addrlen` bytes to `addr`, and the length to `addrlen`.
    unsafe {
        syscall!(
            Sysno::getsockname,
            sockfd,
            ptr::from_mut(addr),
            ptr::from_mut(&mut addrlen)
        )
    }
    .map(drop)
}

/// The address of the other end of a connection.
///
/// `getpeername(2)`: `int getpeername(int sockfd, struct sockaddr *addr, socklen_t *addrlen);`
///
/// One system call. Errors: `ENOTCONN` not connected, or not any more; `EBADF`, `ENOTSOCK`.
pub fn getpeername(sockfd: c_int, addr: &mut sockaddr_in) -> Result<(), Errno> {
    let mut addrlen = ADDRESS_LEN;
    let (addr, length) = (ptr::from_mut(addr), ptr::from_mut(&mut addrlen));
    // SAFETY: the kernel writes at most `addrlen` bytes to `addr`, and the length to `addrlen`.
    unsafe { syscall!(Sysno::getpeername, sockfd, addr, length) }.map(drop)
}

/// Sends one datagram to an address.
///
/// `sendto(2)`: `ssize_t sendto(int sockfd, const void buf[size], size_t size, int flags, const struct sockaddr *dest_addr, socklen_t addrlen);`
///
/// One system call. Errors: `EMSGSIZE` too long, `ECONNREFUSED` an earlier one found nobody, `ENETUNREACH`, `EPERM` …
pub fn sendto(
    sockfd: c_int,
    buf: &[u8],
    flags: c_int,
    dest_addr: &sockaddr_in,
) -> Result<usize, Errno> {
    let dest_addr: *const sockaddr_in = dest_addr;
    // SAFETY: the kernel reads `buf.len()` bytes and one address of that length.
    unsafe {
        syscall!(
            Sysno::sendto,
            sockfd,
            buf.as_ptr(),
            buf.len(),
            flags,
            dest_addr,
            ADDRESS_LEN
        )
    }
}

/// Receives one datagram; `src_addr` becomes its sender's address. What does not fit is lost
/// (`MSG_TRUNC` in `flags` makes the result the datagram's own length all the same).
///
/// `recvfrom(2)`: `ssize_t recvfrom(int sockfd, void buf[size], size_t size, int flags, struct sockaddr *src_addr, socklen_t *addrlen);`
///
/// One system call. Errors: `EAGAIN` the time set by `SO_RCVTIMEO` is over, `EINTR`, `ECONNREFUSED` …
pub fn recvfrom(
    sockfd: c_int,
    buf: &mut [u8],
    flags: c_int,
    src_addr: &mut sockaddr_in,
) -> Result<usize, Errno> {
    let mut addrlen = ADDRESS_LEN;
    let (buf, size) = (buf.as_mut_ptr().cast::<c_void>(), buf.len());
    let (src_addr, addrlen) = (ptr::from_mut(src_addr), ptr::from_mut(&mut addrlen));
    // SAFETY: the kernel writes at most `size` bytes to `buf` and `addrlen` bytes to `src_addr`.
    unsafe { syscall!(Sysno::recvfrom, sockfd, buf, size, flags, src_addr, addrlen) }
}
