/*
 * echo_client_loop.c: line after line, there and back, until quit.
 *
 * Slide "멀티 프로세스와 소켓 프로그래밍". Rust: echo_client_loop.rs.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAXLINE 1024
#define PORTNUM 3600

int main(void)
{
    struct sockaddr_in server_addr;
    char buf[MAXLINE];
    int server_fd;

    memset(&server_addr, 0x00, sizeof(server_addr));
    server_addr.sin_family = AF_INET;
    server_addr.sin_addr.s_addr = inet_addr("127.0.0.1");
    server_addr.sin_port = htons(PORTNUM);
    if ((server_fd = socket(AF_INET, SOCK_STREAM, 0)) == -1)
    {
        return 1;
    }
    if (connect(server_fd, (struct sockaddr *)&server_addr, sizeof(server_addr)) == -1)
    {
        perror("connect error :");
        return 1;
    }
    while (1)
    {
        memset(buf, 0x00, MAXLINE);
        read(0, buf, MAXLINE); /* textbook: at the end of the input it goes on, with an empty line, for ever */
        if (strncmp(buf, "quit\n", 5) == 0)
        {
            break;
        }
        /* textbook: the whole buffer, not the line; when the server has gone: SIGPIPE */
        if (write(server_fd, buf, MAXLINE) <= 0)
        {
            perror("write error :");
            return 1;
        }
        memset(buf, 0x00, MAXLINE);
        /* textbook: one read: the rest of an answer in pieces is the answer to the next line */
        if (read(server_fd, buf, MAXLINE) <= 0)
        {
            perror("read error :");
            return 1;
        }
        printf("read : %s", buf); /* textbook: a full buffer has no NUL */
    }
    close(server_fd);
    return 0;
}
