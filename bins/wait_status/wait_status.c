/*
 * wait_status.c: a parent waits and learns how its child ended.
 *
 * Slide "프로세스 기다리기". Rust: wait_status.rs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int pid;
    int pstatus; /* textbook: never set when wait fails */

    printf("프로세스 시작 %d\n", getpid());
    pid = fork(); /* clone */
    if (pid > 0)
    {
        printf("부모 프로세스 pid(%d)\n", getpid());
        printf("자식 프로세스 종료를 기다림\n");
        pid = wait(&pstatus); /* wait4(-1, ...) */
        printf("=====\n");
        printf("종료된 자식 프로세스 : %d\n", pid);
        printf("종료 값          : %d\n", pstatus / 256);
    }
    else if (pid == 0)
    {
        sleep(2); /* clock_nanosleep */
        printf("I'm Zombie %d\n", getpid());
        exit(100);
    }
    return 0;
}
