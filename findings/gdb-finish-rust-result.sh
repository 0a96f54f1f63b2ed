#!/usr/bin/env bash
# gdb 13.1 (Debian 12), of a program by rustc 1.95: `finish` out of a function that returns Result<i32, i32>.
#
# Expected: "Value returned is … Ok(42)", which is what the variable holds that takes it, one `next` later.
# Seen: "Value returned is … Ok(0)". rustc returns the two halves of this Result in two registers; gdb looks for both in one,
# where C would put a struct of eight bytes, and finds nothing in its upper half. Of an Err it tells Err(0) likewise. Who wants
# to see what a function gave has to look at a variable.
#
# Needs an x86_64 machine, rustc, apt-get with Debian 12's packages, and the libraries that gdb is linked with; nothing is installed
# outside of a temporary folder.
# Ends with 0 while gdb does this, with 1 when it no longer does.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 .
apt-get download -q gdb=13.1-3 >/dev/null
dpkg-deb -x gdb_*.deb gdb
cat >a.rs <<'RUST'
#[inline(never)]
fn answer(n: i32) -> Result<i32, i32> {
    if n > 0 { Ok(n + 41) } else { Err(n) }
}
fn main() {
    let got = answer(std::env::args().count() as i32);
    println!("{got:?}");
}
RUST
rustc --version
rustc -g -o a a.rs
told=$(gdb/usr/bin/gdb -q -batch -data-directory gdb/usr/share/gdb -iex 'set debuginfod enabled off' \
  -ex 'break a::answer' -ex run -ex finish -ex next -ex 'print got' ./a 2>&1 | sed -n 's/.* = core::result::Result<i32, i32>:://p')
echo "gdb 13.1: finish and then print say" $told
[ "$told" = $'Ok(0)\nOk(42)' ]
