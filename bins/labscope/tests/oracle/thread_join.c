/* A thread that is joined, and one that a second waits for by a condition. */
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int is_done;

static void *work(void *name)
{
    pthread_mutex_lock(&lock);
    is_done = 1;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
    return name;
}

int main(void)
{
    pthread_t thread;
    void *result;
    pthread_mutex_lock(&lock);
    pthread_create(&thread, NULL, work, "worker");
    while (!is_done)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    pthread_join(thread, &result);
    puts(result);
    return 0;
}
