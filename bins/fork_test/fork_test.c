/*
 * fork_test.c: one process becomes two.
 *
 * Slide "Lab. fork_test.c". Rust: fork_test.rs.
 */
#include <stdio.h>
#include <sys/types.h>
#include <unistd.h>

int main(void)
{
    pid_t pid;
    int i = 100;

    printf("Program Start!!\n");

    printf("hit a key ");
    getchar(); /* read: writes the prompt out first, if this is a terminal */
    printf("\n");
    pid = fork(); /* clone: from here on, two processes */
    printf("fork !!!\n");
    if (pid < 0)
    {
        printf("fork failure\n");
        return 1;
    }
    if (pid > 0)
    {
        printf("I'm parent Process %d\n", getpid());
        while (1)
        {
            printf("P : %d\n", i);
            i++;
            sleep(1); /* clock_nanosleep */
        }
    }
    else if (pid == 0)
    {
        printf("I'm Child Process %d\n", getpid());
        while (1)
        {
            printf("C : %d\n", i);
            i += 2;
            sleep(1); /* clock_nanosleep */
        }
    }
}
