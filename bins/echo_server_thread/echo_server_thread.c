/*
 * echo_server_thread.c: one thread a connection.
 *
 * Slide "멀티 스레드". Rust: echo_server_thread.rs.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAXLINE 1024
#define PORTNUM 3600

static void *worker(void *arg)
{
    /* textbook: main's variable, which the next accept may have changed by now */
    int client_fd = *(int *)arg;
    struct sockaddr_in client_addr;
    socklen_t addrlen;
    char buf[MAXLINE];
    int readn;

    addrlen = sizeof(client_addr);
    getpeername(client_fd, (struct sockaddr *)&client_addr, &addrlen);
    memset(buf, 0x00, MAXLINE);
    while ((readn = read(client_fd, buf, MAXLINE)) > 0)
    {
        /* textbook: a full buffer has no NUL, so %s prints what lies behind it too */
        printf("Read Data %s(%d) : %s", inet_ntoa(client_addr.sin_addr),
               ntohs(client_addr.sin_port), buf);
        /* textbook: not readn bytes: a NUL cuts the echo short, and a full buffer
           sends what lies behind it; a short write is not finished;
           when the client has gone, SIGPIPE kills the whole server */
        write(client_fd, buf, strlen(buf));
        memset(buf, 0x00, MAXLINE);
    }
    close(client_fd);
    printf("worker thread end\n");
    return NULL;
}

int main(void)
{
    struct sockaddr_in client_addr;
    struct sockaddr_in server_addr;
    socklen_t addrlen;
    pthread_t tid;
    int listen_fd;
    int client_fd;

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
    while (1)
    {
        addrlen = sizeof(client_addr);
        client_fd = accept(listen_fd, (struct sockaddr *)&client_addr, &addrlen);
        if (client_fd == -1)
        {
            printf("accept error\n"); /* textbook: and again at once, as fast as it can, until a descriptor is free */
        }
        else
        {
            printf("new client connected from %s:%d\n", inet_ntoa(client_addr.sin_addr),
                   ntohs(client_addr.sin_port));
            /* clone3; textbook: when it fails, the connection stays open, and its client waits for ever */
            pthread_create(&tid, NULL, worker, (void *)&client_fd);
            pthread_detach(tid);
        }
    }
}
