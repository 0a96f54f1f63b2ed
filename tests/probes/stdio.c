/* Does on stdio what its arguments say, one after the other, and tells the
 * result of each on stderr by a write(2) of its own. `stdio.rs` beside it does
 * the same; the list of operations is there. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char text[32768];

/* One write(2), whose failure does not matter. */
static void write_or_not(int fd, const char *bytes, size_t count)
{
	ssize_t written = write(fd, bytes, count);
	(void)written;
}

static void tell(const char *what, int result)
{
	char line[64];
	int length = snprintf(line, sizeof line, "%s = %d\n", what, result);
	write_or_not(2, line, length);
}

static FILE *stream(const char *name)
{
	return strcmp(name, "in") == 0 ? stdin : stdout;
}

/* What follows the colon in "name:rest", or NULL if the operation is another. */
static char *is(char *operation, const char *name)
{
	size_t length = strlen(name);
	if (strncmp(operation, name, length) != 0)
		return NULL;
	operation += length;
	if (*operation == ':')
		return operation + 1;
	return *operation == '\0' ? operation : NULL;
}

static void run(char *operation)
{
	static int in_child = 0;
	char *rest, *more;
	int count;

	if ((rest = is(operation, "child")) != NULL) {
		if (in_child)
			run(rest);
	} else if ((rest = is(operation, "parent")) != NULL) {
		if (!in_child)
			run(rest);
	} else if ((rest = is(operation, "p")) != NULL) {
		tell("printf", printf("%s", rest));
	} else if ((rest = is(operation, "pd")) != NULL) {
		tell("printf", printf("<%d>\n", atoi(rest)));
	} else if ((rest = is(operation, "rep")) != NULL) {
		count = strtol(rest, &more, 10);
		memset(text, more[1], count);
		strcpy(text + count, more + 2);
		tell("printf", printf("%s", text));
	} else if ((rest = is(operation, "many")) != NULL) {
		for (count = strtol(rest, &more, 10); count > 0; count--)
			printf("%s", more + 1);
	} else if ((rest = is(operation, "w")) != NULL) {
		tell("fwrite", fwrite(rest, 1, strlen(rest), stdout));
	} else if ((rest = is(operation, "wq")) != NULL) {
		count = fwrite(rest, 1, strlen(rest), stdout);
	} else if ((rest = is(operation, "we")) != NULL) {
		tell("fwrite", fwrite(rest, 1, strlen(rest), stderr));
	} else if ((rest = is(operation, "wrep")) != NULL) {
		count = strtol(rest, &more, 10);
		memset(text, more[1], count);
		strcpy(text + count, more + 2);
		tell("fwrite", fwrite(text, 1, strlen(text), stdout));
	} else if (is(operation, "w0") != NULL) {
		tell("fwrite", fwrite("a\0\n\0b", 1, 5, stdout));
	} else if ((rest = is(operation, "e")) != NULL) {
		tell("fprintf", fprintf(stderr, "%s", rest));
	} else if ((rest = is(operation, "ed")) != NULL) {
		tell("fprintf", fprintf(stderr, "<%d>\n", atoi(rest)));
	} else if ((rest = is(operation, "fp")) != NULL) {
		tell("fprintf", fprintf(stdout, "%s", rest));
	} else if (is(operation, "getc") != NULL) {
		tell("getc", getc(stdin));
	} else if ((rest = is(operation, "skip")) != NULL) {
		for (count = atoi(rest); count > 0; count--)
			getc(stdin);
	} else if ((rest = is(operation, "gets")) != NULL) {
		count = atoi(rest);
		memset(text, '#', sizeof text);
		more = fgets(text, count, stdin);
		tell("fgets", more != NULL);
		if (more != NULL)
			write_or_not(2, text, count);
	} else if ((rest = is(operation, "flush")) != NULL) {
		tell("fflush", fflush(stream(rest)));
	} else if ((rest = is(operation, "perror")) != NULL) {
		errno = strtol(rest, &more, 10);
		perror(more + 1);
	} else if (is(operation, "fork") != NULL) {
		in_child = fork() == 0;
		if (!in_child)
			wait(NULL);
	} else if ((rest = is(operation, "close")) != NULL) {
		tell("close", close(atoi(rest)));
	} else if ((rest = is(operation, "open")) != NULL) {
		tell("open", open(rest, O_RDWR) >= 0);
	} else if ((rest = is(operation, "append")) != NULL) {
		int file = open(rest, O_WRONLY | O_APPEND);
		write_or_not(file, "more", 4);
		close(file);
	} else if ((rest = is(operation, "exec")) != NULL) {
		execl(rest, rest, (char *)NULL);
	} else if ((rest = is(operation, "kill")) != NULL) {
		kill(getpid(), atoi(rest));
	} else if ((rest = is(operation, "exit")) != NULL) {
		exit(atoi(rest));
	} else if ((rest = is(operation, "_exit")) != NULL) {
		_exit(atoi(rest));
	} else {
		tell(operation, -1);
		_exit(100);
	}
}

int main(int argc, char **argv)
{
	getsid(0); /* where the comparison begins */
	for (int i = 1; i < argc; i++)
		run(argv[i]);
	return 0;
}
