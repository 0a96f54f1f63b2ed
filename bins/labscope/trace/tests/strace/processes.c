#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char **argv) {
    if (argc > 1) { write(1, "exec'd\n", 7); return 5; }
    int status;
    pid_t child = fork();
    if (child == 0) { execl("/nonexistent", "x", (char *)0); execl("./lab", "./lab", "again", (char *)0); _exit(1); }
    wait(&status);
    child = fork();
    if (child == 0) { for (;;) pause(); }
    usleep(200000); kill(child, SIGSTOP);
    waitpid(child, &status, WUNTRACED);
    kill(child, SIGCONT);
    waitpid(child, &status, WCONTINUED);
    usleep(200000); kill(child, SIGKILL);
    waitpid(child, &status, 0);
    child = fork();
    if (child == 0) { *(volatile int *)0 = 1; }
    waitpid(child, &status, 0);
    child = vfork();
    if (child == 0) _exit(3);
    waitpid(child, &status, 0);
    return 0;
}
