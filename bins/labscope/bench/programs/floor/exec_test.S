/* The lab exec_test in assembler: the four calls it makes when standard input is
   /dev/null, and the memory it cannot do without: a buffer, and how much of it is unread. */
#include <asm/unistd.h>
        .globl _start
#if defined(__x86_64__)
_start: lea  -256(%rsp), %rbx   /* fstat and ioctl fill this in */
        mov  $__NR_fstat, %eax  /* fstat(0, &status) */
        xor  %edi, %edi
        mov  %rbx, %rsi
        syscall
        mov  $__NR_ioctl, %eax  /* ioctl(0, TCGETS, &termios) */
        xor  %edi, %edi
        mov  $0x5401, %esi
        mov  %rbx, %rdx
        syscall
        xor  %eax, %eax         /* unread = read(0, buffer, 4096) */
        xor  %edi, %edi
        mov  $buffer, %esi
        mov  $4096, %edx
        syscall
        mov  %rax, unread
        mov  $__NR_exit_group, %eax
        xor  %edi, %edi
        syscall
#elif defined(__aarch64__)
_start: sub  x19, sp, #256
        mov  x8, #__NR_fstat
        mov  x0, #0
        mov  x1, x19
        svc  #0
        mov  x8, #__NR_ioctl
        mov  x0, #0
        mov  x1, #0x5401
        mov  x2, x19
        svc  #0
        mov  x8, #__NR_read
        mov  x0, #0
        adrp x19, buffer
        add  x1, x19, #:lo12:buffer
        mov  x2, #4096
        svc  #0
        adrp x19, unread
        str  x0, [x19, #:lo12:unread]
        mov  x8, #__NR_exit_group
        mov  x0, #0
        svc  #0
#elif defined(__riscv)
        .option norelax         /* which would find variables by a register that nobody has set */
_start: addi s1, sp, -256
        li   a7, __NR_fstat
        li   a0, 0
        mv   a1, s1
        ecall
        li   a7, __NR_ioctl
        li   a0, 0
        li   a1, 0x5401
        mv   a2, s1
        ecall
        li   a7, __NR_read
        li   a0, 0
        lla  a1, buffer
        li   a2, 4096
        ecall
        lla  s1, unread
        sd   a0, 0(s1)
        li   a7, __NR_exit_group
        li   a0, 0
        ecall
#endif

        .bss
        .balign 8
unread: .skip 8
buffer: .skip 4096

        .section .note.GNU-stack, "", %progbits
