/* ppoll() lets a signal in that is blocked elsewhere. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

static void note(int signal) { (void)signal; }

int main(void)
{
    sigset_t blocked, open;
    struct sigaction action = {.sa_handler = note};
    struct timespec second = {1, 0}, none = {0, 0};
    sigemptyset(&open);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR2);
    sigaction(SIGUSR2, &action, NULL);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    raise(SIGUSR2);
    int ready = ppoll(NULL, 0, &second, &open);
    printf("%d %d\n", ready, errno == EINTR);
    printf("%d\n", ppoll(NULL, 0, &none, NULL));
    return 0;
}
