/*
 * myshell.c: a shell is fork, exec and wait.
 *
 * Slide "Lab. myshell.c". Rust: myshell.rs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_LINE 256
#define PROMPT "> "
/* textbook: cuts off the last letter, newline or not; of an empty string, the byte before it */
#define chop(str) str[strlen(str) - 1] = 0x00;

int main(void)
{
    char buf[MAX_LINE];
    int proc_status;
    pid_t pid;

    printf("My Shell Ver 1.0\n");
    while (1)
    {
        printf("%s", PROMPT);
        memset(buf, 0x00, MAX_LINE);
        /* textbook: what fgets returns is not looked at, so the end of the input never ends the loop;
           a long line comes in pieces, each a command */
        fgets(buf, MAX_LINE - 1, stdin);
        if (strncmp(buf, "quit\n", 5) == 0)
        {
            break;
        }
        chop(buf);
        pid = fork(); /* clone */
        if (pid == 0)
        {
            if (execl(buf, buf, NULL) == -1) /* execve */
            {
                printf("Execl failure\n");
                /* textbook: exit also gives the unread input back, and the parent reads it again */
                exit(0);
            }
        }
        if (pid > 0)
        {
            printf("Child wait\n");
            wait(&proc_status); /* wait4(-1, ...) */
            printf("Child exit\n");
        }
    }
    return 0;
}
