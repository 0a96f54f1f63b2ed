/* A pipe takes so many bytes and no more: without blocking, a write fails then. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

int main(void)
{
    int ends[2], waiting = 0;
    static char page[4096];
    pipe2(ends, O_NONBLOCK | O_CLOEXEC);
    fcntl(ends[1], F_SETPIPE_SZ, 8192);
    while (write(ends[1], page, sizeof page) > 0)
        ;
    ioctl(ends[0], FIONREAD, &waiting);
    printf("%d of %d\n", waiting, fcntl(ends[1], F_GETPIPE_SZ));
    return 0;
}
