/* What lies in stdio's buffer at fork() is written twice. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    printf("twice ");
    if (fork() == 0)
        return 0;
    wait(NULL);
    return 0;
}
