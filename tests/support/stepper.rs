//! A program that is led from instruction to instruction, `ptrace(2)`: a signal comes exactly where it is wanted.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};

use nix::libc::user_regs_struct;
use nix::sys::ptrace::{self, AddressType, Options};
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;

use super::proc::{await_that, sleeps_in};
use super::terminal::open_terminal;

pub const CLOCK_NANOSLEEP: i64 = processor::CLOCK_NANOSLEEP;
pub const FUTEX: i64 = processor::FUTEX;

/// The numbers of two system calls of this processor, its instruction for them, and what its registers are called.
#[cfg(target_arch = "x86_64")]
mod processor {
    use super::user_regs_struct;

    pub const CLOCK_NANOSLEEP: i64 = 230;
    pub const FUTEX: i64 = 202;

    /// `syscall`, as a word of memory begins with it.
    pub const CALL: (i64, i64) = (0xffff, 0x050f);

    pub fn number(registers: &user_regs_struct) -> u64 {
        registers.rax
    }

    /// Instruction and stack.
    pub fn place(registers: &user_regs_struct) -> (u64, u64) {
        (registers.rip, registers.rsp)
    }
}

#[cfg(target_arch = "aarch64")]
mod processor {
    use super::user_regs_struct;

    pub const CLOCK_NANOSLEEP: i64 = 115;
    pub const FUTEX: i64 = 98;

    /// `svc #0`.
    pub const CALL: (i64, i64) = (0xffff_ffff, 0xd400_0001);

    pub fn number(registers: &user_regs_struct) -> u64 {
        registers.regs[8]
    }

    pub fn place(registers: &user_regs_struct) -> (u64, u64) {
        (registers.pc, registers.sp)
    }
}

/// A program on a terminal of its own, stopped; it ends with this.
pub struct Stepper {
    child: Child,
    pid: Pid,
    screen: Option<JoinHandle<Vec<u8>>>,
}

impl Stepper {
    /// Starts a program, and stops it when it sleeps for a time.
    pub fn at_its_sleep(program: &Path) -> Stepper {
        let (mut master, slave) = open_terminal();
        let mut command = Command::new(program);
        command.stdin(Stdio::null()).stdout(slave);
        let child = command.spawn().unwrap();
        drop(command); // with the last descriptor for it the terminal ends
        let pid = Pid::from_raw(child.id() as i32);
        let screen = thread::spawn(move || {
            let mut shown = Vec::new();
            let _ = master.read_to_end(&mut shown); // EIO when the program has gone
            shown
        });
        await_that("it sleeps", || {
            let call = sleeps_in(pid.as_raw());
            (call == Some(CLOCK_NANOSLEEP))
                .then_some(())
                .ok_or(format!("{call:?}"))
        });
        ptrace::seize(pid, Options::empty()).unwrap();
        ptrace::interrupt(pid).unwrap();
        let screen = Some(screen);
        let stepper = Stepper { child, pid, screen };
        stepper.await_stop();
        stepper
    }

    fn await_stop(&self) {
        let status = waitpid(self.pid, None).unwrap();
        let stopped = matches!(
            status,
            WaitStatus::Stopped(..) | WaitStatus::PtraceEvent(..)
        );
        assert!(stopped, "{status:?}");
    }

    pub fn registers(&self) -> user_regs_struct {
        ptrace::getregs(self.pid).unwrap()
    }

    /// The word at an address.
    pub fn word(&self, address: u64) -> i64 {
        ptrace::read(self.pid, address as AddressType).unwrap()
    }

    /// One instruction.
    pub fn step(&self) {
        ptrace::step(self.pid, None).unwrap();
        self.await_stop();
    }

    /// Whether the next instruction begins a sleep.
    pub fn is_before_sleep(&self) -> bool {
        let registers = self.registers();
        let (mask, call) = processor::CALL;
        let (instruction, _) = processor::place(&registers);
        processor::number(&registers) == CLOCK_NANOSLEEP as u64
            && self.word(instruction) & mask == call
    }

    /// A signal whose handler runs now, to its end: back at the same instruction.
    pub fn handle(&self, signal: Signal) {
        let before = self.registers();
        let mut deliver = Some(signal);
        while deliver.is_some() || processor::place(&self.registers()) != processor::place(&before)
        {
            ptrace::syscall(self.pid, deliver.take()).unwrap();
            self.await_stop();
        }
    }

    /// A signal, and the program is left to itself.
    pub fn let_go(&self, signal: Signal) {
        ptrace::cont(self.pid, signal).unwrap();
    }

    /// The call that it is in, with its first argument.
    pub fn inside(&self) -> String {
        let file = format!("/proc/{}/syscall", self.pid);
        let text = fs::read_to_string(file).unwrap_or_default();
        text.split(' ').take(2).collect::<Vec<_>>().join(" ")
    }

    /// What the terminal has shown, when the program has been ended.
    pub fn end(mut self) -> String {
        self.kill();
        let shown = self.screen.take().unwrap().join().unwrap();
        String::from_utf8(shown).unwrap().replace("\r\n", "\n")
    }

    fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Stepper {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The address of a symbol of a program that is linked to fixed addresses.
pub fn address(program: &Path, symbol: &str) -> u64 {
    let mut nm = super::bounded("nm");
    let output = super::output(nm.arg(program));
    let text = super::text_of(&output);
    let found = text.lines().find_map(|line| {
        let (address, name) = line.split_once(' ')?;
        (name.split(' ').nth(1) == Some(symbol)).then_some(address)
    });
    let found = found.unwrap_or_else(|| panic!("{}: no {symbol}", program.display()));
    u64::from_str_radix(found, 16).unwrap()
}
