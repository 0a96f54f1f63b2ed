//! Each system call of a C program has its source line and the library function
//! called there, whether libc is linked dynamically or statically.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use labscope::source::{Attribution, Place, Site};
use labscope::trace::Call;
use labscope::{Runner, Scenario, Wiring};

/// How a program is linked; a static one needs a table to walk its stack.
const LINKINGS: [&[&str]; 2] = [&[], &["-static", "-Wl,--eh-frame-hdr"]];

const HEADERS: &str = "#include <errno.h>\n#include <signal.h>\n#include <stdio.h>\n\
     #include <stdlib.h>\n#include <sys/wait.h>\n#include <unistd.h>\n";

const CALLS: &str = r#"
static void inner(int n)
{
	printf("n = %d\n", n);
}

static void outer(void)
{
	inner(3);
}

int main(void)
{
	outer();
	puts("puts");
	printf("gcc calls puts\n");
	putchar('\n');
	getchar();
	close(99);
	perror("perror");
	pid_t pid = fork();
	if (pid == 0) {
		sleep(1);
		execl("./missing", "missing", NULL);
		exit(3);
	}
	wait(NULL);
	printf("left in the buffer");
	return 0;
}
"#;

const PUTS: &str = "int main(void)\n{\n\tputs(\"x\");\n\treturn 0;\n}\n";

const BECOMES: &str = r#"
static void become(void)
{
	execl("PATH", "x", NULL);
}

int main(void)
{
	puts("x");
	become();
	return 1;
}
"#;

const KILLED: &str = r#"
int main(void)
{
	kill(getpid(), SIGKILL);
	return 1;
}
"#;

const TWO_EXECS: &str = r#"
int main(int argc, char **argv)
{
	if (argc > 9)
		execv("/bin/false", argv);
	execlp("/bin/true", "x", NULL);
	return 1;
}
"#;

/// A folder with C programs, removed when dropped.
struct Programs(PathBuf);

