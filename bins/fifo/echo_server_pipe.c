/*
 * echo_server_pipe.c: what comes through one FIFO goes back through another.
 *
 * Slide "프로세스간 정보 교환이 어렵다" (IPC). Rust: echo_server_pipe.rs.
 * In the class's file both FIFOs lie in /tmp; the folder as an argument is ours.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAXLINE 1024

int main(int argc, char **argv)
{
    char buf[MAXLINE];
    int rfd;
    int wfd;

    chdir(argc > 1 ? argv[1] : "/tmp");
    /* textbook: the results are not looked at, nor what is there already;
       nobody removes them again */
    mkfifo("myfifo_r", 0600); /* mknodat */
    mkfifo("myfifo_w", 0600);
    if ((rfd = open("myfifo_r", O_RDWR)) == -1) /* openat; O_RDWR: its own writer, so there is no end */
    {
        perror("rfd error");
        return 0;
    }
    if ((wfd = open("myfifo_w", O_RDWR)) == -1)
    {
        perror("wfd error");
        return 0;
    }
    while (1)
    {
        memset(buf, 0x00, MAXLINE);
        if (read(rfd, buf, MAXLINE) == -1) /* textbook: a signal ends it too; a full buffer has no NUL */
        {
            perror("Read Error");
            return 1;
        }
        printf("Read : %s", buf);
        write(wfd, buf, MAXLINE); /* textbook: the whole buffer, whatever came */
        lseek(wfd, 0, SEEK_SET);  /* textbook: a FIFO has no offset, ESPIPE */
    }
}
