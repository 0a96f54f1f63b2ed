use std::borrow::Cow;
pub trait Memory {
    fn read(&self, address: u64, bytes: &mut [u8]) -> usize;
}
#[derive(Clone, Copy, Debug)]
pub struct Request {
    pub number: u64,
    pub args: [u64; 6],
}
pub fn name(number: u64) -> Cow<'static, str> {
    let known = usize::try_from(number).ok().and_then(syscalls::Sysno::new);
    match known {
        Some(known) => known.name().into(),
        None => format!("syscall_{number:#x}").into(),
    }
}
pub fn entered(r: &Request, m: &dyn Memory) -> String {
    let n = name(r.number);
    if n == "execve" {
        let mut b = [0; 256];
        let k = m.read(r.args[0], &mut b);
        let s = b[..k].split(|b| *b == 0).next().unwrap();
        return format!("{:?}, ...", String::from_utf8_lossy(s));
    }
    format!("{}, {:#x}, {}", r.args[0] as i32, r.args[1], r.args[2])
}
pub fn returned(_r: &Request, e: &str, v: i64, _m: &dyn Memory) -> (String, String) {
    (e.into(), v.to_string())
}
pub fn result(v: i64) -> String {
    v.to_string()
}
pub fn signal(i: &[u8]) -> (String, String) {
    (format!("SIG{}", i[0]), "{}".into())
}
pub fn signal_name(n: i32) -> String {
    format!("SIG{n}")
}
