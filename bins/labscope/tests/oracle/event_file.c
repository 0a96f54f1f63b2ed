/* A counter that is a descriptor. */
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

int main(void)
{
    unsigned long count = 3;
    int file = eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC);
    write(file, &count, sizeof count);
    (void)read(file, &count, sizeof count);
    printf("%lu\n", count);
    printf("%zd\n", read(file, &count, sizeof count));
    return 0;
}
