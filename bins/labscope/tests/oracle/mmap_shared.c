/* Parent and child count in the same page, the child first. */
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int *count = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (fork() == 0) {
        *count += 1;
        _exit(0);
    }
    wait(NULL);
    *count += 1;
    printf("%d\n", *count);
    return 0;
}
