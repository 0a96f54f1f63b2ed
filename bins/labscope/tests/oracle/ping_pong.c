/* Two children, each waiting for the other by a pipe of its own. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int to_first[2], to_second[2];
    char byte = 'b';
    pipe(to_first);
    pipe(to_second);
    pid_t children[2];
    for (int child = 0; child < 2; child++)
        if ((children[child] = fork()) == 0) {
            int *in = child ? to_second : to_first, *out = child ? to_first : to_second;
            for (int turn = 0; turn < 3; turn++) {
                if (child == 0)
                    write(out[1], &byte, 1);
                (void)read(in[0], &byte, 1);
                if (child == 1)
                    write(out[1], &byte, 1);
            }
            _exit(child);
        }
    for (int child = 0; child < 2; child++)
        waitpid(children[child], NULL, 0);
    return 0;
}
