/*
 * shm_consumer_race.c: adds one to the same number.
 *
 * Slide "프로세스간 정보 교환이 어렵다". Rust: shm_consumer_race.rs. Its partner: shm_producer_race.c.
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

    num = (int *)shared_memory;
    while (1)
    {
        local_num = *num;
        local_num++;
        sleep(1); /* clock_nanosleep; whatever the other one stores now is lost */
        *num = local_num;
        printf("Consumer : %d\n", local_num);
    }
}
