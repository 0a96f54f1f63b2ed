/* Semaphores of System V: a child waits until its parent has raised one. */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int set = semget(IPC_PRIVATE, 2, IPC_CREAT | 0600);
    struct sembuf down = {0, -1, SEM_UNDO}, up = {0, 1, 0}, both[] = {{0, 0, IPC_NOWAIT}, {1, -1, IPC_NOWAIT}};
    struct timespec soon = {0, 10000000};
    semctl(set, 1, SETVAL, 2);
    if (fork() == 0) {
        semop(set, &down, 1);
        _exit(0);
    }
    semop(set, &up, 1);
    wait(NULL);
    printf("%d %d\n", semop(set, both, 2), semctl(set, 1, GETVAL));
    printf("%d\n", semtimedop(set, &down, 1, &soon));
    printf("%d\n", semop(set, both, 2));
    return semctl(set, 0, IPC_RMID);
}
