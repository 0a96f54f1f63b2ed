/* What happens in a folder is read from a descriptor. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
    char events[1024];
    int file = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    mkdir("watched", 0700);
    int watch = inotify_add_watch(file, "watched", IN_CREATE | IN_DELETE | IN_MOVED_TO);
    close(open("watched/file", O_CREAT | O_WRONLY, 0600));
    unlink("watched/file");
    printf("%d\n", read(file, events, sizeof events) > 0);
    inotify_rm_watch(file, watch);
    printf("%d\n", inotify_rm_watch(file, 99));
    return rmdir("watched");
}
