/* A sleep that a handler breaks off tells what is left of it. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <time.h>

static void note(int signal) { (void)signal; }

int main(void)
{
    struct itimerval soon = {{0, 0}, {0, 20000}};
    struct timespec minute = {60, 0}, left = {0, 0};
    signal(SIGALRM, note);
    setitimer(ITIMER_REAL, &soon, NULL);
    int result = nanosleep(&minute, &left);
    printf("%d %d\n", result, (int)left.tv_sec);
    setitimer(ITIMER_REAL, &soon, NULL);
    printf("%d\n", clock_nanosleep(CLOCK_MONOTONIC, 0, &minute, NULL));
    return 0;
}
