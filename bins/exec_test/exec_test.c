/*
 * exec_test.c: the program that command becomes.
 *
 * Slide "Lab. command.c, exec_test.c". Rust: exec_test.rs.
 */
#include <stdio.h>

int main(void)
{
    getc(stdin); /* read */
    return 0;
}
