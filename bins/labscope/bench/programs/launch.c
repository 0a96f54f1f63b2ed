/*
 * launch N PROGRAM...: exec -> exit of each program, in turn.
 *
 * For each byte on stdin, N rounds over all programs; then a line for each start:
 * its place on the command line (from 0), nanoseconds from just before execve
 * to the return of wait4, page faults. Every program reads /dev/null. The order
 * changes from round to round, see src/order.rs.
 *
 * vfork: the child borrows this process's memory until it execs, so that its
 * clock reading arrives here and nothing is copied.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct sample
{
    int program;
    long nanoseconds;
    long faults;
};

static long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000L + time.tv_nsec;
}

/* Which program comes at this place of this round: as in src/order.rs. */
static int turn(int round, int place, int programs)
{
    int step = place % 2 == 1 ? (place + 1) / 2 : programs - place / 2;

    return (round + step) % programs;
}

static struct sample start(int number, char *program)
{
    static volatile long begun;
    char *const arguments[] = {program, NULL};
    char *const environment[] = {NULL};
    struct rusage usage;
    int status;
    pid_t pid = vfork();

    if (pid == 0)
    {
        begun = now();
        execve(program, arguments, environment);
        _exit(127);
    }
    if (pid == -1 || wait4(pid, &status, 0, &usage) == -1)
    {
        perror(program);
        exit(1);
    }
    if (status != 0)
    {
        fprintf(stderr, "%s: wait status %#x instead of 0\n", program, status);
        exit(1);
    }
    return (struct sample){number, now() - begun, usage.ru_minflt + usage.ru_majflt};
}

int main(int argc, char **argv)
{
    int rounds = argc > 2 ? atoi(argv[1]) : 0;
    int programs = argc - 2;
    struct sample *samples;
    int go = dup(0);
    int null = open("/dev/null", O_RDONLY);
    char byte;

    if (rounds < 1 || go == -1 || null == -1 || dup2(null, 0) == -1)
    {
        fprintf(stderr, "launch N PROGRAM...\n");
        return 2;
    }
    close(null);
    fcntl(go, F_SETFD, FD_CLOEXEC);
    samples = calloc((size_t)rounds * programs, sizeof(*samples));
    while (samples != NULL && read(go, &byte, 1) == 1)
    {
        for (int i = 0; i < rounds * programs; i++)
        {
            int number = turn(i / programs, i % programs, programs);
            samples[i] = start(number, argv[2 + number]);
        }
        for (int i = 0; i < rounds * programs; i++)
        {
            printf("%d %ld %ld\n", samples[i].program, samples[i].nanoseconds, samples[i].faults);
        }
        fflush(stdout);
    }
    return 0;
}
