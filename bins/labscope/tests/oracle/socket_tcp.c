/* One connection over the loopback: accept, options, names, half-close, end. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_storage peer;
    socklen_t length = sizeof address, room = sizeof peer, size = sizeof(int);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1, error;
    char text[16];
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    bind(listener, (struct sockaddr *)&address, sizeof address);
    listen(listener, 5);
    getsockname(listener, (struct sockaddr *)&address, &length);
    if (fork() == 0) {
        int client = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
        connect(client, (struct sockaddr *)&address, sizeof address);
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        send(client, "hello\n", 6, 0);
        shutdown(client, SHUT_WR);
        (void)recv(client, text, sizeof text, 0);
        _exit(0);
    }
    int connection = accept(listener, (struct sockaddr *)&peer, &room);
    ssize_t got = recv(connection, text, sizeof text, MSG_WAITALL);
    write(1, text, got);
    getsockopt(connection, SOL_SOCKET, SO_ERROR, &error, &size);
    close(connection);
    wait(NULL);
    close(listener);
    return accept(listener, NULL, NULL) == -1 ? 0 : 1;
}
