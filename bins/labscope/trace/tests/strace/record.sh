#!/bin/sh
# Records the traces in this folder anew: ./record.sh VERSION [STRACE], in a folder where the programs may be built.
# Paths of the machine are replaced by /lab; `bytes` is traced a second time with -yy -x as `descriptors`.
set -eu
version=$1
strace=${2:-strace}
here=$(cd "$(dirname "$0")" && pwd)
calls=execve,fork,vfork,clone,clone3,wait4,kill,pause,read,write,writev,exit,exit_group,nanosleep,clock_nanosleep,restart_syscall,rt_sigaction,rt_sigreturn,getppid,pipe,pipe2,alarm,openat,umask,getuid,geteuid,getgid

# record NAME PROGRAM OPTION...
record() {
    name=$1 program=$2
    shift 2
    build "$program"
    timeout 20 "$strace" -f -q -o trace -e trace=$calls "$@" ./lab </dev/null >/dev/null || true
    keep "$name"
}

build() {
    rm -f lab
    cc -static -g -O1 -w -pthread -o lab "$here/$1.c"
}

keep() {
    sed "s#$(pwd)#/lab#g" trace >"$here/$1-$version.trace"
}

record processes processes -k
record restart restart -ttt -k
record threads threads # not with -k: strace ends when a thread's execve takes over its process
record bytes bytes -s 300
record descriptors bytes -s 300 -yy -x
record inject inject -s 5 -T -ttt -e inject=getppid:retval=7:when=1 -e inject=getuid:error=EPERM \
    -e inject=geteuid:delay_exit=1000 -e inject=read:error=EINTR:delay_enter=1000 -e inject=exit_group:delay_enter=1000

build detached
./lab &
lab=$!
timeout 10 "$strace" -f -q -k -o trace -p $lab &
tracer=$!
sleep 1
kill -INT $tracer
wait $tracer || true
kill -KILL $(cat /proc/$lab/task/$lab/children) $lab
keep detached
