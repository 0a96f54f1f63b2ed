/* Calls with addresses that lead nowhere, and with numbers that nobody knows. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    char *nowhere = (char *)16;
    syscall(SYS_write, 1, nowhere, 5);
    syscall(SYS_read, 0, nowhere, 5);
    syscall(SYS_openat, AT_FDCWD, nowhere, 0x40000000);
    syscall(SYS_openat, AT_FDCWD, NULL, O_RDONLY);
    syscall(SYS_pipe2, nowhere, 0);
    syscall(SYS_rt_sigaction, SIGINT, nowhere, NULL, 8);
    syscall(SYS_rt_sigaction, 77, NULL, NULL, 8);
    syscall(SYS_wait4, -1, nowhere, 0x100, NULL);
    syscall(SYS_writev, 1, nowhere, 2);
    syscall(SYS_bind, 1, nowhere, 16);
    syscall(SYS_socket, 99, 99, 99);
    syscall(SYS_fcntl, 1, 9999, 5);
    syscall(SYS_ioctl, 1, 0x12345678, nowhere);
    syscall(SYS_prctl, 9999, 1, 2, 3, 4);
    syscall(SYS_kill, getpid(), 99);
    syscall(SYS_lseek, 99, 5, 7);
    syscall(SYS_execve, nowhere, nowhere, nowhere);
    syscall(SYS_clock_gettime, 99, nowhere);
    return 0;
}
