/* posix_spawn() with its output into a file, system() and popen(). */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

int main(void)
{
    char *words[] = {"echo", "spawned", NULL}, line[32];
    posix_spawn_file_actions_t actions;
    pid_t child;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "output", O_WRONLY | O_CREAT, 0600);
    posix_spawn(&child, "/bin/echo", &actions, NULL, words, environ);
    waitpid(child, NULL, 0);
    printf("%d\n", WEXITSTATUS(system("exit 6")));
    FILE *pipe = popen("cat output", "r");
    printf("%s", fgets(line, sizeof line, pipe));
    pclose(pipe);
    unlink("output");
    return 0;
}
