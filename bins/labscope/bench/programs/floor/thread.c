/* The loop of ../thread.c without a library: one stack, and a word into which the kernel writes 0 when the thread is gone. */
#include "floor.h"

enum { FUTEX_WAIT = 0 };

static int tid;
static char stack[4096] __attribute__((aligned(16)));

__attribute__((noreturn, used)) static void thread(long argument)
{
    end(argument);
}

static void run(void)
{
    char byte;

    while (call(__NR_read, 0, (long)&byte, 1, 0, 0) == 1)
    {
        for (int i = 0; i < 50; i++)
        {
            int running;

            if (create(stack + sizeof(stack), &tid, 0) < 0)
            {
                end(1);
            }
            while ((running = __atomic_load_n(&tid, __ATOMIC_ACQUIRE)) != 0)
            {
                call(__NR_futex, (long)&tid, FUTEX_WAIT, running, 0, 0);
            }
        }
        call(__NR_write, 1, (long)&byte, 1, 0, 0);
    }
    end(0);
}
