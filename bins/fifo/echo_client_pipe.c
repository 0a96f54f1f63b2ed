/*
 * echo_client_pipe.c: a line through one FIFO, the answer through another.
 *
 * Slide "프로세스간 정보 교환이 어렵다" (IPC). Rust: echo_client_pipe.rs.
 * In the class's file both FIFOs lie in /tmp; the folder as an argument is ours.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAXLINE 1024

int main(int argc, char **argv)
{
    char buf[MAXLINE];
    int rfd;
    int wfd;

    chdir(argc > 1 ? argv[1] : "/tmp");
    if ((rfd = open("myfifo_w", O_RDWR)) == -1) /* openat; what the server writes we read */
    {
        perror("read open error\n");
        return 1;
    }
    if ((wfd = open("myfifo_r", O_RDWR)) == -1)
    {
        perror("write open error\n");
        return 1;
    }
    while (1)
    {
        printf("> ");
        fflush(stdout); /* write */
        memset(buf, 0x00, MAXLINE);
        read(0, buf, MAXLINE); /* textbook: at the end of the input nothing is sent, and it waits for ever */
        if (strncmp(buf, "quit\n", 5) == 0)
        {
            return 0;
        }
        write(wfd, buf, strlen(buf));
        memset(buf, 0x00, MAXLINE);
        read(rfd, buf, MAXLINE); /* textbook: the first piece passes for all of it */
        printf("Server -> %s", buf);
    }
}
