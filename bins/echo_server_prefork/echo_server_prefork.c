/*
 * echo_server_prefork.c: a fixed number of processes, made before the first client comes.
 *
 * Slide "멀티 프로세스와 소켓 프로그래밍". Rust: echo_server_prefork.rs.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAXLINE 1024
#define PORTNUM 3600
#define MAXWORKERS 64

/* One client after another, as echo_server has them; so many at once as there are workers. */
static void worker(int listen_fd)
{
    struct sockaddr_in client_addr;
    socklen_t addrlen;
    char buf[MAXLINE];
    int client_fd, readn;

    while (1)
    {
        addrlen = sizeof(client_addr);
        client_fd = accept(listen_fd, (struct sockaddr *)&client_addr, &addrlen); /* one of them is woken */
        if (client_fd == -1)
        {
            continue; /* textbook: without a free descriptor the loop spins */
        }
        memset(buf, 0x00, MAXLINE);
        while ((readn = read(client_fd, buf, MAXLINE)) > 0)
        {
            printf("Read Data %s(%d) : %s", inet_ntoa(client_addr.sin_addr),
                   ntohs(client_addr.sin_port), buf); /* textbook: a full buffer has no NUL */
            write(client_fd, buf, strlen(buf)); /* textbook: a NUL cuts the echo short */
            memset(buf, 0x00, MAXLINE);
        }
        close(client_fd);
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in server_addr;
    pid_t pids[MAXWORKERS] = {0}; /* 0: nobody */
    struct timespec pause = {0, 100000000};
    sigset_t signals, term;
    pid_t pid;
    int workers, missing;
    int listen_fd;
    int i, sig;

    workers = argc > 3 ? atoi(argv[3]) : 4; /* textbook: address and port are not looked at */
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
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    signals = term;
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGCHLD);
    sigprocmask(SIG_BLOCK, &signals, NULL); /* they wait until sigtimedwait takes them */
    do
    {
        missing = 0;
        for (i = 0; i < workers; i++)
        {
            if (pids[i] > 0)
            {
                continue;
            }
            pids[i] = fork(); /* it has a copy of the listening socket */
            if (pids[i] == 0)
            {
                sigprocmask(SIG_UNBLOCK, &term, NULL); /* ^C is the parent's business */
                worker(listen_fd);
            }
            if (pids[i] == -1)
            {
                missing = 1; /* tried again after the pause */
            }
        }
        sig = sigtimedwait(&signals, NULL, missing ? &pause : NULL);
        if (sig == SIGCHLD) /* one signal may stand for several children */
        {
            while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
            {
                for (i = 0; i < workers; i++)
                {
                    if (pids[i] == pid)
                    {
                        pids[i] = 0;
                    }
                }
                fprintf(stderr, "worker %d has ended\n", pid);
            }
            usleep(100000); /* who ends at once is not made again at once */
        }
    } while (sig != SIGTERM && sig != SIGINT);
    for (i = 0; i < workers; i++)
    {
        if (pids[i] > 0)
        {
            kill(pids[i], SIGTERM);
        }
    }
    for (i = 0; i < workers; i++)
    {
        if (pids[i] > 0)
        {
            waitpid(pids[i], NULL, 0); /* the port is free when the last one has ended */
        }
    }
    return 0;
}
