#include <unistd.h>
#include <sys/types.h>
int main(void) {
    char byte;
    getppid(); getppid(); getuid(); geteuid(); getgid();
    read(0, &byte, 1);
    if (fork() == 0) return 1;
    return 0;
}
