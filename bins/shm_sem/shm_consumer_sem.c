/*
 * shm_consumer_sem.c: adds one to the same number, alone with it while it does.
 *
 * Slide "프로세스간 정보 교환이 어렵다". Rust: shm_consumer_sem.rs. Its partner: shm_producer_sem.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

int main(void)
{
    int shmid, semid;
    void *shared_memory;
    int *num;
    int local_num;
    struct sembuf semopen = {0, -1, SEM_UNDO};
    struct sembuf semclose = {0, 1, SEM_UNDO};

    shmid = shmget((key_t)1234, sizeof(int), 0666); /* it must be there already */
    if (shmid == -1)
    {
        perror("shmget failed : ");
        exit(0); /* textbook: 0 */
    }
    shared_memory = shmat(shmid, NULL, 0);
    if (shared_memory == (void *)-1)
    {
        perror("shmat failed : ");
        exit(0);
    }
    semid = semget((key_t)3477, 1, 0666);
    if (semid == -1)
    {
        perror("semget failed : ");
        return 1;
    }

    num = (int *)shared_memory;
    while (1)
    {
        if (semop(semid, &semopen, 1) == -1) /* semtimedop: waits while the other one is inside */
            perror("semop error : ");        /* textbook: and goes in all the same */
        local_num = *num;
        local_num++;
        sleep(2); /* clock_nanosleep */
        *num = local_num;
        printf("Consumer semaphore : %d\n", local_num);
        if (semop(semid, &semclose, 1) == -1) /* semtimedop: the other one may go in */
            perror("semop error : ");
    }
}
