/*
 * child_wait.c: a zombie, and the wait that ends it.
 *
 * Slide "Lab. child_wait.c". Rust: child_wait.rs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int pid;
    int pstatus; /* textbook: never set when wait fails */

    printf("process start %d\n", getpid());
    pid = fork(); /* clone */
    if (pid > 0)
    {
        printf("parent process pid(%d)\n", getpid());
        printf("wait for child(%d) to die\n", pid);
        printf("hit a key");
        getchar(); /* read */
        printf("\n");
        pid = wait(&pstatus); /* wait4(-1, ...): the zombie is gone */
        printf("=====\n");
        printf("terminated child process : %d\n", pid);
        printf("return value from child : %d\n", pstatus / 256);
    }
    else if (pid == 0)
    {
        sleep(2); /* clock_nanosleep */
        printf("I'm Zombie %d\n", getpid());
        exit(100); /* a zombie, until the parent waits */
    }
    return 1;
}
