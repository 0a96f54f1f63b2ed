/* A child in a group of its own is stopped, continued, and ended through its group. */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "asleep.h"

int main(void)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        setpgid(0, 0);
        for (;;)
            pause();
    }
    setpgid(child, child);
    printf("%d %d\n", getpgid(child) == child, getpgrp() == getpgid(0));
    await_sleep(child);
    kill(-child, SIGSTOP);
    waitpid(child, &status, WUNTRACED);
    printf("stopped %d\n", WSTOPSIG(status));
    kill(-child, SIGCONT);
    waitpid(child, &status, WCONTINUED);
    printf("continued %d\n", WIFCONTINUED(status) != 0);
    await_sleep(child);
    kill(-child, SIGTERM);
    waitpid(child, &status, 0);
    printf("ended %d\n", WTERMSIG(status));
    return 0;
}
