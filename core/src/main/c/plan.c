#include "plan.h"
#include "protocol.h"
#include "sys.h"

#define NAMESPACES                                                                                             \
	(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP | \
	 CLONE_NEWTIME)

#define WRONG(field) ((uint32_t)offsetof(struct plan_header, field) + 1)

static const uint8_t entry_sizes[SECTIONS] = {
	[SECTION_ARGUMENTS] = sizeof(union plan_text),
	[SECTION_VARIABLES] = sizeof(union plan_text),
	[SECTION_PROGRAMS] = sizeof(union plan_text),
	[SECTION_MOUNTS] = sizeof(struct plan_mount),
	[SECTION_RLIMITS] = sizeof(struct plan_rlimit),
	[SECTION_JOINS] = sizeof(struct plan_join),
	[SECTION_RULES] = sizeof(struct plan_rule),
	[SECTION_PASS] = sizeof(struct plan_pass),
	[SECTION_FILTER] = 8,
	[SECTION_CPUS] = 8,
	[SECTION_GROUPS] = 4,
	[SECTION_GROUP_FILES] = 4,
};

/* A checked stretch of bytes: sections first, texts behind them, so that no text lies where pointers are put. */
struct bytes {
	char *base;
	uint64_t size;
	uint64_t texts;
};

static void *section(const struct bytes *bytes, const struct plan_header *header, enum plan_sections which)
{
	return bytes->base + header->sections[which].offset;
}

/* 0 when all sections lie inside, aligned, one behind the other. */
static uint32_t sections_wrong(struct bytes *bytes, const struct plan_header *header)
{
	uint64_t end = sizeof(*header);

	for (int i = 0; i < SECTIONS; i++) {
		const struct plan_section *one = &header->sections[i];
		/* The tables that execve gets end with a slot of 0. */
		uint64_t count = one->count + (i <= SECTION_PROGRAMS ? 1ull : 0ull);

		if (one->offset % 8 || one->offset < end || one->count > PLAN_ENTRIES)
			return (uint32_t)offsetof(struct plan_header, sections[0]) + (uint32_t)i * 8 + 1;
		end = one->offset + entry_sizes[i] * count;
		if (end > bytes->size)
			return (uint32_t)offsetof(struct plan_header, sections[0]) + (uint32_t)i * 8 + 5;
	}
	bytes->texts = end;
	/* The last byte is 0, so whatever begins inside ends inside. */
	return bytes->size == end || bytes->base[bytes->size - 1] ? WRONG(size) : 0;
}

/* Turns an offset into a pointer; 0 when right. */
static int read_text(const struct bytes *bytes, union plan_text *text)
{
	if (text->offset && (text->offset < bytes->texts || text->offset >= bytes->size))
		return -1;
	text->text = text->offset ? bytes->base + text->offset : NULL;
	return 0;
}

static int needed_text(const struct bytes *bytes, union plan_text *text)
{
	return read_text(bytes, text) || !text->text;
}

static uint32_t read_table(const struct bytes *bytes, const struct plan_header *header, enum plan_sections which,
			   char ***out)
{
	union plan_text *slots = section(bytes, header, which);
	uint32_t count = header->sections[which].count;

	if (slots[count].offset != 0)
		return header->sections[which].offset + 8 * count + 1;
	for (uint32_t i = 0; i < count; i++)
		if (needed_text(bytes, &slots[i]))
			return header->sections[which].offset + 8 * i + 1;
	*out = (char **)(void *)slots;
	return 0;
}

