/* A folder made, entered, filled, listed, renamed, left, removed. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
    char where[256];
    int entries = 0;
    mkdir("folder", 0755);
    printf("%d\n", mkdir("folder", 0755));
    chdir("folder");
    close(creat("file", 0600));
    link("file", "second");
    symlink("file", "pointer");
    getcwd(where, sizeof where);
    printf("%zd\n", readlink("pointer", where, sizeof where));
    DIR *here = opendir(".");
    while (readdir(here))
        entries++;
    closedir(here);
    printf("%d\n", entries);
    rename("second", "third");
    unlink("third");
    unlink("pointer");
    unlinkat(AT_FDCWD, "file", 0);
    chdir("..");
    rename("folder", "other");
    printf("%d\n", rmdir("folder"));
    return rmdir("other");
}
