/* The reader sees the end of a pipe only when the last writer has closed it. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int ends[2];
    char text[16];
    if (pipe(ends) == -1)
        return 1;
    if (fork() == 0) {
        close(ends[0]);
        write(ends[1], "one\n", 4);
        write(ends[1], "two\n", 4);
        _exit(0);
    }
    close(ends[1]);
    wait(NULL); /* both writes lie in the pipe now */
    for (ssize_t got; (got = read(ends[0], text, sizeof text)) > 0;)
        write(1, text, got);
    return 0;
}
