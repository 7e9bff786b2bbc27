/* What a virtual machine has instead of a shell: it tells of the place it finds itself in, and exits with 7. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static void show(const char *path, const char *key)
{
	FILE *file = fopen(path, "r");
	char line[512];

	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, key, strlen(key)))
			printf("%s", line);
	if (!file)
		printf("%s: %s\n", path, strerror(errno));
}

static void try(const char *path, int flags)
{
	printf("%s: %s\n", path, open(path, flags, 0600) < 0 ? strerror(errno) : "opened");
}

int main(void)
{
	struct utsname name;
	char directory[256];

	uname(&name);
	printf("pid %d uid %d gid %d in %s on %s at %s\n", getpid(), getuid(), getgid(), getcwd(directory, 256),
	       name.nodename, ttyname(1));
	show("/proc/self/status", "CapBnd");
	show("/proc/self/status", "Seccomp:");
	show("/etc/file", "");
	show("/proc/uptime", "");
	try("/x", O_CREAT | O_WRONLY);
	try("/bin/x", O_CREAT | O_WRONLY);
	try("/tmp/x", O_CREAT | O_WRONLY);
	return 7;
}
