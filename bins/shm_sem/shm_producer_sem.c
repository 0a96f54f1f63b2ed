/*
 * shm_producer_sem.c: adds one to a number in shared memory, alone with it while it does.
 *
 * Slide "프로세스간 정보 교환이 어렵다". Rust: shm_producer_sem.rs. Its partner: shm_consumer_sem.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

union semun
{
    int val;
    unsigned long whole; /* what is passed on */
};

int main(void)
{
    int shmid, semid;
    void *shared_memory;
    int *num;
    int local_num;
    union semun sem_union = {.whole = 0};
    struct sembuf semopen = {0, -1, SEM_UNDO};
    struct sembuf semclose = {0, 1, SEM_UNDO};

    shmid = shmget((key_t)1234, sizeof(int), 0666 | IPC_CREAT); /* textbook: it stays for ever */
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
    semid = semget((key_t)3477, 1, 0666 | IPC_CREAT); /* so does this */
    if (semid == -1)
        return 1; /* textbook: without a word */

    num = (int *)shared_memory;
    sem_union.val = 1;
    if (semctl(semid, 0, SETVAL, sem_union) == -1) /* textbook: also while somebody is inside */
        return 1;
    while (1)
    {
        if (semop(semid, &semopen, 1) == -1) /* semtimedop: waits while the other one is inside */
            return 1;                        /* textbook: also for EINTR, after ^Z and fg */
        local_num = *num;
        local_num++;
        sleep(1); /* clock_nanosleep */
        *num = local_num;
        printf("Producer semaphore : %d\n", local_num);
        if (semop(semid, &semclose, 1) == -1) /* semtimedop: the other one may go in */
            return 1;
    }
}
