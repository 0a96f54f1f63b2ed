/*
 * shm_producer_race.c: adds one to a number in shared memory, once a second.
 *
 * Slide "프로세스간 정보 교환이 어렵다". Rust: shm_producer_race.rs. Its partner: shm_consumer_race.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <unistd.h>

int main(void)
{
    int shmid;
    void *shared_memory;
    int *num;
    int local_num;

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

    num = (int *)shared_memory;
    *num = 0;
    while (1)
    {
        local_num = *num;
        local_num++;
        sleep(1); /* clock_nanosleep; whatever the other one stores now is lost */
        *num = local_num;
        printf("Producer : %d\n", local_num);
    }
}
