/* System calls with nothing around them: what no program can do without. */
#include <asm/unistd.h>

/* The process begins at _start, with the stack as the kernel left it, a multiple of 16. */
__attribute__((noreturn, used)) static void run(void);

/* A thread that clone makes: VM, FS, FILES, SIGHAND, THREAD, SYSVSEM, PARENT_SETTID, CHILD_CLEARTID. */
enum { THREAD = 0x100 | 0x200 | 0x400 | 0x800 | 0x10000 | 0x40000 | 0x100000 | 0x200000 };

#if defined(__x86_64__)
__asm__(".globl _start\n_start: xor %ebp, %ebp\ncall run\n");

static inline long call(long number, long a, long b, long c, long d, long e)
{
    long result;
    register long fourth __asm__("r10") = d;
    register long fifth __asm__("r8") = e;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth), "r"(fifth)
                     : "rcx", "r11", "memory");
    return result;
}

static inline long fork(void)
{
    return call(__NR_fork, 0, 0, 0, 0, 0);
}

/* Two return from the call; the new one has the argument in a register, and nothing on its stack: it calls `thread`. */
static inline long create(char *stack, int *tid, long argument)
{
    long result;
    register long cleared __asm__("r10") = (long)tid;
    register long handed __asm__("r9") = argument;
    __asm__ volatile("syscall\n\ttest %%eax, %%eax\n\tjnz 1f\n\tmov %%r9, %%rdi\n\tcall thread\n1:"
                     : "=a"(result)
                     : "a"(__NR_clone), "D"(THREAD), "S"(stack), "d"(tid), "r"(cleared), "r"(handed)
                     : "rcx", "r11", "memory");
    return result;
}
#else
#if defined(__aarch64__)
#define REGISTER(n) "x" #n
#define NUMBER "x8"
#define CALL "svc #0"
#define THREAD_CALL "svc #0\n\tcbnz x0, 1f\n\tmov x0, x5\n\tbl thread\n1:"
__asm__(".globl _start\n_start: mov x29, #0\nbl run\n");
#elif defined(__riscv)
#define REGISTER(n) "a" #n
#define NUMBER "a7"
#define CALL "ecall"
#define THREAD_CALL "ecall\n\tbnez a0, 1f\n\tmv a0, a5\n\tcall thread\n1:"
__asm__(".globl _start\n_start: li s0, 0\n"
        ".option push\n.option norelax\nlla gp, __global_pointer$\n.option pop\n" /* variables are found from there */
        "call run\n");
#endif

static inline long call(long number, long a, long b, long c, long d, long e)
{
    register long first __asm__(REGISTER(0)) = a;
    register long second __asm__(REGISTER(1)) = b;
    register long third __asm__(REGISTER(2)) = c;
    register long fourth __asm__(REGISTER(3)) = d;
    register long fifth __asm__(REGISTER(4)) = e;
    register long which __asm__(NUMBER) = number;
    __asm__ volatile(CALL
                     : "+r"(first)
                     : "r"(second), "r"(third), "r"(fourth), "r"(fifth), "r"(which)
                     : "memory");
    return first;
}

static inline long fork(void)
{
    return call(__NR_clone, 17 /* SIGCHLD */, 0, 0, 0, 0);
}

/* Two return from the call; the new one has the argument in a register, and nothing on its stack: it calls `thread`. */
static inline long create(char *stack, int *tid, long argument)
{
    register long first __asm__(REGISTER(0)) = THREAD;
    register long second __asm__(REGISTER(1)) = (long)stack;
    register long third __asm__(REGISTER(2)) = (long)tid;
    register long fifth __asm__(REGISTER(4)) = (long)tid; /* the fourth would be its thread-local storage */
    register long handed __asm__(REGISTER(5)) = argument;
    register long which __asm__(NUMBER) = __NR_clone;
    __asm__ volatile(THREAD_CALL
                     : "+r"(first)
                     : "r"(second), "r"(third), "r"(fifth), "r"(handed), "r"(which)
                     : "memory");
    return first;
}
#endif

__attribute__((noreturn)) static inline void end(int status)
{
    for (;;)
    {
        call(__NR_exit, status, 0, 0, 0, 0);
    }
}
