//! A program that is not trusted sees, changes and reaches its own room: every way out is tried, and what a lab needs.

use std::fs::{self, File};
use std::net::TcpListener;
use std::os::fd::AsRawFd;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use labscope::confinement::Means;
use labscope::submission::{CompileError, Submission, compile};
use labscope::{Language, Limits, Runner, Scenario, Status, Transcript};

/// A folder with a secret, a process and two sockets: all that is none of the program's business.
struct Outside {
    folder: PathBuf,
    secret: PathBuf,
    process: Child,
    tcp: TcpListener,
    _abstract: UnixListener,
    name: String,
}

impl Outside {
    fn new(name: &str) -> Outside {
        let name = format!("labscope-confinement-{}-{name}", std::process::id());
        let folder = std::env::temp_dir().join(&name);
        fs::create_dir_all(folder.join("neighbour")).expect("a folder");
        let secret = folder.join("neighbour/solution.c");
        fs::write(&secret, "int secret_of_a_neighbour;\n").expect("a file");
        let address = SocketAddr::from_abstract_name(&name).expect("a name");
        let mut sleeper = Command::new("sleep");
        Outside {
            process: sleeper.arg("1000").spawn().expect("a process"),
            tcp: TcpListener::bind("127.0.0.1:0").expect("a port"),
            _abstract: UnixListener::bind_addr(&address).expect("a socket"),
            secret,
            folder,
            name,
        }
    }

    /// Compiles a program of `attempts` and runs it.
    fn run(&self, means: Means, attempts: &str) -> Transcript {
        let source = self.folder.join("program.c");
        fs::write(&source, program(attempts)).expect("a file");
        let into = self.folder.join("into");
        let compiled = self.compile(&source, means, &into).expect("a program");
        let mut scenario = Scenario::named("test");
        scenario.args = vec![
            self.secret.display().to_string(),
            self.process.id().to_string(),
            self.tcp.local_addr().expect("its port").port().to_string(),
            self.name.clone(),
        ];
        let runner = Runner::for_program(compiled, &scenario).confined(means);
        let run = runner.limits(Limits::default()).lenient().run();
        run.unwrap_or_else(|error| panic!("{error:?}"))
    }

