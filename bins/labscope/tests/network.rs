//! A network of its own for each run; and pictures of what is open in it.

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::PathBuf;

use common::{begin, key, text, wait, with};
use labscope::proc::descriptors::Target;
use labscope::{Companion, Condition, Entry, Played, Runner, Scenario, Status, Step, Transcript};

/// The last word of the command line.
fn port() -> u16 {
    let word = std::env::args().next_back();
    word.and_then(|word| word.parse().ok()).expect("a port")
}

/// Played by a copy of this program: echoes one line on every address, with a UDP socket open beside.
#[test]
#[ignore = "played for the tests below"]
fn server() {
    let listener = TcpListener::bind(("0.0.0.0", port())).expect("a free port");
    let _udp = UdpSocket::bind(("127.0.0.1", port())).expect("a free port");
    let (mut stream, _) = listener.accept().expect("a client");
    println!("accepted");
    let mut line = String::new();
    let copy = stream.try_clone().expect("a copy");
    BufReader::new(copy).read_line(&mut line).expect("a line");
    stream.write_all(line.as_bytes()).expect("an answer");
    println!("served {line}");
}

/// Played by a copy of this program: sends a line from the keyboard, prints the answer.
#[test]
#[ignore = "played for the tests below"]
fn client() {
    let mut stream = TcpStream::connect(("127.0.0.1", port())).expect("a server");
    println!("connected");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).expect("a line");
    stream.write_all(line.as_bytes()).expect("it is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    println!("answer {answer}");
}

fn words(role: &str, port: u16) -> Vec<String> {
    let port = port.to_string();
    let words = ["--ignored", "--nocapture", "--exact", role, &port];
    words.map(String::from).to_vec()
}

fn myself() -> PathBuf {
    let path = std::env::current_exe().expect("this program");
    path.canonicalize().expect("its path")
}

/// A server as the lab, a client as its companion.
fn scenario(port: u16, line: &str) -> Scenario {
    let path = myself().to_str().expect("UTF-8").to_owned();
    let client = Companion {
        args: words("client", port),
        ..Companion::named("client", Played::Program(path))
    };
    Scenario {
        args: words("server", port),
        network: true,
        companions: vec![client],
        steps: vec![
            wait(Condition::Listening(port)),
            wait(Condition::Bound(port)),
            begin("client"),
            with("client", wait(text("connected"))),
            wait(text("accepted")),
            Step::Descriptors,
            with("client", Step::Descriptors),
            with("client", key(format!("{line}\n").as_bytes())),
            with("client", wait(text(&format!("answer {line}")))),
            with("client", wait(Condition::Exit { process: 1 })),
            wait(text(&format!("served {line}"))),
        ],
        ..Scenario::named("echo")
    }
}

fn play(scenario: &Scenario, traced: bool) -> Transcript {
    let runner = Runner::for_program(myself(), scenario);
    let runner = if traced { runner.traced() } else { runner };
    runner.run().unwrap_or_else(|error| panic!("{error:?}"))
}

fn is_shared(transcript: &Transcript) -> bool {
    transcript.entries.contains(&Entry::SharedMachine)
}

/// What `cat` reads in a network of its own; none where there can be none.
fn read(file: &str) -> Option<String> {
    let scenario = Scenario {
        args: vec![file.into()],
        network: true,
        ..Scenario::named("cat")
    };
    let transcript = Runner::for_program("/bin/cat", &scenario).run();
    let transcript = transcript.unwrap_or_else(|error| panic!("{error:?}"));
    if is_shared(&transcript) {
        eprintln!("not tested: no network namespace can be had here");
        return None;
    }
    Some(String::from_utf8_lossy(&transcript.terminal).into_owned())
}

#[test]
fn nothing_but_lo_is_in_the_network_and_the_user_is_the_same() {
    let Some(devices) = read("/proc/self/net/dev") else {
        return;
    };
    let names = devices.lines().filter_map(|line| line.split_once(':'));
    assert_eq!(
        names.map(|(name, _)| name.trim()).collect::<Vec<_>>(),
        ["lo"]
    );
    let status = read("/proc/self/status").expect("a network");
    let user = nix::unistd::geteuid().to_string();
    let line = status.lines().find(|line| line.starts_with("Uid:"));
    let shown = line.expect("Uid").split_whitespace().nth(2);
    assert_eq!(shown, Some(user.as_str()));
}

