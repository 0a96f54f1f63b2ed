/* Strings that are hard to quote, in paths and in writes. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
    char all[256], longest[5000];
    for (int byte = 0; byte < 256; byte++)
        all[byte] = (char)byte;
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    int null = open("/dev/null", O_WRONLY);
    write(null, all, sizeof all);
    write(null, "\0" "1\0a\33[0m\"\\", 10);
    write(null, "", 0);
    open("quo\"te\n\xed\x95\x9c", O_RDONLY);
    open(longest, O_RDONLY);
    write(null, longest, sizeof longest);
    return 0;
}
