/* waitid() tells each change of a child, the last one first without taking it. */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    siginfo_t info;
    pid_t child = fork();
    if (child == 0) {
        raise(SIGSTOP);
        _exit(7);
    }
    waitid(P_PID, child, &info, WSTOPPED);
    printf("%d %d\n", info.si_code, info.si_status);
    info.si_pid = 0;
    waitid(P_ALL, 0, &info, WEXITED | WNOHANG);
    printf("%d\n", info.si_pid);
    kill(child, SIGCONT);
    waitid(P_PID, child, &info, WEXITED | WNOWAIT);
    printf("%d %d\n", info.si_code, info.si_status);
    waitid(P_PGID, getpgrp(), &info, WEXITED);
    printf("%d\n", waitid(P_ALL, 0, &info, WEXITED));
    return 0;
}
