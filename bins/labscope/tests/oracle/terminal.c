/* A pseudo-terminal: its size, its settings, a line through it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

int main(void)
{
    struct winsize size = {24, 80, 0, 0};
    struct termios settings;
    char line[16];
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master == -1)
        return 1;
    grantpt(master);
    unlockpt(master);
    int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    ioctl(slave, TIOCSWINSZ, &size);
    ioctl(slave, TIOCGWINSZ, &size);
    tcgetattr(slave, &settings);
    settings.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(slave, TCSANOW, &settings);
    write(master, "line\n", 5);
    printf("%zd %d %d\n", read(slave, line, sizeof line), isatty(slave), size.ws_col);
    return isatty(0);
}
