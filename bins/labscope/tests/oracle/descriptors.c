/* Descriptors copied, moved, marked, and closed; those marked are gone after exec. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc > 1)
        return write(8, "kept\n", 5) == 5 && write(9, "x", 1) == -1 ? 0 : 1;
    dup2(1, 8);
    dup3(1, 9, O_CLOEXEC);
    printf("%d %d\n", dup3(1, 1, 0), dup2(77, 5));
    printf("%d %d\n", fcntl(8, F_GETFD), fcntl(9, F_GETFD));
    int next = fcntl(1, F_DUPFD_CLOEXEC, 20);
    printf("%d %x\n", next, fcntl(next, F_GETFL) & O_ACCMODE);
    fcntl(next, F_SETFL, O_NONBLOCK);
    fcntl(next, F_SETFD, 0);
    close_range(20, 30, 0);
    printf("%d\n", close(next));
    fflush(stdout);
    if (fork() == 0)
        execl(argv[0], argv[0], "again", (char *)NULL);
    wait(NULL);
    return 0;
}
