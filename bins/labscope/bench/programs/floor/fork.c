/* The loop of ../fork.c without a library. */
#include "floor.h"

static void run(void)
{
    char byte;
    int status;

    while (call(__NR_read, 0, (long)&byte, 1, 0, 0) == 1)
    {
        for (int i = 0; i < 50; i++)
        {
            long pid = fork();
            if (pid == 0)
            {
                end(0);
            }
            if (pid < 0 || call(__NR_wait4, -1, (long)&status, 0, 0, 0) < 0)
            {
                end(1);
            }
        }
        call(__NR_write, 1, (long)&byte, 1, 0, 0);
    }
    end(0);
}
