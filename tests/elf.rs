#[test]
fn t() {
    assert_eq!(
        rawlabs::unistd::close(-1),
        Err(rawlabs::errno::Errno::EBADF)
    );
    let _ = env!("CARGO_BIN_EXE_fork_test");
}
