/*
 * daemonOSNW.c: a daemon that still wants to talk.
 *
 * Slide "Lab. daemonOSNW.c". Rust: daemonOSNW.rs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

int main(void)
{
    int pid;
    int i = 0;

    printf("process start %d\n", getpid());
    pid = fork(); /* clone */
    if (pid > 0)
    {
        printf("parent process id(%d)\n", getpid());
        exit(0); /* the child is an orphan now */
    }
    else if (pid == 0)
    {
        sleep(1); /* clock_nanosleep */
        printf("child process pid(%d) : ppid(%d)\n", getpid(), getppid());
        close(0);
        close(1);
        close(2);
        setsid();
        printf("I'm daemon\n"); /* textbook: write: EBADF, nobody sees it */
        i = 1000;
        while (1)
        {
            printf("child : %d\n", i);
            i++;
            sleep(2); /* clock_nanosleep */
        }
    }
    return 1;
}
