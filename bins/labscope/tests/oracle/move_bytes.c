/* Bytes moved inside the kernel: sendfile(), splice(), tee(), copy_file_range(). */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <unistd.h>

int main(void)
{
    int in = open("source", O_RDWR | O_CREAT | O_TRUNC, 0600), out = open("target", O_RDWR | O_CREAT | O_TRUNC, 0600);
    int one[2], two[2];
    off_t from = 2;
    loff_t place = 0;
    pipe(one);
    pipe(two);
    write(in, "0123456789", 10);
    printf("%zd %d\n", sendfile(out, in, &from, 4), (int)from);
    printf("%zd\n", splice(in, &place, one[1], NULL, 5, SPLICE_F_MOVE));
    printf("%zd\n", tee(one[0], two[1], 5, 0));
    printf("%zd\n", splice(one[0], NULL, out, NULL, 5, 0));
    lseek(in, 0, SEEK_SET);
    printf("%zd\n", sendfile(out, in, NULL, 100));
    place = 1;
    printf("%zd\n", copy_file_range(in, &place, out, NULL, 3, 0));
    unlink("source");
    unlink("target");
    return 0;
}
