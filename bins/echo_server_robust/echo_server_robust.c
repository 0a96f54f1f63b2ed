/*
 * echo_server_robust.c: epoll in several processes, and nothing that waits for one client.
 *
 * Slide "멀티 프로세스와 소켓 프로그래밍", its three techniques put together. Rust: echo_server_robust.rs.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAXLINE 1024
#define PORTNUM 3600
#define MAXWORKERS 64
#define MAXEVENTS 64
#define FULL "server full\n"
#define PAUSE 100  /* how long new clients wait when no descriptor is free, in milliseconds */
#define DRAIN 5    /* how long a worker may take to send what it owes, in seconds */
#define PATIENCE 8 /* and when the parent stops waiting for it */

struct client
{
    unsigned short heard;   /* 0 nobody, 1 silent since the last tick, 2 heard */
    unsigned short waiting; /* so many bytes of its buffer */
};

/* One process that serves. The arrays are indexed by descriptor, and take up memory only as far as they are used. */
struct worker
{
    int listen_fd, parent_fd, epoll_fd, timer_fd;
    int held, most; /* connections, and how many there may be */
    int size;       /* of the arrays */
    int idle;       /* seconds between two ticks */
    int is_ticking; /* somebody was there at the last tick, or has come since */
    int is_paused;  /* the listening socket is off the list */
    int is_draining;
    struct client *clients;
    char (*buffers)[MAXLINE]; /* what waits until they read */
};

static int watch(struct worker *worker, int op, int fd, uint32_t events)
{
    struct epoll_event event;

    memset(&event, 0x00, sizeof(event)); /* data is a union of 8 bytes, and fd 4 of them */
    event.events = events;
    event.data.fd = fd;
    return epoll_ctl(worker->epoll_fd, op, fd, &event);
}

static void set_timer(int timer_fd, int first, int interval)
{
    struct itimerspec new_value = {{interval, 0}, {first, 0}};

    timerfd_settime(timer_fd, 0, &new_value, NULL);
}

/* Puts the listening socket back on the list. Of all workers one is woken by a client, not each. */
static void resume(struct worker *worker)
{
    if (worker->is_paused)
    {
        worker->is_paused = watch(worker, EPOLL_CTL_ADD, worker->listen_fd, EPOLLIN | EPOLLEXCLUSIVE) == -1;
    }
}

static void close_client(struct worker *worker, int fd)
{
    close(fd); /* takes it off the list: no other process holds it */
    worker->clients[fd].heard = 0;
    worker->clients[fd].waiting = 0;
    worker->held--;
    resume(worker); /* a descriptor is free */
}

static void accept_client(struct worker *worker)
{
    int fd = accept4(worker->listen_fd, NULL, NULL, SOCK_NONBLOCK);

    if (fd == -1)
    {
        /* another worker was faster, or the client has gone; else no descriptor is free:
           until one is, or for a while, nobody looks at the queue */
        if (errno != EAGAIN && errno != ECONNABORTED)
        {
            worker->is_paused = watch(worker, EPOLL_CTL_DEL, worker->listen_fd, 0) == 0;
        }
        return;
    }
    if (worker->held == worker->most || fd >= worker->size)
    {
        write(fd, FULL, strlen(FULL)); /* there is room: it is the first thing that is sent */
        close(fd);
        return;
    }
    worker->clients[fd].heard = 2;
    worker->held++;
    if (!worker->is_ticking)
    {
        set_timer(worker->timer_fd, worker->idle, worker->idle);
        worker->is_ticking = 1;
    }
    if (watch(worker, EPOLL_CTL_ADD, fd, EPOLLIN) == -1)
    {
        close_client(worker, fd);
    }
}

/* Reads once, unless something waits to be written, and writes once: neither waits, so nobody else does.
   The result is whether the connection goes on. */
