/*
 * pipe.c: a child counts into a pipe, its parent prints what comes out.
 *
 * Slide "프로세스간 정보 교환이 어렵다" (IPC). Rust: pipe.rs.
 */
#include <stdio.h>
#include <sys/types.h>
#include <unistd.h>

int main(void)
{
    int fd[2];
    int i = 0;
    int buf = 0;
    pid_t pid;

    if (pipe(fd) == -1) /* pipe2 */
    {
        perror("pipe error : ");
        return 1;
    }
    pid = fork(); /* clone */
    if (pid == -1)
    {
        perror("fork error : ");
        return 1;
    }
    if (pid == 0)
    {
        close(fd[0]); /* the child only writes */
        while (1)
        {
            i++;
            write(fd[1], &i, sizeof(i)); /* when nobody reads any more: SIGPIPE */
            sleep(1); /* clock_nanosleep */
        }
    }
    close(fd[1]); /* the parent only reads: without this close it would be a writer itself */
    while (1)
    {
        /* textbook: the result is not looked at: at the end of the pipe the last number
           is printed for ever; half a number passes for one */
        read(fd[0], &buf, sizeof(buf));
        printf("> %d\n", buf);
    }
}
