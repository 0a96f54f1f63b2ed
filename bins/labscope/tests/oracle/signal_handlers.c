/* Handlers of all kinds: plain, with details, on a stack of its own, once only, with others blocked meanwhile. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void plain(int signal) { (void)signal; write(1, "plain\n", 6); }
static void detailed(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)context;
    write(1, info->si_code == SI_QUEUE ? "queue\n" : "other\n", 6);
}

int main(void)
{
    stack_t own = {.ss_sp = malloc(65536), .ss_size = 65536};
    struct sigaction action = {.sa_handler = plain, .sa_flags = SA_RESTART | SA_RESETHAND};
    sigaction(SIGUSR1, &action, NULL);
    raise(SIGUSR1);
    sigaltstack(&own, NULL);
    action.sa_sigaction = detailed;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    sigfillset(&action.sa_mask);
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGRTMIN, &action, NULL);
    kill(getpid(), SIGUSR1);
    sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 7});
    signal(SIGUSR1, SIG_IGN);
    raise(SIGUSR1);
    return 0;
}
