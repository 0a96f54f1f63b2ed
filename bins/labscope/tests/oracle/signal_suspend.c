/* A blocked signal stays pending until sigsuspend() lets it in. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static void note(int signal) { (void)signal; }

int main(void)
{
    sigset_t blocked, before, pending;
    struct sigaction action = {.sa_handler = note};
    sigaction(SIGUSR1, &action, NULL);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    sigaddset(&blocked, SIGTERM);
    sigprocmask(SIG_BLOCK, &blocked, &before);
    kill(getpid(), SIGUSR1);
    sigpending(&pending);
    printf("%d %d\n", sigismember(&pending, SIGUSR1), sigismember(&pending, SIGTERM));
    printf("%d\n", sigsuspend(&before));
    sigprocmask(SIG_SETMASK, &before, NULL);
    return 0;
}
