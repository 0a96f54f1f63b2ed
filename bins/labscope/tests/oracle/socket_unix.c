/* A socket with a name in the folder; one that nobody listens to refuses. */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(void)
{
    struct sockaddr_un name = {AF_UNIX, "socket"}, peer;
    struct ucred who;
    socklen_t length = sizeof peer, size = sizeof who;
    int listener = socket(AF_UNIX, SOCK_STREAM, 0), client = socket(AF_UNIX, SOCK_STREAM, 0);
    bind(listener, (struct sockaddr *)&name, sizeof name);
    printf("%d\n", connect(client, (struct sockaddr *)&name, sizeof name));
    listen(listener, 1);
    printf("%d\n", connect(client, (struct sockaddr *)&name, sizeof name));
    int connection = accept4(listener, (struct sockaddr *)&peer, &length, SOCK_NONBLOCK);
    getpeername(client, (struct sockaddr *)&peer, &length);
    getsockopt(client, SOL_SOCKET, SO_PEERCRED, &who, &size);
    printf("%d %zd\n", who.pid == getpid(), recv(connection, &size, 1, 0));
    unlink("socket");
    return 0;
}
