/* A queue of POSIX: the more urgent message comes first. */
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    char name[32], text[16];
    unsigned urgency;
    struct mq_attr size = {.mq_maxmsg = 2, .mq_msgsize = 16};
    sprintf(name, "/oracle.%d", getpid());
    mqd_t queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK, 0600, &size);
    mq_send(queue, "late", 4, 1);
    mq_send(queue, "urgent", 6, 5);
    printf("%d\n", mq_send(queue, "full", 4, 1));
    ssize_t length = mq_receive(queue, text, 16, &urgency);
    printf("%zd %u\n", length, urgency);
    mq_getattr(queue, &size);
    printf("%ld\n", size.mq_curmsgs);
    mq_close(queue);
    return mq_unlink(name);
}
