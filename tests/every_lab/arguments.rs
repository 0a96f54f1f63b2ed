//! The arguments of the labs: what is wrong is told in one line on stderr, with exit status 2.
//! Of `[ADDRESS [PORT]]`, which the network labs take, what is right is what the first calls get.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use libtest_mimic::Trial;

use crate::support::server::Server;
use crate::support::tracer::Traced;
use crate::support::trials::{Subject, trials_of};
use crate::support::{bounded, head, lab, labs, output, source, text_of, traced};

/// The labs that take `[ADDRESS [PORT]]`; one of them has no default address.
fn network_labs() -> Vec<String> {
    let takes = |lab: &String| {
        let arguments = head(lab).arguments.clone().unwrap_or_default();
        ["[ADDRESS [PORT]]", "ADDRESS [PORT]"].contains(&arguments.as_str())
    };
    labs().into_iter().filter(takes).collect()
}

/// Whether it waits for clients.
fn is_server(lab: &str) -> bool {
    fs::read_to_string(source(lab, "rs"))
        .unwrap()
        .contains("bind(")
}

pub fn trials() -> Vec<Trial> {
    let run = "make run-{lab} ARGS=…";
    let (mut refusing, network) = (labs(), network_labs());
    refusing.retain(|lab| !head(lab).refuses.is_empty());
    let mut servers = network.clone();
    servers.retain(|lab| is_server(lab));
    let trials = [
        trials_of(
            &refusing,
            "what_it_refuses_is_told_in_one_line",
            run,
            what_it_refuses_is_told_in_one_line,
        ),
        trials_of(
            &network,
            "what_is_no_address_is_refused",
            run,
            what_is_no_address_is_refused,
        ),
        trials_of(
            &network,
            "what_is_no_port_is_refused",
            run,
            what_is_no_port_is_refused,
        ),
        trials_of(
            &network,
            "more_than_address_and_port_is_refused",
            run,
            more_than_address_and_port_is_refused,
        ),
        trials_of(
            &network,
            "address_and_port_are_what_the_kernel_gets",
            "make strace-{lab} ARGS=…",
            address_and_port_are_what_the_kernel_gets,
        ),
        trials_of(
            &servers,
            "it_tells_the_port_that_the_kernel_chose",
            run,
            a_server_tells_the_port_that_the_kernel_chose,
        ),
    ];
    let mut trials: Vec<Trial> = trials.into_iter().flatten().collect();
    trials.push(Subject::lab("cal_linux_cli").trial(
        "it_wants_an_address",
        "make run-cal_linux_cli",
        |_| the_calculators_client_wants_an_address(),
    ));
    trials
}

/// Runs a lab with these arguments, of which this one is wrong so.
fn assert_refused(name: &str, args: &[&OsStr], wrong: &OsStr, why: &str) {
    let expected = [b"\"", wrong.as_bytes(), b"\"", why.as_bytes(), b"\n"].concat();
    let seen = output(bounded(lab(name)).args(args));
    let told = (
        seen.stdout.escape_ascii().to_string(),
        seen.stderr.escape_ascii().to_string(),
    );
    assert_eq!(
        told,
        (String::new(), expected.escape_ascii().to_string()),
        "{args:?}"
    );
    assert_eq!(seen.status.code(), Some(2), "{args:?}");
}

fn what_it_refuses_is_told_in_one_line(name: &str) {
    for refusal in &head(name).refuses {
        let seen = output(bounded(lab(name)).args(&refusal.args).stdin(Stdio::null()));
        let told = (text_of(&seen), seen.stdout.len(), seen.status.code());
        let expected = (format!("{}\n", refusal.says), 0, Some(2));
        assert_eq!(told, expected, "{:?}", refusal.args);
    }
}

