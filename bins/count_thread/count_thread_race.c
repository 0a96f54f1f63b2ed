/*
 * count_thread_race.c: two threads count in one variable, and half of it is lost.
 *
 * Slide "멀티 스레드". Rust: count_thread_race.rs.
 */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static int count = 0;

static void *counter(void *arg)
{
    int tmp;

    (void)arg;
    while (1)
    {
        tmp = count;
        tmp = tmp + 1;
        sleep(1); /* clock_nanosleep: the other reads the same number meanwhile */
        count = tmp;
        printf("%lu %d\n", (unsigned long)pthread_self(), count);
    }
    return NULL;
}

int main(void)
{
    pthread_t thread[2];

    pthread_create(&thread[0], NULL, counter, NULL); /* clone3 */
    usleep(5000); /* clock_nanosleep */
    pthread_create(&thread[1], NULL, counter, NULL);
    while (1)
    {
        printf("Main Thread : %d\n", count);
        sleep(2);
    }
}
