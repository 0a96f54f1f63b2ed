/* What the lab myps asks of the kernel for each process, without a library, and without showing any of it. */
#include "floor.h"

enum { GETDENTS64 = 217, OPENAT = 257, NEWFSTATAT = 262, CHDIR = 80, CLOSE_RANGE = 436, HERE = -100 };

static char entries[32768], text[131072], path[64];

static void look(const char *pid, const char *file, long size)
{
    char *end = path;

    while (*pid != '\0')
    {
        *end++ = *pid++;
    }
    while ((*end++ = *file++) != '\0')
    {
    }
    call(READ, call(OPENAT, HERE, (long)path, 0, 0, 0), (long)text, size, 0, 0);
}

static void run(void)
{
    char status[256];
    long folder, got;
    int seen = 0;

    call(CHDIR, (long)"/proc", 0, 0, 0, 0);
    folder = call(OPENAT, HERE, (long)".", 0, 0, 0);
    while ((got = call(GETDENTS64, folder, (long)entries, sizeof(entries), 0, 0)) > 0)
    {
        for (char *entry = entries; entry < entries + got; entry += *(unsigned short *)(entry + 16))
        {
            char *pid = entry + 19;

            if (*pid < '0' || *pid > '9')
            {
                continue;
            }
            call(NEWFSTATAT, HERE, (long)pid, (long)status, 0, 0);
            look(pid, "/stat", 1024);
            look(pid, "/cmdline", sizeof(text));
            if (++seen % 16 == 0)
            {
                call(CLOSE_RANGE, folder + 1, ~0U, 0, 0, 0);
            }
        }
    }
    for (;;)
    {
        call(EXIT, 0, 0, 0, 0, 0);
    }
}
