//! Descriptors in words.

use std::net::SocketAddr;

use crate::i18n::Language;
use crate::i18n::descriptor as words;
use crate::proc::descriptors::Target;

/// What a descriptor refers to; of an address only the port, since all are of this machine.
pub fn descriptor(number: i32, target: &Target, language: Language) -> String {
    let port = |address: &SocketAddr| match address.port() {
        0 => String::new(),
        known => format!(":{known}"),
    };
    match target {
        Target::Pipe(_) if number == 0 => words::pipe_as_input(language).to_owned(),
        Target::Pipe(_) if number == 1 => words::pipe_as_output(language).to_owned(),
        Target::Unbound => words::socket(language).to_owned(),
        target => descriptor_with(target, language, port),
    }
}

/// The same, with addresses told in this way; one that is not known is empty.
pub fn descriptor_with(
    target: &Target,
    language: Language,
    address: impl Fn(&SocketAddr) -> String,
) -> String {
    match target {
        Target::Pipe(access) => words::end_of_pipe(language, access.reads(), access.writes()),
        Target::Fifo(name, access) => words::fifo(language, name, access.reads(), access.writes()),
        Target::Terminal(name) => words::terminal(language, name),
        Target::File(path) => words::file(language, path),
        Target::Listening(local) => words::listening_socket(language, &address(local)),
        Target::Connection { local, peer, whole } => {
            let local = match address(local) {
                unknown if unknown.is_empty() => ":?".to_owned(),
                known => known,
            };
            words::connection(language, &local, &address(peer), *whole)
        }
        Target::Udp { local, peer } => {
            let peer = peer.map(|peer| address(&peer));
            words::udp_socket(language, &address(local), peer.as_deref())
        }
        Target::UnixListening(name) => words::unix_listening_socket(language, name),
        Target::UnixConnection { name, whole } => words::unix_connection(language, name, *whole),
        Target::Unbound => words::unbound_socket(language).to_owned(),
        Target::Epoll(watched) => words::epoll(watched),
    }
}
