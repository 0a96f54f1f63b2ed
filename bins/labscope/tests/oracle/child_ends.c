/* Children that end in different ways, one after the other. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    for (int way = 0; way < 5; way++) {
        int status;
        struct rusage usage;
        pid_t child = fork();
        if (child == 0) {
            if (way == 0)
                exit(200);
            if (way == 1)
                abort();
            if (way == 2)
                *(volatile int *)16 = 0;
            if (way == 3)
                raise(SIGKILL);
            kill(getpid(), SIGRTMIN + 1);
        }
        wait4(child, &status, 0, &usage);
        printf("%d: %x\n", way, status);
    }
    return 0;
}