    fn compile(&self, source: &Path, means: Means, into: &Path) -> Result<PathBuf, CompileError> {
        let submission = Submission {
            sources: &[source.to_owned()],
            lab: "program",
            flags: &[],
            confined: Some(means),
            language: Language::En,
        };
        compile(&submission, into).map(|compiled| compiled.program)
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// `TRY(x)` prints x and whether it went well: a result that is not negative.
fn program(attempts: &str) -> String {
    format!(
        r#"#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#define TRY(x) do {{ long it = (long)(x); printf("%s: %s\n", #x, it < 0 ? "refused" : "done"); }} while (0)
char *secret; int pid, port; char *name;
int tcp(int port) {{
  struct sockaddr_in to = {{ AF_INET, htons(port), {{ htonl(INADDR_LOOPBACK) }} }};
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  return fd < 0 ? fd : connect(fd, (void *)&to, sizeof to);
}}
int datagram(void) {{
  struct sockaddr_in to = {{ AF_INET, htons(9), {{ htonl(0xc0000201) }} }}; /* 192.0.2.1, which nobody has */
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  return fd < 0 ? fd : sendto(fd, "x", 1, 0, (void *)&to, sizeof to);
}}
int abstract(void) {{
  struct sockaddr_un to = {{ AF_UNIX }};
  strcpy(to.sun_path + 1, name);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  return connect(fd, (void *)&to, offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name));
}}
int loopback(void) {{
  struct sockaddr_in at = {{ AF_INET, htons(3600), {{ htonl(INADDR_LOOPBACK) }} }};
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  return bind(fd, (void *)&at, sizeof at) < 0 || listen(fd, 1) < 0 ? -1 : tcp(3600);
}}
int by_link(void) {{ return symlink(secret, "link") < 0 ? -1 : open("link", O_RDONLY); }}
int of(char *what, char *file) {{
  char path[64]; snprintf(path, sizeof path, what, pid, file); return open(path, O_RDONLY);
}}
int runs(char *command) {{ int status = system(command); return status ? -1 : 0; }}
int descriptors(void) {{ int n = 0; for (int fd = 3; fd < 1024; fd++) n += fcntl(fd, F_GETFD) >= 0; return n; }}
int main(int argc, char **argv, char **env) {{
  setvbuf(stdout, 0, _IOLBF, 0);
  secret = argv[1]; pid = atoi(argv[2]); port = atoi(argv[3]); name = argv[4];
  {attempts}
  return 0;
}}
"#
    )
}

/// Each means alone, and both together, as far as there are any.
fn all_means() -> Vec<Means> {
    let found = Means::found(Language::En).expect("namespaces or Landlock");
    let mut all = vec![found];
    if found.namespaces && found.landlock > 0 {
        all.push(Means {
            landlock: 0,
            ..found
        });
    }
    if found.namespaces && found.keep_signals() {
        all.push(Means {
            namespaces: false,
            ..found
        });
    }
    all
}

fn text(run: &Transcript) -> String {
    String::from_utf8_lossy(&run.terminal).replace("\r\n", "\n")
}

/// Every line of the output ends so.
#[track_caller]
fn each(run: &Transcript, means: Means, end: &str, lines: usize) {
    let text = text(run);
    let right = text.lines().filter(|line| line.ends_with(end)).count();
    assert!(
        right == lines && text.lines().count() == lines,
        "{means:?}\n{text}"
    );
}

#[test]
fn nothing_leads_out() {
    let outside = Outside::new("out");
    for means in all_means() {
        let run = outside.run(
            means,
            r#"
  TRY(open(secret, O_RDONLY));
  TRY(open(secret, O_WRONLY | O_APPEND));
  TRY(chmod(secret, 0));
  TRY(unlink(secret));
  TRY(rename(secret, "mine"));
  TRY(link(secret, "mine"));
  TRY(truncate(secret, 0));
  TRY(by_link());
  TRY(open("/etc/shadow", O_RDONLY));
  TRY(open("/usr/bin/labscope-was-here", O_CREAT | O_WRONLY, 0600));
  TRY(open("/proc/sys/kernel/hostname", O_WRONLY));
  TRY(open("/dev/ptmx", O_RDWR));
  TRY(of("/proc/%d/root/%s", "etc/hostname"));
  TRY(of("/proc/%d/environ%s", ""));
  TRY(tcp(port));
  TRY(datagram());
  TRY(abstract());
  TRY(kill(pid, 0));
  TRY(kill(pid, SIGTERM));
  TRY(syscall(SYS_tkill, pid, SIGTERM));
  TRY(kill(-1, SIGTERM));
  TRY(kill(getppid(), 0) + kill(pid, SIGKILL));
  TRY(ptrace(PTRACE_ATTACH, pid, 0, 0));
  TRY(setpriority(PRIO_PROCESS, pid, 5));
  TRY(mount("tmpfs", "/tmp", "tmpfs", 0, 0));
  TRY(syscall(SYS_unshare, 0x10000000));
  TRY(chroot("/"));
  TRY(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? -1 : 0);
"#,
        );
        each(&run, means, ": refused", 28);
        let mut secret = fs::read_to_string(&outside.secret).expect("it is there");
        assert_eq!(secret.split_off(4), "secret_of_a_neighbour;\n");
        assert!(Path::new(&format!("/proc/{}", outside.process.id())).exists());
    }
}

#[test]
fn what_a_lab_needs_is_there() {
    let outside = Outside::new("in");
    for means in all_means() {
        let run = outside.run(
            means,
            r#"
  TRY(runs("/bin/ls /usr > /dev/null"));
  TRY(runs("echo text > file && grep text file > /dev/null"));
  TRY(fclose(popen("cat /etc/passwd", "r")));
  TRY(mkfifo("fifo", 0600));
  TRY(mkdir("folder", 0700));
  TRY(socket(AF_UNIX, SOCK_STREAM, 0));
  TRY(open("/dev/tty", O_RDWR));
  TRY(kill(getpid(), 0));
  TRY(open("/proc/self/status", O_RDONLY));
"#,
        );
        each(&run, means, ": done", 9);
        if means.namespaces {
            let run = outside.run(
                means,
                r#"
  TRY(open("/tmp/mine", O_CREAT | O_EXCL | O_WRONLY, 0600));
  TRY(open("/dev/shm/mine", O_CREAT | O_EXCL | O_WRONLY, 0600));
  TRY(runs("ls / > /dev/null"));
  TRY(loopback());
  TRY(shmget(7, 4096, IPC_CREAT | IPC_EXCL | 0600));
  TRY(chmod("/tmp/mine", 0644));
"#,
            );
            each(&run, means, ": done", 6);
        }
    }
    assert!(!Path::new("/tmp/mine").exists());
}

#[test]
fn nothing_of_the_caller_is_inherited() {
    let outside = Outside::new("inherited");
    let leaked = File::open(&outside.secret).expect("a file");
    nix::fcntl::fcntl(
        &leaked,
        nix::fcntl::FcntlArg::F_SETFD(nix::fcntl::FdFlag::empty()),
    )
    .expect("it is handed on");
    for means in all_means() {
        let run = outside.run(
            means,
            r#"
  printf("%d\n", descriptors());
  for (char **one = env; *one; one++) puts(strtok(*one, "="));
"#,
        );
        assert_eq!(
            text(&run),
            "0\nLC_ALL\nMALLOC_PERTURB_\nPATH\nTERM\n",
            "{}",
            leaked.as_raw_fd()
        );
    }
}

#[test]
fn nobody_speaks_for_the_shell() {
    let outside = Outside::new("speaks");
    for means in all_means() {
        let run = outside.run(
            means,
            r#"
  signal(SIGPIPE, SIG_IGN);
  struct sockaddr_un to = { AF_UNIX, "../socket" };
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (connect(fd, (void *)&to, sizeof to) == 0) {
    dprintf(fd, "shell %d 0\nended %d exited 9\nreaped %d exited 9\nerror lies\n", getpid(), getpid(), getpid());
    read(fd, &to, 1);
  }
  exit(3);
"#,
        );
        assert_eq!(
            run.status,
            Some(Status::Exited(3)),
            "{means:?} {}",
            text(&run)
        );
        assert_eq!(run.stopped, None, "{means:?}");
    }
}

#[test]
fn no_process_outlives_the_run() {
    let outside = Outside::new("outlives");
    for means in all_means() {
        let run = outside.run(
            means,
            "if (fork() == 0) { setsid(); if (fork() == 0) while (1) pause(); _exit(0); } wait(0);",
        );
        assert_eq!(run.pids.len(), 3, "{:?}", run.pids);
        for pid in &run.pids {
            assert!(!Path::new(&format!("/proc/{pid}")).exists(), "{means:?}");
        }
    }
}

#[test]
fn the_compiler_reads_nothing_that_is_not_the_students() {
    let outside = Outside::new("compiler");
    let secret = outside.secret.display().to_string();
    let into = outside.folder.join("into");
    std::os::unix::fs::symlink(&outside.secret, outside.folder.join("answer.h")).expect("a link");
    fs::write(outside.folder.join("own.h"), "#define OWN 0\n").expect("a file");
    for means in all_means() {
        let compiled = |text: &str| {
            let source = outside.folder.join("kim.c");
            fs::write(&source, text).expect("a file");
            outside.compile(&source, means, &into)
        };
        let lines = [
            format!("#include \"{secret}\"\n"),
            "#include \"neighbour/solution.c\"\n".to_owned(),
            "#include \"../neighbour/solution.c\"\n".to_owned(),
            "#include \"answer.h\"\n".to_owned(),
            format!("__asm__(\".incbin \\\"{secret}\\\"\");\n"),
            "__asm__(\".incbin \\\"/etc/shadow\\\"\");\n".to_owned(),
        ];
        for line in &lines {
            let refused = compiled(&format!("{line}int main(void) {{ return 0; }}\n"));
            let refused = refused.expect_err(line);
            let told = refused.messages();
            assert!(!told.contains("secret_of_a_neighbour"), "{means:?} {told}");
        }
        let own = compiled("#include \"own.h\"\nint main(void) { return OWN; }\n");
        assert!(own.is_ok(), "{means:?} {own:?}");
    }
}

#[test]
fn where_nothing_confines_it_a_file_is_refused_unless_it_is_trusted() {
    let outside = Outside::new("refused");
    let source = outside.folder.join("exec_test.c");
    fs::write(&source, "int main(void) { return 0; }\n").expect("a file");
    let orders = |trust: bool| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_labscope"));
        command
            .args(["--lang", "en", "orders", "exec_test", "--c"])
            .arg(&source);
        command
            .env("LABSCOPE_NAMESPACES", "no")
            .env("LABSCOPE_LANDLOCK", "no");
        let command = if trust {
            command.arg("--trust")
        } else {
            &mut command
        };
        let output = command.stdin(Stdio::null()).output().expect("it runs");
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
    };
    let refused = orders(false);
    assert!(refused.contains("nothing can confine it here"), "{refused}");
    assert!(
        refused.contains("LABSCOPE_NAMESPACES=no") && refused.contains("TRUST=1"),
        "{refused}"
    );
    let trusted = orders(true);
    assert!(trusted.contains("1 outcome"), "{trusted}");
}

#[test]
fn without_namespaces_a_lab_with_a_network_or_system_v_objects_is_refused_with_the_reason() {
    if !Means::found(Language::En).is_ok_and(Means::keep_signals) {
        return; // Landlock alone keeps nothing in here
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let refused = |language: &str, lab: &str, file: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_labscope"));
        command.args([
            "--lang",
            language,
            "compare",
            lab,
            "--scenario",
            "tty",
            "--c",
            file,
        ]);
        command.current_dir(&root).env("LABSCOPE_NAMESPACES", "no");
        let output = command.stdin(Stdio::null()).output().expect("it runs");
        assert!(!output.status.success());
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let server = "bins/echo_server_fork/echo_server_fork.c";
    let producer = "bins/shm_sem/shm_producer_sem.c";
    for language in ["en", "ko"] {
        let network = refused(language, "echo_server_fork", server);
        let ipc = refused(language, "shm_producer_sem", producer);
        for (told, why) in [(&network, "UDP"), (&ipc, "System V")] {
            let parts = [why, "Landlock", "LABSCOPE_NAMESPACES=no", "TRUST=1"];
            assert!(parts.iter().all(|part| told.contains(part)), "{told}");
        }
    }
}
