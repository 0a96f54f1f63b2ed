/*
 * echo_client_udomain.c: lines there and back, through the name of a file.
 *
 * Slide "프로세스간 정보 교환이 어렵다" (IPC). Rust: echo_client_udomain.rs.
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
    char buf[MAXLINE];
    int client_fd;

    if (argc != 2)
    {
        printf("Usage : %s [socket file name]\n", argv[0]);
        return 1;
    }
    if (access(argv[1], F_OK) == -1)
    {
        printf("socket File access error\n");
        return 1;
    }
    if ((client_fd = socket(AF_UNIX, SOCK_STREAM, 0)) == -1)
    {
        perror("Error : socket");
        return 1;
    }
    memset(&server_addr, 0x00, sizeof(server_addr));
    server_addr.sun_family = AF_UNIX;
    strcpy(server_addr.sun_path, argv[1]); /* textbook: there is room for 107 bytes and a NUL */
    if (connect(client_fd, (struct sockaddr *)&server_addr, sizeof(server_addr)) == -1)
    {
        perror("connect error : ");
        return 1;
    }
    while (1)
    {
        memset(buf, 0x00, MAXLINE);
        read(0, buf, MAXLINE); /* textbook: at the end of the input nothing is sent, and it waits for ever */
        if (strncmp(buf, "quit\n", 5) == 0)
        {
            break;
        }
        write(client_fd, buf, strlen(buf)); /* textbook: when the server has gone: SIGPIPE */
        memset(buf, 0x00, MAXLINE);
        read(client_fd, buf, MAXLINE); /* textbook: the first piece passes for all of it */
        printf("Server -> %s", buf);
    }
    close(client_fd);
    return 0;
}