static int mount_wrong(const struct bytes *bytes, const struct plan_header *header, struct plan_mount *mount)
{
	uint32_t kind = mount->kind;

	if (kind == 0 || kind >= MOUNT_KINDS || mount->flags & ~(uint32_t)MOUNT_FLAG_FLAGS || mount->mode & ~07777u)
		return -1;
	if (needed_text(bytes, &mount->target) || read_text(bytes, &mount->source) || read_text(bytes, &mount->data))
		return -1;
	if (mount->target.text[0] != '/')
		return -1;
	/* What covers the root itself would hide all that is done later, but for the overlay that becomes the root. */
	if (!mount->target.text[1] && kind != MOUNT_OVERLAY && kind != MOUNT_LAYER && kind != MOUNT_DIRECTORY)
		return -1;
	if ((kind == MOUNT_BIND || kind == MOUNT_LAYER || kind == MOUNT_SYMLINK) && !mount->source.text)
		return -1;
	/* Where a relative one would begin depends on the route by which mounts are made. */
	if ((kind == MOUNT_BIND || kind == MOUNT_LAYER) && mount->source.text[0] != '/')
		return -1;
	if ((kind == MOUNT_BIND || kind == MOUNT_LAYER || kind == MOUNT_FILE) != (mount->descriptor != PLAN_NONE))
		return -1;
	if (kind == MOUNT_LAYER && mount->mode >= LAYERS)
		return -1;
	return mount->descriptor != PLAN_NONE && mount->descriptor >= header->descriptors;
}

static uint32_t read_entries(const struct bytes *bytes, const struct plan_header *header)
{
	struct plan_mount *mounts = section(bytes, header, SECTION_MOUNTS);
	const struct plan_join *joins = section(bytes, header, SECTION_JOINS);
	struct plan_rule *rules = section(bytes, header, SECTION_RULES);
	const struct plan_pass *passes = section(bytes, header, SECTION_PASS);
	const uint32_t *files = section(bytes, header, SECTION_GROUP_FILES);

	for (uint32_t i = 0; i < header->sections[SECTION_MOUNTS].count; i++)
		if (mount_wrong(bytes, header, &mounts[i]))
			return header->sections[SECTION_MOUNTS].offset + i * (uint32_t)sizeof(*mounts) + 1;
	for (uint32_t i = 0; i < header->sections[SECTION_JOINS].count; i++)
		if (joins[i].descriptor >= header->descriptors || !joins[i].kinds ||
		    joins[i].kinds & ~(uint32_t)NAMESPACES)
			return header->sections[SECTION_JOINS].offset + i * (uint32_t)sizeof(*joins) + 1;
	for (uint32_t i = 0; i < header->sections[SECTION_RULES].count; i++)
		if (read_text(bytes, &rules[i].path) || rules[i].port > 65535)
			return header->sections[SECTION_RULES].offset + i * (uint32_t)sizeof(*rules) + 1;
	for (uint32_t i = 0; i < header->sections[SECTION_PASS].count; i++)
		if (passes[i].descriptor >= header->descriptors || passes[i].number < 3 || passes[i].number > 65535)
			return header->sections[SECTION_PASS].offset + i * (uint32_t)sizeof(*passes) + 1;
	for (uint32_t i = 0; i < header->sections[SECTION_GROUP_FILES].count; i++)
		if (files[i] >= header->descriptors)
			return header->sections[SECTION_GROUP_FILES].offset + i * 4 + 1;
	return 0;
}

/* Without the new namespace that takes it, each of these would change the host. */
static uint32_t misplaced(const struct plan_header *header)
{
	uint32_t own = header->namespaces;

	if ((header->flags & PLAN_LOOPBACK) && !(own & CLONE_NEWNET))
		return WRONG(flags);
	if ((header->flags & (PLAN_SETGROUPS_DENY | PLAN_MAP_BY_JVM)) && !(own & CLONE_NEWUSER))
		return WRONG(flags);
	if ((header->flags & PLAN_TIME) && !(own & CLONE_NEWTIME))
		return WRONG(flags);
	if ((header->texts[TEXT_USER_MAP].text || header->texts[TEXT_GROUP_MAP].text) && !(own & CLONE_NEWUSER))
		return WRONG(texts[TEXT_USER_MAP]);
	if ((header->texts[TEXT_HOST_NAME].text || header->texts[TEXT_DOMAIN_NAME].text) && !(own & CLONE_NEWUTS))
		return WRONG(texts[TEXT_HOST_NAME]);
	if ((header->flags & (PLAN_NEW_ROOT | PLAN_ROOT_READ_ONLY) || header->root_descriptor != PLAN_NONE ||
	     header->sections[SECTION_MOUNTS].count) &&
	    !(own & CLONE_NEWNS))
		return WRONG(sections[SECTION_MOUNTS]);
	if ((header->flags & PLAN_ROOT_READ_ONLY || header->root_descriptor != PLAN_NONE) &&
	    !(header->flags & PLAN_NEW_ROOT))
		return WRONG(root_descriptor);
	if ((header->root_descriptor != PLAN_NONE) != !!header->texts[TEXT_ROOT].text)
		return WRONG(texts[TEXT_ROOT]);
	return 0;
}

