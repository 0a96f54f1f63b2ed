/* alarm() and setitimer() break off pause(). */
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>

static void note(int signal) { (void)signal; }

int main(void)
{
    struct itimerval time = {{0, 0}, {0, 20000}}, old;
    signal(SIGALRM, note);
    alarm(100);
    printf("%u\n", alarm(0));
    setitimer(ITIMER_REAL, &time, &old);
    printf("%d\n", pause());
    getitimer(ITIMER_REAL, &old);
    printf("%d\n", (int)old.it_value.tv_usec);
    return setitimer(99, &time, NULL) == -1 ? 0 : 1;
}
