/*
 * fork_cost.c: what does a fork cost, and how much of it is the memory?
 *
 * Slide "1. 프로세스 복사에 따른 성능 문제". Rust: fork_cost.rs.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 5 /* the best of them counts */

static long microseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* The kB of page tables that this process has. */
static long page_tables(void)
{
    static char text[4097];
    int fd = open("/proc/self/status", O_RDONLY); /* openat */
    int count = read(fd, text, sizeof(text) - 1);
    char *line;

    close(fd);
    text[count > 0 ? count : 0] = '\0';
    line = strstr(text, "VmPTE:");
    return line == NULL ? 0 : strtol(line + 6, NULL, 10);
}

/* A child that ends at once, in the memory of its parent, who is suspended meanwhile. */
static pid_t vfork_exit(int status)
{
    pid_t pid = vfork(); /* vfork */

    if (pid == 0)
    {
        _exit(status); /* exit_group */
    }
    return pid;
}

/* One line: page tables, and how long a child takes from its beginning to its end. */
static void measure(const char *memory)
{
    long best[2] = {1000000000, 1000000000};
    long start, took;
    pid_t pid;
    int i;

    for (i = 0; i < ROUNDS; i++)
    {
        start = microseconds();
        pid = fork(); /* clone: the page tables are copied */
        if (pid == 0)
        {
            _exit(0); /* exit_group */
        }
        waitpid(pid, NULL, 0); /* wait4 */
        took = microseconds() - start;
        best[0] = took < best[0] ? took : best[0];
    }
    for (i = 0; i < ROUNDS; i++)
    {
        start = microseconds();
        pid = vfork_exit(0); /* the memory is lent */
        waitpid(pid, NULL, 0); /* wait4 */
        took = microseconds() - start;
        best[1] = took < best[1] ? took : best[1];
    }
    printf("%-12s %8ld kB %8ld us %8ld us\n", memory, page_tables(), best[0], best[1]);
}

/* The same with so much memory, each page of which has been written to. */
static void measure_with(const char *name, size_t size, int advice)
{
    char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    size_t i;

    if (memory == MAP_FAILED)
    {
        fprintf(stderr, "not so much memory\n");
        exit(1);
    }
    (void)!madvise(memory, size, advice);
    for (i = 0; i < size; i += 4096)
    {
        memory[i] = 1;
    }
    measure(name);
    munmap(memory, size);
}

int main(int argc, char **argv)
{
    const char *text = argc > 1 ? argv[1] : "256";
    char *end;
    long mib = strtol(text, &end, 10);

    if (*end != '\0' || mib < 1 || mib > 65536)
    {
        fprintf(stderr, "\"%s\": not a size in MiB\n", text);
        return 2;
    }
    printf("memory       page tables        fork       vfork\n");
    measure("none");
    measure_with("small pages", (size_t)mib << 20, MADV_NOHUGEPAGE);
    measure_with("huge pages", (size_t)mib << 20, MADV_HUGEPAGE);
    return 0;
}
