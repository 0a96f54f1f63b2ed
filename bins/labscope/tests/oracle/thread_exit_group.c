/* exit() in one thread ends another that sleeps in the kernel. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "asleep.h"

static int ends[2];

static void *sleeper(void *none)
{
    char self[16];
    write(ends[1], self, snprintf(self, sizeof self, "%d", gettid()));
    pause();
    return none;
}

int main(void)
{
    pthread_t thread;
    char other[16] = "";
    pipe(ends);
    pthread_create(&thread, NULL, sleeper, NULL);
    (void)read(ends[0], other, sizeof other - 1);
    await_sleep(atoi(other));
    exit(3);
}
