/* System calls with nothing around them: what no program can do without. */

enum { READ = 0, WRITE = 1, CLOSE = 3, RT_SIGACTION = 13, GETPID = 39, SOCKET = 41, ACCEPT = 43, BIND = 49, LISTEN = 50,
       SETSOCKOPT = 54, FORK = 57, EXIT = 60, WAIT4 = 61, KILL = 62 };

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

/* The process begins here; the stack is as the kernel left it, a multiple of 16. */
__attribute__((noreturn, used)) static void run(void);
__asm__(".globl _start\n_start: xor %ebp, %ebp\ncall run\n");
