/*
 * echo_server.c: one client after another, one line each.
 *
 * Slide "멀티 프로세스와 소켓 프로그래밍", before there are several processes. Rust: echo_server.rs.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAXLINE 1024

int main(int argc, char **argv)
{
    struct sockaddr_in server_addr, client_addr;
    socklen_t addrlen;
    char buf[MAXLINE];
    int listen_fd, client_fd;
    int readn;

    if (argc < 2)
    {
        printf("Usage : %s PORT\n", argv[0]);
        return 1;
    }
    if ((listen_fd = socket(AF_INET, SOCK_STREAM, 0)) == -1)
    {
        perror("socket error : ");
        exit(0); /* textbook: an error with the status of success */
    }
    memset(&server_addr, 0x00, sizeof(server_addr));
    server_addr.sin_family = AF_INET;
    server_addr.sin_addr.s_addr = htonl(INADDR_ANY); /* textbook: every address of this machine */
    server_addr.sin_port = htons(atoi(argv[1]));
    /* textbook: nobody looks whether bind worked; if it did not, listen takes a port that nobody knows */
    bind(listen_fd, (struct sockaddr *)&server_addr, sizeof(server_addr));
    listen(listen_fd, 5); /* textbook: too short a queue for many clients at once */
    memset(&client_addr, 0x00, sizeof(client_addr));
    while (1)
    {
        addrlen = sizeof(client_addr);
        client_fd = accept(listen_fd, (struct sockaddr *)&client_addr, &addrlen);
        /* textbook: also when accept has failed; without a free descriptor the loop spins */
        printf("New Client Connect: %s\n", inet_ntoa(client_addr.sin_addr));
        memset(buf, 0x00, MAXLINE);
        /* textbook: who is silent here keeps everybody waiting; one read may be half a line */
        if ((readn = read(client_fd, buf, MAXLINE)) > 0)
        {
            /* textbook: the whole buffer, however little was read */
            if (write(client_fd, buf, MAXLINE) <= 0)
            {
                perror("write error : ");
            }
        }
        close(client_fd);
    }
}
