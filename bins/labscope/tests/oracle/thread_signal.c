/* A signal sent to one thread of a process, which waits for it. */
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static sigset_t awaited;

static void *waiter(void *none)
{
    int signal;
    sigwait(&awaited, &signal);
    write(1, signal == SIGUSR1 ? "USR1\n" : "other\n", 5);
    return none;
}

int main(void)
{
    pthread_t thread;
    sigemptyset(&awaited);
    sigaddset(&awaited, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &awaited, NULL);
    pthread_create(&thread, NULL, waiter, NULL);
    pthread_kill(thread, SIGUSR1);
    pthread_join(thread, NULL);
    return 0;
}
