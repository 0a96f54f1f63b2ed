/* What stat() tells of files of several kinds, and what chmod() and access() make of one. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
    struct stat status;
    struct statx more;
    umask(027);
    int file = open("status", O_CREAT | O_EXCL | O_WRONLY | O_APPEND, 0666);
    fstat(file, &status);
    printf("%o\n", status.st_mode);
    chmod("status", 04711);
    stat("status", &status);
    lstat("/proc/self", &status);
    stat("/dev/null", &status);
    stat(".", &status);
    statx(AT_FDCWD, "status", AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &more);
    printf("%o %d\n", more.stx_mode, access("status", R_OK | W_OK));
    printf("%d\n", fchownat(AT_FDCWD, "status", -1, -1, 0));
    printf("%d\n", stat("nothing", &status));
    unlink("status");
    return 0;
}
