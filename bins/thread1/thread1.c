/*
 * thread1.c: two threads and main print side by side.
 *
 * Slide "멀티 스레드". Rust: thread1.rs.
 */
#include <pthread.h>
#include <stdio.h>

static void *producer(void *arg)
{
    int i;

    (void)arg;
    for (i = 10; i < 20; i++)
    {
        printf("Producer => %d\n", i);
    }
    return NULL; /* exit: ends the thread, not the process */
}

static void *consumer(void *arg)
{
    int i;

    (void)arg;
    for (i = 20; i < 30; i++)
    {
        printf("Consumer => %d\n", i);
    }
    return NULL;
}

int main(void)
{
    pthread_t p_thread;
    pthread_t c_thread;
    int i;

    pthread_create(&p_thread, NULL, producer, NULL); /* clone3 */
    pthread_create(&c_thread, NULL, consumer, NULL);
    for (i = 0; i < 10; i++)
    {
        printf("Main => %d\n", i);
    }
    pthread_join(p_thread, NULL); /* futex, if it has not ended yet */
    pthread_join(c_thread, NULL);
    return 0;
}
