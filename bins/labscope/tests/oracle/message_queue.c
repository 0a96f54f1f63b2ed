/* A queue of messages: taken by their kind, cut to the room there is, refused when there is none. */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/msg.h>

int main(void)
{
    struct { long kind; char text[8]; } message = {2, "second"};
    struct msqid_ds status;
    int queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
    msgsnd(queue, &message, 6, 0);
    message.kind = 1;
    msgsnd(queue, &message, 3, IPC_NOWAIT);
    msgctl(queue, IPC_STAT, &status);
    printf("%d\n", (int)status.msg_qnum);
    printf("%zd\n", msgrcv(queue, &message, 8, 1, 0));
    printf("%zd\n", msgrcv(queue, &message, 2, 0, 0));
    printf("%zd\n", msgrcv(queue, &message, 2, 0, MSG_NOERROR));
    printf("%zd\n", msgrcv(queue, &message, 8, 0, IPC_NOWAIT));
    return msgctl(queue, IPC_RMID, NULL);
}