impl Programs {
    fn new() -> Programs {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("attribution ({})-{count}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir(&folder).expect("a folder");
        Programs(folder)
    }

    /// Compiles a program as students do, with debug information.
    fn compile(&self, name: &str, body: &str, linking: &[&str]) {
        let source = format!("{name}.c");
        fs::write(self.0.join(&source), format!("{HEADERS}{body}")).expect("the source");
        let mut cc = Command::new("cc");
        cc.args(["-O0", "-g", "-o", name, &source]).args(linking);
        let output = cc.current_dir(&self.0).output();
        let output = output.unwrap_or_else(|error| panic!("cc (apt-get install gcc): {error}"));
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{cc:?}\n{told}");
    }

    /// Traces a program; gives its processes in order of appearance.
    fn run(&self, name: &str) -> Vec<Vec<(Call, Site)>> {
        self.run_beside(name, &[])
    }

    /// The same, with other programs of the folder beside it.
    fn run_beside(&self, name: &str, needs: &[&str]) -> Vec<Vec<(Call, Site)>> {
        let scenario = Scenario {
            stdin: Wiring::Path("/dev/null".into()),
            needs: needs.iter().map(|&name| name.to_owned()).collect(),
            inject: vec!["clock_nanosleep:retval=0".into()],
            ..Scenario::named(name)
        };
        let runner = Runner::for_program(self.0.join(name), &scenario).traced();
        let transcript = runner.run().unwrap_or_else(|error| panic!("{error:#}"));
        let trace = transcript.trace.expect("a trace");
        assert!(trace.unread.is_empty(), "{:?}", trace.unread);
        let sites = Attribution::new(&self.0).expect("the folder").sites(&trace);
        assert_eq!(sites.len(), trace.calls.len());
        let all: Vec<(Call, Site)> = trace.calls.into_iter().zip(sites).collect();
        let of = |pid: &i32| {
            all.iter()
                .filter(|(call, _)| call.pid == *pid)
                .cloned()
                .collect()
        };
        transcript.pids.iter().map(of).collect()
    }

    /// The source line of a call, without indentation; empty if it has none.
    fn text(&self, site: &Site) -> String {
        let Some(line) = site.line() else {
            return String::new();
        };
        assert_eq!(line.file.parent(), Some(&*self.0));
        let source = fs::read_to_string(&line.file).expect("the source");
        let text = source.lines().nth(line.line as usize - 1);
        text.unwrap_or_default().trim().to_owned()
    }

    /// `call < callee < function < … : source line` of each of these calls.
    fn told(&self, process: &[(Call, Site)], names: &[&str]) -> Vec<String> {
        let wanted = process.iter().filter(|(call, site)| {
            names.contains(&call.name.as_str())
                && matches!(site.place, Place::Program | Place::ReturnFromMain)
        });
        let told = wanted.map(|(call, site)| {
            let functions = site.frames.iter().map(|frame| frame.function.as_str());
            let mut chain = vec![call.name.as_str()];
            chain.extend(site.callee.as_deref());
            chain.extend(functions);
            format!("{}: {}", chain.join(" < "), self.text(site))
        });
        told.collect()
    }
}

impl Drop for Programs {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn places(process: &[(Call, Site)]) -> Vec<Place> {
    process.iter().map(|(_, site)| site.place).collect()
}

#[test]
fn each_call_has_its_line_and_the_function_called_there() {
    for linking in LINKINGS {
        let programs = Programs::new();
        programs.compile("calls", CALLS, linking);
        let processes = programs.run("calls");
        let names = [
            "write",
            "read",
            "close",
            "clone",
            "wait4",
            "clock_nanosleep",
            "execve",
            "exit_group",
        ];
        let parent = [
            "write < printf < inner < outer < main: printf(\"n = %d\\n\", n);",
            "write < puts < main: puts(\"puts\");",
            "write < puts < main: printf(\"gcc calls puts\\n\");",
            "write < putchar < main: putchar('\\n');",
            "read < getchar < main: getchar();",
            "close < close < main: close(99);",
            "write < perror < main: perror(\"perror\");",
            "clone < fork < main: pid_t pid = fork();",
            "wait4 < wait < main: wait(NULL);",
            "write < main: }",
            "exit_group < main: }",
        ];
        let told: Vec<String> = programs.told(&processes[0], &names);
        // perror closes a descriptor of its own.
        let told: Vec<&str> = told
            .iter()
            .map(String::as_str)
            .filter(|line| !line.starts_with("close < perror"))
            .collect();
        assert_eq!(told, parent, "{linking:?}");
        let child = [
            "clock_nanosleep < sleep < main: sleep(1);",
            "execve < execl < main: execl(\"./missing\", \"missing\", NULL);",
            "exit_group < exit < main: exit(3);",
        ];
        assert_eq!(programs.told(&processes[1], &names), child, "{linking:?}");
    }
}

#[test]
fn what_libc_does_before_main_and_after_it_is_told_apart() {
    for linking in LINKINGS {
        let programs = Programs::new();
        programs.compile("calls", CALLS, linking);
        let processes = programs.run("calls");
        let mut order = places(&processes[0]);
        order.dedup();
        let expected = [
            Place::Setup,
            Place::StartUp,
            Place::Program,
            Place::ReturnFromMain,
        ];
        assert_eq!(order, expected, "{linking:?}");
        assert!(
            places(&processes[1])
                .iter()
                .all(|&place| place == Place::Program)
        );
    }
}

#[test]
fn a_main_that_calls_nothing_returns_all_the_same() {
    for linking in LINKINGS {
        let programs = Programs::new();
        programs.compile(
            "empty",
            "int main(void) { return 3; }\nint f(void)\n{\n\treturn 1;\n}\n",
            linking,
        );
        let processes = programs.run("empty");
        let (call, site) = processes[0].last().expect("a call");
        assert_eq!(
            (call.name.as_str(), site.place),
            ("exit_group", Place::ReturnFromMain)
        );
        assert_eq!(programs.text(site), "int main(void) { return 3; }");
    }
}

#[test]
fn a_call_below_malloc_is_known_as_such() {
    let programs = Programs::new();
    programs.compile("heap", PUTS, LINKINGS[0]);
    let processes = programs.run("heap");
    let brk = |(call, site): &&(Call, Site)| call.name == "brk" && site.place == Place::Program;
    let (_, site) = processes[0].iter().find(brk).expect("puts allocates");
    assert_eq!(site.callee.as_deref(), Some("puts"));
    let frames = &site.libc_frames;
    assert!(frames.contains(&"malloc".to_owned()), "{frames:?}");
}

#[test]
fn a_process_that_becomes_another_program_is_followed() {
    for linking in LINKINGS {
        let programs = Programs::new();
        programs.compile("first", &BECOMES.replace("PATH", "./second"), linking);
        programs.compile("second", &BECOMES.replace("PATH", "/bin/true"), linking);
        let processes = programs.run_beside("first", &["second"]);
        let told = programs.told(&processes[0], &["write", "execve"]);
        let expected = [
            "write < puts < main: puts(\"x\");",
            "execve < execl < become < main: execl(\"./second\", \"x\", NULL);",
            "write < puts < main: puts(\"x\");",
            "execve < execl < become < main: execl(\"/bin/true\", \"x\", NULL);",
        ];
        assert_eq!(told, expected, "{linking:?}");
        let mut order = places(&processes[0]);
        order.dedup();
        use Place::{Foreign, Program, Setup, StartUp};
        assert_eq!(order, [Setup, StartUp, Program, StartUp, Program, Foreign]);
        let last = processes[0]
            .last()
            .and_then(|(_, site)| site.program.clone());
        assert_eq!(last.as_deref(), Some("true"));
    }
}

#[test]
fn a_call_that_does_not_come_back_has_its_line_too() {
    let programs = Programs::new();
    programs.compile("two", TWO_EXECS, LINKINGS[0]);
    programs.compile("killed", KILLED, LINKINGS[0]);
    let lines = |name: &str, call: &str| -> Vec<(Place, Option<u32>)> {
        let processes = programs.run(name);
        let calls = processes[0]
            .iter()
            .filter(|(made, site)| made.name == call && site.place != Place::Setup);
        calls
            .map(|(_, site)| (site.place, site.line().map(|line| line.line)))
            .collect()
    };
    assert_eq!(lines("two", "execve"), [(Place::Program, Some(12))]);
    assert_eq!(lines("killed", "kill"), [(Place::Program, Some(10))]);
}

#[test]
fn a_program_without_debug_information_has_calls_of_its_own_and_no_lines() {
    let programs = Programs::new();
    programs.compile("plain", PUTS, &["-g0"]);
    let processes = programs.run("plain");
    let mut order = places(&processes[0]);
    order.dedup();
    let own = [Place::Program, Place::ReturnFromMain];
    assert_eq!(order, [&[Place::Setup, Place::StartUp], &own[..]].concat());
    let mut sites = processes[0].iter().map(|(_, site)| site);
    assert!(sites.all(|site| site.line().is_none()));
}
