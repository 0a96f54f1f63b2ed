/* Signals read from a descriptor. */
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    sigset_t taken;
    struct signalfd_siginfo info;
    sigemptyset(&taken);
    sigaddset(&taken, SIGCHLD);
    sigprocmask(SIG_BLOCK, &taken, NULL);
    int file = signalfd(-1, &taken, SFD_CLOEXEC);
    if (fork() == 0)
        _exit(3);
    ssize_t got = read(file, &info, sizeof info);
    printf("%zd %d\n", got, info.ssi_status);
    wait(NULL);
    return 0;
}
