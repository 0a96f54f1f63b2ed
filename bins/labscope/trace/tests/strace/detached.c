#include <sys/wait.h>
#include <unistd.h>
int main(void) {
    for (int i = 0; i < 3; i++) { if (i == 0 && fork() == 0) for (;;) pause(); usleep(100000); getppid(); }
    wait(0);
    return 0;
}
