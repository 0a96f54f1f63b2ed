/* Who the user is, by the library's files. */
#include <grp.h>
#include <pwd.h>
#include <stdio.h>

int main(void)
{
    struct passwd *root = getpwnam("root");
    struct group *group = getgrgid(0);
    printf("%d %s\n", root ? (int)root->pw_uid : -1, group ? group->gr_name : "?");
    return 0;
}
