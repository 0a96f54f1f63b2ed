/*
 * echo_server_poll.c: one process, many connections, by poll.
 *
 * Slide "멀티 프로세스와 소켓 프로그래밍" names I/O multiplexing. Rust: echo_server_poll.rs.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAXLINE 1024
#define PORTNUM 3600
#define MAXFDS 8192

int main(void)
{
    struct sockaddr_in server_addr, client_addr;
    socklen_t addrlen;
    static struct pollfd fds[MAXFDS];
    char buf[MAXLINE];
    int listen_fd, client_fd, sockfd;
    int i, nfds, fd_num, readn;

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
    fds[0].fd = listen_fd;
    fds[0].events = POLLIN;
    nfds = 1;
    while (1)
    {
        printf("Poll Wait %d\n", nfds);
        fd_num = poll(fds, nfds, -1);
        /* textbook: when a signal has interrupted it (-1), revents are those of the time before */
        if (fds[0].revents & POLLIN)
        {
            addrlen = sizeof(client_addr);
            client_fd = accept(listen_fd, (struct sockaddr *)&client_addr, &addrlen);
            if (client_fd == -1)
            {
                continue; /* textbook: when no descriptor is free, the client stays in the queue, and the loop spins */
            }
            if (nfds == MAXFDS)
            {
                close(client_fd);
                continue;
            }
            fds[nfds].fd = client_fd;
            fds[nfds].events = POLLIN;
            fds[nfds].revents = 0;
            nfds++;
            printf("Accept OK\n");
            continue; /* textbook: as long as clients come, nobody who is connected has an answer */
        }
        for (i = nfds - 1; i > 0 && fd_num > 0; i--)
        {
            if (fds[i].revents == 0) /* not only POLLIN: POLLHUP and POLLERR come unasked */
            {
                continue;
            }
            fd_num--;
            sockfd = fds[i].fd;
            memset(buf, 0x00, MAXLINE);
            readn = read(sockfd, buf, MAXLINE);
            if (readn == 0 || strncmp(buf, "quit\n", 5) == 0)
            {
                close(sockfd);
                fds[i] = fds[--nfds]; /* the last one, which has been served, takes its place */
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
