/* The loop of ../signal.c without a library. */
#include "floor.h"

enum { SIGUSR1 = 10 };

static volatile int handled;

static void handler(int signum)
{
    (void)signum;
    handled++;
}

#if defined(__x86_64__)
/* Where the handler returns to: rt_sigreturn puts the registers back. */
void restorer(void);
__asm__("restorer: mov $15, %eax\nsyscall\n");
#endif

static void run(void)
{
#if defined(__x86_64__)
    struct { void (*handler)(int); unsigned long flags; void (*restorer)(void); unsigned long mask; } action = {
        handler, 0x14000000 /* SA_RESTORER | SA_RESTART */, restorer, 1UL << (SIGUSR1 - 1)};
#elif defined(__aarch64__)
    struct { void (*handler)(int); unsigned long flags, restorer, mask; } action = {
        handler, 0x10000000 /* SA_RESTART */, 0, 1UL << (SIGUSR1 - 1)};
#else
    struct { void (*handler)(int); unsigned long flags, mask; } action = {
        handler, 0x10000000 /* SA_RESTART */, 1UL << (SIGUSR1 - 1)};
#endif
    char byte;

    call(__NR_rt_sigaction, SIGUSR1, (long)&action, 0, 8, 0);
    while (call(__NR_read, 0, (long)&byte, 1, 0, 0) == 1)
    {
        handled = 0;
        for (int i = 0; i < 5000; i++)
        {
            call(__NR_kill, call(__NR_getpid, 0, 0, 0, 0, 0), SIGUSR1, 0, 0, 0);
        }
        if (handled != 5000)
        {
            end(1);
        }
        call(__NR_write, 1, (long)&byte, 1, 0, 0);
    }
    end(0);
}
