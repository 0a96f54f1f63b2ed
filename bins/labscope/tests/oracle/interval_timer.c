/* alarm() and setitimer() break off a wait for signals. */
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>

static void note(int signal) { (void)signal; }

int main(void)
{
    sigset_t blocked, open;
    struct itimerval time = {{0, 0}, {0, 20000}}, old;
    signal(SIGALRM, note);
    alarm(100);
    printf("%u\n", alarm(0));
    sigemptyset(&open);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGALRM);
    sigprocmask(SIG_BLOCK, &blocked, NULL); /* until it is waited for */
    setitimer(ITIMER_REAL, &time, &old);
    printf("%d\n", sigsuspend(&open));
    getitimer(ITIMER_REAL, &old);
    printf("%d\n", (int)old.it_value.tv_usec);
    return setitimer(99, &time, NULL) == -1 ? 0 : 1;
}
