/* Offsets: lseek(), pread(), pwrite(), ftruncate(), and one offset shared by two descriptors and a child. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    char text[8];
    int file = open("offsets", O_RDWR | O_CREAT | O_TRUNC, 0600), copy = dup(file);
    write(file, "0123456789", 10);
    printf("%ld\n", (long)lseek(copy, -4, SEEK_CUR));
    pread(file, text, 3, 1);
    pwrite(file, "ab", 2, 8);
    if (fork() == 0) {
        (void)read(file, text, 2);
        _exit(0);
    }
    wait(NULL);
    printf("%ld\n", (long)lseek(file, 0, SEEK_CUR));
    ftruncate(file, 4);
    printf("%zd %ld\n", read(file, text, 4), (long)lseek(file, 0, SEEK_END));
    printf("%ld\n", (long)lseek(0, 0, 99));
    truncate("offsets", 0);
    fsync(file);
    unlink("offsets");
    return 0;
}
