/* A sleep that a handler breaks off tells what is left of it. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "asleep.h"

static void note(int signal) { (void)signal; }

/* Starts a child that breaks off its parent's sleep. */
static pid_t breaker(void)
{
    pid_t child = fork();
    if (child == 0) {
        await_sleep(getppid());
        kill(getppid(), SIGALRM);
        _exit(0);
    }
    return child;
}

int main(void)
{
    struct timespec minute = {60, 0}, left = {0, 0};
    signal(SIGALRM, note);
    pid_t child = breaker();
    int result = nanosleep(&minute, &left);
    waitpid(child, NULL, 0);
    printf("%d %d\n", result, left.tv_sec < 60);
    child = breaker();
    printf("%d\n", clock_nanosleep(CLOCK_MONOTONIC, 0, &minute, NULL));
    waitpid(child, NULL, 0);
    return 0;
}
