#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
static void caught(int signal) { (void)signal; }
int main(void) {
    int ends[2]; char byte;
    pipe(ends);
    struct sigaction action = { .sa_handler = caught, .sa_flags = SA_RESTART };
    sigaction(SIGUSR1, &action, 0);
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) {
        usleep(200000); kill(parent, SIGUSR1);
        usleep(200000); write(ends[1], "x", 1);
        usleep(200000); kill(parent, SIGSTOP);
        usleep(200000); kill(parent, SIGCONT);
        _exit(0);
    }
    read(ends[0], &byte, 1);
    struct timespec second = { 1, 0 };
    nanosleep(&second, 0);
    wait(0);
    alarm(1);
    pause();
    return 0;
}
