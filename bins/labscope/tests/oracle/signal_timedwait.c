/* sigtimedwait() takes a waiting signal with its details, or gives up. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

int main(void)
{
    sigset_t awaited;
    siginfo_t info;
    struct timespec soon = {0, 10000000};
    sigemptyset(&awaited);
    sigaddset(&awaited, SIGCHLD);
    sigaddset(&awaited, SIGUSR1);
    sigprocmask(SIG_BLOCK, &awaited, NULL);
    kill(getpid(), SIGUSR1);
    printf("%d\n", sigtimedwait(&awaited, &info, &soon));
    printf("%d\n", sigtimedwait(&awaited, NULL, &soon));
    if (fork() == 0)
        _exit(5);
    printf("%d %d\n", sigwaitinfo(&awaited, &info), info.si_status);
    return 0;
}
