/* Who writes to a pipe that nobody reads gets SIGPIPE, or EPIPE if it ignores that. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int ends[2], status;
    pipe(ends);
    close(ends[0]);
    if (fork() == 0) {
        write(ends[1], "x", 1);
        _exit(9);
    }
    wait(&status);
    signal(SIGPIPE, SIG_IGN);
    return write(ends[1], "x", 1) == -1 && WIFSIGNALED(status) ? 0 : 1;
}
