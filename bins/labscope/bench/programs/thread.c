/*
 * For each byte of input: fifty times a thread created, which ends at once,
 * and joined; then a byte of answer. On rawlabs: thread.rs.
 */
#include <pthread.h>
#include <unistd.h>

static void *work(void *arg)
{
    return arg;
}

int main(void)
{
    pthread_t id;
    char byte;
    int i;

    while (read(0, &byte, 1) == 1)
    {
        for (i = 0; i < 50; i++)
        {
            if (pthread_create(&id, NULL, work, NULL) != 0 || pthread_join(id, NULL) != 0)
            {
                return 1;
            }
        }
        if (write(1, &byte, 1) != 1)
        {
            return 1;
        }
    }
    return 0;
}
