/* writev() and readv() with several pieces, of which the last stays half empty. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/uio.h>
#include <unistd.h>

int main(void)
{
    char one[4], two[4], three[8];
    struct iovec out[] = {{"first ", 6}, {"", 0}, {"second\n", 7}};
    struct iovec in[] = {{one, 4}, {two, 4}, {three, 8}};
    int ends[2], file = open("pieces", O_RDWR | O_CREAT, 0600);
    pipe(ends);
    writev(ends[1], out, 3);
    printf("%zd\n", readv(ends[0], in, 3));
    printf("%zd\n", pwritev(file, out, 3, 2));
    printf("%zd\n", preadv(file, in, 3, 8));
    printf("%zd\n", readv(-1, in, 3));
    unlink("pieces");
    return 0;
}
