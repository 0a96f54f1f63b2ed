/*
 * echo_server_fork.c: one process a connection.
 *
 * Slide "멀티 프로세스와 소켓 프로그래밍". Rust: echo_server_fork.rs.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#define MAXLINE 1024
#define PORTNUM 3600

int main(void)
{
    struct sockaddr_in client_addr;
    char buf[MAXLINE];
    struct sockaddr_in server_addr;
    socklen_t addrlen;
    int listen_fd;
    int client_fd;
    int readn;
    pid_t pid;

    memset(&server_addr, 0x00, sizeof(server_addr));
    server_addr.sin_family = AF_INET;
    /* textbook: every address of this machine, so anyone who can reach it may connect */
    server_addr.sin_addr.s_addr = htonl(INADDR_ANY);
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
    signal(SIGCHLD, SIG_IGN); /* rt_sigaction: children are reaped as they end, no zombies */
    while (1)
    {
        addrlen = sizeof(client_addr);
        client_fd = accept(listen_fd, (struct sockaddr *)&client_addr, &addrlen);
        if (client_fd == -1)
        {
            printf("accept error\n"); /* textbook: what would pass (EMFILE) ends the server */
            return 1;
        }
        pid = fork(); /* clone */
        if (pid == 0)
        {
            close(listen_fd); /* the child only serves this connection */
            memset(buf, 0x00, MAXLINE);
            while ((readn = read(client_fd, buf, MAXLINE)) > 0)
            {
                /* textbook: sin_port without ntohs, its two bytes are swapped;
                   a full buffer has no NUL, so %s prints what lies behind it too */
                printf("Read Data %s(%d) : %s", inet_ntoa(client_addr.sin_addr),
                       client_addr.sin_port, buf);
                /* textbook: not readn bytes: a NUL cuts the echo short, and a full buffer
                   sends what lies behind it; a short write is not finished;
                   when the client has gone, SIGPIPE kills this child */
                write(client_fd, buf, strlen(buf));
                memset(buf, 0x00, MAXLINE);
            }
            close(client_fd);
            return 0;
        }
        if (pid > 0)
        {
            close(client_fd); /* the parent only accepts */
        }
        /* textbook: pid < 0: the connection stays open, and its client waits for ever */
    }
}
