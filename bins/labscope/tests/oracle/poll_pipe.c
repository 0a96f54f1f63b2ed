/* poll() tells what is ready, that the time is over, and that the other side is gone. */
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    int ends[2];
    pipe(ends);
    struct pollfd files[3] = {{ends[0], POLLIN, 0}, {ends[1], POLLOUT, 0}, {-1, POLLIN, 0}};
    printf("%d\n", poll(files, 3, 0));
    printf("%d\n", poll(files, 1, 10));
    write(ends[1], "x", 1);
    printf("%d\n", poll(files, 2, -1));
    close(ends[1]);
    printf("%d %x\n", poll(files, 1, -1), files[0].revents);
    files[0].fd = 99;
    printf("%d %x\n", poll(files, 1, -1), files[0].revents);
    return 0;
}
