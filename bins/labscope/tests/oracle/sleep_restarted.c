/* A sleep is stopped and continued: the kernel goes on with it by restart_syscall. */
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(void)
{
    pid_t child = fork();
    if (child == 0) {
        struct timespec time = {0, 300000000};
        nanosleep(&time, NULL);
        _exit(0);
    }
    usleep(50000); /* it sleeps by now */
    kill(child, SIGSTOP);
    waitpid(child, NULL, WUNTRACED);
    kill(child, SIGCONT);
    waitpid(child, NULL, 0);
    return 0;
}
