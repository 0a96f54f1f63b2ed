/* The lab echo_server_thread without a library and without its log: what one thread a connection costs at least. */
#include "floor.h"

struct address { unsigned short family, port; unsigned int address; char zero[8]; };

/* A thread's stack; the kernel writes its id into `tid` at its birth, and 0 when it is gone. */
struct serving { char stack[4096 - 16]; int tid; } __attribute__((aligned(16)));

static struct serving threads[64];

__attribute__((noreturn, used)) static void thread(long client_fd)
{
    struct address peer;
    int size = sizeof(peer);
    char buf[1024];
    long readn;

    call(__NR_getpeername, client_fd, (long)&peer, (long)&size, 0, 0);
    while ((readn = call(__NR_read, client_fd, (long)buf, sizeof(buf), 0, 0)) > 0)
    {
        call(__NR_write, client_fd, (long)buf, readn, 0, 0);
    }
    call(__NR_close, client_fd, 0, 0, 0, 0);
    end(0);
}

static void run(void)
{
    const int on = 1;
    const struct address address = {2, 0x100e, 0x0100007f, {0}}; /* AF_INET, 3600, 127.0.0.1 */
    long listen_fd = call(__NR_socket, 2, 1, 0, 0, 0);                /* SOCK_STREAM */
    struct serving *next = threads;

    call(__NR_setsockopt, listen_fd, 1, 2, (long)&on, sizeof(on)); /* SOL_SOCKET, SO_REUSEADDR */
    if (call(__NR_bind, listen_fd, (long)&address, sizeof(address), 0, 0) < 0)
    {
        end(1);
    }
    call(__NR_listen, listen_fd, 4096, 0, 0, 0);
    for (;;)
    {
        long client_fd = call(__NR_accept, listen_fd, 0, 0, 0, 0);

        while (__atomic_load_n(&next->tid, __ATOMIC_ACQUIRE) != 0) /* its thread is not gone yet */
        {
            next = next + 1 == threads + 64 ? threads : next + 1;
        }
        create(next->stack + sizeof(next->stack), &next->tid, client_fd);
    }
}
