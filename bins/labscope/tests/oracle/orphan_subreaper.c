/* An orphan comes to the nearest subreaper among its ancestors. */
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int ends[2], is_reaper = 0;
    char byte;
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    prctl(PR_GET_CHILD_SUBREAPER, &is_reaper);
    pipe(ends);
    pid_t child = fork();
    if (child == 0) {
        if (fork() == 0) {
            close(ends[1]);
            (void)read(ends[0], &byte, 1); /* until all who write are gone */
            _exit(2);
        }
        _exit(1);
    }
    waitpid(child, NULL, 0);
    close(ends[1]);
    int status;
    wait(&status);
    printf("%d %d\n", is_reaper, WEXITSTATUS(status));
    return 0;
}
