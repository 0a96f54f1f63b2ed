/* A descriptor is sent to the child through a pair of sockets. */
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int pair[2];
    char byte = 'd', room[CMSG_SPACE(sizeof(int))] = "";
    struct iovec piece = {&byte, 1};
    struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    if (fork() == 0) {
        recvmsg(pair[1], &message, MSG_CMSG_CLOEXEC);
        write(*(int *)CMSG_DATA(CMSG_FIRSTHDR(&message)), "through\n", 8);
        _exit(0);
    }
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof(int));
    *(int *)CMSG_DATA(head) = 1;
    sendmsg(pair[0], &message, MSG_NOSIGNAL);
    wait(NULL);
    return recvmsg(pair[0], &message, MSG_DONTWAIT) == -1 ? 0 : 1;
}
