/*
 * Tries plan.c on its own, to be compiled with the address and undefined behaviour sanitizers: whatever the bytes, they are
 * taken or refused, and what is taken can be walked through. fuzz SECONDS SEED PLAN... changes plans by a mutator of its own,
 * and prints how many inputs it has tried. With -DLIBFUZZER and -fsanitize=fuzzer it is a target for clang's.
 */
#include "plan.h"
#include "protocol.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static volatile uint64_t sum; /* lest the walk be optimised away */
static uint64_t taken;

static void read_text(const char *text)
{
	for (; text && *text; text++)
		sum += (unsigned char)*text;
}

static void read_table(char **table, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		read_text(table[i]);
	if (table[count])
		abort();
}

static void below(uint32_t descriptor, uint32_t most)
{
	if (descriptor >= most)
		abort();
}

static void below_or_none(uint32_t descriptor, uint32_t most)
{
	if (descriptor != PLAN_NONE)
		below(descriptor, most);
}

/* Everything the launcher would touch. */
static void use(const struct plan *plan, uint32_t descriptors)
{
	const uint8_t *filter = plan->filter;

	for (int i = 0; i < TEXTS; i++)
		read_text(plan->texts[i]);
	read_table(plan->arguments, plan_count(plan, SECTION_ARGUMENTS));
	read_table(plan->variables, plan_count(plan, SECTION_VARIABLES));
	read_table(plan->programs, plan_count(plan, SECTION_PROGRAMS));
	if (!plan->arguments[0] || !plan->programs[0])
		abort();
	for (uint32_t i = 0; i < plan_count(plan, SECTION_MOUNTS); i++) {
		const struct plan_mount *mount = &plan->mounts[i];

		if (mount->target.text[0] != '/')
			abort();
		read_text(mount->target.text);
		read_text(mount->source.text);
		read_text(mount->data.text);
		below_or_none(mount->descriptor, descriptors);
	}
	for (uint32_t i = 0; i < plan_count(plan, SECTION_RLIMITS); i++)
		sum += plan->rlimits[i].soft + plan->rlimits[i].hard;
	for (uint32_t i = 0; i < plan_count(plan, SECTION_JOINS); i++)
		below(plan->joins[i].descriptor, descriptors);
	for (uint32_t i = 0; i < plan_count(plan, SECTION_RULES); i++)
		read_text(plan->rules[i].path.text);
	for (uint32_t i = 0; i < plan_count(plan, SECTION_PASS); i++)
		below(plan->passes[i].descriptor, descriptors);
	for (uint32_t i = 0; i < plan_count(plan, SECTION_FILTER) * 8; i++)
		sum += filter[i];
	for (uint32_t i = 0; i < plan_count(plan, SECTION_CPUS); i++)
		sum += plan->cpus[i];
	for (uint32_t i = 0; i < plan_count(plan, SECTION_GROUPS); i++)
		sum += plan->groups[i];
	for (uint32_t i = 0; i < plan_count(plan, SECTION_GROUP_FILES); i++)
		below(plan->group_files[i], descriptors);
	below_or_none(plan->header->group_descriptor, descriptors);
	below_or_none(plan->header->root_descriptor, descriptors);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct plan plan;
	/* Of just this size, so that the sanitizer sees each step beyond it; the number of descriptors as the plan says. */
	char *copy = malloc(size ? size : 1);
	uint32_t descriptors = FD_FIXED;

	memcpy(copy, data, size);
	if (size >= sizeof(struct plan_header))
		descriptors = ((struct plan_header *)(void *)copy)->descriptors % (FD_MOST + 1);
	memset(&plan, 0, sizeof(plan));
	if (plan_read(&plan, copy, size, descriptors) == 0) {
		taken++;
		use(&plan, descriptors);
	}
	free(copy);
	return 0;
}

#ifndef LIBFUZZER
static uint64_t state;

static uint64_t next(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static const uint64_t odd[] = { 0, 1, 7, 8, 0x7f, 0xff, 4095, 4096, 65535, 65536, 0x7fffffff, 0x80000000, 0xffffffff,
				0x100000000, ~0ull, 1ull << 63 };

/* Bits, bytes, numbers that lie at a border, stretches copied, the end cut off: the length is set right most of the time. */
static size_t mutate(uint8_t *bytes, size_t size, size_t room)
{
	for (uint64_t times = 1 + next() % 6; times; times--) {
		size_t at = next() % 3 && size > 400 ? next() % 400 : next() % size;
		uint64_t number = next() % 2 ? odd[next() % (sizeof(odd) / sizeof(odd[0]))] : next() % (2 * size);
		size_t width = next() % 2 ? 4 : 8;

		switch (next() % 7) {
		case 0:
			bytes[at] ^= (uint8_t)(1u << next() % 8);
			break;
		case 1:
			bytes[at] = (uint8_t)next();
			break;
		case 2:
		case 3:
			at &= ~(size_t)3;
			if (at + width <= size)
				memcpy(bytes + at, &number, width);
			break;
		case 4:
			if (size > 8)
				memmove(bytes + at / 2, bytes + at, size - at < 64 ? size - at : 64);
			break;
		case 5:
			size = 1 + next() % size;
			break;
		default:
			if (size + 16 < room) {
				memset(bytes + size, (int)(next() % 3), 16);
				size += 16;
			}
		}
	}
	if (next() % 8 && size >= 12) {
		uint32_t length = (uint32_t)size;

		memcpy(bytes + 8, &length, 4);
	}
	return size;
}

int main(int count, char **words)
{
	enum { ROOM = 1 << 17 };
	static uint8_t seeds[64][ROOM], bytes[ROOM];
	size_t sizes[64];
	int known = 0;
	uint64_t tried = 0;

	if (count < 4) {
		fprintf(stderr, "usage: %s SECONDS SEED PLAN...\n", words[0]);
		return 2;
	}
	state = strtoull(words[2], NULL, 10) * 2 + 1;
	for (int i = 3; i < count && known < 64; i++) {
		FILE *file = fopen(words[i], "rb");

		if (!file) {
			perror(words[i]);
			return 2;
		}
		sizes[known] = fread(seeds[known], 1, ROOM / 2, file);
		fclose(file);
		LLVMFuzzerTestOneInput(seeds[known], sizes[known]);
		if (taken != (uint64_t)known + 1) {
			fprintf(stderr, "%s is refused: the corpus is of another version\n", words[i]);
			return 1;
		}
		known++;
	}
	for (time_t end = time(NULL) + atol(words[1]); time(NULL) < end;) {
		for (int i = 0; i < 1000; i++, tried++) {
			int seed = (int)(next() % (uint64_t)known);

			memcpy(bytes, seeds[seed], sizes[seed]);
			LLVMFuzzerTestOneInput(bytes, mutate(bytes, sizes[seed], ROOM));
		}
	}
	printf("%llu inputs tried, %llu of them taken\n", (unsigned long long)tried, (unsigned long long)(taken - known));
	return 0;
}
#endif
