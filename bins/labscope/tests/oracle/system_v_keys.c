/* Objects of System V by their keys: made, found, refused; a semaphore that a killed child had taken. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

union semun {
    int val;
    unsigned long whole;
};

int main(void)
{
    key_t key = 0x5eed1234; /* the objects of the machine: a key that nobody has */
    union semun one = {.whole = 0};
    struct sembuf take = {0, -1, SEM_UNDO}, give = {0, 1, SEM_UNDO}, more[] = {{0, 1, IPC_NOWAIT | SEM_UNDO}, {1, 0, 0}};
    int segment = shmget(key, sizeof(int), 0666 | IPC_CREAT | IPC_EXCL), none = shmget(key + 1, 1, 0666);
    int set = semget(key, 1, 0666 | IPC_CREAT | IPC_EXCL), child;
    int *number = shmat(segment, NULL, 0);

    one.val = 1;
    printf("%d %d %d\n", none, shmget(key, 1 << 20, 0666), shmget(key, 4, IPC_CREAT | IPC_EXCL));
    printf("%d %d %d\n", semget(key, 2, 0666), semget(key, 1, IPC_CREAT | IPC_EXCL), semctl(set, 0, SETVAL, one));
    if ((child = fork()) == 0) {
        semop(set, &take, 1);
        *number = 7;
        kill(getpid(), SIGKILL);
    }
    waitpid(child, NULL, 0);
    printf("%d %d\n", *number, semctl(set, 0, GETVAL)); /* undone */
    semop(set, more, 2);
    semctl(set, 0, IPC_RMID);
    semop(set, &give, 1);
    shmctl(segment, IPC_RMID, NULL);
    shmdt(number);
    return 0;
}
