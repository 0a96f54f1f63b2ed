/* prctl() and what a process may ask of itself. */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <unistd.h>

int main(void)
{
    char name[16];
    struct utsname system;
    struct rlimit limit;
    struct rusage usage;
    struct tms times_used;
    cpu_set_t processors;
    gid_t groups[64];
    prctl(PR_SET_NAME, "renamed");
    prctl(PR_GET_NAME, name);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    prctl(PR_SET_DUMPABLE, 1);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    uname(&system);
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = 100;
    setrlimit(RLIMIT_NOFILE, &limit);
    getrusage(RUSAGE_SELF, &usage);
    for (volatile int i = 0; i < 60000000; i++) /* some ticks: strace says how many seconds they are */
        ;
    times(&times_used);
    sched_yield();
    sched_getaffinity(0, sizeof processors, &processors);
    getpriority(PRIO_PROCESS, 0);
    getgroups(64, groups);
    getgroups(0, NULL);
    sysconf(_SC_NPROCESSORS_ONLN);
    printf("%s %d %d %ld\n", name, getuid() == geteuid(), getgid() == getegid(), syscall(SYS_getpid) - getpid());
    return syscall(999, 1, 2, 3, 4, 5, 6) == -1 ? 0 : 1;
}
