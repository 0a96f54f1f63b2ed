/* A FIFO: opening for reading waits for who opens for writing. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    char text[8];
    mkfifo("fifo", 0600);
    printf("%d\n", open("fifo", O_WRONLY | O_NONBLOCK));
    fflush(stdout);
    if (fork() == 0) {
        int out = open("fifo", O_WRONLY);
        write(out, "fifo\n", 5);
        _exit(0);
    }
    int in = open("fifo", O_RDONLY);
    wait(NULL);
    write(1, text, read(in, text, sizeof text));
    unlink("fifo");
    return (int)read(in, text, sizeof text);
}