static int serve(struct worker *worker, int fd)
{
    char buf[MAXLINE];
    int count, written, rest;
    int had_waiting = worker->clients[fd].waiting > 0;

    if (had_waiting)
    {
        count = worker->clients[fd].waiting;
        memcpy(buf, worker->buffers[fd], count);
    }
    else
    {
        count = read(fd, buf, MAXLINE);
        if (count == -1 && (errno == EAGAIN || errno == EINTR))
        {
            return 1;
        }
        if (count <= 0 || (count == 5 && memcmp(buf, "quit\n", 5) == 0))
        {
            return 0;
        }
    }
    written = write(fd, buf, count);
    if (written == -1 && errno != EAGAIN && errno != EINTR)
    {
        return 0;
    }
    if (written > 0)
    {
        worker->clients[fd].heard = 2;
    }
    else
    {
        written = 0;
    }
    rest = count - written;
    worker->clients[fd].waiting = rest;
    memcpy(worker->buffers[fd], buf + written, rest);
    /* who does not read is not read from: its next event is that there is room again */
    if (had_waiting == (rest > 0))
    {
        return 1;
    }
    return watch(worker, EPOLL_CTL_MOD, fd, rest > 0 ? EPOLLOUT : EPOLLIN) == 0;
}

/* Closes whoever has been silent since the last tick. */
static void tick(struct worker *worker)
{
    int fd;

    for (fd = 0; fd < worker->size; fd++)
    {
        if (worker->clients[fd].heard == 1)
        {
            close_client(worker, fd);
        }
        else if (worker->clients[fd].heard == 2)
        {
            worker->clients[fd].heard = 1;
        }
    }
    resume(worker);
    if (worker->held == 0)
    {
        set_timer(worker->timer_fd, 0, 0); /* without clients it sleeps */
        worker->is_ticking = 0;
    }
}

/* No more clients, and from those that are there only what has come already; at the end of it each is closed. */
static void drain(struct worker *worker)
{
    int fd;

    worker->is_draining = 1;
    worker->is_paused = 0; /* never again on the list */
    watch(worker, EPOLL_CTL_DEL, worker->parent_fd, 0);
    watch(worker, EPOLL_CTL_DEL, worker->listen_fd, 0); /* others have it, so close would not take it off */
    close(worker->listen_fd);
    set_timer(worker->timer_fd, DRAIN, 0);
    for (fd = 0; fd < worker->size; fd++)
    {
        if (worker->clients[fd].heard != 0)
        {
            shutdown(fd, SHUT_RD); /* its read returns what is there, and then 0 */
        }
    }
}

static void *zeroed(size_t size)
{
    return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static int work(struct worker *worker)
{
    struct epoll_event events[MAXEVENTS];
    uint64_t ticks;
    int i, fd, fd_num;

    if ((worker->epoll_fd = epoll_create1(0)) == -1 ||
        (worker->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK)) == -1)
    {
        return 1;
    }
    worker->size = worker->most + worker->timer_fd + 1; /* a new descriptor is the lowest that is free */
    if ((worker->clients = zeroed(worker->size * sizeof(*worker->clients))) == MAP_FAILED ||
        (worker->buffers = zeroed((size_t)worker->size * MAXLINE)) == MAP_FAILED)
    {
        return 1;
    }
    if (watch(worker, EPOLL_CTL_ADD, worker->timer_fd, EPOLLIN) == -1 ||
        watch(worker, EPOLL_CTL_ADD, worker->parent_fd, EPOLLIN) == -1)
    {
        return 1;
    }
    worker->is_paused = 1;
    resume(worker);
    while (!worker->is_draining || worker->held > 0)
    {
        fd_num = epoll_wait(worker->epoll_fd, events, MAXEVENTS, worker->is_paused ? PAUSE : -1);
        if (fd_num <= 0) /* the pause is over; -1, EINTR: nothing has been filled in */
        {
            resume(worker);
        }
        for (i = 0; i < fd_num; i++)
        {
            fd = events[i].data.fd;
            if (fd == worker->listen_fd)
            {
                if (!worker->is_draining)
                {
                    accept_client(worker);
                }
            }
            else if (fd == worker->parent_fd)
            {
                drain(worker);
            }
            else if (fd == worker->timer_fd)
            {
                if (read(worker->timer_fd, &ticks, sizeof(ticks)) != sizeof(ticks))
                {
                    continue; /* it was set anew meanwhile */
                }
                if (worker->is_draining)
                {
                    return 0; /* who has not read by now is closed by the end */
                }
                tick(worker);
            }
            else if (worker->clients[fd].heard != 0 && !serve(worker, fd)) /* 0: it has been closed in this round */
            {
                close_client(worker, fd);
            }
        }
    }
    return 0;
}

