/* A file mapped, written through memory, synchronised, grown, and read back. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
    int file = open("mapped", O_RDWR | O_CREAT | O_TRUNC, 0640);
    char text[8] = "";
    ftruncate(file, 4096);
    char *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    strcpy(memory, "mapped\n");
    msync(memory, 4096, MS_SYNC);
    memory = mremap(memory, 4096, 8192, MREMAP_MAYMOVE);
    mprotect(memory, 4096, PROT_READ);
    madvise(memory, 4096, MADV_DONTNEED);
    pread(file, text, 7, 0);
    write(1, text, 7);
    munmap(memory, 8192);
    unlink("mapped");
    return mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, -1, 0) == MAP_FAILED ? 0 : 1;
}
