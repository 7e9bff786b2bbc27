package dev.corral.cgroups;

import java.util.Optional;

/**
 * Pressure on a group by what it waited for; a part is empty where the kernel has no such file, or does not account it for
 * this group.
 *
 * <p>Source: {@code cpu.pressure} (Linux 4.20) and its neighbours of version 2.
 *
 * @param irq time lost to interrupts; Linux 6.1, built with IRQ_TIME_ACCOUNTING
 */
public record PressureStat(
        Optional<Pressure> cpu, Optional<Pressure> memory, Optional<Pressure> io, Optional<Pressure> irq) {}