fn what_is_no_address_is_refused(name: &str) {
    let long = "1".repeat(2000);
    let texts = "|abc|localhost|1.2.3|1.2.3.4.5|01.2.3.4|1.2.3.00|256.0.0.1|1.2.3.4 | 1.2.3.4|\
        1..2.3|.1.2.3|1.2.3.|127.1|2130706433|0x7f.0.0.1|-1.0.0.1|+1.0.0.1|1,2,3,4|::1|\
        127.0.0.1:80|%s%n|{}|--help|안녕";
    let garbage = OsString::from_vec((1..=255).collect());
    let odd = [OsStr::new(&long), &garbage];
    for text in texts.split('|').map(OsStr::new).chain(odd) {
        let why = ": not an IPv4 address such as 127.0.0.1";
        assert_refused(name, &[text], text, why);
        assert_refused(name, &[text, "abc".as_ref(), "more".as_ref()], text, why);
    }
}

fn what_is_no_port_is_refused(name: &str) {
    let texts = "|abc|70000|65536|655350|-1|+1| 1|1 |0x50|1.5|99999999999999999999|http|%d";
    for text in texts.split('|').map(OsStr::new) {
        assert_refused(
            name,
            &["127.0.0.1".as_ref(), text],
            text,
            ": not a port (0 to 65535)",
        );
    }
}

fn more_than_address_and_port_is_refused(name: &str) {
    for text in ["", "x", "127.0.0.1"].map(OsStr::new) {
        let args = ["127.0.0.1", "0"].map(OsStr::new);
        let why = ": too much, expected [ADDRESS [PORT]]";
        assert_refused(name, &[args[0], args[1], text], text, why);
        assert_refused(
            name,
            &[args[0], args[1], text, "yet more".as_ref()],
            text,
            why,
        );
    }
}

fn address_and_port_are_what_the_kernel_gets(name: &str) {
    for (args, port, address) in [
        (&[][..], 0, "127.0.0.1"),
        (&["127.0.0.1", "65535"], 65535, "127.0.0.1"),
        (&["0.0.0.0", "00080"], 80, "0.0.0.0"),
        (&["255.255.255.255", "1"], 1, "255.255.255.255"),
        (&["10.20.30.40"], 0, "10.20.30.40"),
    ] {
        let head = head(name);
        let usage = head.arguments.as_ref();
        let has_default = usage.is_some_and(|usage| usage.starts_with('['));
        if args.is_empty() && !has_default {
            continue;
        }
        let (_, processes) = Traced::new(&["bind,connect:error=EPERM"], traced(name), args).run();
        let seen = processes[0].text();
        let port = match port {
            0 => head.port.expect("the port of a network lab"),
            port => port,
        };
        let expected = format!(
            "(3, {{sa_family=AF_INET, sin_port=htons({port}), sin_addr=inet_addr(\"{address}\")}}, 16) = -1 EPERM"
        );
        assert!(
            seen.contains(&expected),
            "{name} {args:?}: expected {expected}\n{seen}"
        );
    }
}

fn a_server_tells_the_port_that_the_kernel_chose(name: &str) {
    for address in ["127.0.0.1", "0.0.0.0", "127.1.2.3"] {
        let mut command = bounded(lab(name));
        let server = Server::start(name, command.args([address, "0"]).stdout(Stdio::null()));
        assert_eq!(server.address.ip().to_string(), address, "{name}");
        assert_ne!(server.address.port(), 0, "{name}");
        assert_eq!(server.end(), "", "{name}");
    }
    // An address of the documentation's, which no machine has.
    let seen = output(bounded(lab(name)).args(["192.0.2.1", "0"]));
    assert_eq!(
        text_of(&seen),
        "bind error: Cannot assign requested address\n",
        "{name}"
    );
    assert_eq!(seen.status.code(), Some(1), "{name}");
}

fn the_calculators_client_wants_an_address() {
    for name in ["./cal_linux_cli", "", "a b {} %s"] {
        let seen = output(
            Command::new(lab("cal_linux_cli"))
                .arg0(name)
                .stdin(Stdio::null()),
        );
        assert_eq!(
            String::from_utf8_lossy(&seen.stdout),
            format!("Usage : {name} [ipaddress]\n")
        );
        assert_eq!((seen.status.code(), seen.stderr.len()), (Some(1), 0));
    }
}
