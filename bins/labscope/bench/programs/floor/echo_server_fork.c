/* The lab echo_server_fork without a library and without its log: what one process a connection costs at least. */
#include "floor.h"

struct address { unsigned short family, port; unsigned int address; char zero[8]; };
struct action { unsigned long handler, flags, restorer, mask; };

static void serve(long client_fd)
{
    char buf[1024];
    long readn;

    while ((readn = call(__NR_read, client_fd, (long)buf, sizeof(buf), 0, 0)) > 0)
    {
        call(__NR_write, client_fd, (long)buf, readn, 0, 0);
    }
    end(0);
}

static void run(void)
{
    const int on = 1;
    const struct address address = {2, 0x100e, 0x0100007f, {0}}; /* AF_INET, 3600, 127.0.0.1 */
    const struct action ignore = {1, 0, 0, 0};                   /* SIG_IGN */
    long listen_fd = call(__NR_socket, 2, 1, 0, 0, 0);                /* SOCK_STREAM */

    call(__NR_setsockopt, listen_fd, 1, 2, (long)&on, sizeof(on)); /* SOL_SOCKET, SO_REUSEADDR */
    if (call(__NR_bind, listen_fd, (long)&address, sizeof(address), 0, 0) < 0)
    {
        end(1);
    }
    call(__NR_listen, listen_fd, 4096, 0, 0, 0);
    call(__NR_rt_sigaction, 17, (long)&ignore, 0, 8, 0); /* SIGCHLD */
    for (;;)
    {
        long client_fd = call(__NR_accept, listen_fd, 0, 0, 0, 0);
        if (fork() == 0)
        {
            call(__NR_close, listen_fd, 0, 0, 0, 0);
            serve(client_fd);
        }
        call(__NR_close, client_fd, 0, 0, 0, 0);
    }
}
