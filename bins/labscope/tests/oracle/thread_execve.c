/* A thread that is not the first calls execve: the others end, and it takes over the number of the process. */
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "asleep.h"

static char *self;

static void *become(void *none)
{
    await_sleep(getpid());
    execl(self, self, "again", NULL);
    return none;
}

int main(int argc, char **argv)
{
    pthread_t thread;
    if (argc > 1 && strcmp(argv[1], "again") == 0)
        return write(1, "again\n", 6) == 6 ? 0 : 1;
    self = argv[0];
    pthread_create(&thread, NULL, become, NULL);
    pause();
    return 1;
}
