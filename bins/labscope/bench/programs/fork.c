/*
 * For each byte of input: fifty times fork, _exit in the child, wait in the
 * parent; then a byte of answer. On rawlabs: fork.rs.
 */
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    char byte;
    int status;
    int i;
    pid_t pid;

    while (read(0, &byte, 1) == 1)
    {
        for (i = 0; i < 50; i++)
        {
            pid = fork();
            if (pid == -1)
            {
                return 1;
            }
            if (pid == 0)
            {
                _exit(0);
            }
            if (wait(&status) == -1)
            {
                return 1;
            }
        }
        if (write(1, &byte, 1) != 1)
        {
            return 1;
        }
    }
    return 0;
}
