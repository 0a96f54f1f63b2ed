/* The lab echo_server_thread without a library and without its log: what one thread a connection costs at least. */
#include "floor.h"

enum { CLONE = 56, GETPEERNAME = 52 };

/* VM, FS, FILES, SIGHAND, THREAD, SYSVSEM, PARENT_SETTID, CHILD_CLEARTID */
enum { FLAGS = 0x100 | 0x200 | 0x400 | 0x800 | 0x10000 | 0x40000 | 0x100000 | 0x200000 };

struct address { unsigned short family, port; unsigned int address; char zero[8]; };

/* A thread's stack; the kernel writes its id into `tid` at its birth, and 0 when it is gone. */
struct thread { char stack[4096 - 16]; int tid; } __attribute__((aligned(16)));

static struct thread threads[64];

__attribute__((noreturn, used)) static void serve(long client_fd)
{
    struct address peer;
    int size = sizeof(peer);
    char buf[1024];
    long readn;

    call(GETPEERNAME, client_fd, (long)&peer, (long)&size, 0, 0);
    while ((readn = call(READ, client_fd, (long)buf, sizeof(buf), 0, 0)) > 0)
    {
        call(WRITE, client_fd, (long)buf, readn, 0, 0);
    }
    call(CLOSE, client_fd, 0, 0, 0, 0);
    for (;;)
    {
        call(EXIT, 0, 0, 0, 0, 0);
    }
}

/* Two return from the call; the new one has the descriptor in a register, and nothing on its stack. */
static void create(struct thread *thread, long client_fd)
{
    long result;
    register long cleared __asm__("r10") = (long)&thread->tid;
    register long handed __asm__("r9") = client_fd;

    __asm__ volatile("syscall\n\ttest %%eax, %%eax\n\tjnz 1f\n\tmov %%r9, %%rdi\n\tcall serve\n1:"
                     : "=a"(result)
                     : "a"(CLONE), "D"(FLAGS), "S"(thread->stack + sizeof(thread->stack)), "d"(&thread->tid),
                       "r"(cleared), "r"(handed)
                     : "rcx", "r11", "memory");
}

static void run(void)
{
    const int on = 1;
    const struct address address = {2, 0x100e, 0x0100007f, {0}}; /* AF_INET, 3600, 127.0.0.1 */
    long listen_fd = call(SOCKET, 2, 1, 0, 0, 0);                /* SOCK_STREAM */
    struct thread *next = threads;

    call(SETSOCKOPT, listen_fd, 1, 2, (long)&on, sizeof(on)); /* SOL_SOCKET, SO_REUSEADDR */
    if (call(BIND, listen_fd, (long)&address, sizeof(address), 0, 0) < 0)
    {
        call(EXIT, 1, 0, 0, 0, 0);
    }
    call(LISTEN, listen_fd, 4096, 0, 0, 0);
    for (;;)
    {
        long client_fd = call(ACCEPT, listen_fd, 0, 0, 0, 0);

        while (__atomic_load_n(&next->tid, __ATOMIC_ACQUIRE) != 0) /* its thread is not gone yet */
        {
            next = next + 1 == threads + 64 ? threads : next + 1;
        }
        create(next, client_fd);
    }
}
