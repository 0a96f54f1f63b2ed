/*
 * daemon.c: the skeleton of a daemon.
 *
 * Slide "데몬(daemon) 프로세스 작성 예제". Rust: daemon.rs.
 */
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

int main(void)
{
    pid_t pid;

    if ((pid = fork()) < 0) /* clone */
        exit(0);
    else if (pid != 0)
        exit(0); /* the parent ends: the child is an orphan */

    /* A daemon talks to nobody: it closes standard input, output and error. */
    close(0);
    close(1);
    close(2);

    /* A session of its own: the controlling terminal is gone, ^C and a hangup no longer reach it. */
    setsid();

    /* Here goes what the daemon is for. */
    while (1)
    {
        /* textbook: an empty loop keeps a processor busy */
    }
}
