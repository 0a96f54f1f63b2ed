/* A program that runs itself again and again with one argument less, by every kind of exec. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    char *environment[] = {"LEFT=1", NULL};
    char *arguments[] = {argv[0], "b", NULL};
    int self = open(argv[0], O_RDONLY | O_CLOEXEC);
    execl("/nonexistent/program", "program", NULL);
    if (argc == 1)
        execl(argv[0], argv[0], "c", "b", "a", NULL);
    if (argc == 4)
        execve(argv[0], arguments, environment);
    if (argv[1][0] == 'b') {
        arguments[1] = "a";
        fexecve(self, arguments, environment);
    }
    puts("end");
    return 0;
}
