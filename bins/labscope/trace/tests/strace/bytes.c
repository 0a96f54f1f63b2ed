#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
int main(void) {
    unsigned char all[256]; for (int i = 0; i < 256; i++) all[i] = i;
    int null = open("/dev/null", O_WRONLY);
    write(null, all, 256);
    for (int i = 0; i < 256; i++) all[i] = 255 - i;
    write(null, all, 256);
    char digits[] = "\0001\0018\1779\033[0m\\\"";
    write(null, digits, sizeof digits);
    char bait[] = ") = 0\n10 read(0) = 1 <unfinished ...>";
    struct iovec parts[2] = { { "한글 <x>", 10 }, { bait, sizeof bait - 1 } };
    writev(null, parts, 2);
    char many[400]; memset(many, 'a', 400);
    write(null, many, 400);
    umask(022); umask(077);
    openat(AT_FDCWD, "/nonexistent (a)", O_RDONLY);
    return 0;
}
