/* A script run by its first line, one without such a line, and one that may not be run. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void run(const char *name, const char *text, mode_t mode)
{
    FILE *file = fopen(name, "w");
    fputs(text, file);
    fclose(file);
    chmod(name, mode);
    if (fork() == 0) {
        execl(name, name, (char *)NULL);
        _exit(99);
    }
    int status;
    wait(&status);
    printf("%s %d\n", name, WEXITSTATUS(status));
    unlink(name);
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    run("./first", "#!/bin/sh\nexit 3\n", 0700);
    run("./none", "exit 3\n", 0700);
    run("./closed", "#!/nonexistent\n", 0700);
    return 0;
}
