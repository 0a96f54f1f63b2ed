/*
 * echo_server_udomain.c: connections through the name of a file, one client at a time.
 *
 * Slide "프로세스간 정보 교환이 어렵다" (IPC). Rust: echo_server_udomain.rs.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MAXLINE 1024

int main(int argc, char **argv)
{
    struct sockaddr_un server_addr;
    struct sockaddr_un client_addr;
    socklen_t addrlen; /* textbook: never given a value: accept may write any number of bytes, or fail */
    char buf[MAXLINE];
    int server_fd;
    int client_fd;

    if (argc != 2)
    {
        printf("Usage : %s [socket file name]\n", argv[0]);
        return 1;
    }
    if (access(argv[1], F_OK) == 0)
    {
        unlink(argv[1]); /* textbook: whatever it is */
    }
    if ((server_fd = socket(AF_UNIX, SOCK_STREAM, 0)) == -1)
    {
        perror("Error : socket");
        return 0;
    }
    memset(&server_addr, 0x00, sizeof(server_addr));
    server_addr.sun_family = AF_UNIX;
    strcpy(server_addr.sun_path, argv[1]); /* textbook: there is room for 107 bytes and a NUL */
    if (bind(server_fd, (struct sockaddr *)&server_addr, sizeof(server_addr)) == -1)
    {
        perror("Error : bind");
        return 0;
    }
    if (listen(server_fd, 5) == -1)
    {
        perror("Error : listen");
        return 1;
    }
    while (1)
    {
        printf("accept wait\n");
        client_fd = accept(server_fd, (struct sockaddr *)&client_addr, &addrlen);
        if (client_fd == -1) /* textbook: a signal ends it too */
        {
            perror("Accept Error ");
            return 0;
        }
        while (1)
        {
            memset(buf, 0x00, MAXLINE);
            if (read(client_fd, buf, MAXLINE) == 0) /* textbook: after an error it goes on for ever */
            {
                break;
            }
            printf("==> %s", buf); /* textbook: a full buffer has no NUL */
            write(client_fd, buf, strlen(buf)); /* textbook: when the client has gone: SIGPIPE */
        }
        /* textbook: client_fd stays open */
    }
}
