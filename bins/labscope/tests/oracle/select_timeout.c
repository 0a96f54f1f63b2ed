/* select() on nothing ready, on something ready, and on a closed descriptor. */
#include <stdio.h>
#include <sys/select.h>
#include <unistd.h>

int main(void)
{
    int ends[2];
    fd_set in, out;
    struct timeval soon = {0, 10000};
    pipe(ends);
    FD_ZERO(&in);
    FD_SET(ends[0], &in);
    printf("%d\n", select(ends[1] + 1, &in, NULL, NULL, &soon));
    write(ends[1], "x", 1);
    FD_ZERO(&out);
    FD_SET(ends[0], &in);
    FD_SET(ends[1], &out);
    printf("%d\n", select(ends[1] + 1, &in, &out, NULL, NULL));
    close(ends[0]);
    printf("%d\n", select(ends[1] + 1, &in, NULL, NULL, NULL));
    return 0;
}