#[test]
fn runs_with_the_same_port_live_side_by_side_and_reach_nobody() {
    if read("/proc/self/net/dev").is_none() {
        return;
    }
    // this program keeps the port for itself all the time, on every address
    let ours = TcpListener::bind("0.0.0.0:0").expect("a free port");
    ours.set_nonblocking(true).expect("non-blocking");
    let port = ours.local_addr().expect("its number").port();
    let runs: Vec<_> = (0..4)
        .map(|number| {
            std::thread::spawn(move || {
                let line = format!("line-{number}");
                let transcript = play(&scenario(port, &line), number % 2 == 1);
                assert_eq!(transcript.status, Some(Status::Exited(0)));
                assert!(!is_shared(&transcript));
            })
        })
        .collect();
    for run in runs {
        run.join().expect("the run");
    }
    let visitor = ours.accept().expect_err("nobody came");
    assert_eq!(visitor.kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn a_server_in_a_run_is_unreachable_from_outside() {
    if read("/proc/self/net/dev").is_none() {
        return;
    }
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = free.local_addr().expect("its number").port();
    drop(free);
    let scenario = scenario(port, "x");
    let mut session = Runner::for_program(myself(), &scenario)
        .start()
        .expect("it starts");
    session
        .await_condition(&Condition::Listening(port))
        .expect("it listens");
    let error = TcpStream::connect(("127.0.0.1", port)).expect_err("nobody is there");
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused);
}

#[test]
fn a_picture_tells_listening_sockets_from_connections() {
    let port = 3600;
    for traced in [false, true] {
        let transcript = play(&scenario(port, "hello"), traced);
        let server = &transcript.descriptors[0][0];
        let client = &transcript
            .companion("client")
            .expect("its part")
            .descriptors[0][0];
        let has = |target: &Target| server.descriptors.iter().any(|(_, found)| found == target);
        let at = |ip: [u8; 4]| SocketAddr::from((ip, port));
        assert!(has(&Target::Listening(at([0, 0, 0, 0]))), "{server:?}");
        let udp = Target::Udp {
            local: at([127, 0, 0, 1]),
            peer: None,
        };
        assert!(has(&udp), "{server:?}");
        let mirrored = client
            .descriptors
            .iter()
            .find_map(|(_, target)| match target {
                Target::Connection { local, peer, whole } => Some(Target::Connection {
                    local: *peer,
                    peer: *local,
                    whole: *whole,
                }),
                _ => None,
            });
        let mirrored = mirrored.expect("the client's connection");
        assert!(has(&mirrored), "{mirrored:?} {server:?}");
        assert!(
            has(&Target::Terminal(server_terminal(&transcript))),
            "{server:?}"
        );
        assert_eq!(server.inside.is_some(), traced, "{server:?}");
    }
}

/// The terminal that descriptor 0 of the server is.
fn server_terminal(transcript: &Transcript) -> String {
    match &transcript.descriptors[0][0].descriptors[0] {
        (0, Target::Terminal(name)) => name.clone(),
        other => panic!("{other:?}"),
    }
}

/// Played by a copy of this program where namespaces are switched off.
#[test]
#[ignore = "played for the test below"]
fn crowd() {
    let port = port();
    let runs: Vec<_> = (0..3)
        .map(|number| {
            std::thread::spawn(move || {
                let transcript = play(&scenario(port, &format!("line-{number}")), false);
                assert!(is_shared(&transcript));
            })
        })
        .collect();
    for run in runs {
        run.join().expect("the run");
    }
}

#[test]
fn where_namespaces_are_refused_runs_take_turns() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = free.local_addr().expect("its number").port();
    drop(free);
    let status = std::process::Command::new(myself())
        .args(words("crowd", port))
        .env("LABSCOPE_NAMESPACES", "no")
        .status()
        .expect("a copy");
    assert!(status.success());
}
