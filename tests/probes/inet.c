/* For each line of its input says what libc makes of it: as an address by
 * inet_pton(3), with inet_ntoa(3) of that, and as a number by strtol(3), with
 * how many bytes that took. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void)
{
	static char line[65536];

	while (fgets(line, sizeof line, stdin) != NULL) {
		struct in_addr address;
		char *end;

		line[strcspn(line, "\n")] = '\0';
		if (inet_pton(AF_INET, line, &address) == 1)
			printf("%08x %s ", ntohl(address.s_addr), inet_ntoa(address));
		else
			printf("- - ");
		long number = strtol(line, &end, 10);
		printf("%ld %d\n", number, (int)(end - line));
	}
	return 0;
}
