/* The loop of ../thread.c without a library: one stack, and a word into which the kernel writes 0 when the thread is gone. */
#include "floor.h"

enum { CLONE = 56, FUTEX = 202, FUTEX_WAIT = 0 };

/* VM, FS, FILES, SIGHAND, THREAD, SYSVSEM, PARENT_SETTID, CHILD_CLEARTID */
enum { FLAGS = 0x100 | 0x200 | 0x400 | 0x800 | 0x10000 | 0x40000 | 0x100000 | 0x200000 };

static int tid;
static char stack[4096] __attribute__((aligned(16)));

/* Two return from the call, the new one with nothing on its stack: it ends here. */
static long create(void)
{
    long result;
    register long cleared __asm__("r10") = (long)&tid;

    __asm__ volatile("syscall\n\ttest %%eax, %%eax\n\tjnz 1f\n\tmov %[exit], %%eax\n\txor %%edi, %%edi\n\tsyscall\n1:"
                     : "=a"(result)
                     : "a"(CLONE), "D"(FLAGS), "S"(stack + sizeof(stack)), "d"(&tid), "r"(cleared), [exit] "i"(EXIT)
                     : "rcx", "r11", "memory");
    return result;
}

static void run(void)
{
    char byte;

    while (call(READ, 0, (long)&byte, 1, 0, 0) == 1)
    {
        for (int i = 0; i < 50; i++)
        {
            int running;

            if (create() < 0)
            {
                call(EXIT, 1, 0, 0, 0, 0);
            }
            while ((running = __atomic_load_n(&tid, __ATOMIC_ACQUIRE)) != 0)
            {
                call(FUTEX, (long)&tid, FUTEX_WAIT, running, 0, 0);
            }
        }
        call(WRITE, 1, (long)&byte, 1, 0, 0);
    }
    for (;;)
    {
        call(EXIT, 0, 0, 0, 0, 0);
    }
}
