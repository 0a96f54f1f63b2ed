//! `labscope strace`, on a real terminal: what is told while a program runs, and who gets the keys.

mod calls;
mod keys;
mod outlets;
mod project;
mod support;
mod terminal;
