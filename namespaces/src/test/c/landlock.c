/*
 * Puts itself under a Landlock ruleset, then becomes the rest of its command line.
 *
 * landlock FILES PORTS SCOPES [path PATH RIGHTS]... [port PORT RIGHTS]... -- PROGRAM [ARGUMENT...]
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Own definitions: the machine's headers may be older than its kernel. */
struct ruleset {
	uint64_t files, ports, scopes;
};
struct path_rule {
	uint64_t rights;
	int32_t parent;
} __attribute__((packed));
struct port_rule {
	uint64_t rights, port;
};
enum { RULE_PATH = 1, RULE_PORT = 2, FILE_RIGHTS = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15 };

static void must(const char *what, long answer)
{
	if (answer < 0) {
		fprintf(stderr, "landlock: %s: %s\n", what, strerror(errno));
		exit(125);
	}
}

int main(int count, char **words)
{
	struct ruleset attr = { strtoull(words[1], NULL, 10), strtoull(words[2], NULL, 10), strtoull(words[3], NULL, 10) };
	size_t size = attr.scopes ? 24 : attr.ports ? 16 : 8;
	long ruleset = syscall(444, &attr, size, 0);
	int at = 4;

	must("ruleset", ruleset);
	for (; at < count && strcmp(words[at], "--") != 0; at += 3) {
		uint64_t rights = strtoull(words[at + 2], NULL, 10);

		if (strcmp(words[at], "path") == 0) {
			struct path_rule rule = { rights, open(words[at + 1], O_PATH | O_CLOEXEC) };
			struct stat status;

			must(words[at + 1], rule.parent);
			must("stat", fstat(rule.parent, &status));
			if (!S_ISDIR(status.st_mode))
				rule.rights &= FILE_RIGHTS;
			if (rule.rights)
				must(words[at + 1], syscall(445, ruleset, RULE_PATH, &rule, 0));
		} else {
			struct port_rule rule = { rights, strtoull(words[at + 1], NULL, 10) };

			must("port", syscall(445, ruleset, RULE_PORT, &rule, 0));
		}
	}
	must("nnp", prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	must("restrict", syscall(446, ruleset, 0));
	execvp(words[at + 1], words + at + 1);
	fprintf(stderr, "landlock: %s: %s\n", words[at + 1], strerror(errno));
	return 126;
}
