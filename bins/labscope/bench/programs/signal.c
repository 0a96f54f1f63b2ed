/*
 * For each byte of input: five thousand times a signal to itself, which a
 * handler counts; then a byte of answer. On rawlabs: signal.rs.
 */
#include <signal.h>
#include <unistd.h>

static volatile sig_atomic_t handled;

static void handler(int signum)
{
    (void)signum;
    handled++;
}

int main(void)
{
    char byte;
    int i;

    signal(SIGUSR1, handler);
    while (read(0, &byte, 1) == 1)
    {
        handled = 0;
        for (i = 0; i < 5000; i++)
        {
            kill(getpid(), SIGUSR1);
        }
        if (handled != 5000 || write(1, &byte, 1) != 1)
        {
            return 1;
        }
    }
    return 0;
}
