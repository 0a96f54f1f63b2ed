/*
 * mysignal.c: a function of the program's own for a signal.
 *
 * Slide "프로세스 제어" (signal()). Rust: mysignal.rs.
 */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static void handler(int signo)
{
    printf("SIGINT received : %d\n", signo); /* textbook: printf is not async-signal-safe */
}

int main(void)
{
    int i = 0;

    signal(SIGINT, handler); /* rt_sigaction */
    while (1)
    {
        printf("%d\n", i);
        i++;
        sleep(1); /* clock_nanosleep: over when the handler has run */
    }
}
