/* An unnamed semaphore of POSIX in shared memory, which becomes a futex when it has to wait. */
#include <semaphore.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "asleep.h"

int main(void)
{
    struct timespec past = {1, 0};
    sem_t *semaphore = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    sem_init(semaphore, 1, 0);
    pid_t child = fork();
    if (child == 0) {
        sem_wait(semaphore);
        _exit(0);
    }
    await_sleep(child);
    sem_post(semaphore);
    wait(NULL);
    printf("%d\n", sem_trywait(semaphore));
    printf("%d\n", sem_timedwait(semaphore, &past));
    return 0;
}
