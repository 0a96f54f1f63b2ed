/* Waiting for another thread to sleep in a call. */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Returns when a thread sleeps, as /proc tells it; how often that is asked is no part of what is compared. */
static void await_sleep(pid_t thread)
{
    char text[512], *state;
    snprintf(text, sizeof text, "/proc/%d/stat", thread);
    int file = open(text, O_RDONLY);
    for (;;) {
        ssize_t length = pread(file, text, sizeof text - 1, 0);
        text[length > 0 ? length : 0] = '\0';
        state = strrchr(text, ')');
        if (state == NULL || state[2] == 'S')
            break;
        poll(NULL, 0, 1);
    }
    close(file);
}
