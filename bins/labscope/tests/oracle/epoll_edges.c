/* epoll: a descriptor is added, reported, changed, and taken out. */
#include <stdio.h>
#include <sys/epoll.h>
#include <unistd.h>

int main(void)
{
    int ends[2], set = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN | EPOLLET}, ready[4];
    pipe(ends);
    event.data.fd = ends[0];
    epoll_ctl(set, EPOLL_CTL_ADD, ends[0], &event);
    printf("%d\n", epoll_wait(set, ready, 4, 0));
    write(ends[1], "x", 1);
    printf("%d\n", epoll_wait(set, ready, 4, -1));
    printf("%d\n", epoll_wait(set, ready, 4, 10)); /* told once: it is edge-triggered */
    event.events = EPOLLIN | EPOLLONESHOT;
    epoll_ctl(set, EPOLL_CTL_MOD, ends[0], &event);
    printf("%d\n", epoll_wait(set, ready, 4, -1));
    epoll_ctl(set, EPOLL_CTL_DEL, ends[0], NULL);
    return epoll_ctl(set, EPOLL_CTL_DEL, ends[0], NULL) == -1 ? 0 : 1;
}
