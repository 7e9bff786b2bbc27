#include "plan.h"
#include "protocol.h"
#include "sys.h"

#include <linux/sched.h>

#define NAMESPACES                                                                                            \
	(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP)

#define WRONG(field) ((uint32_t)offsetof(struct plan_header, field) + 1)

/* A checked stretch of bytes: tables first, texts behind them, so that no text lies where pointers are put. */
struct bytes {
	char *base;
	uint64_t size;
	uint64_t texts;
};

/* The plan's last byte is known to be 0, so whatever begins inside ends inside. */
static const char *text_at(const struct bytes *bytes, uint64_t offset)
{
	return offset < bytes->texts || offset >= bytes->size ? NULL : bytes->base + offset;
}

/* Where the table ends: with a slot of 0, which ends the array that execve gets. 0 when it does not fit. */
static uint64_t table_end(const struct bytes *bytes, uint64_t least, uint32_t offset, uint32_t count)
{
	uint64_t end = offset + 8ull * (count + 1ull);

	return offset % 8 || offset < least || end > bytes->size ? 0 : end;
}

/* 0 when right. */
static int read_table(const struct bytes *bytes, uint32_t offset, uint32_t count, char ***out)
{
	uint64_t *slots = (uint64_t *)(void *)(bytes->base + offset);

	if (slots[count] != 0)
		return -1;
	for (uint32_t i = 0; i < count; i++) {
		const char *text = text_at(bytes, slots[i]);

		if (!text)
			return -1;
		slots[i] = (uint64_t)(uintptr_t)text;
	}
	*out = (char **)(void *)slots;
	return 0;
}

static int read_text(const struct bytes *bytes, uint32_t offset, const char **out)
{
	*out = offset == PLAN_NONE ? NULL : text_at(bytes, offset);
	return offset != PLAN_NONE && !*out;
}

/* Without the new namespace that takes it, each of these would change the host. */
static uint32_t misplaced(const struct plan_header *header)
{
	uint32_t own = header->namespaces;

	if ((header->flags & PLAN_PROC) && (!(own & CLONE_NEWNS) || !(own & CLONE_NEWPID)))
		return WRONG(flags);
	if ((header->flags & PLAN_LOOPBACK) && !(own & CLONE_NEWNET))
		return WRONG(flags);
	if ((header->flags & PLAN_SETGROUPS_DENY) && !(own & CLONE_NEWUSER))
		return WRONG(flags);
	if (header->user_map != PLAN_NONE && !(own & CLONE_NEWUSER))
		return WRONG(user_map);
	if (header->group_map != PLAN_NONE && !(own & CLONE_NEWUSER))
		return WRONG(group_map);
	if (header->host_name != PLAN_NONE && !(own & CLONE_NEWUTS))
		return WRONG(host_name);
	return 0;
}

uint32_t plan_read(struct plan *plan, void *bytes, uint64_t size)
{
	const struct plan_header *header = bytes;

	if (size < sizeof(*header) || size > PLAN_MOST)
		return WRONG(size);
	if (header->magic != PLAN_MAGIC)
		return WRONG(magic);
	if (header->version != CORRAL_PROTOCOL)
		return WRONG(version);
	if (header->size != size)
		return WRONG(size);
	if (header->flags & ~(uint32_t)PLAN_FLAGS)
		return WRONG(flags);
	if (header->namespaces & ~(uint32_t)NAMESPACES)
		return WRONG(namespaces);

	uint32_t wrong = misplaced(header);

	if (wrong)
		return wrong;

	struct bytes all = { bytes, size, 0 };
	uint64_t end = table_end(&all, sizeof(*header), header->arguments, header->argument_count);

	if (!end || !header->argument_count)
		return WRONG(argument_count);
	end = table_end(&all, end, header->variables, header->variable_count);
	if (!end)
		return WRONG(variable_count);
	end = table_end(&all, end, header->programs, header->program_count);
	if (!end || !header->program_count)
		return WRONG(program_count);
	all.texts = end;
	if (all.base[size - 1])
		return WRONG(size);
	if (read_table(&all, header->arguments, header->argument_count, &plan->arguments))
		return WRONG(arguments);
	if (read_table(&all, header->variables, header->variable_count, &plan->variables))
		return WRONG(variables);
	if (read_table(&all, header->programs, header->program_count, &plan->programs))
		return WRONG(programs);
	if (read_text(&all, header->user_map, &plan->user_map))
		return WRONG(user_map);
	if (read_text(&all, header->group_map, &plan->group_map))
		return WRONG(group_map);
	if (read_text(&all, header->host_name, &plan->host_name))
		return WRONG(host_name);
	if (read_text(&all, header->directory, &plan->directory))
		return WRONG(directory);
	plan->header = header;
	return 0;
}
