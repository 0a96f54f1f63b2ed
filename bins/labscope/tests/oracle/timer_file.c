/* A timer that is a descriptor: it goes off, and it is stopped. */
#include <stdint.h>
#include <stdio.h>
#include <sys/timerfd.h>
#include <unistd.h>

int main(void)
{
    struct itimerspec time = {.it_value = {0, 5000000}}, none = {0}, left;
    uint64_t times = 0;
    int file = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    timerfd_settime(file, 0, &time, NULL);
    (void)read(file, &times, sizeof times);
    printf("%d\n", (int)times);
    timerfd_settime(file, TFD_TIMER_ABSTIME, &none, NULL);
    timerfd_gettime(file, &left);
    printf("%d\n", (int)left.it_value.tv_nsec);
    return 0;
}
