/*
 * echo_server_multi.c: one process, many connections, by select.
 *
 * Slide "멀티 프로세스와 소켓 프로그래밍" names I/O multiplexing; hand-out. Rust: echo_server_multi.rs.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAXLINE 1024
#define PORTNUM 3600

int main(void)
{
    struct sockaddr_in server_addr, client_addr;
    socklen_t addrlen;
    fd_set allfds, readfds;
    char buf[MAXLINE];
    int listen_fd, client_fd, sockfd;
    int maxfd, fd_num, readn;

    memset(&server_addr, 0x00, sizeof(server_addr));
    server_addr.sin_family = AF_INET;
    server_addr.sin_addr.s_addr = htonl(INADDR_ANY); /* textbook: every address of this machine */
    server_addr.sin_port = htons(PORTNUM);
    if ((listen_fd = socket(AF_INET, SOCK_STREAM, 0)) == -1)
    {
        return 1;
    }
    /* textbook: no SO_REUSEADDR: when the server was first to close, bind fails for a minute */
    if (bind(listen_fd, (struct sockaddr *)&server_addr, sizeof(server_addr)) == -1)
    {
        perror("bind error");
        return 1;
    }
    if (listen(listen_fd, 5) == -1) /* textbook: too short a queue for many clients at once */
    {
        perror("listen error");
        return 1;
    }
    FD_ZERO(&allfds);
    FD_SET(listen_fd, &allfds);
    maxfd = listen_fd;
    while (1)
    {
        readfds = allfds; /* select leaves only the ready ones in its set */
        printf("Select Wait %d\n", maxfd);
        /* textbook: when a signal has interrupted it (-1), the set is as before: accept blocks, and with it all */
        fd_num = select(maxfd + 1, &readfds, NULL, NULL, NULL); /* pselect6 */
        if (FD_ISSET(listen_fd, &readfds))
        {
            addrlen = sizeof(client_addr);
            /* textbook: when no descriptor is free it fails (-1), the client stays in the queue, and the loop spins */
            client_fd = accept(listen_fd, (struct sockaddr *)&client_addr, &addrlen);
            FD_SET(client_fd, &allfds); /* textbook: 1024 and up: a bit behind the set */
            if (client_fd > maxfd)
            {
                maxfd = client_fd;
            }
            printf("Accept OK\n");
            continue; /* textbook: as long as clients come, nobody who is connected has an answer */
        }
        for (sockfd = 0; sockfd <= maxfd && fd_num > 0; sockfd++)
        {
            if (!FD_ISSET(sockfd, &readfds))
            {
                continue;
            }
            fd_num--;
            memset(buf, 0x00, MAXLINE);
            readn = read(sockfd, buf, MAXLINE);
            if (readn == 0 || strncmp(buf, "quit\n", 5) == 0)
            {
                close(sockfd);
                FD_CLR(sockfd, &allfds);
                continue;
            }
            printf("Read : %s", buf); /* textbook: a full buffer has no NUL */
            /* textbook: a NUL cuts the echo short; to a client that has reset the connection
               (readn is -1) it is SIGPIPE, which ends the server and with it all connections;
               one that does not read makes everybody wait here */
            write(sockfd, buf, strlen(buf));
        }
    }
}
