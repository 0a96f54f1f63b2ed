/*
 * mykill.c: sends a signal to processes.
 *
 * Slide "프로세스 제어" (kill -9 25578). Rust: mykill.rs.
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Signals 1 to 31 by number, as nearly every processor has them. */
static const char *const names[] = {
    "HUP",  "INT",  "QUIT", "ILL",    "TRAP", "ABRT", "BUS",  "FPE",  "KILL",   "USR1", "SEGV",
    "USR2", "PIPE", "ALRM", "TERM",   "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU",
    "URG",  "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO",  "PWR",  "SYS",
};
#define COUNT (int)(sizeof(names) / sizeof(names[0]))

/* Digits and nothing else, up to INT_MAX; -1 for anything else. */
static int number(const char *text)
{
    char *end;
    long value = strtol(text, &end, 10);

    if (!isdigit((unsigned char)text[0]) || *end != '\0' || value > INT_MAX)
    {
        return -1;
    }
    return value;
}

/* A number, or a name with or without SIG, in capitals or not; -1 for anything else. */
static int signal_number(const char *text)
{
    int sig;

    if (isdigit((unsigned char)text[0]))
    {
        return number(text);
    }
    if (strncasecmp(text, "SIG", 3) == 0)
    {
        text += 3;
    }
    for (sig = 1; sig <= COUNT; sig++)
    {
        if (strcasecmp(text, names[sig - 1]) == 0)
        {
            return sig;
        }
    }
    return -1;
}

static void complain(const char *argument, const char *what)
{
    fprintf(stderr, "\"%s\": %s\n", argument, what);
}

int main(int argc, char **argv)
{
    int sig = SIGTERM;
    int first = 1;
    int failed = 0;
    int i;

    if (first < argc && argv[first][0] == '-')
    {
        sig = signal_number(argv[first] + 1);
        if (sig == -1)
        {
            complain(argv[first], "not a signal");
            return 2;
        }
        first++;
    }
    if (first >= argc)
    {
        fprintf(stderr, "Usage : mykill [-SIGNAL] PID...\n");
        return 2;
    }
    for (i = first; i < argc; i++)
    {
        if (number(argv[i]) <= 0)
        {
            complain(argv[i], "not a PID"); /* nor a group; and no signal is sent */
            return 2;
        }
    }
    for (i = first; i < argc; i++)
    {
        if (kill(number(argv[i]), sig) == 0)
        {
            continue;
        }
        switch (errno)
        {
            case ESRCH:
                complain(argv[i], "no such process (ESRCH)");
                break;
            case EPERM:
                complain(argv[i], "not permitted (EPERM)");
                break;
            case EINVAL:
                complain(argv[i], "no such signal (EINVAL)");
                break;
            default:
                complain(argv[i], "unknown error");
                break;
        }
        failed = 1;
    }
    return failed;
}
