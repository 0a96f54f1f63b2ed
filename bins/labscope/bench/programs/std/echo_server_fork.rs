//! The lab `echo_server_fork` on Rust's std; fork and signal, which std has not, are libc's.

use std::ffi::CStr;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

unsafe extern "C" {
    safe fn fork() -> i32;
    safe fn signal(signum: i32, handler: usize) -> usize;
}

const PORTNUM: u16 = 3600;
const SIGCHLD: i32 = 17;
const SIG_IGN: usize = 1;

fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", PORTNUM))?;
    signal(SIGCHLD, SIG_IGN);
    loop {
        let (client, address) = listener.accept()?;
        if fork() == 0 {
            drop(listener);
            return serve(client, address);
        }
    }
}

fn serve(mut client: TcpStream, address: std::net::SocketAddr) -> std::io::Result<()> {
    let mut buf = [0; 1024];
    loop {
        let received = match client.read(&mut buf)? {
            0 => return Ok(()),
            readn => &buf[..readn],
        };
        let text = CStr::from_bytes_until_nul(received).map_or(received, CStr::to_bytes);
        print!("Read Data {}({}) : ", address.ip(), address.port());
        std::io::stdout().write_all(text)?;
        client.write_all(received)?;
    }
}
