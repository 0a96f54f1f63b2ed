/*
 * count_thread_mutex.c: two threads count in one variable, one at a time.
 *
 * Slide "멀티 스레드". Rust: count_thread_mutex.rs.
 */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static int count = 0;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *counter(void *arg)
{
    int tmp;

    (void)arg;
    while (1)
    {
        pthread_mutex_lock(&mutex); /* futex, if another holds it */
        tmp = count;
        tmp = tmp + 1;
        sleep(1); /* clock_nanosleep: the mutex is held meanwhile */
        count = tmp;
        printf("%lu %d\n", (unsigned long)pthread_self(), count);
        pthread_mutex_unlock(&mutex); /* futex, if another waits */
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
