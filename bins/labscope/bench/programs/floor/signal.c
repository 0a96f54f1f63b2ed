/* The loop of ../signal.c without a library. */
#include "floor.h"

enum { SIGUSR1 = 10 };

static volatile int handled;

static void handler(int signum)
{
    (void)signum;
    handled++;
}

/* Where the handler returns to: rt_sigreturn puts the registers back. */
void restorer(void);
__asm__("restorer: mov $15, %eax\nsyscall\n");

static void run(void)
{
    struct { void (*handler)(int); unsigned long flags; void (*restorer)(void); unsigned long mask; } action = {
        handler, 0x14000000 /* SA_RESTORER | SA_RESTART */, restorer, 1UL << (SIGUSR1 - 1)};
    char byte;

    call(RT_SIGACTION, SIGUSR1, (long)&action, 0, 8, 0);
    while (call(READ, 0, (long)&byte, 1, 0, 0) == 1)
    {
        handled = 0;
        for (int i = 0; i < 5000; i++)
        {
            call(KILL, call(GETPID, 0, 0, 0, 0, 0), SIGUSR1, 0, 0, 0);
        }
        if (handled != 5000)
        {
            call(EXIT, 1, 0, 0, 0, 0);
        }
        call(WRITE, 1, (long)&byte, 1, 0, 0);
    }
    for (;;)
    {
        call(EXIT, 0, 0, 0, 0, 0);
    }
}
