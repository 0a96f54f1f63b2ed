/* What the lab myps asks of the kernel for each process, without a library, and without showing any of it. */
#include "floor.h"

enum { HERE = -100 };

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
    call(__NR_read, call(__NR_openat, HERE, (long)path, 0, 0, 0), (long)text, size, 0, 0);
}

static void run(void)
{
    char status[256];
    long folder, got;
    int seen = 0;

    call(__NR_chdir, (long)"/proc", 0, 0, 0, 0);
    folder = call(__NR_openat, HERE, (long)".", 0, 0, 0);
    while ((got = call(__NR_getdents64, folder, (long)entries, sizeof(entries), 0, 0)) > 0)
    {
        for (char *entry = entries; entry < entries + got; entry += *(unsigned short *)(entry + 16))
        {
            char *pid = entry + 19;

            if (*pid < '0' || *pid > '9')
            {
                continue;
            }
            call(__NR_newfstatat, HERE, (long)pid, (long)status, 0, 0);
            look(pid, "/stat", 1024);
            look(pid, "/cmdline", sizeof(text));
            if (++seen % 16 == 0)
            {
                call(__NR_close_range, folder + 1, ~0U, 0, 0, 0);
            }
        }
    }
    end(0);
}