/* Takes the statuses of those that have ended; the result is how many are left. */
static int reap(pid_t *pids, int workers)
{
    int i, left = 0;
    pid_t pid;

    while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
    {
        for (i = 0; i < workers; i++)
        {
            if (pids[i] == pid)
            {
                pids[i] = 0;
            }
        }
    }
    for (i = 0; i < workers; i++)
    {
        left += pids[i] > 0;
    }
    return left;
}

/* Keeps so many workers until SIGTERM or SIGINT; the result in a worker is its status. */
static int supervise(int workers, int listen_fd, int most, int idle)
{
    pid_t pids[MAXWORKERS] = {0}; /* 0: nobody */
    struct timespec tenth = {0, 100000000}, patience = {PATIENCE, 0};
    struct worker worker;
    sigset_t signals;
    int alive[2];
    int i, sig, missing;

    if (pipe(alive) == -1)
    {
        return 1;
    }
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGCHLD);
    sigprocmask(SIG_BLOCK, &signals, NULL); /* in the workers, too: they hear of the end by the pipe */
    do
    {
        missing = 0;
        for (i = 0; i < workers; i++)
        {
            if (pids[i] > 0)
            {
                continue;
            }
            pids[i] = fork();
            if (pids[i] == 0)
            {
                close(alive[1]); /* the parent's alone: it is closed when the parent has ended, however */
                memset(&worker, 0x00, sizeof(worker));
                worker.listen_fd = listen_fd;
                worker.parent_fd = alive[0];
                worker.most = most;
                worker.idle = idle;
                return work(&worker);
            }
            if (pids[i] == -1)
            {
                missing = 1; /* tried again */
            }
        }
        sig = sigtimedwait(&signals, NULL, missing ? &tenth : NULL);
        if (sig == SIGCHLD && reap(pids, workers) < workers)
        {
            fprintf(stderr, "a worker has ended\n");
            usleep(100000); /* who ends at once is not made again at once */
        }
    } while (sig != SIGTERM && sig != SIGINT);
    close(listen_fd);
    close(alive[1]); /* told to the workers */
    for (i = 0; i < workers; i++)
    {
        while (pids[i] > 0)
        {
            if (sigtimedwait(&signals, NULL, &patience) == -1 && errno == EAGAIN)
            {
                kill(pids[i], SIGKILL); /* one that was stopped, say */
            }
            reap(pids, workers);
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct sockaddr_in server_addr;
    int workers = 1, clients = 10000, idle = 60;
    int listen_fd, on = 1;
    int i;

    for (i = 1; i + 1 < argc && argv[i][0] == '-'; i += 2) /* textbook: what is no number is 0 */
    {
        switch (argv[i][1])
        {
        case 'j':
            workers = atoi(argv[i + 1]);
            break;
        case 'c':
            clients = atoi(argv[i + 1]);
            break;
        case 't':
            idle = atoi(argv[i + 1]);
            break;
        }
    }
    memset(&server_addr, 0x00, sizeof(server_addr));
    server_addr.sin_family = AF_INET;
    server_addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server_addr.sin_port = htons(PORTNUM);
    if (i < argc)
    {
        inet_pton(AF_INET, argv[i], &server_addr.sin_addr);
    }
    if (i + 1 < argc)
    {
        server_addr.sin_port = htons(atoi(argv[i + 1]));
    }
    if ((listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) == -1)
    {
        return 1;
    }
    setsockopt(listen_fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(listen_fd, (struct sockaddr *)&server_addr, sizeof(server_addr)) == -1)
    {
        perror("bind error");
        return 1;
    }
    if (listen(listen_fd, SOMAXCONN) == -1)
    {
        perror("listen error");
        return 1;
    }
    signal(SIGPIPE, SIG_IGN); /* a peer that has gone is an error of write */
    return supervise(workers, listen_fd, clients, idle);
}
