/* A timer of POSIX sends a signal that says which one it is. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static void note(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)context;
    write(1, info->si_code == SI_TIMER ? "timer\n" : "other\n", 6);
}

int main(void)
{
    timer_t timer;
    sigset_t blocked, open;
    struct sigaction action = {.sa_sigaction = note, .sa_flags = SA_SIGINFO};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 5};
    struct itimerspec time = {.it_value = {0, 20000000}};
    sigaction(SIGUSR1, &action, NULL);
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    sigemptyset(&open);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    sigprocmask(SIG_BLOCK, &blocked, NULL); /* until it is waited for */
    timer_settime(timer, 0, &time, NULL);
    sigsuspend(&open);
    timer_gettime(timer, &time);
    return timer_delete(timer);
}
