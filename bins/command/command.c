/*
 * command.c: a process gets another program.
 *
 * Slide "Lab. command.c, exec_test.c". Rust: command.rs.
 */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    printf("-- START -- %d\n", getpid());
    printf("hit a key ");
    getchar(); /* read */
    printf("\n");
    execl("./exec_test", "exec_test", NULL); /* execve: returns only if it failed */
    printf("-- END - NOT EXECUTE --\n");
    return 1;
}
