/*
 * echo_server_epoll.c: one process, many connections, by epoll.
 *
 * Slide "멀티 프로세스와 소켓 프로그래밍" names I/O multiplexing. Rust: echo_server_epoll.rs.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAXLINE 1024
#define PORTNUM 3600
#define MAXEVENTS 64

int main(void)
{
    struct sockaddr_in server_addr, client_addr;
    socklen_t addrlen;
    struct epoll_event event, events[MAXEVENTS];
    char buf[MAXLINE];
    int listen_fd, client_fd, sockfd, epoll_fd;
    int i, fd_num, readn;

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
    if ((epoll_fd = epoll_create1(0)) == -1)
    {
        perror("epoll error");
        return 1;
    }
    memset(&event, 0x00, sizeof(event)); /* data is a union of 8 bytes, and fd 4 of them */
    event.events = EPOLLIN;
    event.data.fd = listen_fd;
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listen_fd, &event);
    while (1)
    {
        printf("Epoll Wait\n");
        fd_num = epoll_wait(epoll_fd, events, MAXEVENTS, -1);
        for (i = 0; i < fd_num; i++)
        {
            sockfd = events[i].data.fd;
            if (sockfd == listen_fd)
            {
                addrlen = sizeof(client_addr);
                client_fd = accept(listen_fd, (struct sockaddr *)&client_addr, &addrlen);
                if (client_fd == -1)
                {
                    continue; /* textbook: when no descriptor is free, the client stays in the queue, and the loop spins */
                }
                event.data.fd = client_fd;
                epoll_ctl(epoll_fd, EPOLL_CTL_ADD, client_fd, &event);
                printf("Accept OK\n");
                continue;
            }
            memset(buf, 0x00, MAXLINE);
            readn = read(sockfd, buf, MAXLINE);
            if (readn == 0 || strncmp(buf, "quit\n", 5) == 0)
            {
                close(sockfd); /* takes it off the list: no other process holds it */
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
