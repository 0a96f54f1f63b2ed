/* A session of its own: a leader cannot make a second one. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    if (fork() == 0) {
        pid_t session = setsid();
        printf("%d %d\n", session == getpid(), getsid(0) == getpgrp());
        printf("%d %d\n", setsid(), setpgid(0, 0));
        return 0;
    }
    wait(NULL);
    return tcgetpgrp(0) == -1 ? 0 : 1;
}
