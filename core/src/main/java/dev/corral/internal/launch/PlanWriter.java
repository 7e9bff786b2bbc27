package dev.corral.internal.launch;

import dev.corral.internal.linux.LibC;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Lays a plan out: header, sections one behind the other, texts behind them all. Used once. */
@SuppressWarnings("EnumOrdinal") // the enums repeat those of plan.h in their order, and a test compares them
final class PlanWriter {
    private static final int MAGIC = 0x504c5243;
    private static final int NONE = -1;
    private static final int SECTIONS = 12;
    /** Eight numbers, sections, texts, capability sets, scalars. */
    private static final int HEADER = header();

    private static final int TABLE_ENTRY = 8;
    private static final int MOUNT_ENTRY = 40;
    private static final int RLIMIT_ENTRY = 24;
    private static final int JOIN_ENTRY = 8;
    private static final int RULE_ENTRY = 24;
    private static final int PASS_ENTRY = 8;

    private final LaunchPlan plan;
    private final ByteArrayOutputStream pool = new ByteArrayOutputStream(512);
    private final int textsAt;
    private final ByteBuffer sections;
    private final ByteBuffer directory = ByteBuffer.allocate(8 * SECTIONS).order(ByteOrder.nativeOrder());

    PlanWriter(LaunchPlan plan) {
        this.plan = plan;
        int size = HEADER
                + TABLE_ENTRY * (plan.arguments.size() + plan.variables.size() + plan.programs.size() + 3)
                + MOUNT_ENTRY * plan.mounts.size()
                + RLIMIT_ENTRY * plan.rlimits.size()
                + JOIN_ENTRY * plan.joins.size()
                + RULE_ENTRY * plan.rules.size()
                + PASS_ENTRY * plan.passes.size()
                + aligned(plan.filter.length)
                + 8 * plan.cpus.length
                + aligned(4 * plan.groups.length)
                + aligned(4 * plan.groupFiles.size());
        this.textsAt = size;
        this.sections = ByteBuffer.allocate(size - HEADER).order(ByteOrder.nativeOrder());
    }

    private static int header() {
        int scalars = 0;
        for (LaunchPlan.Scalar scalar : LaunchPlan.Scalar.values()) {
            scalars += scalar.size;
        }
        return aligned(8 * 4 + 8 * SECTIONS + 8 * LaunchPlan.Text.values().length + 5 * 8 + scalars);
    }

    private static int aligned(int length) {
        return (length + 7) & ~7;
    }

    byte[] write() {
        table(plan.arguments);
        table(plan.variables);
        table(plan.programs);
        section(plan.mounts, this::mount);
        section(
                plan.rlimits,
                limit -> sections.putInt(limit.resource())
                        .putInt(0)
                        .putLong(limit.soft())
                        .putLong(limit.hard()));
        section(plan.joins, join -> sections.putInt(join.descriptor()).putInt(join.kinds()));
        section(
                plan.rules,
                rule -> sections.putLong(rule.access())
                        .putLong(optional(rule.path()))
                        .putLong(rule.port()));
        section(plan.passes, pass -> sections.putInt(pass.descriptor()).putInt(pass.number()));
        begin(plan.filter.length / 8);
        sections.put(plan.filter);
        begin(plan.cpus.length);
        for (long word : plan.cpus) {
            sections.putLong(word);
        }
        begin(plan.groups.length);
        for (int group : plan.groups) {
            sections.putInt(group);
        }
        section(plan.groupFiles, sections::putInt);

        ByteBuffer header = header(plan.texts);
        ByteBuffer all = ByteBuffer.allocate(textsAt + pool.size()).order(ByteOrder.nativeOrder());
        all.put(header.rewind());
        all.put(sections.rewind());
        all.put(pool.toByteArray());
        all.putInt(8, all.capacity());
        return all.array();
    }

    private ByteBuffer header(Map<LaunchPlan.Text, String> texts) {
        ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.nativeOrder());
        int flags = 0;
        for (LaunchPlan.Flag flag : plan.flags) {
            flags |= 1 << flag.ordinal();
        }
        header.putInt(MAGIC).putInt(LaunchMessage.PROTOCOL).putInt(0).putInt(flags);
        header.putInt(plan.namespaces).putInt(orNone(plan.group)).putInt(orNone(plan.root));
        header.putInt(LaunchPlan.FIXED_DESCRIPTORS + plan.descriptors().size());
        header.put(directory.rewind());
        for (LaunchPlan.Text which : LaunchPlan.Text.values()) {
            String text = texts.get(which);
            header.putLong(text == null ? 0 : add(text));
        }
        for (long set : plan.capabilities) {
            header.putLong(set);
        }
        for (LaunchPlan.Scalar scalar : LaunchPlan.Scalar.values()) {
            long value = plan.scalars.getOrDefault(scalar, 0L);
            if (scalar.size == 8) {
                header.putLong(value);
            } else {
                header.putInt((int) value);
            }
        }
        return header;
    }

    private void mount(LaunchPlan.Mount mount) {
        sections.putInt(mount.kind().ordinal() + 1).putInt(mount.flags());
        sections.putLong(add(mount.target())).putLong(optional(mount.source())).putLong(optional(mount.data()));
        sections.putInt(orNone(mount.descriptor())).putInt(mount.mode());
    }

    /** Notes where the next section begins and how many entries it has. */
    private void begin(int count) {
        sections.position(aligned(sections.position()));
        directory.putInt(HEADER + sections.position()).putInt(count);
    }

    private <E> void section(List<E> entries, Consumer<E> writer) {
        begin(entries.size());
        entries.forEach(writer);
    }

    /** With a slot of 0 behind it, as execve wants its tables. */
    private void table(List<String> texts) {
        begin(texts.size());
        texts.forEach(text -> sections.putLong(add(text)));
        sections.putLong(0);
    }

    private long optional(String text) {
        return text.isEmpty() ? 0 : add(text);
    }

    private long add(String text) {
        int offset = textsAt + pool.size();
        pool.writeBytes(LibC.cString(text));
        return offset;
    }

    private static int orNone(OptionalInt index) {
        return index.orElse(NONE);
    }
}
