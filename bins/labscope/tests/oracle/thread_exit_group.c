/* exit() in one thread ends another that sleeps in the kernel. */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static int ends[2];

static void *sleeper(void *none)
{
    char byte;
    write(ends[1], "r", 1);
    pause();
    (void)read(ends[0], &byte, 1);
    return none;
}

int main(void)
{
    pthread_t thread;
    char byte;
    pipe(ends);
    pthread_create(&thread, NULL, sleeper, NULL);
    (void)read(ends[0], &byte, 1);
    usleep(50000); /* it is in pause() by now */
    exit(3);
}
