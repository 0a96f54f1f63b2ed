/* A read broken off by a signal begins anew with SA_RESTART, and fails without. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "asleep.h"

static void note(int signal) { (void)signal; }

int main(void)
{
    int ends[2];
    char byte;
    pipe(ends);
    pid_t child = fork();
    if (child == 0) {
        struct sigaction action = {.sa_handler = note, .sa_flags = SA_RESTART};
        sigaction(SIGUSR1, &action, NULL);
        action.sa_flags = 0;
        sigaction(SIGUSR2, &action, NULL);
        ssize_t got = read(ends[0], &byte, 1);
        _exit(got == -1 && errno == EINTR ? 0 : 1);
    }
    await_sleep(child);
    kill(child, SIGUSR1);
    await_sleep(child);
    kill(child, SIGUSR2);
    int status;
    wait(&status);
    printf("%d\n", WEXITSTATUS(status));
    return 0;
}
