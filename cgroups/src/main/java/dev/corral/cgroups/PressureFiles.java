package dev.corral.cgroups;

import java.util.Optional;

/** Pressure from the files of the version 2 tree. */
record PressureFiles(ControlFile cpu, ControlFile memory, ControlFile io, ControlFile irq) {
    static PressureFiles open(GroupFiles files, GroupDirectory group) {
        return new PressureFiles(
                files.open(group, "cpu.pressure"),
                files.open(group, "memory.pressure"),
                files.open(group, "io.pressure"),
                files.open(group, "irq.pressure"));
    }

    /** Empty if there is none of the files. */
    Optional<PressureStat> read(Scratch scratch) {
        Optional<Pressure> ofCpu = one(cpu, scratch);
        Optional<Pressure> ofMemory = one(memory, scratch);
        Optional<Pressure> ofIo = one(io, scratch);
        Optional<Pressure> ofIrq = one(irq, scratch);
        return ofCpu.isEmpty() && ofMemory.isEmpty() && ofIo.isEmpty() && ofIrq.isEmpty()
                ? Optional.empty()
                : Optional.of(new PressureStat(ofCpu, ofMemory, ofIo, ofIrq));
    }

    private static Optional<Pressure> one(ControlFile file, Scratch scratch) {
        return file.read(scratch) ? Optional.of(Pressure.parse(scratch.words)) : Optional.empty();
    }
}
