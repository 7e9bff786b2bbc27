package dev.corral.cgroups;

import dev.corral.ByteSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Traffic with block devices from files of either version. */
sealed interface IoFiles {
    /** Empty if the group has none of them. */
    Optional<IoStat> read(Scratch scratch);

    /** Source: cgroup-v2.rst, "IO Interface Files". */
    record V2(ControlFile stat) implements IoFiles {
        private static final List<String> KEYS = List.of("rbytes", "wbytes", "dbytes", "rios", "wios", "dios");

        static V2 open(GroupFiles files, GroupDirectory group) {
            return new V2(files.open(group, "io.stat"));
        }

        @Override
        public Optional<IoStat> read(Scratch scratch) {
            return stat.read(scratch) ? Optional.of(parse(scratch)) : Optional.empty();
        }

        /**
         * Lines such as {@code 8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6}. Some kernels leave out the newline behind a
         * device without numbers, so that several devices share a line; the numbers are those of the last one named.
         */
        static IoStat parse(Scratch scratch) {
            Devices devices = scratch.devices;
            devices.clear();
            List<IoStat.DeviceIo> traffic = new ArrayList<>();
            Words words = scratch.words;
            while (words.nextLine()) {
                int device = -1;
                int from = 0;
                int to = 0;
                while (words.nextWord()) {
                    if (words.isDevice()) {
                        device = devices.of(words.value());
                        from = words.to();
                    } else if (device < 0) {
                        devices.malformed();
                    } else {
                        count(words, devices, device);
                    }
                    to = words.to();
                }
                if (device >= 0 && devices.hasAny(device)) {
                    traffic.add(record(devices, device, Keyed.pairs(scratch.bytes(), from, to)));
                }
            }
            return new IoStat.Accounted(traffic, devices.malformedCount());
        }

        private static void count(Words words, Devices devices, int device) {
            for (int key = 0; key < KEYS.size(); key++) {
                if (words.isKey(KEYS.get(key))) {
                    if (words.isNumber()) {
                        devices.add(device, key, words.count());
                    } else {
                        devices.malformed();
                    }
                    return;
                }
            }
        }
    }

    /**
     * Source: blkio-controller.rst.
     *
     * @param sources the most telling first; a kernel has some of them
     * @param rules the files of throttling rules
     */
    record V1(List<Source> sources, List<ControlFile> rules) implements IoFiles {
        private record Source(ControlFile bytes, ControlFile requests) {}

        static V1 open(GroupFiles files, GroupDirectory group) {
            List<Source> sources = new ArrayList<>();
            // CFQ has no name of its own
            for (String scheduler : List.of("bfq.", "", "throttle.")) {
                sources.add(new Source(
                        files.open(group, "blkio." + scheduler + "io_service_bytes_recursive"),
                        files.open(group, "blkio." + scheduler + "io_serviced_recursive")));
            }
            List<ControlFile> rules = new ArrayList<>();
            for (String rule : List.of("read_bps", "write_bps", "read_iops", "write_iops")) {
                rules.add(files.open(group, "blkio.throttle." + rule + "_device"));
            }
            return new V1(List.copyOf(sources), List.copyOf(rules));
        }

        /**
         * Of each device what the first source says that knows of traffic: a scheduler's files are there when no device uses it, and
         * every device may have another one.
         */
        @Override
        public Optional<IoStat> read(Scratch scratch) {
            Devices devices = scratch.devices;
            devices.clear();
            Source last = null;
            for (int i = 0; i < sources.size(); i++) {
                devices.nextSource();
                if (sources.get(i).bytes().read(scratch)) {
                    last = sources.get(i);
                    parse(scratch, Devices.READ_BYTES);
                    if (devices.hasNews()) {
                        requests(last, scratch);
                    }
                }
            }
            if (last == null) {
                return Optional.empty();
            }
            if (devices.isZero()) {
                requests(last, scratch);
            }
            return Optional.of(result(scratch));
        }

        private static void requests(Source source, Scratch scratch) {
            if (source.requests().read(scratch)) {
                parse(scratch, Devices.READS);
            }
        }

        private IoStat result(Scratch scratch) {
            Devices devices = scratch.devices;
            if (devices.isZero() && !isRuled(scratch)) {
                return new IoStat.NotAccounted(
                        "version 1 counts no traffic before a throttling rule is set for the device,"
                                + " unless the device is scheduled by BFQ");
            }
            List<IoStat.DeviceIo> traffic = new ArrayList<>(devices.count());
            for (int device = 0; device < devices.count(); device++) {
                // older kernels list all devices, and count for those with a rule
                if (!devices.isZero(device)) {
                    traffic.add(record(devices, device, Keyed.none()));
                }
            }
            return new IoStat.Accounted(traffic, devices.malformedCount());
        }

        private boolean isRuled(Scratch scratch) {
            for (int i = 0; i < rules.size(); i++) {
                if (rules.get(i).read(scratch) && scratch.words.nextLine() && scratch.words.nextWord()) {
                    return true;
                }
            }
            return false;
        }

        /** Rows such as {@code 8:0 Read 4096}, and a last one with the total. */
        static void parse(Scratch scratch, int first) {
            Devices devices = scratch.devices;
            Words words = scratch.words;
            while (words.nextLine()) {
                if (!words.nextWord() || words.is("Total")) {
                    continue;
                }
                boolean device = words.isDevice();
                long id = words.value();
                int sum = device && words.nextWord() ? sum(words) : -1;
                if (!device || !words.nextWord() || !words.isNumber()) {
                    devices.malformed();
                } else if (sum >= 0) {
                    int index = devices.of(id);
                    if (!devices.isTold(index)) {
                        devices.add(index, first + sum, words.count());
                    }
                }
            }
        }

        /** Sync, Async and Total count the same traffic once more. */
        private static int sum(Words words) {
            if (words.is("Read")) {
                return 0;
            }
            if (words.is("Write")) {
                return 1;
            }
            return words.is("Discard") ? 2 : -1;
        }
    }

    private static IoStat.DeviceIo record(Devices devices, int device, Keyed details) {
        return new IoStat.DeviceIo(
                devices.major(device),
                devices.minor(device),
                ByteSize.bytes(devices.get(device, Devices.READ_BYTES)),
                ByteSize.bytes(devices.get(device, Devices.WRITTEN_BYTES)),
                devices.get(device, Devices.READS),
                devices.get(device, Devices.WRITES),
                devices.has(device, Devices.DISCARDED_BYTES)
                        ? Optional.of(ByteSize.bytes(devices.get(device, Devices.DISCARDED_BYTES)))
                        : Optional.empty(),
                devices.has(device, Devices.DISCARDS)
                        ? Optional.of(devices.get(device, Devices.DISCARDS))
                        : Optional.empty(),
                details);
    }
}