static uint32_t namespaces_joined(const struct plan *plan)
{
	uint32_t kinds = 0;

	for (uint32_t i = 0; i < plan_count(plan, SECTION_JOINS); i++)
		kinds |= plan->joins[i].kinds;
	return kinds;
}

/* A procfs of another pid namespace than the child's, which would be the host's, is not what anybody wants over /proc. */
static uint32_t proc_misplaced(const struct plan *plan)
{
	uint32_t own = plan->header->namespaces | namespaces_joined(plan);

	for (uint32_t i = 0; i < plan_count(plan, SECTION_MOUNTS); i++)
		if (plan->mounts[i].kind == MOUNT_PROC && !(own & CLONE_NEWPID))
			return WRONG(namespaces);
	return 0;
}

static uint32_t header_wrong(const struct plan_header *header, uint64_t size, uint32_t descriptors)
{
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
	if (header->descriptors != descriptors || descriptors < FD_FIXED)
		return WRONG(descriptors);
	if (header->group_descriptor != PLAN_NONE && header->group_descriptor >= descriptors)
		return WRONG(group_descriptor);
	if (header->root_descriptor != PLAN_NONE && header->root_descriptor >= descriptors)
		return WRONG(root_descriptor);
	if (!header->sections[SECTION_ARGUMENTS].count)
		return WRONG(sections[SECTION_ARGUMENTS]);
	if (!header->sections[SECTION_PROGRAMS].count)
		return WRONG(sections[SECTION_PROGRAMS]);
	if (header->sections[SECTION_FILTER].count > 4096)
		return WRONG(sections[SECTION_FILTER]);
	return 0;
}

uint32_t plan_read(struct plan *plan, void *memory, uint64_t size, uint32_t descriptors)
{
	struct plan_header *header = memory;
	struct bytes bytes = { memory, size, 0 };
	uint32_t wrong;

	if (size < sizeof(*header) || size > PLAN_MOST)
		return WRONG(size);
	if ((wrong = header_wrong(header, size, descriptors)) || (wrong = sections_wrong(&bytes, header)))
		return wrong;
	for (int i = 0; i < TEXTS; i++) {
		if (read_text(&bytes, &header->texts[i]))
			return WRONG(texts[0]) + (uint32_t)i * 8;
		plan->texts[i] = header->texts[i].text;
	}
	if ((wrong = misplaced(header)) || (wrong = read_entries(&bytes, header)) ||
	    (wrong = read_table(&bytes, header, SECTION_ARGUMENTS, &plan->arguments)) ||
	    (wrong = read_table(&bytes, header, SECTION_VARIABLES, &plan->variables)) ||
	    (wrong = read_table(&bytes, header, SECTION_PROGRAMS, &plan->programs)))
		return wrong;
	plan->header = header;
	plan->mounts = section(&bytes, header, SECTION_MOUNTS);
	plan->rlimits = section(&bytes, header, SECTION_RLIMITS);
	plan->joins = section(&bytes, header, SECTION_JOINS);
	plan->rules = section(&bytes, header, SECTION_RULES);
	plan->passes = section(&bytes, header, SECTION_PASS);
	plan->filter = section(&bytes, header, SECTION_FILTER);
	plan->cpus = section(&bytes, header, SECTION_CPUS);
	plan->groups = section(&bytes, header, SECTION_GROUPS);
	plan->group_files = section(&bytes, header, SECTION_GROUP_FILES);
	return proc_misplaced(plan);
}
