/* A sleep is stopped and continued: the kernel goes on with it by restart_syscall. */
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "asleep.h"

int main(void)
{
    pid_t child = fork();
    if (child == 0) {
        struct timespec time = {3, 0};
        nanosleep(&time, NULL);
        _exit(0);
    }
    await_sleep(child);
    kill(child, SIGSTOP);
    waitpid(child, NULL, WUNTRACED);
    kill(child, SIGCONT);
    waitpid(child, NULL, 0);
    return 0;
}
