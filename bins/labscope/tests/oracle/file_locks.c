/* A record lock holds off another process, and tells who holds it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 4, .l_len = 8};
    int file = open("locked", O_RDWR | O_CREAT, 0600);
    fcntl(file, F_SETLK, &lock);
    if (fork() == 0) {
        printf("%d ", fcntl(file, F_SETLK, &lock));
        fcntl(file, F_GETLK, &lock);
        printf("%d\n", lock.l_pid == getppid());
        return 0;
    }
    wait(NULL);
    lock.l_type = F_UNLCK;
    fcntl(file, F_SETLKW, &lock);
    int second = open("locked", O_RDONLY);
    printf("%d\n", flock(file, LOCK_EX));
    printf("%d\n", flock(second, LOCK_SH | LOCK_NB));
    unlink("locked");
    return 0;
}
