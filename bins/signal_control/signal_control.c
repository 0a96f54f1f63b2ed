/*
 * signal_control.c: a parent stops, continues and ends its children by signals.
 *
 * Slide "프로세스 제어". Rust: signal_control.rs.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHANGES (WUNTRACED | WCONTINUED)

static volatile sig_atomic_t chld; /* how many SIGCHLD have been handled */

static void handler(int signo)
{
    (void)signo;
    chld++;
}

/* A child that prints one number a second, until a signal ends it. */
static pid_t child(const char *title)
{
    int i = 0;
    pid_t pid = fork(); /* clone */

    if (pid != 0)
    {
        printf("%s : %d\n", title, pid);
        return pid;
    }
    alarm(600); /* SIGALRM ends it then, should nobody else care */
    while (1)
    {
        printf("C : %d\n", i);
        i++;
        sleep(1); /* clock_nanosleep */
    }
}

/* Sends the signal when a key is hit, and tells what has become of the child. Is it still there? */
static int control(pid_t pid, int sig, const char *name, int options)
{
    sigset_t none;
    int status;

    sigemptyset(&none);
    printf("hit a key for %s ", name);
    getchar(); /* read */
    printf("\n");
    kill(pid, sig);
    if (!(options & WNOHANG))
    {
        sigsuspend(&none); /* rt_sigsuspend: until a SIGCHLD has been handled */
    }
    if (waitpid(pid, &status, options) <= 0) /* wait4 */
    {
        printf("not ended\n");
        return 1;
    }
    if (WIFSTOPPED(status))
    {
        printf("SIGCHLD %d : stopped by %d\n", chld, WSTOPSIG(status));
        return 1;
    }
    if (WIFCONTINUED(status))
    {
        printf("SIGCHLD %d : continued\n", chld);
        return 1;
    }
    printf("SIGCHLD %d : terminated by %d\n", chld, WTERMSIG(status));
    return 0;
}

int main(void)
{
    sigset_t set;
    pid_t pid;

    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL); /* rt_sigprocmask: it waits for sigsuspend */
    signal(SIGCHLD, handler); /* rt_sigaction */

    signal(SIGTERM, SIG_IGN); /* a child inherits that */
    pid = child("a child that ignores SIGTERM");
    signal(SIGTERM, SIG_DFL);
    (void)(pid > 0 && control(pid, SIGSTOP, "SIGSTOP", CHANGES)
        && control(pid, SIGCONT, "SIGCONT", CHANGES)
        && control(pid, SIGTERM, "SIGTERM", WNOHANG)
        && control(pid, SIGSTOP, "SIGSTOP", CHANGES)
        && control(pid, SIGKILL, "SIGKILL", CHANGES));

    pid = child("a child like any other");
    (void)(pid > 0 && control(pid, SIGSTOP, "SIGSTOP", CHANGES)
        && control(pid, SIGTERM, "SIGTERM", WNOHANG)
        && control(pid, SIGCONT, "SIGCONT", 0)); /* 0: the end alone is awaited */
    return 0;
}
