/*
 * creation MIB small|huge SAMPLES: what it costs to make a process or a thread
 * for a process that has written to so much memory.
 *
 * Prints the kB of its page tables and of its huge pages, then lines
 * `way nanoseconds`. Each way ends with the end of what was made, and is taken
 * once before it counts. `after_fork` is how much longer it then takes to write
 * to each page again. Without arguments it is the program that is executed.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ITSELF "/proc/self/exe"

static char *memory;
static size_t size;
static char *program[] = {ITSELF, NULL};

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * (int64_t)1000000000 + time.tv_nsec;
}

static void check(int is_right, const char *what)
{
    if (!is_right)
    {
        perror(what);
        exit(1);
    }
}

static void await(pid_t pid)
{
    int status;

    check(pid > 0 && waitpid(pid, &status, 0) == pid && status == 0, "a child");
}

static void touch(void)
{
    for (size_t i = 0; i < size; i += 4096)
    {
        ((volatile char *)memory)[i] = 1;
    }
}

static void by_fork(void)
{
    pid_t pid = fork();

    if (pid == 0)
    {
        _exit(0);
    }
    await(pid);
}

static void by_fork_exec(void)
{
    pid_t pid = fork();

    if (pid == 0)
    {
        execv(ITSELF, program);
        _exit(1);
    }
    await(pid);
}

static void by_vfork(void)
{
    pid_t pid = vfork();

    if (pid == 0)
    {
        _exit(0);
    }
    await(pid);
}

static int child(void *unused)
{
    (void)unused;
    return 0;
}

static void by_clone(void)
{
    static char stack[16384] __attribute__((aligned(16)));

    await(clone(child, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | SIGCHLD, NULL));
}

static void by_spawn(void)
{
    pid_t pid;
    int error = posix_spawn(&pid, ITSELF, NULL, NULL, program, NULL);

    await(error == 0 ? pid : -1);
}

static void *thread(void *unused)
{
    return unused;
}

static void by_thread(void)
{
    pthread_t id;

    check(pthread_create(&id, NULL, thread, NULL) == 0 && pthread_join(id, NULL) == 0, "a thread");
}

static const struct
{
    const char *name;
    void (*make)(void);
} WAYS[] = {
    {"fork", by_fork},
    {"vfork", by_vfork},
    {"clone", by_clone},
    {"thread", by_thread},
    {"fork_exec", by_fork_exec},
    {"posix_spawn", by_spawn},
};
#define COUNT (sizeof(WAYS) / sizeof(*WAYS))

static int64_t measure(void (*run)(void))
{
    int64_t begun = now();

    run();
    return now() - begun;
}

/* How much longer it takes to write to each page after a fork, which forbids it: a fault each. */
static int64_t rewriting(void)
{
    int64_t before, after;

    touch(); /* after the last fork, too */
    before = measure(touch);
    by_fork();
    after = measure(touch);
    return after > before ? after - before : 0;
}

/* A line `name:  value kB` of a file in /proc. */
static long kilobytes(const char *path, const char *name)
{
    char line[256];
    long value = 0;
    FILE *file = fopen(path, "r");

    while (file != NULL && fgets(line, sizeof(line), file) != NULL)
    {
        if (strncmp(line, name, strlen(name)) == 0)
        {
            value = strtol(line + strlen(name), NULL, 10);
        }
    }
    if (file != NULL)
    {
        fclose(file);
    }
    return value;
}

int main(int argc, char **argv)
{
    int samples = argc > 3 ? atoi(argv[3]) : 0;

    if (argc < 4)
    {
        return 0;
    }
    size = (size_t)atol(argv[1]) << 20;
    if (size > 0)
    {
        memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        check(memory != MAP_FAILED, "memory");
        (void)madvise(memory, size, strcmp(argv[2], "huge") == 0 ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
        touch();
    }
    printf("page_tables %ld\n", kilobytes("/proc/self/status", "VmPTE:"));
    printf("huge_pages %ld\n", kilobytes("/proc/self/smaps_rollup", "AnonHugePages:"));
    fflush(stdout);
    for (int i = 0; i <= samples; i++)
    {
        for (size_t place = 0; place < COUNT; place++)
        {
            size_t way = (i + place) % COUNT; /* each follows each: what a long one leaves behind is nobody's */
            int64_t made = measure(WAYS[way].make);

            if (i > 0)
            {
                printf("%s %lld\n", WAYS[way].name, (long long)made);
            }
        }
    }
    for (int i = 0; i < samples; i++)
    {
        printf("after_fork %lld\n", (long long)rewriting());
    }
    return 0;
}
