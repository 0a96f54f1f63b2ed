/*
 * myps.c: which processes are there? What ps -ef tells, read from /proc.
 *
 * Slide "프로세스 구분" (ps -ef). Rust: myps.rs.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PF_KTHREAD 0x200000 /* a thread of the kernel: it has no command line */
#define TICKS 100           /* of the clock in a second, as the kernel counts for programs */

static char text[131073]; /* a command line */

/* Tells in one line on stderr what is wrong with a file. */
static void complain(const char *file, const char *what)
{
    fprintf(stderr, "\"%s\": %s\n", file, what);
}

/* Reads a file of a process, which one read does. 0 if the process has ended, or is not to be seen. */
static int load(const char *pid, const char *file, char *into, int size)
{
    char path[32] = "";
    int count = -1;
    int fd;

    strcat(path, pid);
    strcat(path, file);
    fd = open(path, O_RDONLY); /* openat; closed with many others */
    if (fd >= 0)
    {
        count = read(fd, into, size);
    }
    if (count >= 0)
    {
        return count;
    }
    if (errno != ENOENT && errno != ESRCH && errno != EACCES && errno != EPERM)
    {
        complain(path, "cannot be read");
        exit(1);
    }
    return 0;
}

/* What stands in the column CMD: what was typed, or the name in brackets for who has no command line. */
static char *command(const char *pid, const char *name, const char *end)
{
    int count = pid == NULL ? 0 : load(pid, "/cmdline", text, sizeof(text) - 1);
    char *p;

    while (count > 0 && text[count - 1] == '\0')
    {
        count--;
    }
    if (count == 0)
    {
        count = sprintf(text, "[%s%s", name, end);
    }
    text[count] = '\0';
    for (p = text; p < text + count; p++)
    {
        if (*p == '\0' || *p == '\n')
        {
            *p = ' '; /* between arguments */
        }
        else if (iscntrl((unsigned char)*p))
        {
            *p = '?';
        }
    }
    return text;
}

/* One line, if the command has `wanted` in it. */
static void show(const char *pid, const char *wanted)
{
    static char line[1025];
    struct stat owner;
    unsigned long user, sys, flags;
    int ppid, threads;
    unsigned int tty, minor;
    char *name, *end, *cmd;
    char state;

    if (stat(pid, &owner) != 0) /* newfstatat */
    {
        return;
    }
    line[load(pid, "/stat", line, sizeof(line) - 1)] = '\0';
    name = strchr(line, '(');
    end = strrchr(line, ')'); /* the last: a name may contain one */
    if (name == NULL || end == NULL
        || sscanf(end, ") %c %d %*d %*d %u %*d %lu %*u %*u %*u %*u %lu %lu %*d %*d %*d %*d %d", &state, &ppid,
               &tty, &flags, &user, &sys, &threads) != 7)
    {
        return;
    }
    *end = '\0';
    /* Z with several threads: the first has ended, and the others go on. */
    cmd = command(flags & PF_KTHREAD ? NULL : pid, name + 1, state == 'Z' && threads == 1 ? "] <defunct>" : "]");
    if (strstr(cmd, wanted) == NULL)
    {
        return;
    }
    printf("%5u %7s %7d %c%-3s ", owner.st_uid, pid, ppid, state, threads > 1 ? "l" : "");
    minor = (tty & 0xff) | (tty >> 12 & 0xfff00);
    switch (tty >> 8 & 0xfff) /* the major number */
    {
        case 136:
        case 137:
        case 138:
        case 139:
        case 140:
        case 141:
        case 142:
        case 143:
            printf("pts/%-4u ", minor);
            break;
        case 4:
            printf("tty%-5u ", minor);
            break;
        default:
            printf("%-8s ", "?");
            break;
    }
    user = (user + sys) / TICKS;
    printf("%02lu:%02lu:%02lu %s\n", user / 3600, user / 60 % 60, user % 60, cmd);
}

int main(int argc, char **argv)
{
    const char *wanted = argc > 1 ? argv[1] : "";
    const char *folder = argc > 2 ? argv[2] : "/proc";
    struct dirent *entry;
    int seen = 0;
    DIR *dir;

    if (chdir(folder) != 0 || (dir = opendir(".")) == NULL) /* openat */
    {
        complain(folder, "cannot be read");
        return 2;
    }
    printf("  UID     PID    PPID STAT TTY      TIME     CMD\n");
    while ((entry = readdir(dir)) != NULL) /* getdents64, for many at once */
    {
        if (!isdigit((unsigned char)entry->d_name[0]))
        {
            continue;
        }
        show(entry->d_name, wanted);
        seen++;
        if (seen % 16 == 0)
        {
            syscall(SYS_close_range, dirfd(dir) < 3 ? 3 : dirfd(dir) + 1, ~0U, 0); /* what load has opened */
        }
    }
    closedir(dir); /* close */
    return 0;
}
