#include <pthread.h>
#include <unistd.h>
static void *execute(void *nothing) { (void)nothing; usleep(300000); execl("./lab", "./lab", "again", (char *)0); return 0; }
static void *sleeper(void *nothing) { (void)nothing; pause(); return 0; }
static void *brief(void *nothing) { (void)nothing; getppid(); return 0; }
int main(int argc, char **argv) {
    (void)argv;
    pthread_t thread;
    pthread_create(&thread, 0, brief, 0);
    pthread_join(thread, 0);
    pthread_create(&thread, 0, sleeper, 0);
    usleep(200000);
    if (argc > 1) { write(1, "done\n", 5); _exit(4); }
    pthread_create(&thread, 0, execute, 0);
    pause();
}
