/* With SIGCHLD ignored there are no zombies, and wait() finds no child. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    signal(SIGCHLD, SIG_IGN);
    if (fork() == 0)
        _exit(1);
    int result = wait(NULL);
    printf("%d %d\n", result, errno == ECHILD);
    return 0;
}
