/*
 * orphan.c: who becomes the parent of a child whose parent has ended?
 *
 * Slide "init 프로세스". Rust: orphan.rs.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static sigset_t none;

/* Ends sigsuspend, and does nothing else. */
static void handler(int signo)
{
    (void)signo;
}

/* The child: prints its parent while that one lives, and again when it has ended. */
static int child(pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGUSR2); /* a SIGUSR2, please, when my parent ends */
    printf("child %d : my parent is %d\n", getpid(), getppid());
    fflush(stdout);
    kill(parent, SIGUSR2); /* my line is out */
    if (getppid() == parent)
    {
        sigsuspend(&none); /* rt_sigsuspend: until the parent's end */
    }
    printf("child %d : my parent is %d\n", getpid(), getppid());
    sleep(1); /* clock_nanosleep: time to look with ps */
    return 0;
}

/* The parent: ends when its child is ready and a key has been hit. */
static int parent(void)
{
    pid_t own = getpid();
    int reaper = 0;
    pid_t pid = fork(); /* clone */

    if (pid == 0)
    {
        return child(own);
    }
    if (pid > 0)
    {
        sigsuspend(&none); /* rt_sigsuspend: until it is ready, or ended */
    }
    else
    {
        printf("fork failure\n");
    }
    prctl(PR_GET_CHILD_SUBREAPER, &reaper);
    printf("parent %d, subreaper %d : hit a key ", own, reaper);
    getchar(); /* read */
    printf("\n");
    return 0;
}

/* The grandparent: every orphan among its descendants becomes its child. */
static int subreaper(void)
{
    pid_t own;
    pid_t pid;
    pid_t son;

    prctl(PR_SET_CHILD_SUBREAPER, 1);
    own = getpid();
    son = fork(); /* clone */
    if (son == 0)
    {
        return parent();
    }
    while ((pid = waitpid(-1, NULL, WNOHANG)) >= 0) /* wait4 */
    {
        if (pid == 0)
        {
            sigsuspend(&none); /* rt_sigsuspend: until SIGCHLD */
        }
        else
        {
            printf("subreaper %d : %s %d has ended\n", own, pid == son ? "child" : "orphan", pid);
        }
    }
    return 0; /* ECHILD: no child is left */
}

int main(int argc, char **argv)
{
    sigset_t set;

    sigemptyset(&none);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL); /* rt_sigprocmask: they wait for sigsuspend */
    signal(SIGUSR2, handler); /* rt_sigaction */
    signal(SIGCHLD, handler);
    if (argc < 2)
    {
        return parent();
    }
    if (strcmp(argv[1], "subreaper") == 0)
    {
        return subreaper();
    }
    fprintf(stderr, "\"%s\": expected nothing, or subreaper\n", argv[1]);
    return 2;
}
