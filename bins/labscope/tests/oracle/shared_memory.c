/* A segment of shared memory: written by the child, read by the parent, counted, and removed. */
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    struct shmid_ds status;
    int segment = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
    char *memory = shmat(segment, NULL, 0);
    if (fork() == 0) {
        strcpy(memory, "shared");
        _exit(0);
    }
    wait(NULL);
    shmctl(segment, IPC_STAT, &status);
    printf("%s %d\n", memory, (int)status.shm_nattch);
    shmdt(memory);
    shmctl(segment, IPC_RMID, NULL);
    return shmat(segment, NULL, SHM_RDONLY) == (void *)-1 ? 0 : 1;
}
